//! What a `Cargo.lock` may hold that cargo reads otherwise than people do, each with its words.

use crate::model::{Oddity, Span};

/// What mends anything.
const RESTORE: &str = "restore the lockfile from a commit that you trust; `cargo check` adds what it lacks";

/// An oddity at `place`.
fn odd(place: Span, cause: &'static str, what: String, effect: &str, help: &str) -> Oddity {
    Oddity {
        place,
        what,
        effect: effect.to_owned(),
        help: help.to_owned(),
        cause: Some(cause),
        package: None,
    }
}

pub(super) fn old_version(place: Span, version: u32) -> Oddity {
    odd(
        place,
        "versions are written that cargo never writes",
        format!("version {version} is never written out in a `Cargo.lock`"),
        "cargo refuses the file, other tools read it",
        "remove the line: versions 1 and 2 have none",
    )
}

pub(super) fn unknown_key(place: Span, key: &str, suggestion: Option<&str>) -> Oddity {
    let help = match suggestion {
        Some(known) => format!("write `{known}` if that is meant, else remove it"),
        None => "remove it".to_owned(),
    };
    let effect = match suggestion {
        Some(known) => format!("cargo ignores it in silence, and sees no `{known}` here"),
        None => "cargo ignores it in silence".to_owned(),
    };
    odd(place, "keys are unknown to cargo", format!("`{key}` is not a key of `Cargo.lock`"), &effect, &help)
}

pub(super) fn bad_name(place: Span, name: &str) -> Oddity {
    let effect = if name.chars().any(char::is_control) {
        "what a terminal shows here is not what cargo reads"
    } else {
        "only letters, digits, `-` and `_` make a name"
    };
    odd(
        place,
        "names could not be names of packages",
        format!("`{name}` cannot be the name of a package"),
        effect,
        "cargo never writes such a name: treat it as an attack",
    )
}

pub(super) fn bad_version(place: Span, version: &str) -> Oddity {
    odd(
        place,
        "versions are not semantic versions",
        format!("`{version}` is not a version"),
        "cargo refuses the file, other tools read it",
        RESTORE,
    )
}

pub(super) fn bad_source(place: Span, effect: &str) -> Oddity {
    odd(place, "sources cannot be understood", "this source cannot be understood".to_owned(), effect, RESTORE)
}

pub(super) fn bad_checksum(place: Span, effect: &str) -> Oddity {
    odd(
        place,
        "checksums are not sha256 digests",
        "this checksum is not a sha256 digest".to_owned(),
        effect,
        "restore the line from a commit that you trust",
    )
}

pub(super) fn upper_case_checksum(place: Span) -> Oddity {
    odd(
        place,
        "checksums are in upper case",
        "this checksum is in upper case".to_owned(),
        "cargo compares the text, so it equals no digest",
        "write it in lower case",
    )
}

pub(super) fn idle_checksum(place: Span, kind: &str) -> Oddity {
    odd(
        place,
        "checksums are never checked",
        format!("a {kind} package has a checksum"),
        "cargo never checks it",
        "remove the line; if the package should come from a registry, its `source` is wrong",
    )
}

pub(super) fn twice(place: Span, label: &str) -> Oddity {
    odd(
        place,
        "packages are locked twice",
        format!("`{label}` is locked twice"),
        "the second entry of one package; tools disagree on which one counts",
        "a merge has gone wrong: restore the lockfile from a commit that you trust",
    )
}

pub(super) fn orphan(place: Span, label: &str) -> Oddity {
    odd(
        place,
        "packages are needed by nothing in the project",
        format!("`{label}` is needed by nothing in the project"),
        "no way leads here from a package of the project; cargo drops it in silence",
        "run `cargo check`, which removes it, or restore what needed it",
    )
}

pub(super) fn no_project(place: Span) -> Oddity {
    odd(
        place,
        "lockfiles lock no package of a project",
        "this lockfile locks no package of a project".to_owned(),
        "every package has a `source`, so nothing needs any of them",
        RESTORE,
    )
}

pub(super) fn dangling_edge(place: Span, several: bool) -> Oddity {
    let (what, effect) = if several {
        ("this dependency names several packages", "more than one entry fits, and cargo ignores the line")
    } else {
        ("this dependency names no package", "no entry of this file fits, and cargo ignores the line")
    };
    odd(place, "dependencies do not name one package", what.to_owned(), effect, RESTORE)
}

pub(super) fn replaced_with_edges(place: Span) -> Oddity {
    odd(
        place,
        "replaced packages have dependencies",
        "a replaced package has dependencies of its own".to_owned(),
        "cargo panics on this entry",
        RESTORE,
    )
}

pub(super) fn disarmed(place: Span, count: usize) -> Oddity {
    let lines = if count == 1 { "a line".to_owned() } else { format!("{count} lines") };
    odd(
        place,
        "lines disarm every checksum",
        format!("{lines} in `[metadata]` disarms every checksum of this file"),
        "cargo takes this for a bad merge and discards all checksums",
        "remove every such line, and compare every checksum with a commit that you trust",
    )
}

pub(super) fn idle_metadata(place: Span, effect: &str) -> Oddity {
    odd(
        place,
        "checksums in `[metadata]` protect nothing",
        "this checksum protects nothing".to_owned(),
        effect,
        RESTORE,
    )
}

pub(super) fn more(place: Span, count: usize) -> Oddity {
    odd(
        place,
        "lockfiles hold more than can be shown",
        format!("{count} more oddities are not shown"),
        "a file like this is not the work of cargo",
        RESTORE,
    )
}
