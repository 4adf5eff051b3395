//! Which manifests form a workspace, and what each workspace reaches by path. See the Cargo book,
//! "Workspaces".

mod build;
mod members;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::build::Builder;
use crate::evidence::Manifest;
use crate::model::{Place, Problem};
use crate::parallel;
use crate::tree::{Tree, TreePath};

/// A workspace: a root manifest, its members, and every other package that it reaches by path. A package
/// on its own is a workspace of one.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The directory of the root manifest; its `Cargo.lock` stands there.
    pub root: TreePath,
    /// The root manifest (a virtual one too), then the members, as indices into [`Workspaces::manifests`].
    pub members: Vec<usize>,
    /// Packages that are reached by path and are no members.
    pub others: Vec<usize>,
    /// Paths that lead out of the tree.
    pub outside: Vec<Outside>,
    /// What could not be read and may decide the lockfile.
    pub incomplete: Vec<String>,
}

impl Workspace {
    /// Every local package: members and others.
    pub fn locals(&self) -> impl Iterator<Item = usize> {
        self.members.iter().chain(&self.others).copied()
    }
}

/// A path in a manifest that leads out of the tree, or through a symbolic link.
#[derive(Clone, Debug)]
pub struct Outside {
    /// The path as written.
    pub path: String,
    /// The package that is said to be there; empty where that is not said.
    pub package: String,
    /// Where.
    pub place: Place,
    /// What names it: `path dependency`, `workspace member`, `package.workspace`, `patch`.
    pub what: &'static str,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Workspaces {
    /// Every manifest that was read.
    pub manifests: Vec<Manifest>,
    /// Every workspace, sorted by root.
    pub workspaces: Vec<Workspace>,
    /// Manifests that could not be read and stand beside a lockfile.
    pub problems: Vec<Problem>,
    by_directory: BTreeMap<TreePath, usize>,
}

fn root_of<'a>(
    manifest: &'a Manifest,
    at: impl Fn(&TreePath) -> Option<&'a Manifest>,
) -> Option<&'a Manifest> {
    let directory = manifest.directory();
    if let Some((path, _)) = manifest.package.as_ref().and_then(|p| p.workspace.as_ref()) {
        return at(&directory.join(path).ok()?);
    }
    let above = || directory.ancestors().filter_map(|directory| at(&directory));
    if manifest.workspace.is_some() { Some(manifest) } else { above().find(|m| m.workspace.is_some()) }
}

impl Workspaces {
    /// The workspace whose root manifest stands in `directory`.
    pub fn at(&self, directory: &TreePath) -> Option<&Workspace> {
        let index = self.workspaces.binary_search_by(|w| w.root.cmp(directory)).ok()?;
        self.workspaces.get(index)
    }

    /// The root manifest of the workspace that `manifest` belongs to: itself, one above it, or the one
    /// that it names.
    pub fn root_of<'a>(&'a self, manifest: &'a Manifest) -> Option<&'a Manifest> {
        root_of(manifest, |directory| self.manifests.get(*self.by_directory.get(directory)?))
    }

    /// Reads the manifests at `paths` and finds the workspaces that they form. `locked` names the
    /// directories that hold a lockfile: a manifest that cannot be read is a problem beside one of them,
    /// and nobody's business elsewhere (it may be a test's fixture).
    pub fn read(tree: &dyn Tree, paths: &[TreePath], locked: &BTreeSet<TreePath>) -> Self {
        let mut builder = Builder::new(tree);
        for (path, read) in paths.iter().zip(parallel::map(paths, |path| Manifest::read(tree, path))) {
            builder.add(path.parent().unwrap_or_default(), read);
        }
        let discovered = builder.manifests.len();
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let mut workspaces = Vec::new();
        for declared in [true, false] {
            for index in 0..discovered {
                let roots = builder.manifests.get(index).is_some_and(|m| m.workspace.is_some()) == declared;
                if roots && !taken.contains(&index) && !builder.points_inside(index) {
                    let workspace = builder.workspace(index);
                    taken.extend(workspace.members.iter().filter(|member| **member != index));
                    workspaces.push(workspace);
                }
            }
        }
        workspaces.sort_by(|a: &Workspace, b| a.root.cmp(&b.root));
        let problems = builder
            .unread
            .into_iter()
            .filter(|(directory, _)| locked.contains(directory))
            .map(|(_, p)| p)
            .collect();
        Self { manifests: builder.manifests, workspaces, problems, by_directory: builder.by_directory }
    }
}
