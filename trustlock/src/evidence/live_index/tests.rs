#![allow(clippy::unwrap_used)]

use super::*;
use crate::tree::Memory;

const POETRY: &str = "package = []\n[metadata]\nlock-version = \"2.1\"\n";
const PDM: &str = "[metadata]\nlock_version = \"4.5.0\"\n";

/// `NAME URL` of each index that is asked for `package`.
fn live(path: &str, lock: &str, files: &[(&str, &str)], package: &str) -> Vec<String> {
    let tree = files.iter().fold(Memory::new(), |tree, (path, text)| tree.with(path, *text));
    let evidence = Evidence::gather(&tree, None, None, &[]);
    let path = TreePath::new(path).unwrap();
    let lockfile = crate::lockfile::read(&path, lock.as_bytes().to_vec()).unwrap().unwrap();
    let all = evidence.live_indexes(&lockfile);
    let line = |i: &&LiveIndex| format!("{} {}", i.name.clone().unwrap_or_default(), i.source.raw);
    all.of(package).iter().map(line).collect()
}

fn source(tool: &str, name: &str, rest: &str) -> String {
    format!("[[tool.{tool}.source]]\nname = \"{name}\"\nurl = \"https://{name}.example/simple\"\n{rest}\n")
}

#[test]
fn poetry_asks_one_index_for_what_it_does_not_record() {
    let of = |sources: &[(&str, &str)]| {
        let text: String = sources.iter().map(|(name, rest)| source("poetry", name, rest)).collect();
        live("a/poetry.lock", POETRY, &[("a/pyproject.toml", &text)], "six")
    };
    let pypi = ["pypi https://pypi.org/simple"];
    assert_eq!(of(&[]), pypi);
    assert_eq!(of(&[("a", "priority = \"explicit\""), ("b", "priority = \"supplemental\"")]), pypi);
    assert_eq!(of(&[("a", "secondary = true")]), pypi);
    assert_eq!(of(&[("a", ""), ("PyPI", "priority = \"explicit\"")]), pypi);
    assert_eq!(of(&[("b", "priority = \"explicit\""), ("a", "")]), ["a https://a.example/simple"]);
    assert_eq!(of(&[("b", ""), ("a", "default = true")]), ["a https://a.example/simple"]);
    // Another project's sources are not this one's.
    let other = source("poetry", "a", "");
    assert_eq!(live("a/poetry.lock", POETRY, &[("pyproject.toml", &other)], "six"), pypi);
}

#[test]
fn pdm_asks_every_source_that_may_serve_the_package() {
    let of = |sources: &[(&str, &str)], stored: &str, package: &str| {
        let text: String = sources.iter().map(|(name, rest)| source("pdm", name, rest)).collect();
        live("pdm.lock", PDM, &[("pyproject.toml", &text), ("pdm.toml", stored)], package)
    };
    let (pypi, a) = ("pypi https://pypi.org/simple", "a https://a.example/simple");
    assert_eq!(of(&[], "", "six"), [pypi]);
    assert_eq!(of(&[("a", "")], "", "six"), [pypi, a]);
    assert_eq!(of(&[("a", ""), ("pypi", "")], "", "six"), [a, "pypi https://pypi.example/simple"]);
    assert_eq!(of(&[("a", "")], "[pypi]\nignore_stored_index = true\n", "six"), [a]);
    assert_eq!(
        of(&[], "[pypi]\nurl = \"https://b.example/simple\"\n", "six"),
        ["pypi https://b.example/simple"]
    );
    assert_eq!(
        of(&[], "[pypi.b]\nurl = \"https://b.example/simple\"\n", "six"),
        [pypi, "b https://b.example/simple"]
    );
    let only = [("a", "include_packages = [\"acme_*\"]\nexclude_packages = [\"*\"]")];
    assert_eq!(of(&only, "", "acme-auth"), [a]);
    assert_eq!(of(&only, "", "six"), [pypi]);
}

#[test]
fn a_lockfile_that_names_indexes_is_believed() {
    let text = r#"{"_meta": {"hash": {"sha256": "00"}, "pipfile-spec": 6, "requires": {}, "sources": [
        {"name": "a", "url": "https://a.example/simple", "verify_ssl": true},
        {"name": "b", "url": "https://b.example/simple", "verify_ssl": true}
    ]}, "default": {}}"#;
    let found = live("Pipfile.lock", text, &[], "six");
    assert_eq!(found, ["a https://a.example/simple", "b https://b.example/simple"]);
}
