//! What compilers of requirements read: `requirements.in` and its kin, in the form of pip.

use crate::lockfile::requirements;
use crate::model::Lockfile;
use crate::tree::{Tree, TreePath};

/// The inputs of a checkout that could be read. One that could not is not there, and what was compiled
/// from it is not judged.
#[derive(Debug, Default)]
pub struct Inputs {
    /// In the order of their paths.
    pub files: Vec<Lockfile>,
}

impl Inputs {
    /// Reads the files at `paths`.
    pub fn read(tree: &dyn Tree, paths: &[TreePath]) -> Self {
        Self { files: paths.iter().filter_map(|path| requirements::open(tree, path).ok()).collect() }
    }

    /// The one at that path.
    pub fn at(&self, path: &TreePath) -> Option<&Lockfile> {
        self.files.iter().find(|input| input.file.path == path.as_str())
    }
}

/// Whether a path is the name of such a file.
pub(super) fn claims(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let Some(stem) = parts.next().and_then(|name| name.strip_suffix(".in")) else { return false };
    let of_a_folder = parts.next().is_some_and(|folder| matches!(folder, "requirements" | "constraints"));
    of_a_folder || ["requirements", "constraints", "reqs"].iter().any(|word| stem.contains(word))
}
