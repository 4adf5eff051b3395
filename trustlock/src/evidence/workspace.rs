//! Which manifests form a workspace, and what each workspace reaches by path. See the Cargo book,
//! "Workspaces".

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobBuilder;

use crate::evidence::{Manifest, Requirement, RequirementSource};
use crate::model::{Place, Problem, Span};
use crate::parallel;
use crate::tree::{Kind, Tree, TreePath};

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
        let mut builder =
            Builder { tree, manifests: Vec::new(), by_directory: BTreeMap::new(), unread: BTreeMap::new() };
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

struct Builder<'a> {
    tree: &'a dyn Tree,
    manifests: Vec<Manifest>,
    by_directory: BTreeMap<TreePath, usize>,
    unread: BTreeMap<TreePath, Problem>,
}

/// A path that a manifest names, relative to a directory.
struct Reference {
    base: TreePath,
    path: String,
    package: String,
    place: Place,
    what: &'static str,
}

impl Builder<'_> {
    fn add(&mut self, directory: TreePath, read: Result<Manifest, Problem>) -> Option<usize> {
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
    fn workspace(&mut self, root: usize) -> Workspace {
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
        let exclude: Vec<TreePath> =
            table.exclude.iter().filter_map(|e| workspace.root.join(e).ok()).collect();
        let excluded = |path: &TreePath| exclude.iter().any(|e| path.is_within(e));

        let mut members: BTreeSet<usize> = BTreeSet::from([root]);
        for pattern in &table.members {
            members.extend(
                self.members(root, pattern, &mut workspace)
                    .into_iter()
                    .filter(|index| self.manifests.get(*index).is_some_and(|m| !excluded(&m.directory()))),
            );
        }
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

    /// The manifests that a glob of `[workspace] members` names.
    fn members(&self, root: usize, pattern: &str, workspace: &mut Workspace) -> Vec<usize> {
        let Ok(path) = workspace.root.join(pattern) else {
            if let Some(manifest) = self.manifests.get(root) {
                let place = manifest.file.at(Span::default());
                workspace.outside.push(Outside {
                    path: pattern.to_owned(),
                    package: String::new(),
                    place,
                    what: "workspace member",
                });
            }
            return Vec::new();
        };
        let Ok(glob) = GlobBuilder::new(path.as_str()).literal_separator(true).build() else {
            workspace.incomplete.push(format!("the member `{pattern}` is no glob"));
            return Vec::new();
        };
        let matcher = glob.compile_matcher();
        let matches = |directory: &&TreePath| **directory == path || matcher.is_match(directory.as_str());
        for directory in self.unread.keys().filter(matches) {
            workspace.incomplete.push(format!("`{}` could not be read", directory.child("Cargo.toml")));
        }
        self.by_directory
            .iter()
            .filter(|(directory, _)| matches(directory))
            .map(|(_, index)| *index)
            .collect()
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
                place: from.file.at(requirement.place),
                what,
            }),
            _ => None,
        };
        let inherited = root.workspace.iter().flat_map(|table| &table.requirements);
        let mut found: Vec<Reference> = Vec::new();
        for requirement in &manifest.requirements {
            if requirement.inherited {
                let named = inherited.clone().find(|i| i.key == requirement.key);
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
    fn follow(&mut self, reference: Reference, workspace: &mut Workspace) -> Option<usize> {
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
    fn points_inside(&self, index: usize) -> bool {
        let Some(manifest) = self.manifests.get(index) else { return true };
        let Some(package) = &manifest.package else { return manifest.workspace.is_none() };
        package.workspace.as_ref().is_some_and(|(path, _)| manifest.directory().join(path).is_ok())
    }
}
