//! Opening beneath a directory that is kept open.

use std::ffi::OsStr;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, readlinkat, statat};
use rustix::io::Errno;

use crate::tree::{Entry, Kind, Listing, ReadError, TreePath};

// A pipe must not make the opening wait, and a terminal must not become ours.
pub(super) const READ: OFlags =
    OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::DIRECTORY);

/// The root directory, open.
#[derive(Debug)]
pub(super) struct Root(OwnedFd);

impl Root {
    pub(super) fn open(path: &Path) -> Result<Self, ReadError> {
        openat(CWD, path, DIRECTORY, Mode::empty()).map(Self).map_err(read_error)
    }

    /// What stands at `path`, if it is worth opening at all; whether it is a regular file is for the
    /// caller to ask of the open file.
    pub(super) fn file(&self, path: &TreePath) -> Result<File, ReadError> {
        self.beneath(path, READ).map(File::from).map_err(read_error)
    }

    pub(super) fn list(&self, path: &TreePath) -> Result<Listing, ReadError> {
        let mut directory = self.beneath(path, DIRECTORY).and_then(Dir::new).map_err(read_error)?;
        let mut listing = Listing::default();
        let mut nameless = Vec::new();
        while let Some(entry) = directory.read() {
            let entry = entry.map_err(read_error)?;
            match entry.file_name().to_str() {
                Ok("." | "..") => {}
                Err(_) if entry.file_type() == FileType::RegularFile => {}
                Err(_) => listing.unreadable += 1,
                Ok(name) => match entry.file_type() {
                    // Some file systems do not say.
                    FileType::Unknown => nameless.push(name.to_owned()),
                    known => listing.entries.push(Entry { name: name.to_owned(), kind: kind(known) }),
                },
            }
        }
        for name in nameless {
            let directory = directory.fd().map_err(read_error)?;
            match statat(directory, &name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => {
                    let kind = kind(FileType::from_raw_mode(stat.st_mode));
                    listing.entries.push(Entry { name, kind });
                }
                Err(Errno::NOENT) => {}
                Err(error) => return Err(read_error(error)),
            }
        }
        Ok(listing)
    }

    pub(super) fn kind(&self, path: &TreePath) -> Option<Kind> {
        let Some(parent) = path.parent() else { return Some(Kind::Directory) };
        let look = |directory: &dyn AsFd| statat(directory.as_fd(), path.name(), AtFlags::SYMLINK_NOFOLLOW);
        let stat = if parent.is_root() {
            look(&self.0)
        } else {
            self.beneath(&parent, DIRECTORY).and_then(|parent| look(&parent))
        };
        match stat {
            Ok(stat) => Some(kind(FileType::from_raw_mode(stat.st_mode))),
            Err(Errno::LOOP) => Some(Kind::Symlink),
            Err(Errno::NOENT | Errno::NOTDIR) => None,
            // It is there, and nobody may look at it.
            Err(_) => Some(Kind::Other),
        }
    }

    pub(super) fn target(&self, path: &TreePath) -> Option<String> {
        let parent = self.beneath(&path.parent()?, DIRECTORY).ok()?;
        readlinkat(&parent, path.name(), Vec::new()).ok()?.into_string().ok()
    }

    /// Opens `path`; [`Errno::LOOP`] where it or a folder on the way to it is a symbolic link.
    fn beneath(&self, path: &TreePath, flags: OFlags) -> Result<OwnedFd, Errno> {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        if !path.is_root() {
            use rustix::fs::{ResolveFlags, openat2};
            let rules = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
            match openat2(&self.0, path.as_str(), flags, Mode::empty(), rules) {
                // Kernels before 5.6, and sandboxes that forbid what they do not know.
                Err(Errno::NOSYS | Errno::PERM | Errno::AGAIN) => {}
                done => return done,
            }
        }
        self.step_by_step(path, flags)
    }

    /// The same where the kernel offers no such call.
    pub(super) fn step_by_step(&self, path: &TreePath, flags: OFlags) -> Result<OwnedFd, Errno> {
        if path.is_root() {
            return openat(&self.0, ".", flags, Mode::empty());
        }
        let parts = path.as_str().split('/').count();
        let mut at: Option<OwnedFd> = None;
        for (index, name) in path.as_str().split('/').enumerate() {
            let flags = if index + 1 == parts { flags } else { DIRECTORY };
            let directory = at.as_ref().map_or(self.0.as_fd(), AsFd::as_fd);
            let name = OsStr::from_bytes(name.as_bytes());
            let opened = openat(directory, name, flags | OFlags::NOFOLLOW, Mode::empty());
            at = Some(opened.map_err(|error| match statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) {
                // Kernels disagree on the error for a link that is not followed.
                Ok(stat) if FileType::from_raw_mode(stat.st_mode).is_symlink() => Errno::LOOP,
                _ => error,
            })?);
        }
        at.ok_or(Errno::NOENT)
    }
}

fn kind(of: FileType) -> Kind {
    match of {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Directory,
        FileType::Symlink => Kind::Symlink,
        _ => Kind::Other,
    }
}

pub(super) fn read_error(error: Errno) -> ReadError {
    match error {
        Errno::NOENT | Errno::NOTDIR => ReadError::Missing,
        Errno::LOOP => ReadError::Symlink,
        // A socket cannot be opened.
        Errno::NXIO => ReadError::NotAFile,
        error => ReadError::Io(std::io::Error::from(error).to_string()),
    }
}
