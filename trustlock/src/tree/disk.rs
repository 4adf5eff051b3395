//! A folder on disk.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Entry, Kind, Listing, ReadError, Tree, TreePath};

/// A folder on disk; nothing above it can be reached through it, and no symbolic link in it is followed.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    limit: u64,
    #[cfg(unix)]
    handle: rustix::fd::OwnedFd,
}

impl Disk {
    /// Opens `root`; files with more than `limit` bytes are refused.
    ///
    /// # Errors
    /// Where `root` is no directory that can be opened. The root itself may be a link: its owner named it.
    pub fn open(root: impl Into<PathBuf>, limit: u64) -> Result<Self, ReadError> {
        let root = root.into();
        if !root.is_dir() {
            return Err(ReadError::Missing);
        }
        Ok(Self {
            #[cfg(unix)]
            handle: unix::root(&root)?,
            root,
            limit,
        })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl Tree for Disk {
    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        let file = self.file(path)?;
        let data = file.metadata().map_err(|e| ReadError::Io(e.to_string()))?;
        if !data.is_file() {
            return Err(ReadError::NotAFile);
        }
        let too_large = |size| ReadError::TooLarge { size, limit: self.limit };
        if data.len() > self.limit {
            return Err(too_large(data.len()));
        }
        // The file may grow while it is read: one byte more than the limit tells.
        let mut bytes = Vec::with_capacity(usize::try_from(data.len()).unwrap_or_default() + 1);
        file.take(self.limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|e| ReadError::Io(e.to_string()))?;
        let size = bytes.len() as u64;
        if size > self.limit { Err(too_large(size)) } else { Ok(bytes) }
    }

    fn list(&self, directory: &TreePath) -> Result<Listing, ReadError> {
        let mut listing = self.entries(directory)?;
        listing.entries.sort();
        Ok(listing)
    }

    fn kind(&self, path: &TreePath) -> Option<Kind> {
        self.kind_of(path)
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::path::Path;

    use rustix::fd::OwnedFd;
    use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};
    use rustix::io::Errno;

    use super::{Disk, Entry, Kind, Listing, ReadError, TreePath};

    /// A pipe must not block, a terminal must not become ours, a link must not be followed.
    const FLAGS: OFlags = OFlags::RDONLY
        .union(OFlags::NONBLOCK)
        .union(OFlags::NOCTTY)
        .union(OFlags::CLOEXEC)
        .union(OFlags::NOFOLLOW);

    pub(super) fn root(root: &Path) -> Result<OwnedFd, ReadError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        rustix::fs::open(root, flags, Mode::empty()).map_err(|e| ReadError::Io(e.to_string()))
    }

    impl Disk {
        /// Opens beneath the root. Linux checks the whole path at once; elsewhere, and on kernels
        /// before 5.6, each folder on the way is opened by itself.
        fn beneath(&self, path: &TreePath, flags: OFlags) -> Result<OwnedFd, Errno> {
            let text = if path.is_root() { "." } else { path.as_str() };
            #[cfg(target_os = "linux")]
            {
                use rustix::fs::ResolveFlags;
                let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
                match rustix::fs::openat2(&self.handle, text, flags, Mode::empty(), resolve) {
                    Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => {}
                    opened => return opened,
                }
            }
            let mut at: Option<OwnedFd> = None;
            let mut parts = text.split('/').peekable();
            while let Some(part) = parts.next() {
                let last = parts.peek().is_none();
                let flags = if last { flags } else { FLAGS | OFlags::DIRECTORY };
                let directory = at.as_ref().unwrap_or(&self.handle);
                let opened = rustix::fs::openat(directory, part, flags, Mode::empty());
                at = Some(opened.map_err(|e| link_or(directory, part, e))?);
            }
            at.ok_or(Errno::NOENT)
        }

        pub(super) fn file(&self, path: &TreePath) -> Result<File, ReadError> {
            self.beneath(path, FLAGS).map(File::from).map_err(error)
        }

        pub(super) fn entries(&self, directory: &TreePath) -> Result<Listing, ReadError> {
            let handle = self.beneath(directory, FLAGS | OFlags::DIRECTORY).map_err(error)?;
            let mut listing = Listing::default();
            for entry in Dir::new(handle).map_err(error)? {
                let entry = entry.map_err(error)?;
                let Ok(name) = entry.file_name().to_str() else {
                    listing.unreadable += 1;
                    continue;
                };
                if matches!(name, "." | "..") {
                    continue;
                }
                let kind = match kind(entry.file_type()) {
                    // Some file systems do not tell; ask for the entry itself.
                    Kind::Other => self.kind_of(&directory.child(name)).unwrap_or(Kind::Other),
                    kind => kind,
                };
                listing.entries.push(Entry { name: name.to_owned(), kind });
            }
            Ok(listing)
        }

        pub(super) fn kind_of(&self, path: &TreePath) -> Option<Kind> {
            let Some(parent) = path.parent() else { return Some(Kind::Directory) };
            let parent = self.beneath(&parent, FLAGS | OFlags::DIRECTORY).ok()?;
            let data = rustix::fs::statat(parent, path.name(), AtFlags::SYMLINK_NOFOLLOW).ok()?;
            Some(kind(FileType::from_raw_mode(data.st_mode)))
        }
    }

    fn kind(kind: FileType) -> Kind {
        match kind {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Directory,
            FileType::Symlink => Kind::Symlink,
            _ => Kind::Other,
        }
    }

    /// A folder on the way that is a link fails as "not a directory"; say what it is.
    fn link_or(directory: &OwnedFd, part: &str, error: Errno) -> Errno {
        match rustix::fs::statat(directory, part, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(data) if FileType::from_raw_mode(data.st_mode) == FileType::Symlink => Errno::LOOP,
            _ => error,
        }
    }

    fn error(error: Errno) -> ReadError {
        match error {
            Errno::NOENT => ReadError::Missing,
            Errno::LOOP | Errno::XDEV => ReadError::Symlink,
            Errno::NOTDIR | Errno::ISDIR | Errno::NXIO => ReadError::NotAFile,
            error => ReadError::Io(error.to_string()),
        }
    }
}

#[cfg(not(unix))]
mod portable {
    use std::fs::{self, File};

    use super::{Disk, Entry, Kind, Listing, PathBuf, ReadError, TreePath};

    impl Disk {
        /// The path on disk, once every folder on the way is seen to be no link.
        fn beneath(&self, path: &TreePath) -> Result<PathBuf, ReadError> {
            let mut at = self.root.clone();
            for part in path.as_str().split('/').filter(|p| !p.is_empty()) {
                at.push(part);
                let data = fs::symlink_metadata(&at).map_err(error)?;
                if data.is_symlink() {
                    return Err(ReadError::Symlink);
                }
            }
            Ok(at)
        }

        pub(super) fn file(&self, path: &TreePath) -> Result<File, ReadError> {
            let path = self.beneath(path)?;
            if !path.is_file() {
                return Err(ReadError::NotAFile);
            }
            File::open(path).map_err(error)
        }

        pub(super) fn entries(&self, directory: &TreePath) -> Result<Listing, ReadError> {
            let mut listing = Listing::default();
            for entry in fs::read_dir(self.beneath(directory)?).map_err(error)? {
                let entry = entry.map_err(error)?;
                match entry.file_name().into_string() {
                    Ok(name) => {
                        let kind = kind(entry.file_type().map_err(error)?);
                        listing.entries.push(Entry { name, kind });
                    }
                    Err(_) => listing.unreadable += 1,
                }
            }
            Ok(listing)
        }

        pub(super) fn kind_of(&self, path: &TreePath) -> Option<Kind> {
            let Some(parent) = path.parent() else { return Some(Kind::Directory) };
            let path = self.beneath(&parent).ok()?.join(path.name());
            fs::symlink_metadata(path).ok().map(|data| kind(data.file_type()))
        }
    }

    fn kind(kind: fs::FileType) -> Kind {
        if kind.is_symlink() {
            Kind::Symlink
        } else if kind.is_dir() {
            Kind::Directory
        } else if kind.is_file() {
            Kind::File
        } else {
            Kind::Other
        }
    }

    fn error(error: std::io::Error) -> ReadError {
        match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::Missing,
            _ => ReadError::Io(error.to_string()),
        }
    }
}
