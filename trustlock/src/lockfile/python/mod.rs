//! What the readers of Python lockfiles share: how a file becomes packages, digests, sources and names.
//!
//! Each format is a file (or folder) beside this one and decides which value stands where. Here is what
//! such a value means, whoever wrote it: names by PEP 503, versions by PEP 440, filenames by the
//! specifications of wheels and sdists, digests as `algorithm:hex`, paths against the lockfile's folder.

mod collect;
mod document;
mod filename;
mod identity;
pub(super) mod oddity;
pub(super) mod source;

#[cfg(test)]
mod tests;

pub(super) use self::collect::Collector;
pub(super) use self::document::{Document, Value, look_alike};
pub(super) use self::filename::{Filename, same_version};
pub(super) use self::identity::Identities;
