#![allow(clippy::unwrap_used)]

use super::walk::DEPTH;
use super::*;
use crate::evidence::fixture::Repository;
use crate::tree::Memory;

fn paths(paths: &[TreePath]) -> Vec<&str> {
    paths.iter().map(TreePath::as_str).collect()
}

fn walk(repository: &Repository) -> Discovery {
    let disk = repository.disk();
    repository.with_git(|git| discover(&disk, Some(git), None, &[]))
}

fn memory(files: &[&str]) -> Discovery {
    let tree = files.iter().fold(Memory::new(), |tree, path| tree.with(path, ""));
    discover(&tree, None, None, &[])
}

#[test]
fn every_kind_of_file_is_found_at_every_depth() {
    let found = memory(&[
        "Cargo.lock",
        "Cargo.toml",
        "trustlock.toml",
        ".cargo/config.toml",
        "rust-toolchain",
        "a/b/Cargo.lock",
        "a/b/Cargo.toml",
        "a/b/src/main.rs",
        "a/b/.cargo/config",
        "a/b/rust-toolchain.toml",
        "a/b/trustlock.toml",
        "a/config.toml",
        "a/Cargo.lock.orig",
    ]);
    assert_eq!(paths(&found.lockfiles), ["Cargo.lock", "a/b/Cargo.lock"]);
    assert_eq!(paths(&found.manifests), ["Cargo.toml", "a/b/Cargo.toml"]);
    let settings = [".cargo/config.toml", "a/b/.cargo/config", "a/b/rust-toolchain.toml", "rust-toolchain"];
    assert_eq!(paths(&found.settings), settings);
    assert_eq!(paths(&found.nested_policies), ["a/b/trustlock.toml"]);
    assert_eq!(paths(&found.programs), ["a/b"]);
    assert_eq!(found.problems, []);
}

#[test]
fn governed_is_what_is_tracked_and_what_is_new_and_not_ignored() {
    let repository = Repository::new(&[]);
    repository.write(".gitignore", "ignored/\nc/Cargo.lock\nd/Cargo.lock\n");
    for folder in ["a", "b", "c", "d", "ignored/tracked", "ignored/not"] {
        repository.write(&format!("{folder}/Cargo.lock"), "");
    }
    repository.git(&["add", "a"]);
    repository.git(&["add", "--force", "c", "ignored/tracked"]);
    let found = walk(&repository);
    let governed = ["a/Cargo.lock", "b/Cargo.lock", "c/Cargo.lock", "ignored/tracked/Cargo.lock"];
    assert_eq!(paths(&found.lockfiles), governed);
    let hidden =
        Hidden { path: TreePath::new("d/Cargo.lock").unwrap(), by: ".gitignore:3: d/Cargo.lock".to_owned() };
    assert_eq!(found.hidden, [hidden]);
}

#[test]
fn settings_are_found_whatever_git_ignores() {
    let repository = Repository::new(&[]);
    repository.write(".gitignore", "*\n!a\n");
    repository.write("a/.cargo/config.toml", "");
    repository.write("a/rust-toolchain.toml", "");
    repository.write("b/.cargo/config.toml", "");
    repository.write("c/.cargo/config.toml", "");
    repository.write("c/rust-toolchain", "");
    repository.git(&["add", "--force", "c"]);
    let found = walk(&repository);
    let settings =
        ["a/.cargo/config.toml", "a/rust-toolchain.toml", "c/.cargo/config.toml", "c/rust-toolchain"];
    assert_eq!(paths(&found.settings), settings);
}

#[test]
fn a_cargo_home_in_the_repository_is_not_searched() {
    let repository = Repository::new(&[]);
    repository.write(".cargo/config.toml", "");
    repository.write(".cargo/registry/src/a/Cargo.lock", "");
    repository.write(".cargo/tracked/Cargo.lock", "");
    repository.git(&["add", ".cargo/config.toml", ".cargo/tracked"]);
    let found = walk(&repository);
    assert_eq!(paths(&found.lockfiles), [".cargo/tracked/Cargo.lock"]);
    assert_eq!(paths(&found.settings), [".cargo/config.toml"]);
}

#[test]
fn folders_of_other_projects_are_passed_over_unless_git_carries_them() {
    let outputs = |root: &str| {
        ["vendor/a/.cargo-checksum.json", "target/CACHEDIR.TAG", "venv/pyvenv.cfg", "module/.git"]
            .map(|file| format!("{root}{file}"))
    };
    let repository = Repository::new(&[]);
    for root in ["", "kept/"] {
        for file in outputs(root) {
            repository.write(&file, "");
            repository.write(&format!("{}/x/Cargo.lock", file.rsplit_once('/').unwrap().0), "");
        }
    }
    repository.write("vendor/a/Cargo.lock", "");
    let found = walk(&repository);
    assert_eq!(found.lockfiles, []);
    assert_eq!(paths(&found.vendored), ["vendor/a"], "with a lockfile of its own");
    let why: Vec<_> = found.skipped.iter().map(|s| (s.path.as_str(), s.why)).collect();
    for (path, reason) in [
        ("vendor/a", "vendored crate"),
        ("target", "build output"),
        ("venv", "virtual environment"),
        ("module", "submodule or repository of its own"),
    ] {
        assert!(why.contains(&(path, reason)), "{path}: {why:?}");
    }
    for name in ["target", "venv", "module"] {
        // Git itself does not look into `module` while its `.git` is there.
        let marker = repository.path().join("kept/module/.git");
        let _ = std::fs::remove_file(&marker);
        repository.git(&["add", "--force", &format!("kept/{name}/x/Cargo.lock")]);
        std::fs::write(&marker, "").unwrap();
    }
    let kept = ["kept/module/x/Cargo.lock", "kept/target/x/Cargo.lock", "kept/venv/x/Cargo.lock"];
    assert_eq!(paths(&walk(&repository).lockfiles), kept);
}

#[test]
fn a_marker_beside_a_manifest_hides_no_project() {
    let found = memory(&[
        "a/pyvenv.cfg",
        "a/Cargo.toml",
        "a/Cargo.lock",
        "target/CACHEDIR.TAG",
        "target/Cargo.toml",
        "target/Cargo.lock",
    ]);
    assert_eq!(paths(&found.lockfiles), ["a/Cargo.lock", "target/Cargo.lock"]);
}

#[cfg(unix)]
#[test]
fn links_to_what_is_looked_into_anyway_are_none() {
    use std::os::unix::fs::symlink;
    let repository = Repository::new(&[]);
    repository.write("yarn.lock", "");
    repository.write("data.bin", "");
    repository.write("web/file", "");
    for (link, target) in [("same", "../yarn.lock"), ("other", "../data.bin"), ("out", "../../x.lock")] {
        symlink(target, repository.path().join("web").join(format!("{link}.lock"))).unwrap();
    }
    let found = walk(&repository);
    let problems: Vec<_> = found.problems.iter().filter_map(|p| p.path.as_deref()).collect();
    assert_eq!(problems, ["web/other.lock", "web/out.lock"]);
}

#[cfg(unix)]
#[test]
fn links_are_problems_where_something_would_be_read() {
    use std::os::unix::fs::symlink;
    let repository = Repository::new(&[]);
    repository.write(".gitignore", "quiet\n");
    for folder in ["a", "quiet"] {
        repository.write(&format!("{folder}/file"), "");
        symlink("../else/Cargo.lock", repository.path().join(folder).join("Cargo.lock")).unwrap();
    }
    symlink("a", repository.path().join("linked")).unwrap();
    let found = walk(&repository);
    assert_eq!(found.lockfiles, []);
    let problems: Vec<_> = found.problems.iter().filter_map(|p| p.path.as_deref()).collect();
    assert_eq!(problems, ["a/Cargo.lock"]);
}

#[test]
fn a_run_can_be_narrowed_to_files_and_folders() {
    let tree = ["Cargo.lock", "a/Cargo.lock", "a/b/Cargo.lock", "ab/Cargo.lock", "vendor/x/Cargo.lock"]
        .into_iter()
        .fold(Memory::new().with("vendor/x/.cargo-checksum.json", ""), |tree, path| tree.with(path, ""));
    let narrowed = |to: &str| {
        let found = discover(&tree, None, None, &[TreePath::new(to).unwrap()]);
        found.lockfiles.iter().map(|path| path.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(narrowed("a"), ["a/Cargo.lock", "a/b/Cargo.lock"]);
    assert_eq!(narrowed("a/Cargo.lock"), ["a/Cargo.lock"]);
    assert_eq!(narrowed("vendor/x/Cargo.lock"), ["vendor/x/Cargo.lock"], "what is named is looked at");
    assert_eq!(narrowed("none"), Vec::<String>::new());
}

#[test]
fn endless_nesting_is_a_problem() {
    let path = format!("{}Cargo.lock", "d/".repeat(DEPTH + 2));
    let found = memory(&[&path]);
    assert_eq!(found.lockfiles, []);
    assert_eq!(found.problems.len(), 1);
}

#[test]
fn files_that_hold_commands_are_those_that_git_carries_or_would() {
    let repository = Repository::new(&[]);
    repository.write(".gitignore", "ignored/\n*.tmp.sh\n");
    for path in [
        ".github/workflows/ci.yml",
        ".github/dependabot.yml",
        "docker/Dockerfile.dev",
        "ignored/tracked.sh",
        "ignored/other.sh",
        "new.sh",
        "x.tmp.sh",
        "uv.lock",
        "sub/.github/workflows/never-run.yml",
        "vendored/.cargo-checksum.json",
        "vendored/build.sh",
    ] {
        repository.write(path, "");
    }
    repository.git(&["add", ".github", "vendored", "docker"]);
    repository.git(&["add", "--force", "ignored/tracked.sh"]);
    let found = walk(&repository);
    let scripts = [".github/workflows/ci.yml", "docker/Dockerfile.dev", "ignored/tracked.sh", "new.sh"];
    assert_eq!(paths(&found.scripts), scripts);
    assert_eq!(paths(&found.locks), ["uv.lock"]);
}
