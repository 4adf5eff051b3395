//! Which files of the checkout matter: lockfiles, manifests, settings, policies.

use crate::evidence::{Manifest, git_index, ignore};
use crate::lockfile;
use crate::model::Problem;
use crate::tree::{Kind, Listing, ReadError, Tree, TreePath};

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
    /// Directories whose `src` holds a program: `src/main.rs`, or a `src/bin` folder.
    pub programs: Vec<TreePath>,
    /// What the run is narrowed to; everything where it is empty.
    pub narrow: Vec<TreePath>,
    /// Policies below the root.
    pub nested_policies: Vec<TreePath>,
    /// Folders of compiled code that git carries: a tracked `.fingerprint` stands in them.
    pub build_outputs: Vec<TreePath>,
    /// Directories that were not looked into.
    pub skipped: Vec<Skipped>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
}

impl Discovery {
    /// Whether the run looks at the lockfile `path`.
    pub fn looks_at(&self, path: &TreePath) -> bool {
        self.narrow.is_empty() || self.narrow.iter().any(|narrow| path.is_within(narrow))
    }

    /// Whether a package builds a program.
    pub fn has_binary(&self, manifest: &Manifest) -> bool {
        let declared = manifest.package.as_ref().is_some_and(|p| p.declares_binary);
        declared || manifest.package.is_some() && self.programs.binary_search(&manifest.directory()).is_ok()
    }
}

/// How deep folders may nest before the tree is taken for an attack.
const DEPTH: usize = 256;

/// Walks the tree. `git` is its git directory, `user_ignore` the text of the user's own ignore file;
/// `narrow` names what to look at, everything where it is empty.
pub fn discover(
    tree: &dyn Tree,
    git: Option<&dyn Tree>,
    user_ignore: Option<&str>,
    narrow: &[TreePath],
) -> Discovery {
    let mut found = Discovery::default();
    let wanted = |name: &str| matters(name) || is_fingerprint(name);
    let tracked = match git.map_or(Ok(Vec::new()), |git| git_index::tracked(git, wanted)) {
        Ok(tracked) => tracked,
        Err(problem) => {
            found.problems.push(problem);
            Vec::new()
        }
    };
    let output = |path: &TreePath| TreePath::new(path.as_str().split_once("/.fingerprint/")?.0).ok();
    found.build_outputs = tracked.iter().filter_map(output).collect();
    found.build_outputs.dedup();
    let tracked = tracked.into_iter().filter(|path| matters(path.name())).collect();
    let mut walk = Walk { tree, tracked, rules: ignore::Rules::new(tree, git, user_ignore), found };
    walk.run();
    let mut found = walk.found;
    found.narrow = narrow.to_vec();
    if !narrow.is_empty() {
        let inside = |path: &TreePath| narrow.iter().any(|n| path.is_within(n));
        found.lockfiles.retain(inside);
        found.hidden.retain(|h| inside(&h.path));
        // A lockfile that was named is looked at, wherever it is.
        for path in narrow.iter().filter(|p| lockfile::reader(p.name()).is_some()) {
            if tree.kind(path) == Some(Kind::File) && !found.lockfiles.contains(path) {
                found.hidden.retain(|h| h.path != *path);
                found.lockfiles.push(path.clone());
            }
        }
    }
    let lists = [
        &mut found.lockfiles,
        &mut found.manifests,
        &mut found.settings,
        &mut found.programs,
        &mut found.nested_policies,
    ];
    for list in lists {
        list.sort();
        list.dedup();
    }
    found
}

/// The names of files that are looked for.
fn matters(name: &str) -> bool {
    matches!(
        name,
        "Cargo.toml" | "config.toml" | "config" | "rust-toolchain.toml" | "rust-toolchain" | "trustlock.toml"
    ) || lockfile::reader(name).is_some()
}

/// The names of files without which cargo compiles a package again, whatever else stands in its
/// `.fingerprint`.
fn is_fingerprint(name: &str) -> bool {
    name.starts_with("lib-") || name.starts_with("build-script-") || name.starts_with("run-build-script-")
}

struct Walk<'a> {
    tree: &'a dyn Tree,
    tracked: Vec<TreePath>,
    rules: ignore::Rules<'a>,
    found: Discovery,
}

impl Walk<'_> {
    fn run(&mut self) {
        // Each folder with whether it stands in an ignored one: there, only what is tracked counts.
        let mut folders = vec![(TreePath::root(), false, 0)];
        while let Some((folder, ignored, depth)) = folders.pop() {
            if depth > DEPTH {
                let problem = Problem::new(format!("`{folder}` nests deeper than {DEPTH} folders"));
                self.found.problems.push(problem.path(folder.as_str()));
                continue;
            }
            let listing = match self.tree.list(&folder) {
                Ok(listing) => listing,
                Err(error) => {
                    self.found.problems.push(error.problem(&folder));
                    continue;
                }
            };
            if let Some(why) = self.foreign(&folder, &listing) {
                self.found.skipped.push(Skipped { path: folder, why });
                continue;
            }
            if listing.unreadable > 0 {
                let problem =
                    format!("`{folder}` has a folder whose name is not UTF-8; it was not looked into");
                self.found
                    .problems
                    .push(Problem::new(problem).path(folder.as_str()).fix("give it another name"));
            }
            let program = |e: &crate::tree::Entry| matches!(e.name.as_str(), "main.rs" | "bin");
            if folder.name() == "src" && listing.entries.iter().any(program) {
                self.found.programs.extend(folder.parent());
            }
            for entry in listing.entries {
                let path = folder.child(&entry.name);
                match entry.kind {
                    Kind::Directory if entry.name == ".git" => {}
                    Kind::Directory if entry.name == ".cargo" => {
                        self.settings(&path);
                        // It may be a cargo home, full of other people's projects.
                        if self.tracks_within(&path) {
                            folders.push((path, true, depth + 1));
                        }
                    }
                    // Cargo follows it to settings that no name gives away.
                    Kind::Symlink if entry.name == ".cargo" => {
                        self.found.problems.push(ReadError::Symlink.problem(&path));
                    }
                    Kind::Directory => {
                        let ignored = ignored || self.rules.ignores(&path, true).is_some();
                        if !ignored || self.tracks_within(&path) {
                            folders.push((path, ignored, depth + 1));
                        }
                    }
                    Kind::File | Kind::Symlink if matters(&entry.name) => {
                        self.file(path, entry.kind, ignored);
                    }
                    _ => {}
                }
            }
        }
    }

    fn file(&mut self, path: TreePath, kind: Kind, ignored: bool) {
        if ignored && self.tracked.binary_search(&path).is_err() {
            return;
        }
        let name = path.name();
        let is_settings = name.starts_with("rust-toolchain");
        if is_settings {
            self.found.settings.push(path);
        } else if name == "Cargo.toml" {
            // A link is for the workspace to complain of, where it belongs to one.
            self.found.manifests.push(path);
        } else if lockfile::reader(name).is_some() {
            self.lockfile(path, kind);
        } else if name == "trustlock.toml" {
            if kind == Kind::Symlink {
                self.found.problems.push(ReadError::Symlink.problem(&path));
            } else if path.parent().is_some_and(|folder| !folder.is_root()) {
                self.found.nested_policies.push(path);
            }
        }
    }

    fn lockfile(&mut self, path: TreePath, kind: Kind) {
        let tracked = self.tracked.binary_search(&path).is_ok();
        match self.rules.ignores(&path, false).filter(|_| !tracked) {
            Some(by) => self.found.hidden.push(Hidden { path, by }),
            None if kind == Kind::Symlink => self.found.problems.push(ReadError::Symlink.problem(&path)),
            None => self.found.lockfiles.push(path),
        }
    }

    /// A `.cargo` folder: cargo reads it whether or not git does.
    fn settings(&mut self, folder: &TreePath) {
        for name in ["config.toml", "config"] {
            let path = folder.child(name);
            // A link is read where it leads, as long as that is a file of the tree.
            if matches!(self.tree.kind(&path), Some(Kind::File | Kind::Symlink)) {
                self.found.settings.push(path);
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
            return Some("vendored crate");
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

#[cfg(test)]
mod tests;
