//! Which files of the checkout matter: lockfiles, manifests, settings, policies.

#[cfg(test)]
mod tests;
mod walk;

use std::borrow::Cow;

use crate::evidence::requirements_in;
use crate::evidence::{Manifest, commands, git_index};
use crate::lockfile::{self, Claim};
use crate::model::Problem;
use crate::tree::{Kind, Tree, TreePath};

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
    /// `pyproject.toml` files.
    pub pyprojects: Vec<TreePath>,
    /// `Pipfile` files.
    pub pipfiles: Vec<TreePath>,
    /// What requirements files are compiled from: `requirements.in`.
    pub inputs: Vec<TreePath>,
    /// Settings files: `.cargo/config.toml`, `.cargo/config`, `rust-toolchain.toml`, `rust-toolchain`,
    /// `uv.toml`, `poetry.toml`, `pdm.toml`.
    pub settings: Vec<TreePath>,
    /// Directories whose `src` holds a program: `src/main.rs`, or a `src/bin` folder.
    pub programs: Vec<TreePath>,
    /// Directories that hold a `setup.py` or a `setup.cfg`: distributions of Python.
    pub setups: Vec<TreePath>,
    /// What the run is narrowed to; everything where it is empty.
    pub narrow: Vec<TreePath>,
    /// Policies below the root.
    pub nested_policies: Vec<TreePath>,
    /// Folders of compiled code that git carries: a tracked `.fingerprint` stands in them.
    pub build_outputs: Vec<TreePath>,
    /// Directories that look like vendored crates and hold a lockfile.
    pub vendored: Vec<TreePath>,
    /// Files whose text holds commands: workflows, scripts, … A tracked one may be gone from the disk.
    pub scripts: Vec<TreePath>,
    /// Lockfiles of tools that a command may leave out of account, whoever reads them.
    pub locks: Vec<TreePath>,
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

    /// Notes a file whose name is one of those that [`commands`] looks for.
    fn note_named(&mut self, path: TreePath) {
        if commands::is_lock(path.name()) {
            self.locks.push(path);
        } else if commands::Source::of(&path).is_some() {
            self.scripts.push(path);
        }
    }

    /// Whether a package builds a program.
    pub fn has_binary(&self, manifest: &Manifest) -> bool {
        let declared = manifest.package.as_ref().is_some_and(|p| p.declares_binary);
        declared || manifest.package.is_some() && self.programs.binary_search(&manifest.directory()).is_ok()
    }
}

/// Walks the tree. `git` is its git directory, `user_ignore` the text of the user's own ignore file;
/// `narrow` names what to look at, everything where it is empty.
pub fn discover(
    tree: &dyn Tree,
    git: Option<&dyn Tree>,
    user_ignore: Option<&str>,
    narrow: &[TreePath],
) -> Discovery {
    let mut found = Discovery::default();
    let wanted = |path: &str| matters(path) || is_fingerprint(path) || commands::is_named(path);
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
    let named = tracked.iter().filter(|path| commands::is_named(path.as_str())).cloned().collect();
    let tracked = tracked.into_iter().filter(|path| matters(path.as_str())).collect();
    walk::run(tree, git, user_ignore, walk::Tracked { tracked, named }, &mut found);
    found.narrow = narrow.to_vec();
    if !narrow.is_empty() {
        let inside = |path: &TreePath| narrow.iter().any(|n| path.is_within(n));
        found.lockfiles.retain(inside);
        found.hidden.retain(|h| inside(&h.path));
        found.scripts.retain(inside);
        // Whether a crate is vendored is told by all lockfiles together.
        found.vendored.clear();
        // A lockfile that was named is looked at, wherever it is.
        for path in narrow.iter().filter(|p| lockfile::claim(p.as_str()) > Claim::No) {
            if tree.kind(path) == Some(Kind::File) && !found.lockfiles.contains(path) {
                found.hidden.retain(|h| h.path != *path);
                found.lockfiles.push(path.clone());
            }
        }
    }
    let lists = [
        &mut found.lockfiles,
        &mut found.manifests,
        &mut found.pyprojects,
        &mut found.pipfiles,
        &mut found.inputs,
        &mut found.settings,
        &mut found.programs,
        &mut found.setups,
        &mut found.nested_policies,
        &mut found.vendored,
        &mut found.scripts,
        &mut found.locks,
    ];
    for list in lists {
        list.sort();
        list.dedup();
    }
    found
}

/// The paths of files that are looked for.
fn matters(path: &str) -> bool {
    let name = name(path);
    matches!(
        name,
        "Cargo.toml"
            | "pyproject.toml"
            | "Pipfile"
            | "uv.toml"
            | "pip.conf"
            | "pip.ini"
            | "poetry.toml"
            | "pdm.toml"
            | "trustlock.toml"
    ) || is_settings(&folded(name))
        || lockfile::claim(path) > Claim::No
        || requirements_in::claims(path)
}

/// The names, [`folded`], of settings files; the first two count in a `.cargo` folder.
fn is_settings(name: &str) -> bool {
    matches!(name, "config.toml" | "config" | "rust-toolchain.toml" | "rust-toolchain")
}

/// A name as file systems compare it to which letter case (NTFS, APFS), invisible characters (HFS+) and dots
/// at the end (Windows) make no difference. Whoever has one of these obeys `.Cargo/Config.toml`.
pub(crate) fn folded(name: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '-' | '_');
    if name.chars().all(plain) && !name.ends_with('.') {
        return Cow::Borrowed(name);
    }
    let invisible = |c: &char| matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    let visible: String = name.chars().filter(|c| !invisible(c)).collect();
    Cow::Owned(visible.trim_end_matches(['.', ' ']).to_ascii_lowercase())
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The names of files without which cargo compiles a package again, whatever else stands in its
/// `.fingerprint`.
fn is_fingerprint(path: &str) -> bool {
    let name = name(path);
    name.starts_with("lib-") || name.starts_with("build-script-") || name.starts_with("run-build-script-")
}
