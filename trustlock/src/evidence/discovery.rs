//! Which files of the checkout matter: lockfiles, manifests, settings, policies.

use crate::evidence::{Manifest, git_index, ignore};
use crate::lockfile;
use crate::model::Problem;
use crate::tree::{Kind, Listing, Tree, TreePath};

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
            let program = |e: &crate::tree::Entry| matches!(e.name.as_str(), "main.rs" | "bin");
            if folder.name() == "src" && listing.entries.iter().any(program) {
                self.found.programs.extend(folder.parent());
            }
            for entry in listing.entries {
                let path = folder.child(&entry.name);
                match entry.kind {
                    Kind::Directory if entry.name == ".git" => {}
                    Kind::Directory if entry.name == ".cargo" => self.settings(&path),
                    // Cargo follows it to settings that no name gives away.
                    Kind::Symlink if entry.name == ".cargo" => {
                        self.found.problems.push(crate::tree::ReadError::Symlink.problem(&path));
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
        let is_lockfile = lockfile::reader(path.name()).is_some();
        let tracked = self.tracked.binary_search(&path).is_ok();
        if kind == Kind::Symlink {
            if is_lockfile || path.name() == "trustlock.toml" {
                self.found.problems.push(crate::tree::ReadError::Symlink.problem(&path));
            }
            let is_settings = path.name().starts_with("rust-toolchain");
            if is_settings && (tracked || !ignored) {
                self.found.settings.push(path);
            }
            return;
        }
        if is_lockfile {
            if tracked || !ignored && self.rules.ignores(&path, false).is_none() {
                self.found.lockfiles.push(path);
            } else if !ignored {
                let by = self.rules.ignores(&path, false).unwrap_or_default();
                self.found.hidden.push(Hidden { path, by });
            }
            return;
        }
        if ignored && !tracked {
            return;
        }
        match path.name() {
            "Cargo.toml" => self.found.manifests.push(path),
            "rust-toolchain.toml" | "rust-toolchain" => self.found.settings.push(path),
            "trustlock.toml" if path.parent().is_some_and(|p| !p.is_root()) => {
                self.found.nested_policies.push(path);
            }
            _ => {}
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

    /// Why a folder is not a project of this repository.
    fn foreign(&self, folder: &TreePath, listing: &Listing) -> Option<&'static str> {
        let has = |name: &str| listing.entries.iter().any(|e| e.name == name);
        if folder.is_root() {
            return None;
        }
        if has(".cargo-checksum.json") {
            return Some("vendored crate");
        }
        if has(".git") {
            return Some("submodule or repository of its own");
        }
        // What is tracked is somebody's work, whatever the folder looks like.
        if self.tracks_within(folder) {
            return None;
        }
        if folder.name() == "target" && (has("CACHEDIR.TAG") || has(".rustc_info.json")) {
            return Some("build output");
        }
        has("pyvenv.cfg").then_some("virtual environment")
    }

    fn tracks_within(&self, folder: &TreePath) -> bool {
        let start = self.tracked.partition_point(|path| path < folder);
        self.tracked
            .iter()
            .skip(start)
            .take_while(|p| p.as_str().starts_with(folder.as_str()))
            .any(|p| p.is_within(folder))
    }
}
