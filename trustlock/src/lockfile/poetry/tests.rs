#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod oddities;
mod properties;
mod reading;

use super::*;

pub(super) fn hex(digit: char) -> String {
    std::iter::repeat_n(digit, 64).collect()
}

pub(super) fn lock(text: &str) -> Lockfile {
    read(&File::new("poetry.lock", text)).unwrap_or_else(|problem| panic!("{problem:?}\n{text}"))
}

/// A lockfile of that version, with these entries.
pub(super) fn of_version(version: &str, entries: &str) -> String {
    format!(
        "{entries}\n[metadata]\nlock-version = \"{version}\"\npython-versions = \"*\"\ncontent-hash = \"{}\"\n",
        hex('0')
    )
}

/// `what @ the text at its place`, for every oddity.
pub(super) fn odd(text: &str) -> Vec<String> {
    let lockfile = lock(text);
    let at = |o: &crate::model::Oddity| format!("{} @ {}", o.what, lockfile.file.slice(o.place));
    lockfile.oddities.iter().map(at).collect()
}

/// `name@version: file=algorithm:hex, …`, for every package.
pub(super) fn files(lockfile: &Lockfile) -> Vec<String> {
    lockfile
        .packages()
        .map(|package| {
            let file = |artifact: crate::model::ArtifactRef<'_>| {
                let digests: Vec<_> = artifact
                    .digests()
                    .iter()
                    .map(|d| {
                        format!(
                            "{}:{:.4}{}",
                            d.algorithm.name(),
                            lockfile.text(d.hex),
                            if d.idle.is_some() { " idle" } else { "" }
                        )
                    })
                    .collect();
                format!("{}={}", artifact.filename().unwrap_or_default(), digests.join("|"))
            };
            format!("{}: {}", package.label(), package.artifacts().map(file).collect::<Vec<_>>().join(", "))
        })
        .collect()
}
