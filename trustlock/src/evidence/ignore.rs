//! Git's ignore rules, read through the tree: `.gitignore` files, `.git/info/exclude`, and the user's
//! own file. `.ignore` files are never read; without a git directory nothing is ignored.
//!
//! A file of rules that cannot be read, or that is larger than any real one, has no rules: then more is
//! governed, never less.

mod pattern;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use self::pattern::Pattern;
use crate::tree::{Tree, TreePath};

/// The most that the rules of one file may hold, and those of all files together, in bytes.
const FILE_LIMIT: usize = 64 << 10;
const LIMIT: usize = 4 << 20;

/// Ignore rules, read when a decision first needs them.
pub struct Rules<'a> {
    tree: &'a dyn Tree,
    git: Option<&'a dyn Tree>,
    user: Option<&'a str>,
    /// The files that hold for the whole tree, in the order in which git asks them.
    outer: Option<Vec<File>>,
    /// By directory; `None` where it has no rules.
    directories: HashMap<String, Option<File>>,
    read: usize,
}

struct File {
    name: String,
    patterns: Vec<Pattern>,
}

impl<'a> Rules<'a> {
    /// For `tree`, whose git directory is `git`; `user` is the text of the user's own ignore file.
    pub fn new(tree: &'a dyn Tree, git: Option<&'a dyn Tree>, user: Option<&'a str>) -> Self {
        Self { tree, git, user, outer: None, directories: HashMap::new(), read: 0 }
    }

    /// Spares the look into a directory that is known to have no `.gitignore`.
    pub fn has_none(&mut self, directory: &TreePath) {
        self.directories.insert(directory.as_str().to_owned(), None);
    }

    /// The rule that ignores `path` itself, as `.gitignore:3: Cargo.lock`; its parents are not asked.
    pub fn ignores(&mut self, path: &TreePath, is_directory: bool) -> Option<String> {
        let git = self.git?;
        let mut directory = path.as_str();
        while !directory.is_empty() {
            directory = directory.rsplit_once('/').map_or("", |(parent, _)| parent);
            if !self.directories.contains_key(directory) {
                let name = format!("{directory}/.gitignore");
                let name = TreePath::exact(name.trim_start_matches('/')).ok()?;
                let rules = self.tree.read(&name).ok().and_then(|text| self.file(name.as_str(), &text));
                self.directories.insert(directory.to_owned(), rules);
            }
            let Some(Some(file)) = self.directories.get(directory) else { continue };
            let inside = path.as_str().get(directory.len()..).unwrap_or_default();
            if let Some(pattern) = file.decide(inside.trim_start_matches('/'), is_directory) {
                return file.ignored_by(pattern);
            }
        }
        if self.outer.is_none() {
            let exclude = git.read(&TreePath::root().child("info").child("exclude")).ok();
            let exclude = exclude.and_then(|text| self.file(".git/info/exclude", &text));
            let user = self.user.and_then(|text| self.file("your own git ignore file", text.as_bytes()));
            self.outer = Some(exclude.into_iter().chain(user).collect());
        }
        let mut outer = self.outer.iter().flatten();
        outer.find_map(|file| Some(file.ignored_by(file.decide(path.as_str(), is_directory)?)))?
    }

    /// The rules of one file. As in git, a line that is no pattern ignores nothing.
    fn file(&mut self, name: &str, text: &[u8]) -> Option<File> {
        self.read += text.len();
        if text.len() > FILE_LIMIT || self.read > LIMIT {
            return None;
        }
        let text = String::from_utf8_lossy(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
        let lines = (1..).zip(text.split('\n'));
        let patterns: Vec<_> = lines.filter_map(|(line, text)| Pattern::parse(line, text)).collect();
        (!patterns.is_empty()).then(|| File { name: name.to_owned(), patterns })
    }
}

impl File {
    /// The last pattern that speaks of the path decides.
    fn decide(&self, path: &str, is_directory: bool) -> Option<&Pattern> {
        let name = path.rsplit('/').next().unwrap_or_default();
        self.patterns.iter().rev().find(|pattern| pattern.matches(path, name, is_directory))
    }

    fn ignored_by(&self, pattern: &Pattern) -> Option<String> {
        (!pattern.negated).then(|| format!("{}:{}: {}", self.name, pattern.line, pattern.text))
    }
}
