//! Where a checkout begins, and where git keeps what it knows about it.

use std::path::{Path, PathBuf};

use super::{Disk, Kind, Listing, ReadError, Tree, TreePath};

/// Git's index holds every path of a repository; the largest ones known have a few million.
const GIT_LIMIT: u64 = 1 << 30;

/// The top folder of a checkout, and git's folder.
#[derive(Debug)]
pub struct Root {
    path: PathBuf,
    git: Option<GitFolder>,
}

impl Root {
    /// The repository that the folder `start` belongs to: the nearest folder upwards, itself included,
    /// with a `.git` that git would take for one; without any, `start` itself. `start` must be
    /// absolute and without links.
    pub fn find(start: &Path) -> Self {
        let found = start.ancestors().find_map(|path| Some((path, GitFolder::of(path)?)));
        match found {
            Some((path, git)) => Self { path: path.to_owned(), git: Some(git) },
            None => Self { path: start.to_owned(), git: None },
        }
    }

    /// The top folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Git's folder; `None` outside of git.
    pub fn git(&self) -> Option<&GitFolder> {
        self.git.as_ref()
    }
}

/// Git's folder, as far as it concerns one work tree: a linked worktree has a folder of its own and
/// shares `info/` with its repository.
#[derive(Debug)]
pub struct GitFolder {
    own: Disk,
    common: Option<Disk>,
}

impl GitFolder {
    /// The folder that `.git` in `folder` is or names. In a linked worktree and in a submodule it is a
    /// file that says `gitdir: …`, which is followed once. What git would not take for a repository
    /// is none.
    fn of(folder: &Path) -> Option<Self> {
        let dot_git = folder.join(".git");
        let path = if dot_git.is_file() {
            let text = pointer(&Disk::open(folder, GIT_LIMIT).ok()?, ".git")?;
            folder.join(text.strip_prefix("gitdir:")?.trim())
        } else {
            dot_git
        };
        let own = Disk::open(&path, GIT_LIMIT).ok()?;
        own.kind(&TreePath::root().child("HEAD"))?;
        let common = match pointer(&own, "commondir") {
            Some(relative) => Some(Disk::open(path.join(relative.trim()), GIT_LIMIT).ok()?),
            None => None,
        };
        Some(Self { own, common })
    }

    fn holder(&self, path: &TreePath) -> &Disk {
        match &self.common {
            Some(common) if path.as_str().starts_with("info/") => common,
            _ => &self.own,
        }
    }
}

impl Tree for GitFolder {
    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        self.holder(path).read(path)
    }

    fn list(&self, directory: &TreePath) -> Result<Listing, ReadError> {
        self.holder(directory).list(directory)
    }

    fn kind(&self, path: &TreePath) -> Option<Kind> {
        self.holder(path).kind(path)
    }
}

/// The text of a small file that names a folder.
fn pointer(folder: &Disk, name: &str) -> Option<String> {
    folder.text(&TreePath::root().child(name)).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::fs;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        (folder, path)
    }

    fn repository(at: &Path) {
        fs::create_dir_all(at.join("info")).unwrap();
        fs::write(at.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::write(at.join("index"), at.to_str().unwrap()).unwrap();
        fs::write(at.join("info/exclude"), at.to_str().unwrap()).unwrap();
    }

    fn text(root: &Root, path: &str) -> PathBuf {
        root.git().unwrap().text(&TreePath::new(path).unwrap()).unwrap().into()
    }

    #[test]
    fn the_nearest_repository_upwards_is_the_root() {
        let (_keep, top) = folder();
        repository(&top.join(".git"));
        fs::create_dir_all(top.join("a/b/.git")).unwrap();
        for start in ["", "a", "a/b"] {
            let root = Root::find(&top.join(start));
            assert_eq!(root.path(), top, "an empty .git is no repository");
            assert_eq!(text(&root, "index"), top.join(".git"));
        }
    }

    #[test]
    fn without_a_repository_the_argument_is_the_root() {
        let (_keep, top) = folder();
        fs::create_dir(top.join("a")).unwrap();
        let root = Root::find(&top.join("a"));
        assert_eq!(root.path(), top.join("a"));
        assert!(root.git().is_none());
    }

    #[test]
    fn worktrees_and_submodules_are_followed_one_hop() {
        let (_keep, top) = folder();
        repository(&top.join("main/.git"));
        let linked = top.join("main/.git/worktrees/w");
        repository(&linked);
        fs::write(linked.join("commondir"), "../..\n").unwrap();
        fs::create_dir(top.join("w")).unwrap();
        fs::write(top.join("w/.git"), format!("gitdir: {}\n", linked.display())).unwrap();
        let root = Root::find(&top.join("w"));
        assert_eq!(text(&root, "index"), linked);
        assert_eq!(text(&root, "info/exclude"), top.join("main/.git"));

        let module = top.join("main/.git/modules/m");
        repository(&module);
        fs::create_dir(top.join("main/m")).unwrap();
        fs::write(top.join("main/m/.git"), "gitdir: ../.git/modules/m\n").unwrap();
        let root = Root::find(&top.join("main/m"));
        assert_eq!(root.path(), top.join("main/m"));
        assert_eq!(text(&root, "index"), module);
    }
}
