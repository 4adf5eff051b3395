//! What every command begins with: which root, which tree, which policy, what was gathered.

use std::path::{Path, PathBuf};

use trustlock::evidence::{Evidence, user_ignore};
use trustlock::model::Problem;
use trustlock::policy::{self, Policy};
use trustlock::tree::{Disk, Root, Tree, TreePath};

use crate::args::Scope;

/// An opened checkout.
pub(crate) struct Session {
    pub(crate) root: Root,
    pub(crate) tree: Disk,
    /// The paths that this run is narrowed to; empty for everything.
    pub(crate) narrow: Vec<TreePath>,
    pub(crate) today: jiff::civil::Date,
}

/// Nothing could be checked; why.
pub(crate) type Failure = Vec<Problem>;

impl Session {
    /// Opens the checkout around the current directory, around `--manifest-path`, or around the first
    /// of `paths`.
    pub(crate) fn open(scope: &Scope, paths: &[PathBuf]) -> Result<Self, Failure> {
        let start = match (&scope.manifest_path, paths.first()) {
            (Some(manifest), _) => manifest.clone(),
            (None, Some(path)) => path.clone(),
            (None, None) => PathBuf::from("."),
        };
        let start = std::path::absolute(&start)
            .and_then(std::fs::canonicalize)
            .map_err(|e| vec![Problem::new(format!("`{}` cannot be opened: {e}", start.display()))])?;
        let directory = if start.is_dir() { start.as_path() } else { start.parent().unwrap_or(&start) };
        let root = Root::find(directory);
        let tree = Disk::open(root.path(), scope.max_file_size)
            .map_err(|e| vec![e.problem(&TreePath::root()).path(root.path().display().to_string())])?;

        let mut narrow = Vec::new();
        for path in paths {
            narrow.push(inside(root.path(), path)?);
        }
        if scope.manifest_path.is_some() {
            narrow.push(project(&tree, &inside(root.path(), &start)?));
        }
        let today =
            scope.now.unwrap_or_else(|| jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date());
        Ok(Self { root, tree, narrow, today })
    }

    /// The policy in force.
    pub(crate) fn policy(&self, scope: &Scope) -> Result<Policy, Failure> {
        let outside = policy::Outside { root: self.root.path(), limit: scope.max_file_size };
        policy::load(&self.tree, &outside, scope.policy.as_deref(), &scope.overlay)
    }

    /// The policy in force together with what it lets nested policies add, and everything gathered.
    pub(crate) fn open_all(&self, scope: &Scope) -> Result<(Policy, Evidence), Failure> {
        let mut policy = self.policy(scope)?;
        let evidence = self.evidence()?;
        policy.read_nested(&self.tree, &evidence.discovery.nested_policies)?;
        Ok((policy, evidence))
    }

    /// Everything that is gathered before rules run.
    pub(crate) fn evidence(&self) -> Result<Evidence, Failure> {
        let user = user_ignore::read().map_err(|problem| vec![problem])?;
        let git = self.root.git().map(|git| git as &dyn Tree);
        Ok(Evidence::gather(&self.tree, git, user.as_deref(), &self.narrow))
    }
}

/// `path`, given on the command line, relative to the root.
fn inside(root: &Path, path: &Path) -> Result<TreePath, Failure> {
    let problem = |why: String| vec![Problem::new(why)];
    // Only the folder is resolved: the file itself may be a link, which the tree refuses to follow.
    let absolute = std::path::absolute(path).map_err(|e| problem(format!("`{}`: {e}", path.display())))?;
    let resolved = match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) if !absolute.is_dir() || absolute.is_symlink() => {
            std::fs::canonicalize(parent).map(|parent| parent.join(name))
        }
        _ => std::fs::canonicalize(&absolute),
    }
    .map_err(|e| problem(format!("`{}` cannot be opened: {e}", path.display())))?;
    let relative = resolved.strip_prefix(root).map_err(|_| {
        problem(format!("`{}` is outside the repository `{}`", path.display(), root.display()))
    })?;
    relative
        .to_str()
        .and_then(|text| TreePath::new(text).ok())
        .ok_or_else(|| problem(format!("`{}` is not UTF-8", path.display())))
}

/// The directory whose lockfile governs a manifest: the nearest one above it that has a lockfile.
fn project(tree: &Disk, manifest: &TreePath) -> TreePath {
    let directory = manifest.parent().unwrap_or_default();
    let locked = directory.ancestors().find(|d| tree.kind(&d.child("Cargo.lock")).is_some());
    locked.unwrap_or(directory)
}
