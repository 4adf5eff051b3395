//! `poetry.lock`, lock versions 1.0 to 2.1 (`poetry.packages.locker` of Poetry 2.5 is the judge: it reads
//! `>=1,<3`).
//!
//! Poetry records which index served a package only where that is not PyPI, and never the address of a
//! file. The digests of a package stand in its `files`, or (1.x) under its name in `[metadata.files]`,
//! where all versions of one name share a list.

mod document;
mod files;
mod source;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Claim, Reader, name, utf8};
use crate::model::{File, Lockfile, Problem};

/// `poetry.lock`.
pub static READER: Reader = Reader {
    name: "poetry.lock",
    claims: |path| if name(path) == "poetry.lock" { Claim::Yes } else { Claim::No },
    recognises: |_| true,
    decode: utf8,
    read,
};

/// Reads a `poetry.lock`.
///
/// # Errors
/// A [`Problem`] where the text is not TOML, or not a lockfile of a version that Poetry reads today.
pub(super) fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    document::read(file)
}
