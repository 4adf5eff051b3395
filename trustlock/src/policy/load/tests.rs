#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use crate::model::{Algorithm, Ecosystem, Level, Source, SourceKind, Url};
use crate::policy::{GitReferencePolicy, SourceVerdict};
use crate::tree::Memory;

fn source(kind: SourceKind, url: &str) -> Source {
    Source { raw: url.to_owned(), kind, url: Url::parse(url) }
}

fn git(url: &str) -> Source {
    source(SourceKind::Git { reference: None, commit: None }, url)
}

fn crates_io() -> Source {
    source(SourceKind::Registry, "https://github.com/rust-lang/crates.io-index")
}

/// A policy from files of a checkout; `trustlock.toml` is the first.
fn load_files(files: &[(&str, &str)]) -> Result<Policy, Vec<Problem>> {
    let tree = files.iter().fold(Memory::new(), |tree, (path, text)| tree.with(path, *text));
    load(&tree, &Outside { root: Path::new("/nowhere"), limit: 1 << 20 }, None, &[])
}

fn load_one(text: &str) -> Result<Policy, Vec<Problem>> {
    load_files(&[("trustlock.toml", text)])
}

fn titles(result: Result<Policy, Vec<Problem>>) -> Vec<String> {
    result.err().into_iter().flatten().map(|p| p.title).collect()
}

fn allows(policy: &Policy, source: Option<&Source>) -> bool {
    policy.judge_source(Ecosystem::Cargo, source) == SourceVerdict::Allowed
}

#[test]
fn nothing_and_an_empty_file_are_the_strict_policy() {
    let absent = built_in().unwrap();
    let empty = load_one("").unwrap();
    assert!(absent.built_in && !empty.built_in);
    assert_eq!((&*absent.name, &*empty.name), ("trustlock:strict", "trustlock.toml"));
    for policy in [&absent, &empty, &load_one("extends = [\"trustlock:strict\"]").unwrap()] {
        assert!(allows(policy, None));
        assert!(allows(policy, Some(&crates_io())));
        assert!(!allows(policy, Some(&git("https://github.com/acme/lib"))));
        assert!(policy.governed.covers("a/b/Cargo.lock") && policy.governed.covers("Cargo.lock"));
        assert_eq!(policy.max_waiver.value, 180);
        assert_eq!(policy.algorithms.value, Algorithm::ALL);
        assert_eq!(policy.git_reference.value, GitReferencePolicy::Any);
        assert!(policy.governed.required.value && policy.git_reference.place.is_some());
        for rule in crate::rules::RULES {
            assert_eq!(policy.level(rule.declaration).value, rule.declaration.level);
        }
    }
}
