//! Readers: one file (or folder) a format. A reader turns text into a [`Lockfile`] and takes no
//! decision: what is odd about the text it records as [`crate::model::Oddity`], for a rule to judge.

pub mod cargo;

use std::sync::Arc;

use crate::model::{File, Lockfile, Problem};
use crate::tree::{Tree, TreePath};

/// A lockfile format: how to tell it and how to read it.
pub struct Reader {
    /// The name of the format.
    pub name: &'static str,
    /// Whether a file of that name is of this format.
    pub claims: fn(name: &str) -> bool,
    /// Reads it, or says why that is impossible: exit code 2.
    pub read: fn(file: &Arc<File>) -> Result<Lockfile, Problem>,
}

/// Every format.
pub static READERS: &[Reader] =
    &[Reader { name: "Cargo.lock", claims: |name| name == "Cargo.lock", read: cargo::read }];

/// The reader for a file of that name.
pub fn reader(name: &str) -> Option<&'static Reader> {
    READERS.iter().find(|r| (r.claims)(name))
}

/// Reads the lockfile at `path`.
pub fn open(tree: &dyn Tree, path: &TreePath) -> Result<Lockfile, Problem> {
    let reader = reader(path.name()).ok_or_else(|| {
        Problem::new(format!("`{path}` is no lockfile that trustlock reads")).path(path.as_str())
    })?;
    let text = tree.text(path).map_err(|error| error.problem(path))?;
    (reader.read)(&File::new(path.as_str(), text))
}
