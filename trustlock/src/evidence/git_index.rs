//! Git's index, read as bytes: which paths are tracked. The format is git's own `gitformat-index`,
//! versions 2 to 4, of repositories that name objects by SHA-1 or by SHA-256.
//!
//! The index is read here, and not by starting git, because the checkout's `.git/config` decides what a
//! started git does.

#[cfg(test)]
mod tests;

use crate::model::Problem;
use crate::tree::{ReadError, Tree, TreePath};

/// The longest path that is believed. Linux opens none that is longer, and without a limit the
/// prefixes that version 4 shares let a small index spell an endless amount of text.
const PATH_LIMIT: usize = 4096;

/// The tracked paths that `wanted` accepts, sorted. A repository without an index tracks
/// nothing.
///
/// # Errors
/// A [`Problem`] where the index is of a version or has a mandatory extension that is not understood,
/// or ends early.
pub fn tracked(git: &dyn Tree, wanted: impl Fn(&str) -> bool) -> Result<Vec<TreePath>, Problem> {
    let path = TreePath::root().child("index");
    let bytes = match git.read(&path) {
        Ok(bytes) => bytes,
        Err(ReadError::Missing) => return Ok(Vec::new()),
        Err(error) => return Err(error.problem(&path).path(".git/index")),
    };
    read(&bytes, &wanted).map_err(Trouble::problem)
}

/// The length of an object name says which hash a repository uses. The index does not tell, but read
/// with the wrong one it does not come out even.
fn read(bytes: &[u8], wanted: &dyn Fn(&str) -> bool) -> Result<Vec<TreePath>, Trouble> {
    const SHA1: usize = 20;
    const SHA256: usize = 32;
    let mut paths = match read_with(SHA1, bytes, wanted) {
        Err(Trouble::Damaged(damage)) => read_with(SHA256, bytes, wanted).map_err(|trouble| match trouble {
            Trouble::Damaged(_) => Trouble::Damaged(damage),
            other => other,
        }),
        done => done,
    }?;
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}

#[derive(Debug, PartialEq, Eq)]
enum Trouble {
    /// A second file holds the rest of the index.
    Split,
    Version(u32),
    Extension(String),
    Damaged(&'static str),
}

impl Trouble {
    fn problem(self) -> Problem {
        let problem = |what: &str| Problem::new(what).path(".git/index");
        match self {
            Self::Split => problem("git's index is split over two files, which trustlock does not read")
                .paste("let git join them", "git update-index --no-split-index"),
            Self::Version(found) => {
                problem(&format!("git's index has version {found}; versions 2, 3 and 4 are known"))
                    .paste("let git write it in a known version", "git update-index --index-version 4")
            }
            Self::Extension(name) => {
                problem(&format!("git's index needs the extension `{name}`, which trustlock does not know"))
                    .fix("turn off the git feature that writes it, or use a newer trustlock")
            }
            Self::Damaged(what) => problem(&format!("git's index is damaged: {what}"))
                .paste("see whether git can read it", "git ls-files --stage"),
        }
    }
}

fn read_with(hash: usize, bytes: &[u8], wanted: &dyn Fn(&str) -> bool) -> Result<Vec<TreePath>, Trouble> {
    let early = Trouble::Damaged("it ends early");
    let mut reader = Reader { rest: bytes };
    if reader.take(4) != Some(b"DIRC") {
        return Err(Trouble::Damaged("it does not begin with `DIRC`"));
    }
    let (Some(version), Some(count)) = (reader.number(), reader.number()) else { return Err(early) };
    if !(2..=4).contains(&version) {
        return Err(Trouble::Version(version));
    }
    let mut found = Vec::new();
    let mut path = Vec::new();
    for _ in 0..count {
        reader.entry(version, hash, &mut path).ok_or(Trouble::Damaged("an entry is cut off or too long"))?;
        // A path that is not UTF-8 is one that no listing shows; the walk counts it.
        if let Ok(path) = std::str::from_utf8(&path)
            && wanted(path)
        {
            found.extend(TreePath::exact(path).ok());
        }
    }
    reader.extensions(hash)?;
    Ok(found)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads one entry's path into `path`, which holds the path of the entry before it.
    fn entry(&mut self, version: u32, hash: usize, path: &mut Vec<u8>) -> Option<()> {
        const STAT: usize = 40;
        const EXTENDED: u16 = 0x4000;
        let before = self.rest.len();
        self.take(STAT + hash)?;
        let flags = u16::from_be_bytes(self.take(2)?.try_into().ok()?);
        if version >= 3 && flags & EXTENDED != 0 {
            self.take(2)?;
        }
        let kept = if version == 4 { path.len().checked_sub(self.variable()?)? } else { 0 };
        path.truncate(kept);
        path.extend(self.until_nul()?);
        if version < 4 {
            // Entries are filled up with one to eight NULs to a multiple of eight.
            let length = before - self.rest.len();
            self.take(length.next_multiple_of(8) - length)?;
        }
        (path.len() <= PATH_LIMIT).then_some(())
    }

    /// Passes the extensions, up to the checksum of the whole that ends the file. One whose name
    /// begins with a capital may be passed over; of the others only `sdir` (directories stand for the
    /// files in them, of a sparse checkout) changes nothing here.
    fn extensions(&mut self, hash: usize) -> Result<(), Trouble> {
        let early = || Trouble::Damaged("an extension ends early");
        while self.rest.len() > hash {
            let name = self.take(4).ok_or_else(early)?;
            let size = self.number().ok_or_else(early)?;
            match name {
                b"link" => return Err(Trouble::Split),
                b"sdir" | [b'A'..=b'Z', ..] => {}
                _ if name.iter().all(u8::is_ascii_alphanumeric) => {
                    return Err(Trouble::Extension(String::from_utf8_lossy(name).into_owned()));
                }
                _ => return Err(Trouble::Damaged("what follows its entries is no extension")),
            }
            self.take(size as usize).ok_or_else(early)?;
        }
        if self.rest.len() == hash { Ok(()) } else { Err(early()) }
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn until_nul(&mut self) -> Option<&'a [u8]> {
        let end = self.rest.iter().position(|b| *b == 0)?;
        let text = self.take(end)?;
        self.take(1)?;
        Some(text)
    }

    /// The offset encoding of packs: seven bits a byte, and each further byte adds one.
    fn variable(&mut self) -> Option<usize> {
        let mut byte = *self.take(1)?.first()?;
        let mut value = usize::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = *self.take(1)?.first()?;
            value = value.checked_add(1)?.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
        }
        Some(value)
    }
}
