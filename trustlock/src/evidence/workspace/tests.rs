#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::evidence::discovery;
use crate::tree::Memory;

fn package(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\n{rest}")
}

fn read(tree: &Memory) -> Workspaces {
    let found = discovery::discover(tree, None, None, &[]);
    let locked = found.lockfiles.iter().filter_map(TreePath::parent).collect();
    Workspaces::read(tree, &found.manifests, &locked)
}

/// The names of the members, of the others, and of what lies outside, of the workspace at `root`.
fn parts(workspaces: &Workspaces, root: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let workspace = workspaces.at(&TreePath::new(root).unwrap()).unwrap();
    assert_eq!(workspace.incomplete, Vec::<String>::new());
    let names = |indices: &[usize]| {
        let packages = indices.iter().filter_map(|index| workspaces.manifests[*index].package.as_ref());
        packages.map(|package| package.name.clone()).collect()
    };
    let outside = workspace.outside.iter().map(|o| format!("{}: {}", o.what, o.path)).collect();
    (names(&workspace.members), names(&workspace.others), outside)
}

fn members(tree: &Memory) -> Vec<String> {
    let mut members = parts(&read(tree), "").0;
    members.sort();
    members
}

#[test]
fn members_are_named_by_paths_and_globs() {
    let tree = |members: &str| {
        ["a", "crates/b", "crates/c", "crates/.d", "deep/x/e", "{f}"]
            .iter()
            .fold(Memory::new(), |tree, path| {
                tree.with(&format!("{path}/Cargo.toml"), package(path.rsplit('/').next().unwrap(), ""))
            })
            .with("crates/no-package/README.md", "")
            .with("Cargo.toml", format!("[workspace]\nmembers = {members}"))
    };
    assert_eq!(members(&tree("['a', './crates/b/']")), ["a", "b"]);
    assert_eq!(members(&tree("['crates/*']")), [".d", "b", "c"]);
    assert_eq!(members(&tree("['*/*/e', 'crates/[bc]', 'crates/?']")), ["b", "c", "e"]);
    assert_eq!(members(&tree("['deep/**']")), ["e"]);
    assert_eq!(members(&tree("['{f}', 'crates/{b,c}*']")), ["{f}"], "braces are letters");
    assert_eq!(members(&tree("['nothing/*']")), Vec::<String>::new());
}

#[test]
fn exclude_beats_globs_and_a_named_member_beats_exclude() {
    let tree = Memory::new()
        .with("Cargo.toml", "[workspace]\nmembers = ['c/*', 'x/y']\nexclude = ['c/out', 'x']")
        .with("c/in/Cargo.toml", package("in", "[dependencies]\nout = { path = '../out' }"))
        .with("c/out/Cargo.toml", package("out", ""))
        .with("x/y/Cargo.toml", package("y", ""));
    let (members, others, _) = parts(&read(&tree), "");
    assert_eq!(members, ["in", "y"]);
    assert_eq!(others, ["out"]);
}

#[test]
fn path_dependencies_beneath_the_root_are_members() {
    let inherited = "[workspace.dependencies]\nc = { path = 'c' }\n";
    let tree = Memory::new()
        .with(
            "w/Cargo.toml",
            format!("{}[workspace]\n{inherited}[dependencies]\nb.path = 'b'", package("a", "")),
        )
        .with("w/b/Cargo.toml", package("b", "[target.x.build_dependencies]\nc.workspace = true"))
        .with("w/c/Cargo.toml", package("c", "[dev-dependencies]\nd = { path = '../../d' }"))
        .with("d/Cargo.toml", package("d", "[dependencies]\ne.path = 'e'"))
        .with("d/e/Cargo.toml", package("e", ""));
    let workspaces = read(&tree);
    let (members, others, outside) = parts(&workspaces, "w");
    assert_eq!(members, ["a", "b", "c"]);
    assert_eq!(others, ["d", "e"]);
    assert_eq!(outside, Vec::<String>::new());
    assert!(workspaces.at(&TreePath::new("w/b").unwrap()).is_none(), "a member is no project");
}

#[test]
fn members_in_folders_that_discovery_passes_over_are_read() {
    let tree = Memory::new()
        .with("Cargo.toml", "[workspace]\nmembers = ['module/a', 'module/more/*']")
        .with("module/.git", "gitdir: elsewhere")
        .with("module/a/Cargo.toml", package("a", ""))
        .with("module/more/b/Cargo.toml", package("b", ""));
    assert_eq!(members(&tree), ["a", "b"]);
}

#[test]
fn what_leads_out_is_noted_with_its_place() {
    let tree = Memory::new()
        .with(
            "Cargo.toml",
            "[workspace]\nmembers = ['../m', '../g/*', 'a']\n[patch.crates-io]\np.path = '../p'",
        )
        .with("a/Cargo.toml", package("a", "workspace = '..'\n[dependencies]\nd = { path = '/d' }"))
        .with("b/Cargo.toml", package("b", "workspace = '../../w'"));
    let workspaces = read(&tree);
    let (_, _, mut outside) = parts(&workspaces, "");
    outside.sort();
    let all = ["patch: ../p", "path dependency: /d", "workspace member: ../g/*", "workspace member: ../m"];
    assert_eq!(outside, all);
    let workspace = workspaces.at(&TreePath::root()).unwrap();
    for outside in &workspace.outside {
        assert!(outside.place.text().contains(&outside.path), "{outside:?}: {:?}", outside.place.text());
    }
    assert_eq!(parts(&workspaces, "b").2, ["package.workspace: ../../w"]);
}

#[test]
fn a_broken_manifest_matters_only_where_something_is_locked() {
    let tree = Memory::new()
        .with("Cargo.toml", "[workspace]\nmembers = ['a']")
        .with("a/Cargo.toml", "name = ")
        .with("tests/fixture/Cargo.toml", "]")
        .with("locked/Cargo.toml", "]")
        .with("locked/Cargo.lock", "");
    let workspaces = read(&tree);
    let workspace = workspaces.at(&TreePath::root()).unwrap();
    assert_eq!(workspace.incomplete, ["`a/Cargo.toml` could not be read"]);
    let problems: Vec<_> = workspaces.problems.iter().filter_map(|p| p.path.as_deref()).collect();
    assert_eq!(problems, ["locked/Cargo.toml"]);
}

#[test]
fn circles_of_paths_end() {
    let tree = Memory::new()
        .with("a/Cargo.toml", package("a", "[dependencies]\nb.path = '../b'"))
        .with("b/Cargo.toml", package("b", "[dependencies]\na.path = '../a'\nb.path = '.'"));
    assert_eq!(parts(&read(&tree), "a").1, ["b"]);
    assert_eq!(parts(&read(&tree), "b").1, ["a"]);
}

fn line() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("'1'"),
        Just("true"),
        Just("{ path = '..' }"),
        Just("{ workspace = true }"),
        Just("['*', 'a']"),
        Just("[1]"),
        Just("{ git = 1 }"),
        Just("{ package = 'x', version = '^' }"),
        Just("'../..'"),
    ];
    let key = prop_oneof![
        Just("name"),
        Just("version"),
        Just("workspace"),
        Just("members"),
        Just("exclude"),
        Just("a"),
        Just("a.b"),
        Just("publish"),
        Just("path"),
    ];
    let header = prop_oneof![
        Just("package"),
        Just("workspace"),
        Just("dependencies"),
        Just("target.x.dev-dependencies"),
        Just("workspace.dependencies"),
        Just("workspace.package"),
        Just("patch.x"),
        Just("replace"),
        Just("build_dependencies"),
        Just("[bin]"),
        Just("lib"),
    ];
    prop_oneof![
        (key, value).prop_map(|(key, value)| format!("{key} = {value}")),
        header.prop_map(|header| format!("[{header}]")),
    ]
}

proptest! {
    #[test]
    fn any_manifests_form_workspaces_or_are_problems(
        a in prop::collection::vec(line(), 0..12), b in prop::collection::vec(line(), 0..12), c in ".{0,40}"
    ) {
        let tree = Memory::new()
            .with("Cargo.toml", a.join("\n"))
            .with("Cargo.lock", "")
            .with("a/Cargo.toml", b.join("\n"))
            .with("a/b/Cargo.toml", c);
        let workspaces = read(&tree);
        let root = workspaces.at(&TreePath::root());
        let package = workspaces.manifests.iter().find(|m| m.path.as_str() == "Cargo.toml");
        // A manifest beside a lockfile is understood, or a problem; never neither.
        prop_assert_eq!(package.is_none(), workspaces.problems.iter().any(|p| p.path.as_deref() == Some("Cargo.toml")));
        let is_project = package.is_some_and(|m| m.package.is_some() || m.workspace.is_some());
        let elsewhere = package.and_then(|m| m.package.as_ref()).is_some_and(|p| p.workspace.is_some());
        prop_assert!(!is_project || elsewhere || root.is_some());
    }
}

#[cfg(unix)]
#[test]
fn a_glob_of_members_is_not_followed_out_of_the_tree() {
    use std::os::unix::fs::symlink;

    use crate::evidence::fixture::Repository;
    let leads = |members: &str, link: &str, target: &str| {
        let repository = Repository::new(&[]);
        repository.write("Cargo.toml", &format!("[workspace]\nmembers = [\"{members}\"]\n"));
        repository.write("crates/a/Cargo.toml", "[package]\nname = \"a\"\n");
        repository.write("other/b/Cargo.toml", "[package]\nname = \"b\"\n");
        symlink(target, repository.path().join(link)).unwrap();
        let paths: Vec<TreePath> = ["Cargo.toml", "crates/a/Cargo.toml", "other/b/Cargo.toml"]
            .iter()
            .map(|path| TreePath::new(path).unwrap())
            .collect();
        let workspaces = Workspaces::read(&repository.disk(), &paths, &BTreeSet::new());
        let workspace = workspaces.at(&TreePath::root()).unwrap();
        let outside: Vec<&str> = workspace.outside.iter().map(|outside| outside.path.as_str()).collect();
        (outside.join(" "), workspace.incomplete.len())
    };
    assert_eq!(leads("crates/*", "crates/x", "/tmp/evil"), ("crates/x".to_owned(), 0));
    assert_eq!(leads("crates/*/sub", "crates/x", "../../evil"), ("crates/x".to_owned(), 0));
    assert_eq!(leads("link/*", "link", "../evil"), ("link".to_owned(), 0));
    assert_eq!(leads("link/*", "link", "other"), (String::new(), 1), "inside, but not followed");
    assert_eq!(leads("crates/*", "crates/README", "../Cargo.toml"), (String::new(), 0));
}
