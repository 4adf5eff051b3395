//! A tree in memory, for tests and for callers that have no disk.

use std::collections::BTreeMap;

use super::{Entry, Kind, Listing, ReadError, Tree, TreePath};

/// Files by path.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<TreePath, Vec<u8>>,
}

impl Memory {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a file at `path`; a path that leads out of the tree is left out.
    #[must_use]
    pub fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        if let Ok(path) = TreePath::new(path) {
            self.files.insert(path, bytes.into());
        }
        self
    }
}

impl Tree for Memory {
    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        match self.kind(path) {
            Some(Kind::File) => self.files.get(path).cloned().ok_or(ReadError::Missing),
            Some(_) => Err(ReadError::NotAFile),
            None => Err(ReadError::Missing),
        }
    }

    fn list(&self, directory: &TreePath) -> Result<Listing, ReadError> {
        let mut entries: Vec<Entry> = Vec::new();
        for path in self.files.keys().filter(|p| p.is_within(directory) && *p != directory) {
            let rest =
                path.as_str().get(directory.as_str().len()..).unwrap_or_default().trim_start_matches('/');
            let (name, kind) = match rest.split_once('/') {
                Some((name, _)) => (name, Kind::Directory),
                None => (rest, Kind::File),
            };
            if entries.last().is_none_or(|last| last.name != name) {
                entries.push(Entry { name: name.to_owned(), kind });
            }
        }
        entries.sort();
        entries.dedup_by(|a, b| a.name == b.name);
        if entries.is_empty() && !directory.is_root() {
            return Err(ReadError::Missing);
        }
        Ok(Listing { entries, unreadable: 0 })
    }

    fn kind(&self, path: &TreePath) -> Option<Kind> {
        if self.files.contains_key(path) {
            return Some(Kind::File);
        }
        let inside = self.files.keys().any(|p| p.is_within(path));
        (path.is_root() || inside).then_some(Kind::Directory)
    }
}
