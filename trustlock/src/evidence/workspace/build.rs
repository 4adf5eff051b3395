//! Putting workspaces together.

use std::collections::{BTreeMap, BTreeSet};

use super::{Outside, Workspace, root_of};
use crate::evidence::{Manifest, Requirement, RequirementSource};
use crate::model::{Place, Problem};
use crate::tree::{Kind, Tree, TreePath};

/// Puts workspaces together, and reads what discovery passed over.
pub(super) struct Builder<'a> {
    pub(super) tree: &'a dyn Tree,
    pub(super) manifests: Vec<Manifest>,
    pub(super) by_directory: BTreeMap<TreePath, usize>,
    pub(super) unread: BTreeMap<TreePath, Problem>,
}

/// A path that a manifest names, relative to a directory.
pub(super) struct Reference {
    pub(super) base: TreePath,
    pub(super) path: String,
    pub(super) package: String,
    pub(super) place: Place,
    pub(super) what: &'static str,
}

impl<'a> Builder<'a> {
    pub(super) fn new(tree: &'a dyn Tree) -> Self {
        Self { tree, manifests: Vec::new(), by_directory: BTreeMap::new(), unread: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, directory: TreePath, read: Result<Manifest, Problem>) -> Option<usize> {
        match read {
            Ok(manifest) => {
                let index = self.manifests.len();
                self.by_directory.insert(directory, index);
                self.manifests.push(manifest);
                Some(index)
            }
            Err(problem) => {
                self.unread.insert(directory, problem);
                None
            }
        }
    }

    /// The workspace of the root manifest `root`.
    pub(super) fn workspace(&mut self, root: usize) -> Workspace {
        let mut workspace = Workspace::default();
        let Some(manifest) = self.manifests.get(root) else { return workspace };
        workspace.root = manifest.directory();
        if let Some((path, span)) = manifest.package.as_ref().and_then(|p| p.workspace.clone()) {
            let place = manifest.file.at(span);
            workspace.outside.push(Outside {
                path,
                package: String::new(),
                place,
                what: "package.workspace",
            });
        }
        let table = manifest.workspace.clone().unwrap_or_default();
        // A member that is named outright is one, whatever is excluded around it.
        let under = |path: &str| workspace.root.join(path).ok();
        let named: BTreeSet<TreePath> = table.members.iter().filter_map(|(path, _)| under(path)).collect();
        let exclude: BTreeSet<TreePath> = table.exclude.iter().filter_map(|path| under(path)).collect();
        let excluded = |path: &TreePath| {
            let within =
                |folders: &BTreeSet<TreePath>| path.ancestors().any(|above| folders.contains(&above));
            within(&exclude) && !within(&named)
        };

        let mut members: BTreeSet<usize> = self.members(root, &table.members, &mut workspace);
        members.retain(|index| self.manifests.get(*index).is_some_and(|m| !excluded(&m.directory())));
        members.insert(root);
        let mut others = BTreeSet::new();
        let mut queue: Vec<usize> = members.iter().copied().collect();
        while let Some(index) = queue.pop() {
            for reference in self.references(index) {
                let Some(target) = self.follow(reference, &mut workspace) else { continue };
                let Some(manifest) = self.manifests.get(target) else { continue };
                let directory = manifest.directory();
                // A path dependency beneath the root becomes a member, unless it is a root of its own.
                let member = manifest.workspace.is_none()
                    && directory.is_within(&workspace.root)
                    && !excluded(&directory);
                let new = if member && !others.contains(&target) {
                    members.insert(target)
                } else {
                    !members.contains(&target) && others.insert(target)
                };
                if new {
                    queue.push(target);
                }
            }
        }
        for index in members.iter().chain(&others) {
            let Some(manifest) = self.manifests.get(*index) else { continue };
            for (path, span) in &manifest.sources {
                if manifest.directory().join(path).is_err() {
                    let place = manifest.file.at(*span);
                    let (path, package) = (path.clone(), String::new());
                    workspace.outside.push(Outside { path, package, place, what: "source file" });
                }
            }
        }
        workspace.members = std::iter::once(root).chain(members.into_iter().filter(|m| *m != root)).collect();
        workspace.others = others.into_iter().collect();
        workspace
    }

    /// What `index` names by path. What it inherits is named by its workspace's root, relative to that.
    fn references(&self, index: usize) -> Vec<Reference> {
        let Some(manifest) = self.manifests.get(index) else { return Vec::new() };
        let root = root_of(manifest, |directory| self.manifests.get(*self.by_directory.get(directory)?))
            .unwrap_or(manifest);
        let reference = |from: &Manifest, requirement: &Requirement, what| match &requirement.source {
            RequirementSource::Path(path) => Some(Reference {
                base: from.directory(),
                path: path.clone(),
                package: requirement.package.clone(),
                place: from.file.at(requirement.source_place),
                what,
            }),
            _ => None,
        };
        let mut found: Vec<Reference> = Vec::new();
        for requirement in &manifest.requirements {
            if requirement.inherited {
                let named = root.workspace.as_ref().and_then(|table| table.requirement(&requirement.key));
                found.extend(named.and_then(|named| reference(root, named, "path dependency")));
            } else {
                found.extend(reference(manifest, requirement, "path dependency"));
            }
        }
        found.extend(
            manifest.replacements.iter().filter_map(|r| reference(manifest, &r.requirement, "patch")),
        );
        found
    }

    /// The manifest at a path, read now where discovery passed its folder over (a submodule, say).
    pub(super) fn follow(&mut self, reference: Reference, workspace: &mut Workspace) -> Option<usize> {
        let Reference { base, path, package, place, what } = reference;
        let target = base.join(&path).ok().filter(|t| !self.through_link(t));
        let Some(target) = target else {
            workspace.outside.push(Outside { path, package, place, what });
            return None;
        };
        if let Some(index) = self.by_directory.get(&target) {
            return Some(*index);
        }
        if !self.unread.contains_key(&target) {
            let read = Manifest::read(self.tree, &target.child("Cargo.toml"));
            if let Some(index) = self.add(target.clone(), read) {
                return Some(index);
            }
        }
        workspace.incomplete.push(format!("`{}` could not be read", target.child("Cargo.toml")));
        None
    }

    fn through_link(&self, target: &TreePath) -> bool {
        !self.by_directory.contains_key(target)
            && target.ancestors().any(|path| self.tree.kind(&path) == Some(Kind::Symlink))
    }

    /// Whether a manifest says that its workspace is elsewhere inside the tree, or is no package at all.
    pub(super) fn points_inside(&self, index: usize) -> bool {
        let Some(manifest) = self.manifests.get(index) else { return true };
        let Some(package) = &manifest.package else { return manifest.workspace.is_none() };
        package.workspace.as_ref().is_some_and(|(path, _)| manifest.directory().join(path).is_ok())
    }
}
