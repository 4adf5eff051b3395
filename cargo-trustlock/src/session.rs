//! What every command begins with: which root, which tree, which policy, what was gathered.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use trustlock::check::{self, Options};
use trustlock::evidence::{Evidence, user_ignore};
use trustlock::model::{Problem, Report};
use trustlock::policy::{self, Policy};
use trustlock::tree::{DEFAULT_LIMIT, Disk, Memory, ReadError, Root, Tree, TreePath};

use crate::args::Scope;

/// An opened checkout.
pub struct Session {
    pub(crate) root: Root,
    pub(crate) tree: Disk,
    /// The paths that this run is narrowed to; empty for everything.
    pub(crate) narrow: Vec<TreePath>,
    pub(crate) today: Date,
}

/// Nothing could be checked; why.
pub type Failure = Vec<Problem>;

impl Session {
    /// Opens the checkout around the current directory, around `--manifest-path`, or around the first
    /// of `paths`.
    pub fn open(scope: &Scope, paths: &[PathBuf]) -> Result<Self, Failure> {
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
        // The whole repository is no part of it.
        if narrow.contains(&TreePath::root()) {
            narrow.clear();
        }
        Ok(Self { root, tree, narrow, today: scope.now.unwrap_or_else(today) })
    }

    /// The policy in force, overlays included.
    pub fn policy(&self, scope: &Scope) -> Result<Policy, Failure> {
        policy::load(&self.tree, &self.outside(scope), scope.policy.as_deref(), &scope.overlay)
    }

    /// The policy in force, without overlays.
    pub fn main_policy(&self, scope: &Scope) -> Result<Policy, Failure> {
        policy::load(&self.tree, &self.outside(scope), scope.policy.as_deref(), &[])
    }

    /// `policy` under the overlays.
    pub fn under(&self, policy: Policy, scope: &Scope) -> Result<Policy, Failure> {
        policy.under(&self.outside(scope), &scope.overlay)
    }

    fn outside(&self, scope: &Scope) -> policy::Outside<'_> {
        policy::Outside { root: self.root.path(), limit: scope.max_file_size }
    }

    /// Judges everything that this run looks at under `policy` and what it lets nested policies add.
    pub fn judge(&self, mut policy: Policy) -> Result<Report, Failure> {
        let evidence = self.evidence()?;
        policy.read_nested(&self.tree, &evidence.discovery.nested_policies)?;
        let options = Options { today: self.today, complete: self.narrow.is_empty() };
        Ok(check::check(&self.tree, &evidence, &policy, &options))
    }

    /// Everything that is gathered before rules run.
    pub(crate) fn evidence(&self) -> Result<Evidence, Failure> {
        let user = user_ignore::read().map_err(|problem| vec![problem])?;
        let git = self.root.git().map(|git| git as &dyn Tree);
        Ok(Evidence::gather(&self.tree, git, user.as_deref(), &self.narrow))
    }
}

/// Judges `text` as the lockfile at `path` of a repository that holds nothing else; on the day `now`,
/// else today.
///
/// # Errors
/// `path` leads out of the repository.
pub fn check_text(path: &str, text: &str, policy: &Policy, now: Option<Date>) -> Result<Report, Failure> {
    let path = TreePath::new(path)
        .map_err(|_| vec![Problem::new(format!("`{path}` leads out of the repository")).path(path)])?;
    let size = text.len() as u64;
    if size > DEFAULT_LIMIT {
        return Ok(Report::failed(vec![ReadError::TooLarge { size, limit: DEFAULT_LIMIT }.problem(&path)]));
    }
    let tree = Memory::new().with(path.as_str(), text);
    let evidence = Evidence::gather(&tree, None, None, &[path]);
    let options = Options { today: now.unwrap_or_else(today), complete: false };
    Ok(check::check(&tree, &evidence, policy, &options))
}

/// Today, in UTC.
fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
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
