//! Git's ignore rules, read through the tree: `.gitignore` files, `.git/info/exclude`, and the user's
//! own file. `.ignore` files are never read; without a git directory nothing is ignored.

use std::collections::HashMap;
use std::path::Path;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::tree::{Tree, TreePath};

/// Ignore rules, compiled when a decision first needs them.
pub struct Rules<'a> {
    tree: &'a dyn Tree,
    enabled: bool,
    /// The lowest precedence first: the user's file, then `.git/info/exclude`.
    outer: Vec<(String, Gitignore)>,
    directories: HashMap<TreePath, Option<Gitignore>>,
}

impl<'a> Rules<'a> {
    /// For `tree`, whose git directory is `git`; `user` is the text of the user's own ignore file.
    pub fn new(tree: &'a dyn Tree, git: Option<&dyn Tree>, user: Option<&str>) -> Self {
        let mut outer = Vec::new();
        if let Some(git) = git {
            let exclude = TreePath::root().child("info").child("exclude");
            let exclude = git.text(&exclude).ok();
            for (name, text) in
                [("the user's git ignore file", user), (".git/info/exclude", exclude.as_deref())]
            {
                if let Some(rules) = text.and_then(|text| compile("", text)) {
                    outer.push((name.to_owned(), rules));
                }
            }
        }
        Self { tree, enabled: git.is_some(), outer, directories: HashMap::new() }
    }

    /// The rule that ignores `path` itself, as `.gitignore: Cargo.lock`; its parents are not asked.
    pub fn ignores(&mut self, path: &TreePath, is_directory: bool) -> Option<String> {
        if !self.enabled {
            return None;
        }
        let directories: Vec<TreePath> = path.parent()?.ancestors().collect();
        for directory in directories {
            let tree = self.tree;
            let rules = self.directories.entry(directory.clone()).or_insert_with(|| {
                let text = tree.text(&directory.child(".gitignore")).ok()?;
                compile(directory.as_str(), &text)
            });
            match rules.as_ref().map(|rules| decide(rules, path, is_directory)) {
                Some(Match::Ignore(rule)) => {
                    return Some(format!("{}: {rule}", directory.child(".gitignore")));
                }
                Some(Match::Whitelist(_)) => return None,
                _ => {}
            }
        }
        for (name, rules) in self.outer.iter().rev() {
            match decide(rules, path, is_directory) {
                Match::Ignore(rule) => return Some(format!("{name}: {rule}")),
                Match::Whitelist(_) => return None,
                Match::None => {}
            }
        }
        None
    }
}

fn decide(rules: &Gitignore, path: &TreePath, is_directory: bool) -> Match<String> {
    rules.matched(Path::new(path.as_str()), is_directory).map(|glob| glob.original().to_owned())
}

/// A line that is no glob ignores nothing, as in git.
fn compile(directory: &str, text: &str) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(directory);
    for line in text.lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|rules| !rules.is_empty())
}
