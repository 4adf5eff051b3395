#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod decoding;
mod oddities;
mod properties;
mod reading;

use super::*;
use crate::model::PackageRef;

const SHA: &str = "8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254";
const OTHER: &str = "d16a0141ec1a18405cd4ce8b4613101da75da0e9a7aec5bdd4fa804d0e0eba73";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn read_text(text: &str) -> Lockfile {
    read(&File::new("requirements.txt", text)).unwrap()
}

/// The text without places where `SHA` and the like stand for themselves.
fn filled(text: &str) -> String {
    text.replace("{SHA}", SHA).replace("{OTHER}", OTHER).replace("{COMMIT}", COMMIT)
}

/// A package as one line: what a test looks at.
fn shown(package: PackageRef<'_>) -> String {
    let lockfile = package.lockfile;
    let mut words = vec![package.label()];
    words.extend(package.package.specifier.map(|specifier| lockfile.text(specifier).to_owned()));
    let source = package.source().unwrap();
    words.push(format!("from {} {}", source.kind_name(), source.raw).trim_end().to_owned());
    words.extend(package.marker().map(|marker| format!("if {marker}")));
    for artifact in package.artifacts() {
        words.extend(artifact.filename().map(|filename| format!("file {filename}")));
        for digest in artifact.digests() {
            let hex = lockfile.text(digest.hex).replace(SHA, "SHA").replace(OTHER, "OTHER");
            words.push(format!("{}:{hex}", digest.algorithm.name()));
            words.extend(digest.idle.map(|_| "idle".to_owned()));
        }
    }
    words.join(" ")
}

fn packages(text: &str) -> Vec<String> {
    read_text(&filled(text)).packages().map(shown).collect()
}

fn one(text: &str) -> String {
    let lockfile = read_text(&filled(text));
    assert_eq!(lockfile.oddities, [], "{text}");
    let all: Vec<_> = lockfile.packages().map(shown).collect();
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    all[0].clone()
}

/// Each oddity with the text at its place.
fn oddities(text: &str) -> Vec<(String, String)> {
    let lockfile = read_text(&filled(text));
    lockfile.oddities.iter().map(|o| (o.what.clone(), lockfile.file.slice(o.place).to_owned())).collect()
}
