//! `Cargo.lock`, versions 1 to 4.
//!
//! `toml` reads any lockfile, `build` is where its parts come together, `source` understands the text of
//! a source, `edges` which package each dependency means.

mod build;
mod edges;
pub mod source;
mod toml;

use std::sync::Arc;

use crate::model::{File, Lockfile, Problem};

/// Reads a `Cargo.lock`.
///
/// # Errors
/// A [`Problem`] where it is not TOML, where cargo itself could not read it, or where its version is
/// unknown.
pub fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    toml::read(file)
}
