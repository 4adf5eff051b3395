//! Which manifests form a workspace, and which lockfile each workspace has.

use crate::evidence::Manifest;
use crate::tree::TreePath;

/// A workspace: a root manifest and its members.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The directory of the root manifest; its `Cargo.lock` stands there.
    pub root: TreePath,
    /// Indices into [`Workspaces::manifests`]: the root manifest first (a virtual one too), then members and path
    /// dependencies inside the tree, sorted by path.
    pub members: Vec<usize>,
    /// Path dependencies and members that lead out of the tree or to nothing readable: manifest index,
    /// the path as written, where.
    pub outside: Vec<Outside>,
    /// Whether everything that decides the lockfile could be read. Where not, why.
    pub incomplete: Vec<String>,
}

/// A path in a manifest that leads out of the tree.
#[derive(Clone, Debug)]
pub struct Outside {
    /// The manifest that names it.
    pub manifest: usize,
    /// The path as written.
    pub path: String,
    /// Where.
    pub place: crate::model::Place,
    /// What names it: `path dependency`, `workspace member`, `package.workspace`, `patch`.
    pub what: &'static str,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Workspaces {
    /// Every manifest that was read.
    pub manifests: Vec<Manifest>,
    /// Every workspace; a package on its own is a workspace of one.
    pub workspaces: Vec<Workspace>,
    /// Manifests that could not be read.
    pub problems: Vec<crate::model::Problem>,
}

impl Workspaces {
    /// The workspace whose root manifest stands in `directory`.
    pub fn at(&self, directory: &TreePath) -> Option<&Workspace> {
        self.workspaces.iter().find(|w| w.root == *directory)
    }
}
