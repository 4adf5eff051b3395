//! `requirements.txt` and its relatives, read as pip 26.3 reads them.
//!
//! pip's order of steps decides what such a file says: [`decode`] the bytes, cut and join [`lines`], split
//! each at its first option, cut the options into [`words`], take them for [`options`], and understand what
//! stands before them as a [`requirement`]. [`collect`] makes a lockfile of it.

mod collect;
mod decode;
mod direct;
mod entry;
mod indexes;
mod lines;
mod loose;
mod marker;
mod oddity;
mod options;
mod requirement;
mod url;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{Claim, Reader, conda, name};
use crate::model::{File, Lockfile, Problem};
use crate::tree::{Tree, TreePath};

pub use self::loose::WISHES;

/// The requirements format.
pub static READER: Reader =
    Reader { name: "requirements.txt", claims, recognises, decode: decode::decode, read };

/// Words in a name that make it worth a look.
const WORDS: [&str; 8] = ["requires", "reqs", "dependencies", "deps", "packages", "freeze", "lock", "pinned"];

fn claims(path: &str) -> Claim {
    let lower = name(path).to_ascii_lowercase();
    let Some((stem, end @ ("txt" | "lock"))) = lower.rsplit_once('.') else { return Claim::No };
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    let by_folder = end == "txt" && matches!(folder, "requirements" | "constraints");
    let by_name = stem.contains("requirements") || stem.contains("constraints");
    match by_folder || by_name {
        // It may be an explicit list of conda's.
        true if stem.contains("conda") => Claim::Maybe,
        true => Claim::Yes,
        false if end == "lock" || WORDS.iter().any(|word| stem.contains(word)) => Claim::Maybe,
        false => Claim::No,
    }
}

/// A file of another name is of this form where a compiler says so, where hashes stand in it, or where it
/// holds pins and nothing else.
fn recognises(text: &str) -> bool {
    loose::recognises(text)
}

/// Reads what another file includes, whatever its name is.
///
/// # Errors
/// As [`read`], or where it cannot be opened.
pub fn open(tree: &dyn Tree, path: &TreePath) -> Result<Lockfile, Problem> {
    let text = tree.read(path).and_then(decode::decode).map_err(|error| error.problem(path))?;
    read(&File::new(path.as_str(), text))
}

/// Reads it.
///
/// # Errors
/// A [`Problem`] where it is an explicit list of conda's, or has too many parts for its size.
pub fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    if (conda::EXPLICIT.recognises)(&file.text) {
        return (conda::EXPLICIT.read)(file);
    }
    collect::measure(file)?;
    Ok(collect::read(file))
}
