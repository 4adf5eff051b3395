//! `[workspace] members`: which folders its paths and globs name.

use std::collections::BTreeSet;

use globset::{GlobBuilder, GlobMatcher};

use super::build::{Builder, Reference};
use super::{Outside, Workspace};
use crate::model::{Place, Span};
use crate::tree::{Kind, TreePath};

/// More globs than any workspace needs: each looks into folders.
const GLOBS: usize = 256;

const WHAT: &str = "workspace member";

impl Builder<'_> {
    /// The members that the manifest `root` names. As in cargo, a glob passes over folders without a
    /// manifest, and a path that is no glob must lead to one.
    pub(super) fn members(
        &mut self,
        root: usize,
        patterns: &[(String, Span)],
        workspace: &mut Workspace,
    ) -> BTreeSet<usize> {
        let mut members = BTreeSet::new();
        let Some(file) = self.manifests.get(root).map(|manifest| manifest.file.clone()) else {
            return members;
        };
        let (globs, paths): (Vec<_>, Vec<_>) =
            patterns.iter().partition(|(pattern, _)| pattern.contains(['*', '?', '[']));
        if globs.len() > GLOBS {
            workspace.incomplete.push(format!("`{}` has more than {GLOBS} globs of members", file.path));
        }
        for (pattern, span) in globs.into_iter().take(GLOBS) {
            match workspace.root.join(pattern) {
                Ok(glob) => members.extend(self.matching(&glob, &file.at(*span), workspace)),
                Err(_) => workspace.outside.push(outside(pattern, file.at(*span))),
            }
        }
        for (path, span) in paths {
            let (base, path, place) = (workspace.root.clone(), path.clone(), file.at(*span));
            let reference = Reference { base, path, package: String::new(), place, what: WHAT };
            members.extend(self.follow(reference, workspace));
        }
        members
    }

    /// The packages in the folders that `glob` matches.
    fn matching(&mut self, glob: &TreePath, place: &Place, workspace: &mut Workspace) -> Vec<usize> {
        if glob.as_str().split('/').any(|part| part == "**") {
            return self.matching_at_any_depth(glob, workspace);
        }
        let mut folders = vec![TreePath::root()];
        for part in glob.as_str().split('/') {
            if !part.contains(['*', '?', '[']) {
                folders = folders.iter().map(|folder| folder.child(part)).collect();
                continue;
            }
            // The commonest one needs no matcher.
            let matcher = if part == "*" { None } else { compile(part) };
            if part != "*" && matcher.is_none() {
                workspace.incomplete.push(format!("the member `{glob}` is no glob"));
                return Vec::new();
            }
            let mut inner = Vec::new();
            for folder in folders {
                let Ok(listing) = self.tree.list(&folder) else {
                    // What is not there matches nothing; what stands behind a link cargo does find.
                    let link = folder.ancestors().find(|path| self.tree.kind(path) == Some(Kind::Symlink));
                    if let Some(link) = link {
                        self.linked(&link, place, workspace);
                    }
                    continue;
                };
                let matches = |name: &str| matcher.as_ref().is_none_or(|matcher| matcher.is_match(name));
                for entry in listing.entries.iter().filter(|entry| matches(&entry.name)) {
                    match entry.kind {
                        Kind::Directory => inner.push(folder.child(&entry.name)),
                        Kind::Symlink => self.linked(&folder.child(&entry.name), place, workspace),
                        _ => {}
                    }
                }
            }
            folders = inner;
        }
        folders.into_iter().filter_map(|folder| self.package_in(&folder, workspace)).collect()
    }

    /// A link that a glob meets: members stand behind it, or a file that is none.
    fn linked(&self, link: &TreePath, place: &Place, workspace: &mut Workspace) {
        let target = self.tree.target(link).and_then(|target| Some(link.parent()?.join(&target)));
        match target {
            Some(Err(_)) => workspace.outside.push(outside(link.as_str(), place.clone())),
            Some(Ok(path)) if self.tree.kind(&path) == Some(Kind::File) => {}
            _ => workspace.incomplete.push(format!("the member `{link}` is a symbolic link")),
        }
    }

    fn package_in(&mut self, folder: &TreePath, workspace: &mut Workspace) -> Option<usize> {
        let manifest = folder.child("Cargo.toml");
        if !self.by_directory.contains_key(folder) && self.tree.kind(&manifest).is_none() {
            return None;
        }
        let path = folder.as_str().to_owned();
        let place = Place { file: crate::model::File::new(manifest.as_str(), ""), span: Span::default() };
        let reference = Reference { base: TreePath::root(), path, package: String::new(), place, what: WHAT };
        self.follow(reference, workspace)
    }

    /// The same for a glob with `**`, among the packages that discovery found.
    fn matching_at_any_depth(&self, glob: &TreePath, workspace: &mut Workspace) -> Vec<usize> {
        let Some(matcher) = compile(glob.as_str()) else {
            workspace.incomplete.push(format!("the member `{glob}` is no glob"));
            return Vec::new();
        };
        let matches = |folder: &TreePath| matcher.is_match(folder.as_str());
        for folder in self.unread.keys().filter(|folder| matches(folder)) {
            workspace.incomplete.push(format!("`{}` could not be read", folder.child("Cargo.toml")));
        }
        let found = self.by_directory.iter().filter(|(folder, _)| matches(folder));
        found.map(|(_, index)| *index).collect()
    }
}

fn outside(path: &str, place: Place) -> Outside {
    Outside { path: path.to_owned(), package: String::new(), place, what: WHAT }
}

/// Cargo's globs know neither `{a,b}` nor backslashes.
fn compile(glob: &str) -> Option<GlobMatcher> {
    let glob = glob.replace('{', "[{]").replace('}', "[}]");
    let glob = GlobBuilder::new(&glob).literal_separator(true).backslash_escape(false).build();
    Some(glob.ok()?.compile_matcher())
}
