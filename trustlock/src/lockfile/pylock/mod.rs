//! `pylock.toml` and `pylock.NAME.toml` (PEP 751; the specification is "pylock.toml" on packaging.python.org).
//!
//! Several tools write the format and several install from it: pip, uv and PDM. Where these differ over the
//! same text, what the weakest makes of it is what is recorded.

mod document;
mod source;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Claim, Reader, name, utf8};
use crate::model::{File, Lockfile, Problem};

/// `pylock.toml`.
pub static READER: Reader = Reader { name: "pylock.toml", claims, recognises: |_| true, decode: utf8, read };

/// The names that the specification gives such files: `NAME` has no dot in it.
fn claims(path: &str) -> Claim {
    let middle = name(path).strip_prefix("pylock").and_then(|rest| rest.strip_suffix("toml"));
    match middle {
        Some(".") => Claim::Yes,
        Some(middle) if is_name(middle) => Claim::Yes,
        _ => Claim::No,
    }
}

/// `.dev.`
fn is_name(middle: &str) -> bool {
    let name = middle.strip_prefix('.').and_then(|rest| rest.strip_suffix('.'));
    name.is_some_and(|name| !name.is_empty() && !name.contains('.'))
}

/// Reads a `pylock.toml`.
///
/// # Errors
/// A [`Problem`] where the text is not TOML, or not a lockfile of version 1.
pub fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    document::read(file)
}
