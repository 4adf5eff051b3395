//! Readers: one file (or folder) a format. A reader turns text into a [`Lockfile`] and takes no
//! decision: what is odd about the text it records as [`crate::model::Oddity`], for a rule to judge.

pub mod cargo;
mod conda;
pub mod pdm;
pub mod pipfile;
pub mod poetry;
pub mod pylock;
mod python;
pub mod requirements;
pub mod uv;

use std::sync::Arc;

use crate::model::{File, Lockfile, Oddity, Problem};
use crate::tree::{ReadError, Tree, TreePath};

/// How many oddities of one file are told apart; the rest is counted. It bounds memory, not severity.
const ODDITIES: usize = 1000;

/// What the path of a file says about its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// It is of another.
    No,
    /// Its content decides.
    Maybe,
    /// It is of this one.
    Yes,
}

/// A lockfile format: how to tell it and how to read it.
pub struct Reader {
    /// The name of the format.
    pub name: &'static str,
    /// What a path says.
    pub claims: fn(path: &str) -> Claim,
    /// Whether a text is of this format, where the path leaves it open.
    pub recognises: fn(&str) -> bool,
    /// From bytes to text, without a byte order mark.
    pub decode: fn(Vec<u8>) -> Result<String, ReadError>,
    /// Reads it, or says why that is impossible: exit code 2.
    pub read: fn(&Arc<File>) -> Result<Lockfile, Problem>,
}

/// Every format. Where two could be meant, the first that recognises the text is.
pub static READERS: &[&Reader] = &[
    &cargo::READER,
    &poetry::READER,
    &pdm::READER,
    &uv::READER,
    &pylock::READER,
    &pipfile::READER,
    &conda::PIXI,
    &conda::CONDA_LOCK,
    &conda::EXPLICIT,
    &requirements::READER,
];

/// What the path of a file says: whether a reader takes it, or would look into it.
pub fn claim(path: &str) -> Claim {
    READERS.iter().map(|reader| (reader.claims)(path)).max().unwrap_or(Claim::No)
}

/// Reads the lockfile at `path`; `None` where its content shows that it is none.
///
/// # Errors
/// A [`Problem`] where the file cannot be opened or understood.
pub fn open(tree: &dyn Tree, path: &TreePath) -> Result<Option<Lockfile>, Problem> {
    let bytes = tree.read(path).map_err(|error| error.problem(path))?;
    read(path, bytes)
}

/// As [`open`], for bytes at hand.
///
/// # Errors
/// A [`Problem`] where they cannot be understood.
pub fn read(path: &TreePath, bytes: Vec<u8>) -> Result<Option<Lockfile>, Problem> {
    let text = |reader: &Reader, bytes| (reader.decode)(bytes).map_err(|error| error.problem(path));
    if let Some(reader) = READERS.iter().find(|reader| (reader.claims)(path.as_str()) == Claim::Yes) {
        return (reader.read)(&File::new(path.as_str(), text(reader, bytes)?)).map(Some);
    }
    for reader in READERS.iter().filter(|reader| (reader.claims)(path.as_str()) == Claim::Maybe) {
        match (reader.decode)(bytes.clone()) {
            Ok(text) if (reader.recognises)(&text) => {
                return (reader.read)(&File::new(path.as_str(), text)).map(Some);
            }
            _ => {}
        }
    }
    Ok(None)
}

/// A Python index at an address that stands elsewhere than in a lockfile.
pub(crate) fn python_index(address: &str) -> crate::model::Source {
    python::source::index(address)
}

/// The last part of a path.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// UTF-8, with or without a byte order mark.
fn utf8(mut bytes: Vec<u8>) -> Result<String, ReadError> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|e| ReadError::NotUtf8(e.utf8_error().valid_up_to()))
}

impl Oddity {
    /// About that package.
    fn of(mut self, package: usize) -> Self {
        self.package = u32::try_from(package).ok();
        self
    }
}
