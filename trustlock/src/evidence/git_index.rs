//! Git's index, read as bytes: which paths are tracked. The format is git's own `gitformat-index`,
//! versions 2 to 4.
//!
//! The index is read here, and not by starting git, because the checkout's `.git/config` decides what a
//! started git does.

use crate::model::Problem;
use crate::tree::{ReadError, Tree, TreePath};

/// Calls `seen` with every tracked path. A repository without an index tracks nothing.
///
/// # Errors
/// A [`Problem`] where the index is of a version or has a mandatory extension that is not understood,
/// or ends early.
pub fn tracked(git: &dyn Tree, mut seen: impl FnMut(&str)) -> Result<(), Problem> {
    let path = TreePath::root().child("index");
    let bytes = match git.read(&path) {
        Ok(bytes) => bytes,
        Err(ReadError::Missing) => return Ok(()),
        Err(error) => return Err(error.problem(&path).path(".git/index")),
    };
    match read(&bytes, 20, &mut seen).or_else(|_| read(&bytes, 32, &mut seen)) {
        Ok(()) => Ok(()),
        Err(Trouble::Split) => Err(Problem::new("git's index is split over two files, which is not read")
            .path(".git/index")
            .paste("join it", "git update-index --no-split-index")),
        Err(Trouble::Unknown(what)) => {
            Err(Problem::new(format!("git's index is not understood: {what}")).path(".git/index").paste(
                "let git write it again",
                "git update-index --no-split-index --index-version 2 --really-refresh",
            ))
        }
    }
}

enum Trouble {
    Split,
    Unknown(String),
}

/// Reads an index whose object names have `hash` bytes.
fn read(bytes: &[u8], hash: usize, seen: &mut impl FnMut(&str)) -> Result<(), Trouble> {
    let unknown = |what: &str| Trouble::Unknown(what.to_owned());
    let mut reader = Reader { rest: bytes };
    if reader.take(4) != Some(b"DIRC") {
        return Err(unknown("it does not begin with DIRC"));
    }
    let version = reader.number().ok_or_else(|| unknown("it ends early"))?;
    if !(2..=4).contains(&version) {
        return Err(Trouble::Unknown(format!("version {version}; 2, 3 and 4 are known")));
    }
    let count = reader.number().ok_or_else(|| unknown("it ends early"))?;
    let mut name: Vec<u8> = Vec::new();
    for _ in 0..count {
        entry(&mut reader, version, hash, &mut name).ok_or_else(|| unknown("an entry ends early"))?;
        if let Ok(name) = std::str::from_utf8(&name) {
            seen(name);
        }
    }
    // Extensions follow, then the checksum of the whole.
    while reader.rest.len() > hash {
        let signature = reader.take(4).ok_or_else(|| unknown("an extension ends early"))?;
        let size = reader.number().ok_or_else(|| unknown("an extension ends early"))?;
        if signature == b"link" {
            return Err(Trouble::Split);
        }
        let optional = signature.first().is_some_and(u8::is_ascii_uppercase);
        if !optional && signature != b"sdir" {
            return Err(Trouble::Unknown(format!("extension {:?}", String::from_utf8_lossy(signature))));
        }
        reader.take(size as usize).ok_or_else(|| unknown("an extension ends early"))?;
    }
    if reader.rest.len() == hash { Ok(()) } else { Err(unknown("its end is not where it should be")) }
}

/// Reads one entry's path into `name`, which holds the path before it.
fn entry(reader: &mut Reader<'_>, version: u32, hash: usize, name: &mut Vec<u8>) -> Option<()> {
    const STAT: usize = 40;
    const EXTENDED: u16 = 0x4000;
    let before = reader.rest.len();
    reader.take(STAT + hash)?;
    let flags = u16::from_be_bytes(reader.take(2)?.try_into().ok()?);
    if version >= 3 && flags & EXTENDED != 0 {
        reader.take(2)?;
    }
    if version == 4 {
        let drop = reader.variable()?;
        name.truncate(name.len().checked_sub(drop)?);
        name.extend(reader.until_nul()?);
        return Some(());
    }
    name.clear();
    name.extend(reader.until_nul()?);
    // Entries are padded with one to eight NULs to a multiple of eight.
    let length = before - reader.rest.len();
    reader.take(length.next_multiple_of(8) - length)?;
    Some(())
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
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

    /// The offset encoding of packs: seven bits a byte, each continuation adds one.
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
