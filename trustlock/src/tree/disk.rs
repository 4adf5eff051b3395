//! A folder on disk, which may be hostile.
//!
//! Everything is opened beneath the root, one name at a time or by the kernel's own rules, so that no
//! symbolic link is followed, not even one that is put there between a look and an opening.

#[cfg(any(not(unix), test))]
mod portable;
#[cfg(all(test, unix))]
mod tests;
#[cfg(unix)]
mod unix;

use std::fs::File;
use std::io::Read;
use std::path::Path;

#[cfg(not(unix))]
use self::portable::Root;
#[cfg(unix)]
use self::unix::Root;
use super::{Kind, Listing, ReadError, Tree, TreePath};

/// A folder on disk; nothing outside it can be reached through it.
#[derive(Debug)]
pub struct Disk {
    root: Root,
    limit: u64,
}

impl Disk {
    /// Opens `root`; files with more than `limit` bytes are refused.
    pub fn open(root: impl AsRef<Path>, limit: u64) -> Result<Self, ReadError> {
        Ok(Self { root: Root::open(root.as_ref())?, limit })
    }
}

impl Tree for Disk {
    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        read(self.root.file(path)?, self.limit)
    }

    fn list(&self, directory: &TreePath) -> Result<Listing, ReadError> {
        let mut listing = self.root.list(directory)?;
        listing.entries.sort_unstable();
        Ok(listing)
    }

    fn kind(&self, path: &TreePath) -> Option<Kind> {
        self.root.kind(path)
    }

    fn target(&self, path: &TreePath) -> Option<String> {
        self.root.target(path)
    }
}

/// The bytes of a regular file. The limit holds for what is really read: a file may grow meanwhile,
/// and some file systems lie about sizes.
fn read(file: File, limit: u64) -> Result<Vec<u8>, ReadError> {
    let io = |error: std::io::Error| ReadError::Io(error.to_string());
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    let size = metadata.len();
    if size > limit {
        return Err(ReadError::TooLarge { size, limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(io)?;
    match bytes.len() as u64 {
        size if size > limit => Err(ReadError::TooLarge { size, limit }),
        _ => Ok(bytes),
    }
}
