#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::tree::Memory;

fn read(text: &str) -> Pipfile {
    let path = TreePath::new("app/Pipfile").unwrap();
    let tree = Memory::new().with(path.as_str(), text);
    let found = Pipfiles::read(&tree, &[path], |_, _, _| {});
    found.at(&TreePath::new("app").unwrap()).unwrap().clone()
}

const PIPFILE: &str = "[[source]]\nurl = \"https://pypi.org/simple\"\nverify_ssl = true\nname = \"pypi\"\n\n\
    [packages]\nsix = \"*\"\nJinja2 = {version = \">=3.0\", extras = [\"i18n\"]}\n\"my.lib\" = {git = \"https://a.example/é.git\", ref = \"main\"}\n\n\
    [dev-packages]\niniconfig = \"==2.0.0\"\n\n[docs]\ntomli = \"*\"\n\n[requires]\npython_version = \"3.11\"\n\n[pipenv]\nallow_prereleases = true\n";

#[test]
fn what_a_pipfile_asks_for() {
    let pipfile = read(PIPFILE);
    let mut asked: Vec<_> = pipfile
        .asked
        .iter()
        .map(|a| (a.category.as_str(), a.name.text.as_str(), a.versions.as_deref()))
        .collect();
    asked.sort_unstable();
    assert_eq!(
        asked,
        [
            ("default", "Jinja2", Some(">=3.0")),
            ("default", "my.lib", None),
            ("default", "six", Some("*")),
            ("develop", "iniconfig", Some("==2.0.0")),
            ("docs", "tomli", Some("*")),
        ]
    );
    assert_eq!(pipfile.file.slice(pipfile.asked[0].name.place).trim_matches('"'), pipfile.asked[0].name.text);
}

/// The first by plette 2.4.0, the second as it was before categories, the third as pipenv 2026.10.3 does it.
#[test]
fn the_digests_of_pipenv() {
    let pipfile = read(PIPFILE);
    for hash in [
        "f563f29e82b3d28005dbe73fe48f0c00156223ad6f3c70c609127f52a45477f5",
        "a30a240eb69ce0fe0df5bcebc815b64d2c3dd99c6fc1f64b4f831427dd74cbf9",
        "4170f6ca78f46f11507091c6ef9a61ab59a512e4c35ac04d24a63779ea9800bd",
    ] {
        assert_eq!(pipfile.made(hash), Some(true), "{hash}");
    }
    assert_eq!(pipfile.made(&"0".repeat(64)), Some(false));
    assert_eq!(read("[packages]\na = 1.5\n").made(""), None);
}

#[test]
fn a_pipfile_without_a_source() {
    let pipfile = read("[packages]\nsix = \"*\"\n");
    assert_eq!(pipfile.made("83b3df86404322b5e9c6d1f3a782fd8510f976dafa4940f849d7e79258978aaa"), Some(true));
}

#[test]
fn what_is_broken_says_nothing() {
    let path = TreePath::new("Pipfile").unwrap();
    let tree = Memory::new().with("Pipfile", "[packages");
    let found = Pipfiles::read(&tree, &[path], |_, _, _| {});
    assert_eq!((found.all.len(), found.problems.len()), (0, 0));
    assert_eq!(read("packages = 1\n").asked, []);
}
