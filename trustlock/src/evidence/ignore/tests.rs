#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::evidence::fixture::Repository;

const FILES: [&str; 14] = [
    "a",
    "ab",
    "[",
    "Cargo.lock",
    "b/a",
    "b/ab",
    "b/Cargo.lock",
    "b/b/a",
    "b/b/Cargo.lock",
    "b/b/b/ab",
    "a b/a",
    "a b/Cargo.lock",
    "#a",
    "!a/b",
];

/// Whether git would ignore the file, deciding from the top down as git's walk does.
fn ours(rules: &mut Rules<'_>, path: &str) -> bool {
    let path = TreePath::exact(path).unwrap();
    let mut steps: Vec<TreePath> = path.ancestors().filter(|p| !p.is_root()).collect();
    steps.reverse();
    steps.iter().any(|step| rules.ignores(step, *step != path).is_some())
}

fn ignored(repository: &Repository) -> BTreeSet<&'static str> {
    let disk = repository.disk();
    let user = std::fs::read_to_string(repository.path().join(".git/.config/git/ignore")).ok();
    repository.with_git(|git| {
        let mut rules = Rules::new(&disk, Some(git), user.as_deref());
        FILES.into_iter().filter(|path| ours(&mut rules, path)).collect()
    })
}

fn ignored_by_git(repository: &Repository) -> BTreeSet<&'static str> {
    let arguments = [&["check-ignore", "--no-index", "--"][..], &FILES].concat();
    let found = String::from_utf8(repository.git(&arguments)).unwrap();
    let found: BTreeSet<&str> = found.lines().collect();
    FILES.into_iter().filter(|path| found.contains(path)).collect()
}

fn repository() -> Repository {
    let repository = Repository::new(&[]);
    for file in FILES {
        repository.write(file, "");
    }
    repository
}

fn pattern() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("a"),
        Just("b"),
        Just("a?"),
        Just("*"),
        Just("**"),
        Just("*b"),
        Just("[ab]"),
        Just("[!a]"),
        Just("[^a]b"),
        Just("["),
        Just("\\["),
        Just("\\a"),
        Just("Cargo.lock"),
        Just("*.lock"),
        Just("a b"),
        Just("a*"),
        Just("[a-b]b"),
        Just("?"),
        Just("#a"),
        Just("\\#a"),
        Just("!a"),
        Just("\\!a"),
        Just("a**"),
        Just("**b"),
        Just("*a*b*"),
        Just("[[:alpha:]]"),
        Just("[[:alp]"),
        Just("[]a]"),
        Just("[!]-a]"),
        Just("[\\]a]"),
        Just("[b-a]"),
        Just("[a-\\b]?"),
        Just("b\\"),
        Just("C*l*"),
        Just("***"),
        Just(""),
    ];
    let parts = prop::collection::vec(part, 1..4);
    let before = prop_oneof![4 => Just(""), 1 => Just("/"), 1 => Just("!"), 1 => Just("!/"), 1 => Just("#")];
    let after = prop_oneof![6 => Just(""), 2 => Just("/"), 1 => Just("  "), 1 => Just("\r"), 1 => Just("\\ "), 1 => Just("\\\\ ")];
    (before, parts, after).prop_map(|(before, parts, after)| format!("{before}{}{after}", parts.join("/")))
}

fn rules() -> impl Strategy<Value = String> {
    prop::collection::vec(pattern(), 0..4).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn what_is_ignored_is_what_git_ignores(
        top in rules(), below in rules(), deep in rules(), exclude in rules(), user in rules()
    ) {
        thread_local!(static REPOSITORY: Repository = repository());
        REPOSITORY.with(|repository| {
            repository.write(".gitignore", &top);
            repository.write("b/.gitignore", &below);
            repository.write("b/b/.gitignore", &deep);
            repository.write(".git/info/exclude", &exclude);
            repository.write(".git/.config/git/ignore", &user);
            assert_eq!(ignored(repository), ignored_by_git(repository));
        });
    }
}

#[test]
fn the_rule_is_named_with_its_line() {
    let repository = repository();
    repository.write(".gitignore", "\u{feff}a\n\n# locks\nCargo.*\n");
    repository.write(".git/info/exclude", "ab");
    let disk = repository.disk();
    repository.with_git(|git| {
        let mut rules = Rules::new(&disk, Some(git), Some("\n#?"));
        let mut by = |path: &str| rules.ignores(&TreePath::exact(path).unwrap(), false);
        assert_eq!(by("a").unwrap(), ".gitignore:1: a");
        assert_eq!(by("b/Cargo.lock").unwrap(), ".gitignore:4: Cargo.*");
        assert_eq!(by("ab").unwrap(), ".git/info/exclude:1: ab");
        assert_eq!(by("#a"), None);
        assert_eq!(by("["), None);
    });
}

#[test]
fn without_git_nothing_is_ignored() {
    let tree = crate::tree::Memory::new().with(".gitignore", "*").with("a", "");
    let mut rules = Rules::new(&tree, None, Some("*"));
    assert_eq!(rules.ignores(&TreePath::exact("a").unwrap(), false), None);
}
