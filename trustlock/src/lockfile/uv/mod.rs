//! `uv.lock`, version 1 with every revision, under its own name, as the lock of a script (`NAME.py.lock`)
//! and under any other name that ends in `.lock`. The format is what uv's source says it is; there is no
//! specification.

mod document;
mod edges;
mod source;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Claim, Reader, name, utf8};
use crate::model::{File, Lockfile, Problem};

/// `uv.lock`.
pub static READER: Reader = Reader { name: "uv.lock", claims, recognises, decode: utf8, read };

fn claims(path: &str) -> Claim {
    match name(path) {
        "uv.lock" => Claim::Yes,
        name if name.strip_suffix(".lock").is_some() => Claim::Maybe,
        _ => Claim::No,
    }
}

/// The keys without which uv reads no lockfile stand at the top, before any table.
fn recognises(text: &str) -> bool {
    let (mut version, mut python) = (false, false);
    for line in text.lines().map(str::trim_start).take_while(|line| !line.starts_with('[')) {
        let key = line.split('=').next().unwrap_or_default().trim();
        match key.trim_matches(['"', '\'']) {
            "version" => version = true,
            "requires-python" => python = true,
            // Nobody spells a key with escapes, unless to hide it.
            key if key.contains('\\') && !key.starts_with('#') => return true,
            _ => {}
        }
    }
    version && python
}

/// Reads a `uv.lock`.
///
/// # Errors
/// A [`Problem`] where the text is not TOML, is not a lockfile of version 1, or is of a form that uv
/// gave up before that version was settled.
pub fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    document::read(file)
}
