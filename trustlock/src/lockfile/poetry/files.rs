//! `[metadata.files]` of lock versions 1.x: one list for all versions of a name.
//!
//! Poetry gives every version the whole list, so an entry can look as if it had digests while they are
//! all another version's. Here each file goes to the version that its own name tells; one that tells
//! none, or a version that is not locked, stays with the first entry, which is told of it.

use std::collections::HashMap;
use std::str::FromStr;

use pep440_rs::Version;

use crate::lockfile::python::Filename;

/// A version, or a text that is none.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Version(Version),
    Text(String),
}

impl Key {
    fn of(text: &str) -> Self {
        Version::from_str(text).map_or_else(|_| Self::Text(text.to_owned()), Self::Version)
    }

    /// The same without its local part; `None` where it has none.
    fn public(&self) -> Option<Self> {
        match self {
            Self::Version(version) if !version.local().is_empty() => {
                Some(Self::Version(version.clone().without_local()))
            }
            _ => None,
        }
    }
}

/// The entries of one name that take their files from the shared list, by version.
#[derive(Default)]
pub(super) struct Slots {
    /// Slot by version.
    exact: HashMap<Key, usize>,
    /// Slot by version without its local part, for files that say less than the entry.
    public: HashMap<Key, usize>,
    /// Per slot: the index of the package that was given its files.
    pub(super) holders: HashMap<usize, usize>,
    /// Per slot: the indices of its files in the list. `None` until the first entry asks.
    pub(super) files: Option<HashMap<usize, Vec<usize>>>,
}

impl Slots {
    /// Makes room for the files of an entry of that version.
    pub(super) fn add(&mut self, version: &str) {
        let (key, slot) = (Key::of(version), self.exact.len());
        if self.exact.contains_key(&key) {
            return;
        }
        if let Some(public) = key.public() {
            self.public.entry(public).or_insert(slot);
        }
        self.exact.insert(key, slot);
    }

    /// The slot of an entry of that version.
    pub(super) fn of_version(&self, version: &str) -> usize {
        self.exact.get(&Key::of(version)).copied().unwrap_or(0)
    }

    /// The slot of a file with that name; `package` is the folded name of the package.
    pub(super) fn of_file(&self, filename: &str, package: &str) -> usize {
        let Filename::Of { version } = Filename::parse(filename, package) else { return 0 };
        let key = Key::of(&version.replace('_', "-"));
        let near = || match key.public() {
            // An index may serve `1.0+cpu` for `1.0`.
            Some(public) => self.exact.get(&public),
            None => self.public.get(&key),
        };
        self.exact.get(&key).or_else(near).copied().unwrap_or(0)
    }
}
