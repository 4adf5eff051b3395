//! `pdm.lock`, lock versions 4.0 to 4.5.1 (`pdm.project.lockfile` and `pdm.models.repositories.lock` of
//! PDM 2.29 are the judge: they read 4.0 to 4.5).
//!
//! PDM records no index. Where it was told to (`static_urls`), each file has the URL that it is
//! downloaded from; everything else comes from the sources of `pyproject.toml`.

mod document;
mod source;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Claim, Reader, name, utf8};
use crate::model::{File, Lockfile, Problem};

/// `pdm.lock`.
pub static READER: Reader = Reader { name: "pdm.lock", claims, recognises, decode: utf8, read };

/// `pdm lock --lockfile` takes any name, and PDM's documentation proposes `pdm.NAME.lock`.
fn claims(path: &str) -> Claim {
    let name = name(path);
    match name.strip_prefix("pdm.").and_then(|rest| rest.strip_suffix("lock")) {
        Some("") => Claim::Yes,
        Some(rest) if rest.ends_with('.') => Claim::Maybe,
        _ => Claim::No,
    }
}

fn recognises(text: &str) -> bool {
    text.contains("[metadata]") && text.contains("lock_version")
}

/// Reads a `pdm.lock`.
///
/// # Errors
/// A [`Problem`] where the text is not TOML, or not a lockfile of a version that PDM reads today.
fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    document::read(file)
}
