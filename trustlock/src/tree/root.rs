//! Where a checkout begins, and where its git directory is.

use std::path::{Path, PathBuf};

use super::Disk;

/// A checkout's root and its git directory.
#[derive(Debug)]
pub struct Root {
    path: PathBuf,
    git: Option<Disk>,
}

/// The git directory's own files are small, its index aside.
const GIT_LIMIT: u64 = 1 << 30;

impl Root {
    /// The nearest directory above `start`, itself included, that holds `.git`; else `start`. A `.git`
    /// file (worktrees, submodules) is followed one hop.
    pub fn find(start: &Path) -> Self {
        for directory in start.ancestors() {
            let git = directory.join(".git");
            let Ok(data) = std::fs::symlink_metadata(&git) else { continue };
            let git = if data.is_dir() {
                Some(git)
            } else if data.is_file() {
                gitfile(directory, &git)
            } else {
                None
            };
            return Self { path: directory.to_owned(), git: git.and_then(|g| Disk::open(g, GIT_LIMIT).ok()) };
        }
        Self { path: start.to_owned(), git: None }
    }

    /// The root.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The git directory; `None` outside of git.
    pub fn git(&self) -> Option<&Disk> {
        self.git.as_ref()
    }
}

fn gitfile(directory: &Path, file: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(file).ok()?;
    let target = text.lines().next()?.strip_prefix("gitdir:")?.trim();
    Some(directory.join(target))
}
