//! `Cargo.lock`, versions 1 to 4 (The Cargo Book, "Cargo.toml vs Cargo.lock"; the schema is that of
//! `cargo-util-schemas`).
//!
//! A file in the form that cargo itself writes goes through [`scan`]; any other goes through
//! [`document`], which understands all of TOML. Both hand what they find to one [`Collector`], so they
//! cannot differ in what they make of it.

mod collect;
mod document;
mod edges;
mod metadata;
mod oddity;
mod scan;
mod source;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::collect::Collector;
use super::{Claim, Reader, name, utf8};
use crate::model::{File, Lockfile, Problem};

/// `Cargo.lock`.
pub(super) static READER: Reader = Reader {
    name: "Cargo.lock",
    claims: |path| if name(path) == "Cargo.lock" { Claim::Yes } else { Claim::No },
    recognises: |_| true,
    decode: utf8,
    read,
};

/// Reads a `Cargo.lock`.
///
/// # Errors
/// A [`Problem`] where the text is not TOML, is not a lockfile of a known version, or locks nothing.
pub fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    match scan::scan(file) {
        Some(collector) => Ok(collector.finish()),
        None => read_document(file),
    }
}

/// The slow and general way alone: what [`read`] does for any file that cargo did not write as it is.
/// For tests that hold the fast way to it.
///
/// # Errors
/// As [`read`].
pub fn read_document(file: &Arc<File>) -> Result<Lockfile, Problem> {
    document::read(file).map(Collector::finish)
}

/// The fast way alone: `None` for a file that is not in the form cargo writes.
pub fn read_canonical(file: &Arc<File>) -> Option<Lockfile> {
    scan::scan(file).map(Collector::finish)
}
