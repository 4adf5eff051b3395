#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::evidence::fixture::Repository;

fn ours(repository: &Repository) -> Vec<String> {
    let paths = repository.with_git(|git| tracked(git, |_| true)).unwrap();
    paths.iter().map(|path| path.as_str().to_owned()).collect()
}

fn gits(repository: &Repository) -> Vec<String> {
    let listed = String::from_utf8(repository.git(&["ls-files", "-z"])).unwrap();
    let mut paths: Vec<String> = listed.split_terminator('\0').map(str::to_owned).collect();
    paths.sort();
    paths
}

fn filled(arguments: &[&str]) -> Repository {
    let repository = Repository::new(arguments);
    let long = "d/".repeat(60);
    // Every length modulo eight, shared prefixes, and names that need care.
    for n in 0..20 {
        repository.write(&format!("a/{}", "x".repeat(n + 1)), "");
        repository.write(&format!("{long}{n}/Cargo.lock"), "");
    }
    for odd in ["a b", "ü/Cargo.toml", "back\\slash", "line\nbreak", "Cargo.lock", "z/.cargo/config"] {
        repository.write(odd, "");
    }
    repository.git(&["add", "--all"]);
    repository
}

#[test]
fn what_is_tracked_is_what_git_lists() {
    for format in ["sha1", "sha256"] {
        let repository = filled(&["--object-format", format]);
        for version in ["2", "4", "2"] {
            repository.git(&["update-index", "--index-version", version]);
            assert_eq!(ours(&repository), gits(&repository), "{format}, version {version}");
        }
        // `--intent-to-add` needs the extended flags of version 3.
        repository.write("later", "text");
        repository.git(&["add", "--intent-to-add", "later"]);
        let index = std::fs::read(repository.path().join(".git/index")).unwrap();
        assert_eq!(index[7], 3);
        assert_eq!(ours(&repository), gits(&repository), "{format}, version 3");
    }
}

#[test]
fn only_wanted_names_are_kept() {
    let repository = filled(&[]);
    let found = repository
        .with_git(|git| tracked(git, |path| path.rsplit('/').next() == Some("Cargo.lock")))
        .unwrap();
    assert_eq!(found.len(), 21);
    assert!(found.iter().all(|path| path.name() == "Cargo.lock"));
}

#[test]
fn nothing_is_tracked_before_the_first_add() {
    assert_eq!(ours(&Repository::new(&[])), Vec::<String>::new());
}

#[test]
fn a_split_index_is_refused_with_the_command_that_joins_it() {
    let repository = filled(&[]);
    repository.git(&["update-index", "--split-index"]);
    let problem = repository.with_git(|git| tracked(git, |_| true)).unwrap_err();
    let command = problem.fixes[0].paste.clone().unwrap();
    assert_eq!(problem.path.as_deref(), Some(".git/index"));
    repository.git(&command.split(' ').skip(1).collect::<Vec<_>>());
    assert_eq!(ours(&repository), gits(&repository));
}

#[test]
fn a_sparse_index_is_read() {
    let repository = filled(&[]);
    repository.git(&["-c", "user.name=a", "-c", "user.email=a", "commit", "--quiet", "--message=a"]);
    repository.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "a"]);
    let index = std::fs::read(repository.path().join(".git/index")).unwrap();
    assert!(index.windows(4).any(|w| w == b"sdir"));
    let found = ours(&repository);
    assert!(found.contains(&"a/x".to_owned()) && found.contains(&"Cargo.lock".to_owned()), "{found:?}");
}

fn index(version: u32, entries: &[(u8, &str)], tail: &[u8]) -> Vec<u8> {
    let mut bytes = b"DIRC".to_vec();
    bytes.extend(version.to_be_bytes());
    bytes.extend(u32::try_from(entries.len()).unwrap().to_be_bytes());
    for (drop, path) in entries {
        bytes.extend([0; 62]);
        bytes.push(*drop);
        bytes.extend(path.as_bytes());
        bytes.push(0);
    }
    bytes.extend(tail);
    bytes
}

fn keep(bytes: &[u8]) -> Result<Vec<TreePath>, Trouble> {
    read(bytes, &|_| true)
}

#[test]
fn what_is_not_understood_is_refused() {
    let end = [0; 20];
    assert_eq!(keep(&index(4, &[(0, "a"), (1, "b")], &end)).unwrap().len(), 2);
    assert_eq!(keep(b"DIRK"), Err(Trouble::Damaged("it does not begin with `DIRC`")));
    assert_eq!(keep(&index(5, &[], &end)), Err(Trouble::Version(5)));
    let extension = [&b"newx\0\0\0\0"[..], &end].concat();
    assert_eq!(keep(&index(4, &[], &extension)), Err(Trouble::Extension("newx".to_owned())));
    let optional = [&b"NEWX\0\0\0\x01_"[..], &end].concat();
    assert_eq!(keep(&index(4, &[], &optional)), Ok(Vec::new()));
    for damaged in [
        index(4, &[(9, "a")], &end),
        index(4, &[(0, "a")], &end[1..]),
        index(4, &[(0, &"x".repeat(PATH_LIMIT + 1))], &end),
        index(4, &[], &[&b"NEWX\0\0\0\x63_"[..], &end].concat()),
    ] {
        assert!(matches!(keep(&damaged), Err(Trouble::Damaged(_))));
    }
}

#[test]
fn a_path_that_leads_out_is_none_of_ours() {
    let found = keep(&index(4, &[(0, "../a"), (4, "/b"), (2, "a/../../b"), (9, "c")], &[0; 20])).unwrap();
    assert_eq!(found.iter().map(TreePath::as_str).collect::<Vec<_>>(), ["c"]);
}

proptest! {
    #[test]
    fn any_bytes_give_paths_or_trouble(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = keep(&bytes);
        let _ = keep(&[&b"DIRC\0\0\0\x04\0\0\0\x05"[..], &bytes].concat());
    }

    #[test]
    fn a_damaged_index_gives_paths_or_trouble(at in 0usize..10_000, to in any::<u8>(), cut in 0usize..10_000) {
        thread_local!(static INDEX: Vec<u8> = {
            let repository = filled(&[]);
            repository.git(&["update-index", "--index-version", "4"]);
            std::fs::read(repository.path().join(".git/index")).unwrap()
        });
        let mut bytes = INDEX.with(Clone::clone);
        let at = at % bytes.len();
        bytes[at] = to;
        let _ = keep(&bytes);
        bytes.truncate(cut % bytes.len());
        prop_assert!(keep(&bytes).is_err());
    }
}
