//! `Cargo.toml`, as far as it decides what a lockfile must hold.

use std::sync::Arc;

use crate::model::{File, Span};
use crate::tree::TreePath;

/// A manifest as read. See the Cargo book, "The Manifest Format".
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file.
    pub file: Arc<File>,
    /// Its path.
    pub path: TreePath,
    /// `[package]`, where there is one.
    pub package: Option<ManifestPackage>,
    /// `[workspace]`, where there is one.
    pub workspace: Option<WorkspaceTable>,
    /// Every dependency of every kind and target, `workspace = true` not yet resolved.
    pub requirements: Vec<Requirement>,
    /// `[patch.*]` and `[replace]` entries.
    pub replacements: Vec<Replacement>,
}

/// `[package]`.
#[derive(Clone, Debug)]
pub struct ManifestPackage {
    /// `name`.
    pub name: String,
    /// Where the name is written.
    pub name_span: Span,
    /// `version`; `None` where it is inherited from the workspace, `0.0.0` where it is absent.
    pub version: Option<String>,
    /// Where the version is written.
    pub version_span: Span,
    /// `publish = false`, or a list of registries that is empty.
    pub unpublished: bool,
    /// `workspace = "…"`: where the workspace root is said to be, as written.
    pub workspace: Option<(String, Span)>,
    /// Whether it declares `[[bin]]`. A `src/main.rs` or `src/bin/` is for discovery to see.
    pub declares_binary: bool,
    /// Whether it declares `[lib]`.
    pub declares_library: bool,
}

/// `[workspace]`.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceTable {
    /// `members`: globs.
    pub members: Vec<String>,
    /// `exclude`: path prefixes.
    pub exclude: Vec<String>,
    /// `[workspace.package] version`.
    pub version: Option<String>,
    /// `[workspace.dependencies]`.
    pub requirements: Vec<Requirement>,
}

/// One dependency line.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The key in the table: the name in code.
    pub key: String,
    /// The package's name: `package = "…"`, else the key.
    pub package: String,
    /// The version requirement, as written; `None` where there is none.
    pub version: Option<String>,
    /// Where it must come from.
    pub source: RequirementSource,
    /// `workspace = true`.
    pub inherited: bool,
    /// `optional = true`.
    pub optional: bool,
    /// Stands in `[dev-dependencies]`.
    pub dev: bool,
    /// The whole value (or the version text in it, where that is all).
    pub place: Span,
}

/// Where a requirement must be met from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementSource {
    /// crates.io, or whatever `registry = "NAME"` means.
    Registry(Option<String>),
    /// `registry-index = "URL"`.
    RegistryIndex(String),
    /// A git repository.
    Git {
        /// `git`.
        url: String,
        /// `branch`, `tag` or `rev` with its value.
        reference: Option<(&'static str, String)>,
    },
    /// A folder, as written.
    Path(String),
}

/// An entry of `[patch.SOURCE]` or `[replace]`.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// What is patched: `crates-io`, a registry's name, a URL; for `[replace]` the package id.
    pub target: String,
    /// What it is replaced by.
    pub requirement: Requirement,
    /// Whether it stands in `[replace]`.
    pub legacy: bool,
}
