//! Which files of the checkout matter: lockfiles, manifests, settings, policies.

use crate::model::Problem;
use crate::tree::TreePath;

/// A lockfile that git would not carry: present, ignored and not tracked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The lockfile.
    pub path: TreePath,
    /// The ignore rule, as `.gitignore:3: Cargo.lock`.
    pub by: String,
}

/// A directory that was not looked into, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The directory.
    pub path: TreePath,
    /// Why: `vendored crates`, `build output`, …
    pub why: &'static str,
}

/// What was found, each list sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// Lockfiles: tracked, or untracked and not ignored.
    pub lockfiles: Vec<TreePath>,
    /// Lockfiles that git ignores.
    pub hidden: Vec<Hidden>,
    /// `Cargo.toml` files.
    pub manifests: Vec<TreePath>,
    /// Settings files: `.cargo/config.toml`, `.cargo/config`, `rust-toolchain.toml`, `rust-toolchain`.
    pub settings: Vec<TreePath>,
    /// Policies below the root.
    pub nested_policies: Vec<TreePath>,
    /// Directories that were not looked into.
    pub skipped: Vec<Skipped>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
}
