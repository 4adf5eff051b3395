#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::model::File;
use crate::text;

/// What the algorithms of Poetry 2.5.1 and PDM 2.29.3, run in Python, say of it.
const CLASSIC: &str = r#"[tool.poetry]
name = "app"
[tool.poetry.dependencies]
python = "^3.11"
Pillow = { version = "^11", extras = ["b", "a"], optional = true }
many = [{ version = "1", python = "<3" }, { version = "2", python = ">=3" }]
[tool.poetry.group.dev.dependencies]
"café" = "𝄞 \" \\ \n \t \u0001 \u007f /"
number = 0x10
[[tool.poetry.source]]
name = "acme"
url = "https://pypi.acme.example/simple"
priority = "explicit"
"#;

const STANDARD: &str = r#"[project]
name = "app"
requires-python = ">=3.9,<4"
dependencies = ["requests (>=2)"]
[project.optional-dependencies]
yaml = ["pyyaml"]
[dependency-groups]
dev = ["pytest", { include-group = "Lint_it" }]
Lint_it = ["ruff"]
[tool.poetry]
package-mode = false
[tool.pdm.dev-dependencies]
Dev = ["mypy"]
[tool.pdm.resolution.overrides]
six = "1.16.0"
[[tool.pdm.source]]
name = "pypi"
url = "https://pypi.acme.example/simple"
verify_ssl = true
"#;

fn hashes(pyproject: &str) -> ManifestHashes {
    let file = File::new("pyproject.toml", pyproject);
    ManifestHashes::of(&text::toml::parse(&file).unwrap())
}

#[test]
fn poetry_hashes_as_its_locker_does() {
    let of = |text: &str| hashes(text).poetry.unwrap();
    let classic = "6ab15e9675ae69c6986e3cbc930ad2df7a6d4a9b958a21e3ffac275e4c11e1b3".to_owned();
    assert_eq!(of(CLASSIC), [classic.clone(), classic]);
    assert_eq!(
        of(STANDARD),
        [
            "431caa77c1c569e7abfc4928b58b845e5a1f125bd2d11b16c4bd8ac53a5c6b41",
            "5cd11878c351f8e2d44cac045863ae2d4793a8e6252715accb8e40450afc16cf"
        ]
    );
}

#[test]
fn pdm_hashes_as_its_project_file_does_and_did() {
    assert_eq!(
        hashes(STANDARD).pdm,
        [
            "e3d94b960ac080afdbad651d16cd92d7174ecb6635392498d3b31ef359d29131",
            "afba765833eae9996ca5cf15c9cc86d230878e5c03502a821f0c2049e1ca821f",
            "7ea1e8cb56ea1a602fc8caac7453955a195ac829473142b716a59f643abe377f",
            "5a9c4266cd9028ddcd3236fc3de109256c25b87533d84d5a37a79da372fe3b2b",
        ]
    );
}

#[test]
fn what_python_writes_otherwise_is_unknown() {
    assert_eq!(hashes("[tool.poetry.dependencies]\na = 1.5\n").poetry, None);
    assert_eq!(hashes("[project]\nname = \"a\"\ndependencies = [1979-05-27]\n").pdm, Vec::<String>::new());
    // PDM converts these, and hashes members of workspaces as well.
    assert_eq!(hashes(CLASSIC).pdm, Vec::<String>::new());
    assert_eq!(
        hashes("[project]\nname = \"a\"\n[tool.pdm.workspace]\nmembers = [\"b\"]\n").pdm,
        Vec::<String>::new()
    );
}

#[test]
fn a_lockfile_is_fresh_or_stale_or_cannot_tell() {
    let lock = |path: &str, text: &str| {
        let path = crate::tree::TreePath::new(path).unwrap();
        crate::lockfile::read(&path, text.as_bytes().to_vec()).unwrap().unwrap()
    };
    let poetry = |comment: &str, hash: &str| {
        lock("poetry.lock", &format!("{comment}\npackage = []\n[metadata]\nlock-version = \"2.1\"\n{hash}"))
    };
    let hashes = hashes(STANDARD);
    let [with, without] = hashes.poetry.clone().unwrap().map(|hash| format!("content-hash = \"{hash}\"\n"));
    assert_eq!(hashes.fresh(&poetry("# by Poetry 2.5.1 and", &with)), Some(true));
    assert_eq!(hashes.fresh(&poetry("# by Poetry 2.5.1 and", &without)), Some(false));
    assert_eq!(hashes.fresh(&poetry("# by Poetry 2.2.1 and", &without)), Some(true));
    assert_eq!(hashes.fresh(&poetry("", &without)), Some(false));
    assert_eq!(hashes.fresh(&poetry("", "")), None);
    let pdm = |hash: &str| {
        lock("pdm.lock", &format!("[metadata]\nlock_version = \"4.5.0\"\ncontent_hash = \"{hash}\"\n"))
    };
    assert_eq!(hashes.fresh(&pdm(&format!("sha256:{}", hashes.pdm.first().unwrap()))), Some(true));
    assert_eq!(hashes.fresh(&pdm(&format!("sha256:{}", "0".repeat(64)))), Some(false));
    assert_eq!(hashes.fresh(&pdm("md5:00")), None);
    assert_eq!(ManifestHashes::default().fresh(&pdm("sha256:00")), None);
}
