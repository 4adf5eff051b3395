//! Temporary repositories for tests, driven by the real git.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

use crate::tree::{DEFAULT_LIMIT, Disk, GitFolder, Root};

/// A repository in a temporary folder.
pub(super) struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// An empty one; `arguments` go to `git init`.
    pub(super) fn new(arguments: &[&str]) -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&[&["init", "--quiet"], arguments].concat());
        repository
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// What git prints; its own exit code 1 is an answer, not a failure.
    pub(super) fn git(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.run(arguments);
        assert!(matches!(output.status.code(), Some(0 | 1)), "git {arguments:?}: {output:?}");
        output.stdout
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new("git")
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path().join(".git"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap()
    }

    pub(super) fn disk(&self) -> Disk {
        Disk::open(self.path(), DEFAULT_LIMIT).unwrap()
    }

    pub(super) fn root(&self) -> Root {
        Root::find(&self.path().canonicalize().unwrap())
    }

    /// What `look` makes of git's folder.
    pub(super) fn with_git<T>(&self, look: impl FnOnce(&GitFolder) -> T) -> T {
        look(self.root().git().unwrap())
    }
}
