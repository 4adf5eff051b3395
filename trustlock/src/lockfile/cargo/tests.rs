#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod chains;
mod oddities;
mod oracles;
mod properties;
mod reading;

use std::fmt::Write as _;

use super::*;

pub(super) const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
pub(super) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

pub(super) fn hex(digit: char) -> String {
    std::iter::repeat_n(digit, 64).collect()
}

/// Reads `text` both ways, if both can, and holds them equal.
pub(super) fn read_both(text: &str) -> Lockfile {
    let file = File::new("Cargo.lock", text);
    let general = read_document(&file).unwrap_or_else(|p| panic!("{p:?}\n{text}"));
    if let Some(fast) = read_canonical(&file) {
        assert_eq!(fast.oddities, general.oddities, "{text}");
        assert!(fast == general, "the two readers differ over\n{text}");
    }
    general
}

/// `what @ the text at its place`, for every oddity.
pub(super) fn odd(text: &str) -> Vec<String> {
    let lockfile = read_both(text);
    let at = |o: &crate::model::Oddity| format!("{} @ {}", o.what, lockfile.file.slice(o.place));
    lockfile.oddities.iter().map(at).collect()
}

/// An entry as cargo writes it.
pub(super) fn entry(name: &str, version: &str, source: Option<&str>, lines: &[&str]) -> String {
    let mut text = format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
    if let Some(source) = source {
        writeln!(text, "source = \"{source}\"").unwrap();
    }
    for line in lines {
        writeln!(text, "{line}").unwrap();
    }
    text + "\n"
}

/// A version 4 lockfile of an `app` with these dependencies, and these entries.
pub(super) fn lock(edges: &[&str], entries: &[String]) -> String {
    let mut text = String::from("version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n");
    if !edges.is_empty() {
        text += "dependencies = [\n";
        for edge in edges {
            writeln!(text, " \"{edge}\",").unwrap();
        }
        text += "]\n";
    }
    text += "\n";
    text + &entries.concat()
}

/// An entry from crates.io with a checksum.
pub(super) fn crates_io(name: &str, version: &str) -> String {
    entry(name, version, Some(CRATES_IO), &[&format!("checksum = \"{}\"", hex('a'))])
}
