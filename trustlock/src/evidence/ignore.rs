//! Git's ignore rules, read through the tree: `.gitignore` files, `.git/info/exclude`, and the user's
//! own file. `.ignore` files are never read; without a git directory nothing is ignored.
//!
//! A file of rules that cannot be read has no rules: then more is governed, never less.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::tree::{Tree, TreePath};

/// Ignore rules, compiled when a decision first needs them.
pub struct Rules<'a> {
    tree: &'a dyn Tree,
    git: Option<&'a dyn Tree>,
    user: Option<&'a str>,
    /// The files that hold for the whole tree, in the order in which git asks them.
    outer: Option<Vec<Gitignore>>,
    directories: HashMap<TreePath, Option<Gitignore>>,
}

impl<'a> Rules<'a> {
    /// For `tree`, whose git directory is `git`; `user` is the text of the user's own ignore file.
    pub fn new(tree: &'a dyn Tree, git: Option<&'a dyn Tree>, user: Option<&'a str>) -> Self {
        Self { tree, git, user, outer: None, directories: HashMap::new() }
    }

    /// The rule that ignores `path` itself, as `.gitignore:3: Cargo.lock`; its parents are not asked.
    pub fn ignores(&mut self, path: &TreePath, is_directory: bool) -> Option<String> {
        let git = self.git?;
        let decide = |rules: &Gitignore| rules.matched(path.as_str(), is_directory).map(name);
        for directory in path.parent()?.ancestors() {
            let rules = match self.directories.get(&directory) {
                Some(rules) => rules,
                None => {
                    let file = directory.child(".gitignore");
                    let rules = self.tree.read(&file).ok();
                    let rules = rules.and_then(|text| compile(&directory, file.as_str(), &text));
                    self.directories.entry(directory).or_insert(rules)
                }
            };
            match rules.as_ref().map_or(Match::None, decide) {
                Match::Ignore(rule) => return Some(rule),
                Match::Whitelist(_) => return None,
                Match::None => {}
            }
        }
        let outer = self.outer.get_or_insert_with(|| {
            let exclude = git.read(&TreePath::root().child("info").child("exclude")).ok();
            let exclude = exclude.and_then(|text| compile(&TreePath::root(), ".git/info/exclude", &text));
            let user = self.user.map(str::as_bytes);
            let user = user.and_then(|text| compile(&TreePath::root(), "your own git ignore file", text));
            exclude.into_iter().chain(user).collect()
        });
        match outer.iter().map(decide).find(|decision| !decision.is_none()) {
            Some(Match::Ignore(rule)) => Some(rule),
            _ => None,
        }
    }
}

fn name(glob: &ignore::gitignore::Glob) -> String {
    format!("{}: {}", glob.from().unwrap_or(Path::new("")).display(), glob.original())
}

/// The rules of one file, for paths in `directory`. As in git, a line that is no pattern ignores
/// nothing.
fn compile(directory: &TreePath, file: &str, text: &[u8]) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(directory.as_str());
    builder.allow_unclosed_class(false);
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    for (number, line) in (1..).zip(String::from_utf8_lossy(text).split('\n')) {
        let _ = builder.add_line(Some(format!("{file}:{number}").into()), line);
    }
    builder.build().ok().filter(|rules| !rules.is_empty())
}
