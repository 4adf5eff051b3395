//! The one door to the checkout. Discovery, readers and evidence see files only through a [`Tree`],
//! so what is true for one (nothing outside the root, no symbolic link followed, bounded size) is true
//! for all, and a git revision or a table in memory can stand in for the disk.

mod disk;
mod memory;
mod path;
mod root;

use crate::model::Problem;

pub use self::disk::Disk;
pub use self::memory::Memory;
pub use self::path::{Escapes, TreePath};
pub use self::root::{GitFolder, Root};

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link; never followed.
    Symlink,
    /// A pipe, a socket, a device: never opened.
    Other,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name. Names that are not UTF-8 are left out by `list`.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing stands there.
    Missing,
    /// It, or a folder on the way to it, is a symbolic link.
    Symlink,
    /// It is a directory, a pipe, a socket or a device.
    NotAFile,
    /// It has more bytes than the limit.
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// It is not UTF-8; the offset of the first wrong byte.
    NotUtf8(usize),
    /// It is in an encoding that is not read; why.
    Encoding(String),
    /// The operating system said no.
    Io(String),
}

/// A directory's contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Its entries, sorted by name.
    pub entries: Vec<Entry>,
    /// How many entries besides files have a name that is not UTF-8. (No file that matters has one.)
    pub unreadable: usize,
}

/// The checkout.
pub trait Tree: Sync {
    /// The bytes of a regular file.
    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError>;

    /// The contents of a directory.
    fn list(&self, directory: &TreePath) -> Result<Listing, ReadError>;

    /// What stands at `path`; `None` for nothing. The path itself and each folder on the way count as
    /// they are: a link is a link.
    fn kind(&self, path: &TreePath) -> Option<Kind>;

    /// Where a symbolic link says that it leads: its own text, which nothing follows. `None` where
    /// `path` is no link, or its text is not UTF-8.
    fn target(&self, path: &TreePath) -> Option<String> {
        let _ = path;
        None
    }

    /// The text of a file, without a byte order mark.
    fn text(&self, path: &TreePath) -> Result<String, ReadError> {
        let mut bytes = self.read(path)?;
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        String::from_utf8(bytes).map_err(|e| ReadError::NotUtf8(e.utf8_error().valid_up_to()))
    }
}

/// The largest file that is read unless the user raises it: 64 MiB.
pub const DEFAULT_LIMIT: u64 = 64 << 20;

impl ReadError {
    /// As the report says it.
    pub fn problem(&self, path: &TreePath) -> Problem {
        let problem = |what: String| Problem::new(what).path(path.as_str());
        match self {
            Self::Missing => problem(format!("`{path}` does not exist")),
            Self::Symlink => {
                problem(format!("`{path}` leads through a symbolic link, which is never followed"))
                    .fix("commit the file itself in place of the link")
            }
            Self::NotAFile => problem(format!("`{path}` is not a regular file")),
            Self::TooLarge { size, limit } => {
                problem(format!("`{path}` has {size} bytes; the limit is {limit}"))
                    .fix(format!("if that size is right, raise the limit: `--max-file-size {size}`"))
            }
            Self::NotUtf8(offset) => {
                problem(format!("`{path}` is not UTF-8: byte {offset} begins no character"))
                    .fix("write it again with the tool that made it")
            }
            Self::Encoding(why) => {
                problem(format!("`{path}` cannot be decoded: {why}")).fix("write it again as UTF-8")
            }
            Self::Io(error) => problem(format!("`{path}` could not be read: {error}")),
        }
    }
}
