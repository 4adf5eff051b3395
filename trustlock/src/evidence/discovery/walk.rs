//! The walk over the tree.

use std::collections::HashSet;

use super::{Discovery, Hidden, Skipped, folded, is_settings, matters};
use crate::evidence::commands;
use crate::evidence::ignore::Rules;
use crate::evidence::requirements_in;
use crate::evidence::settings;
use crate::lockfile::{self, Claim};
use crate::model::Problem;
use crate::tree::{Entry, Kind, Listing, ReadError, Tree, TreePath};

/// How deep folders may nest before the tree is taken for an attack.
pub(super) const DEPTH: usize = 256;

/// What git tracks, each list sorted.
pub(super) struct Tracked {
    /// What matters: where it stands, no folder is passed over.
    pub(super) tracked: Vec<TreePath>,
    /// What may hold commands.
    pub(super) named: Vec<TreePath>,
}

/// Walks `tree` and notes in `found` what is there.
pub(super) fn run(
    tree: &dyn Tree,
    git: Option<&dyn Tree>,
    user_ignore: Option<&str>,
    Tracked { tracked, named }: Tracked,
    found: &mut Discovery,
) {
    let rules = Rules::new(tree, git, user_ignore);
    let mut walk = Walk { tree, tracked, named, rules, found, waiting: Vec::new() };
    walk.waiting.push(Folder { path: TreePath::root(), ignored: false, depth: 0 });
    while let Some(folder) = walk.waiting.pop() {
        walk.folder(&folder);
    }
    let Walk { named, found, .. } = walk;
    let skipped: HashSet<TreePath> = found.skipped.iter().map(|skipped| skipped.path.clone()).collect();
    for path in named {
        if skipped.is_empty() || !path.ancestors().any(|folder| skipped.contains(&folder)) {
            found.note_named(path);
        }
    }
}

const VENDORED: &str = "vendored crate";

struct Walk<'a> {
    tree: &'a dyn Tree,
    tracked: Vec<TreePath>,
    named: Vec<TreePath>,
    rules: Rules<'a>,
    found: &'a mut Discovery,
    waiting: Vec<Folder>,
}

struct Folder {
    path: TreePath,
    /// It, or a folder above it, is ignored: only what is tracked counts.
    ignored: bool,
    depth: usize,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Folder) {
        let path = &folder.path;
        if folder.depth > DEPTH {
            let problem = Problem::new(format!("`{path}` nests deeper than {DEPTH} folders"));
            return self.found.problems.push(problem.path(path.as_str()));
        }
        let listing = match self.tree.list(path) {
            Ok(listing) => listing,
            Err(error) => return self.found.problems.push(error.problem(path)),
        };
        let has = |name: &str| listing.entries.binary_search_by(|e| e.name.as_str().cmp(name)).is_ok();
        if let Some(why) = self.foreign(path, &listing) {
            if why == VENDORED
                && listing.entries.iter().any(|e| lockfile::claim(path.child(&e.name).as_str()) == Claim::Yes)
            {
                self.found.vendored.push(path.clone());
            }
            return self.found.skipped.push(Skipped { path: path.clone(), why });
        }
        if listing.unreadable > 0 {
            let problem = format!("`{path}` has a folder whose name is not UTF-8; it was not looked into");
            self.found.problems.push(Problem::new(problem).path(path.as_str()).fix("give it another name"));
        }
        if path.name() == "src" && (has("main.rs") || has("bin")) {
            self.found.programs.extend(path.parent());
        }
        if has("setup.py") || has("setup.cfg") {
            self.found.setups.push(path.clone());
        }
        if !has(".gitignore") {
            self.rules.has_none(path);
        }
        for entry in &listing.entries {
            self.entry(folder, entry);
        }
    }

    fn entry(&mut self, folder: &Folder, Entry { name, kind }: &Entry) {
        let path = || folder.path.child(name);
        if *kind == Kind::File && !folder.ignored && commands::is_named(name) {
            self.named(path());
        }
        match kind {
            Kind::Directory if name == ".git" => {}
            Kind::Directory => {
                let path = path();
                let foreign = if folded(name) == ".cargo" {
                    self.settings(&path);
                    // It may be a cargo home, full of other people's projects.
                    true
                } else {
                    folder.ignored || self.rules.ignores(&path, true).is_some()
                };
                if !foreign || self.tracks_within(&path) {
                    self.waiting.push(Folder { path, ignored: foreign, depth: folder.depth + 1 });
                }
            }
            // Cargo follows it to settings that no name gives away.
            Kind::Symlink if folded(name) == ".cargo" => {
                let path = path();
                self.found.problems.push(ReadError::Symlink.problem(&path));
            }
            Kind::File | Kind::Symlink | Kind::Other => {
                let path = path();
                if matters(path.as_str()) {
                    self.file(path, *kind, folder.ignored);
                }
            }
        }
    }

    fn file(&mut self, path: TreePath, kind: Kind, ignored: bool) {
        if ignored && self.tracked.binary_search(&path).is_err() {
            return;
        }
        let name = path.name();
        let is_settings = folded(name).starts_with("rust-toolchain")
            || matches!(name, "uv.toml" | "poetry.toml" | "pdm.toml" | "pip.conf" | "pip.ini");
        if is_settings {
            self.found.settings.push(path);
        } else if name == "Cargo.toml" {
            // A link is for the workspace to complain of, where it belongs to one.
            self.found.manifests.push(path);
        } else if name == "pyproject.toml" {
            self.found.pyprojects.push(path);
        } else if name == "Pipfile" {
            self.found.pipfiles.push(path);
        } else if requirements_in::claims(path.as_str()) {
            self.found.inputs.push(path);
        } else if lockfile::claim(path.as_str()) > Claim::No {
            self.lockfile(path, kind);
        } else if name == "trustlock.toml" {
            if kind == Kind::Symlink {
                self.found.problems.push(ReadError::Symlink.problem(&path));
            } else if path.parent().is_some_and(|folder| !folder.is_root()) {
                self.found.nested_policies.push(path);
            }
        }
    }

    /// What may hold commands. What git tracks is known already.
    fn named(&mut self, path: TreePath) {
        if self.named.binary_search(&path).is_err() && self.rules.ignores(&path, false).is_none() {
            self.found.note_named(path);
        }
    }

    fn lockfile(&mut self, path: TreePath, kind: Kind) {
        let tracked = self.tracked.binary_search(&path).is_ok();
        match self.rules.ignores(&path, false).filter(|_| !tracked) {
            Some(by) => self.found.hidden.push(Hidden { path, by }),
            None if kind == Kind::Symlink && self.leads_to_a_lockfile(&path) => {}
            None if kind == Kind::Symlink => self.found.problems.push(ReadError::Symlink.problem(&path)),
            None => self.found.lockfiles.push(path),
        }
    }

    /// Whether a link that only its content could make a lockfile leads to a file that is looked into
    /// under its own name.
    fn leads_to_a_lockfile(&self, link: &TreePath) -> bool {
        let target = || settings::followed(self.tree, link);
        lockfile::claim(link.as_str()) == Claim::Maybe
            && target().is_some_and(|target| lockfile::claim(target.as_str()) > Claim::No)
    }

    /// A `.cargo` folder: cargo reads it whether or not git does.
    fn settings(&mut self, folder: &TreePath) {
        // What cannot be listed is a problem where the walk goes on into it; cargo cannot read it either.
        let listing = self.tree.list(folder).unwrap_or_default();
        for Entry { name, kind } in &listing.entries {
            // A link is read where it leads, as long as that is a file of the tree.
            if folded(name).starts_with("config")
                && is_settings(&folded(name))
                && matches!(kind, Kind::File | Kind::Symlink)
            {
                self.found.settings.push(folder.child(name));
            }
        }
    }

    /// Why a folder is not a project of this repository. What git carries is somebody's work, whatever
    /// the folder looks like, and so is a folder with a manifest.
    fn foreign(&self, folder: &TreePath, listing: &Listing) -> Option<&'static str> {
        let has = |name: &str| listing.entries.binary_search_by(|e| e.name.as_str().cmp(name)).is_ok();
        if folder.is_root() {
            return None;
        }
        if has(".cargo-checksum.json") {
            return Some(VENDORED);
        }
        if self.tracks_within(folder) {
            return None;
        }
        if has(".git") {
            return Some("submodule or repository of its own");
        }
        if has("Cargo.toml") {
            return None;
        }
        if folder.name() == "target" && (has("CACHEDIR.TAG") || has(".rustc_info.json")) {
            return Some("build output");
        }
        has("pyvenv.cfg").then_some("virtual environment")
    }

    /// Whether git tracks something that matters in `folder`, at any depth.
    fn tracks_within(&self, folder: &TreePath) -> bool {
        let prefix = format!("{folder}/");
        let first = self.tracked.partition_point(|path| path.as_str() < prefix.as_str());
        self.tracked.get(first).is_some_and(|path| path.as_str().starts_with(&prefix))
    }
}
