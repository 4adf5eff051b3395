//! Finding and reading every file that a policy is made of.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::compose::Composer;
use super::keys::{FileKind, SCHEMA};
use super::layer::{Extends, Layer};
use super::outside::{Location, Outside};
use super::{Policy, presets, read};
use crate::model::{File, Place, Problem};
use crate::tree::{ReadError, Tree, TreePath};

/// The policy of a repository, at its root.
pub const FILE: &str = "trustlock.toml";
/// The file beside it that holds waivers only.
pub const WAIVERS: &str = "trustlock.waivers.toml";

/// How many files may extend each other in a row.
const DEPTH: usize = 8;

/// Loads the policy in force: the one at `main`, else `trustlock.toml` at the root, else the built-in
/// one; over what it extends, with the waivers in `trustlock.waivers.toml` beside it, under `overlays`.
///
/// Files of the checkout are read through `tree`, others through `outside`. A file that `extends`
/// names is read from outside only where its digest is given.
///
/// # Errors
/// Everything in any of these files that is not understood.
pub fn load(
    tree: &dyn Tree,
    outside: &Outside<'_>,
    main: Option<&Path>,
    overlays: &[PathBuf],
) -> Result<Policy, Vec<Problem>> {
    let mut loader = Loader::new(tree, *outside);
    let given = main.map(|path| outside.locate(path)).transpose().map_err(|problem| vec![problem])?;
    let location = given.clone().unwrap_or_else(|| Location::Inside(TreePath::root().child(FILE)));
    let shown = |path: &Path| path.display().to_string();
    let name = match loader.open(&location, &main.map(shown).unwrap_or_default()) {
        Ok(file) => {
            let name = file.path.clone();
            loader.visit(&file, At::File(location.clone()), &mut Vec::new());
            Some(name)
        }
        Err(Missing::Absent) if given.is_none() => None,
        Err(missing) => {
            loader.problems.push(missing.problem(&location, &main.map(shown).unwrap_or_default()));
            None
        }
    };
    loader.waivers(&location);
    let main = loader.layers.iter().rev().find(|layer| layer.kind == FileKind::Policy);
    // Without a policy, and in one that names no schema, the newest holds.
    let schema = main.filter(|_| name.is_some()).and_then(|layer| layer.schema).unwrap_or(SCHEMA);
    let mut composer = Composer::new(schema);
    for layer in std::mem::take(&mut loader.layers) {
        composer.inherit(layer);
    }
    if let Some(name) = &name {
        composer.name(name);
    }
    for path in overlays {
        if let Some(layer) = loader.overlay(path) {
            composer.tighten(layer);
        }
    }
    let mut problems = loader.problems;
    match composer.finish() {
        Ok(policy) if problems.is_empty() => Ok(policy),
        Ok(_) => Err(problems),
        Err(contradictions) => {
            problems.extend(contradictions);
            Err(problems)
        }
    }
}

/// The policy that holds where there is none.
///
/// # Errors
/// Never, as a test shows; the type is that of [`load`].
pub fn built_in() -> Result<Policy, Vec<Problem>> {
    let outside = Outside { root: Path::new(""), limit: 0 };
    load(&crate::tree::Memory::new(), &outside, None, &[])
}

/// The policy that `text` would be at the root of a repository; files that it extends are not read.
///
/// # Errors
/// Everything in it that is not understood.
pub fn draft(text: &str) -> Result<Policy, Vec<Problem>> {
    let outside = Outside { root: Path::new(""), limit: 0 };
    load(&crate::tree::Memory::new().with(FILE, text), &outside, None, &[])
}

impl Policy {
    /// This policy under `overlays`, as [`load`] lays them over the one that it finds.
    ///
    /// # Errors
    /// Everything in them that is not understood, or would loosen.
    pub fn under(self, outside: &Outside<'_>, overlays: &[PathBuf]) -> Result<Self, Vec<Problem>> {
        let nothing = crate::tree::Memory::new();
        let mut loader = Loader::new(&nothing, *outside);
        let mut composer = Composer::onto(self);
        for path in overlays {
            loader.overlay(path).into_iter().for_each(|layer| composer.tighten(layer));
        }
        if loader.problems.is_empty() { composer.finish() } else { Err(loader.problems) }
    }

    /// Reads the policies among `found` that [`Policy::delegates`] names, so that
    /// [`Policy::for_lockfile`] knows them.
    ///
    /// # Errors
    /// Everything in them that is not understood, or would loosen.
    pub fn read_nested(&mut self, tree: &dyn Tree, found: &[TreePath]) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let mut delegated: Vec<_> = found.iter().filter(|path| self.delegates(path)).collect();
        // The outer ones first, since the inner ones tighten those.
        delegated.sort_by_key(|path| path.as_str().matches('/').count());
        for path in delegated {
            let read = tree
                .text(path)
                .map_err(|error| vec![error.problem(path)])
                .and_then(|text| read::read(&File::new(path.as_str(), text), FileKind::Nested))
                .and_then(|layer| {
                    let mut base = self.delegated_to(path.as_str()).clone();
                    base.nested.clear();
                    base.overlays.clear();
                    let mut composer = Composer::onto(base);
                    composer.tighten(layer);
                    composer.finish()
                });
            match read {
                Ok(policy) => self.nested.push((path.parent().unwrap_or_default(), policy)),
                Err(more) => problems.extend(more),
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// What a layer is read from.
#[derive(Clone, PartialEq, Eq)]
enum At {
    Preset(String),
    File(Location),
}

/// Why a file was not opened.
enum Missing {
    Absent,
    Problem(Problem),
}

impl Missing {
    fn problem(self, location: &Location, shown: &str) -> Problem {
        match (self, location) {
            (Self::Problem(problem), _) => problem,
            (Self::Absent, Location::Inside(path)) => ReadError::Missing.problem(path),
            (Self::Absent, Location::Outside(_)) => {
                Problem::new(format!("`{shown}` does not exist")).path(shown)
            }
        }
    }
}

struct Loader<'a> {
    tree: &'a dyn Tree,
    outside: Outside<'a>,
    /// What was read, the most general first.
    layers: Vec<Layer>,
    done: Vec<At>,
    problems: Vec<Problem>,
}

impl<'a> Loader<'a> {
    fn new(tree: &'a dyn Tree, outside: Outside<'a>) -> Self {
        let mut loader = Self { tree, outside, layers: Vec::new(), done: Vec::new(), problems: Vec::new() };
        loader.preset(presets::STRICT, &mut Vec::new());
        loader
    }

    /// Opens a file; where it is outside, people know it as `shown`.
    fn open(&self, location: &Location, shown: &str) -> Result<Arc<File>, Missing> {
        match location {
            Location::Inside(path) => match self.tree.text(path) {
                Ok(text) => Ok(File::new(path.as_str(), text)),
                Err(ReadError::Missing) => Err(Missing::Absent),
                Err(error) => Err(Missing::Problem(error.problem(path))),
            },
            Location::Outside(path) if !path.exists() => Err(Missing::Absent),
            Location::Outside(path) => self.outside.read(path, shown).map_err(Missing::Problem),
        }
    }

    /// Reads `file`, and before it everything that it extends. `way` leads to it.
    fn visit(&mut self, file: &Arc<File>, at: At, way: &mut Vec<At>) {
        let layer = match read::read(file, FileKind::Policy) {
            Ok(layer) => layer,
            Err(problems) => return self.problems.extend(problems),
        };
        way.push(at.clone());
        for extends in &layer.extends {
            self.extends(extends, &at, way);
        }
        way.pop();
        self.done.push(at);
        self.layers.push(layer);
    }

    fn preset(&mut self, name: &str, way: &mut Vec<At>) {
        let at = At::Preset(name.to_owned());
        if let Some(file) = presets::named(name)
            && !self.done.contains(&at)
        {
            self.visit(&file, at, way);
        }
    }

    fn extends(&mut self, extends: &Extends, from: &At, way: &mut Vec<At>) {
        let (path, sha256, place) = match extends {
            Extends::Preset { name, .. } => return self.preset(name, way),
            Extends::File { path, sha256, place } => (path, sha256, place),
        };
        let folder = match from {
            At::File(Location::Outside(file)) => file.parent().map(Path::to_path_buf).unwrap_or_default(),
            At::File(Location::Inside(file)) => {
                self.outside.root.join(file.parent().unwrap_or_default().as_str())
            }
            At::Preset(_) => PathBuf::new(),
        };
        let location = self.outside.resolve(&folder, path);
        let at = At::File(location.clone());
        if way.contains(&at) {
            return self.refuse(
                place,
                "this policy extends itself",
                "which leads back here",
                "remove one of the links",
            );
        }
        if way.len() >= DEPTH {
            let help = format!("at most {DEPTH} policies may extend each other in a row");
            return self.refuse(place, "too many policies extend each other", "one too many", &help);
        }
        let outside = matches!(location, Location::Outside(_));
        if !outside && matches!(from, At::File(Location::Outside(_))) {
            return self.refuse(
                place,
                "a policy from outside the repository cannot build on a file of the repository",
                "leads into the repository",
                "the repository could change it; keep both outside",
            );
        }
        if outside && sha256.is_none() {
            return self.refuse(
                place,
                format!("`{path}` is outside the repository, and nothing says what it must hold"),
                "add `sha256`",
                "take it from a copy that you trust: `sha256sum FILE`",
            );
        }
        match self.open(&location, path) {
            Ok(file) => self.visit_pinned(&file, at, sha256.as_deref(), place, way),
            Err(Missing::Absent) => self.refuse(
                place,
                format!("`{path}` does not exist"),
                "extended here",
                "the path is relative to the file that names it",
            ),
            Err(Missing::Problem(problem)) => {
                // The reason, shown where the reader can change something about it.
                self.problems.push(match problem.place {
                    None => problem.at(place.clone(), "extended here"),
                    Some(_) => problem,
                });
            }
        }
    }

    fn visit_pinned(
        &mut self,
        file: &Arc<File>,
        at: At,
        sha256: Option<&str>,
        place: &Place,
        way: &mut Vec<At>,
    ) {
        if sha256.is_some_and(|wanted| !has_digest(&file.text, wanted)) {
            // The digest found is not shown: the file may be anything on this machine.
            return self.refuse(
                place,
                format!("`{}` is not the file that was reviewed", file.path),
                "its SHA-256 digest is another",
                "compare the file with the one that was reviewed, then write the new digest",
            );
        }
        if !self.done.contains(&at) {
            self.visit(file, at, way);
        }
    }

    /// The waivers that are kept beside the policy.
    fn waivers(&mut self, main: &Location) {
        let location = match main {
            Location::Inside(path) => Location::Inside(path.parent().unwrap_or_default().child(WAIVERS)),
            Location::Outside(path) => Location::Outside(path.with_file_name(WAIVERS)),
        };
        let read = match self.open(&location, WAIVERS) {
            Ok(file) => read::read(&file, FileKind::Waivers),
            Err(Missing::Absent) => return,
            Err(Missing::Problem(problem)) => Err(vec![problem]),
        };
        match read {
            Ok(layer) => self.layers.push(layer),
            Err(problems) => self.problems.extend(problems),
        }
    }

    fn overlay(&mut self, path: &Path) -> Option<Layer> {
        let shown = path.display().to_string();
        let file = self.outside.locate(path).and_then(|location| match &location {
            Location::Inside(path) => Err(Problem::new(format!("`{path}` cannot be an overlay"))
                .path(path.as_str())
                .fix("an overlay comes from outside the repository, which could change it otherwise")),
            Location::Outside(_) => {
                self.open(&location, &shown).map_err(|missing| missing.problem(&location, &shown))
            }
        });
        match file.map_err(|problem| vec![problem]).and_then(|file| read::read(&file, FileKind::Overlay)) {
            Ok(layer) => Some(layer),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    fn refuse(&mut self, place: &Place, title: impl Into<String>, label: &str, fix: &str) {
        self.problems.push(Problem::new(title).at(place.clone(), label).fix(fix));
    }
}

/// Whether a file of that text has that digest. The text was read without its byte order mark, which
/// counts for `sha256sum`.
fn has_digest(text: &str, wanted: &str) -> bool {
    let hex = |digest: Sha256| {
        digest.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    };
    [&b""[..], b"\xef\xbb\xbf"]
        .into_iter()
        .any(|mark| hex(Sha256::new().chain_update(mark).chain_update(text)) == wanted)
}

#[cfg(test)]
mod tests;
