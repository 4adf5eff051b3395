//! Opening beneath a directory where the system offers no better: each name on the way is looked at
//! before it is passed. Whoever changes the checkout meanwhile can win that race.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::tree::{Entry, Kind, Listing, ReadError, TreePath};

/// The root directory.
#[derive(Debug)]
pub(super) struct Root(PathBuf);

impl Root {
    pub(super) fn open(path: &Path) -> Result<Self, ReadError> {
        let root = fs::canonicalize(path).map_err(|e| read_error(&e))?;
        if root.is_dir() { Ok(Self(root)) } else { Err(ReadError::Missing) }
    }

    pub(super) fn file(&self, path: &TreePath) -> Result<File, ReadError> {
        match self.look(path)? {
            (at, Kind::File) => File::open(at).map_err(|e| read_error(&e)),
            (_, Kind::Symlink) => Err(ReadError::Symlink),
            (_, Kind::Directory | Kind::Other) => Err(ReadError::NotAFile),
        }
    }

    pub(super) fn list(&self, path: &TreePath) -> Result<Listing, ReadError> {
        let at = match self.look(path)? {
            (at, Kind::Directory) => at,
            (_, Kind::Symlink) => return Err(ReadError::Symlink),
            _ => return Err(ReadError::Missing),
        };
        let mut listing = Listing::default();
        for entry in fs::read_dir(at).map_err(|e| read_error(&e))? {
            let entry = entry.map_err(|e| read_error(&e))?;
            let kind = kind(entry.file_type().map_err(|e| read_error(&e))?);
            match entry.file_name().into_string() {
                Ok(name) => listing.entries.push(Entry { name, kind }),
                Err(_) => listing.unreadable += usize::from(kind != Kind::File),
            }
        }
        Ok(listing)
    }

    pub(super) fn kind(&self, path: &TreePath) -> Option<Kind> {
        match self.look(path) {
            Ok((_, kind)) => Some(kind),
            Err(ReadError::Missing) => None,
            Err(ReadError::Symlink) => Some(Kind::Symlink),
            Err(_) => Some(Kind::Other),
        }
    }

    pub(super) fn target(&self, path: &TreePath) -> Option<String> {
        let (at, _) = self.look(path).ok()?;
        fs::read_link(at).ok()?.into_os_string().into_string().ok()
    }

    /// The path on disk and what stands there, having passed no link.
    fn look(&self, path: &TreePath) -> Result<(PathBuf, Kind), ReadError> {
        let mut at = self.0.clone();
        let mut found = Kind::Directory;
        for name in path.as_str().split('/').filter(|name| !name.is_empty()) {
            match found {
                Kind::Directory => {}
                Kind::Symlink => return Err(ReadError::Symlink),
                Kind::File | Kind::Other => return Err(ReadError::Missing),
            }
            // `file:stream` and `C:` mean other things than a name on Windows.
            if cfg!(windows) && name.contains([':', '\\']) {
                return Err(ReadError::Missing);
            }
            at.push(name);
            found = kind(fs::symlink_metadata(&at).map_err(|e| read_error(&e))?.file_type());
        }
        Ok((at, found))
    }
}

fn kind(of: fs::FileType) -> Kind {
    if of.is_symlink() {
        Kind::Symlink
    } else if of.is_dir() {
        Kind::Directory
    } else if of.is_file() {
        Kind::File
    } else {
        Kind::Other
    }
}

fn read_error(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing,
        _ => ReadError::Io(error.to_string()),
    }
}
