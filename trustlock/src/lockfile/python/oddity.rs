//! What a Python lockfile may hold that its tools read otherwise than people do, each with its words.

use crate::model::{Oddity, Span};

/// What mends anything.
pub(in crate::lockfile) const RESTORE: &str =
    "restore the lockfile from a commit that you trust, or let its tool write it again";

/// An oddity at `place`; those with the same cause are shown once.
pub(in crate::lockfile) fn odd(
    place: Span,
    cause: &'static str,
    what: String,
    effect: &str,
    help: &str,
) -> Oddity {
    Oddity {
        place,
        what,
        effect: effect.to_owned(),
        help: help.to_owned(),
        cause: Some(cause),
        package: None,
    }
}

pub(in crate::lockfile) fn no_digest(place: Span, effect: &str) -> Oddity {
    odd(place, "digests are none", "this is not a digest".to_owned(), effect, RESTORE)
}

pub(in crate::lockfile) fn unknown_algorithm(place: Span, name: &str) -> Oddity {
    odd(
        place,
        "digests are of unknown algorithms",
        format!("`{name}` is not an algorithm that tools check by that name"),
        "some tools refuse it, others install without checking anything",
        RESTORE,
    )
}

pub(in crate::lockfile) fn look_alike_key(place: Span, key: &str, known: &str, tool: &str) -> Oddity {
    odd(
        place,
        "keys look like keys that count",
        format!("`{key}` looks like `{known}`"),
        &format!("{tool} ignores it in silence, and sees no `{known}` here"),
        &format!("write `{known}` if that is meant, else remove it"),
    )
}

pub(in crate::lockfile) fn foreign_file(place: Span, file: &str, package: &str) -> Oddity {
    odd(
        place,
        "files are named after other packages",
        format!("`{file}` is not a file of `{package}`"),
        "what is installed is not what the entry names",
        RESTORE,
    )
}

pub(in crate::lockfile) fn file_of_other_version(place: Span, file: &str, version: &str) -> Oddity {
    odd(
        place,
        "files are of other versions than their entries",
        format!("`{file}` is not of version {version}"),
        "what is installed is not the version that the entry names",
        RESTORE,
    )
}

pub(in crate::lockfile) fn wrong_kind(place: Span, file: &str, kind: &str) -> Oddity {
    odd(
        place,
        "files stand where files of another kind belong",
        format!("`{file}` stands as a {kind}"),
        "its name says that it is none",
        RESTORE,
    )
}

pub(in crate::lockfile) fn no_filename(place: Span, file: &str) -> Oddity {
    odd(
        place,
        "files have names that no file can have",
        format!("`{file}` is not the name of a file"),
        "tools that join it to a folder leave that folder",
        "no tool writes such a name: treat it as an attack",
    )
}

pub(in crate::lockfile) fn several_sources(place: Span, kinds: &str, used: &str, tool: &str) -> Oddity {
    odd(
        place,
        "entries name several sources",
        format!("this entry names several sources: {kinds}"),
        &format!("{tool} takes `{used}` and ignores the others"),
        "no tool writes such an entry: treat it as an attack",
    )
}

pub(in crate::lockfile) fn static_url(place: Span) -> Oddity {
    odd(
        place,
        "files have URLs in lockfiles without `static_urls`",
        "this file has a URL, but `strategy` has no `static_urls`".to_owned(),
        "PDM refuses the file, other tools download from there",
        RESTORE,
    )
}

pub(in crate::lockfile) fn bad_name(place: Span, name: &str) -> Oddity {
    let effect = if name.chars().any(char::is_control) {
        "what a terminal shows here is not what tools read"
    } else {
        "letters, digits, `-`, `_` and `.` make a name, and it begins and ends with a letter or digit"
    };
    odd(
        place,
        "names could not be names of packages",
        format!("`{name}` cannot be the name of a package"),
        effect,
        "no tool writes such a name: treat it as an attack",
    )
}

pub(in crate::lockfile) fn bad_version(place: Span, version: &str) -> Oddity {
    odd(
        place,
        "versions are none by PEP 440",
        format!("`{version}` is not a version"),
        "tools refuse it, or take it for text",
        RESTORE,
    )
}

pub(in crate::lockfile) fn control_character(place: Span, what: &str) -> Oddity {
    odd(
        place,
        "values hold control characters",
        format!("{what} holds a control character"),
        "what a terminal shows here is not what tools read",
        "no tool writes such a value: treat it as an attack",
    )
}

pub(in crate::lockfile) fn twice(place: Span, label: &str) -> Oddity {
    odd(
        place,
        "packages are locked twice",
        format!("`{label}` is locked twice"),
        "the second entry of one package; tools disagree on which one counts",
        "a merge has gone wrong: restore the lockfile from a commit that you trust",
    )
}

pub(in crate::lockfile) fn dangling_edge(place: Span, several: bool, effect: &str) -> Oddity {
    let what =
        if several { "this dependency names several packages" } else { "this dependency names no package" };
    odd(place, "dependencies do not name one package", what.to_owned(), effect, RESTORE)
}

pub(in crate::lockfile) fn other_fragment(place: Span) -> Oddity {
    odd(
        place,
        "digests of one file disagree",
        "the digest in this URL is not the one that stands beside it".to_owned(),
        "tools that read this file ignore the one in the URL",
        RESTORE,
    )
}

pub(in crate::lockfile) fn more(place: Span, count: usize) -> Oddity {
    odd(
        place,
        "lockfiles hold more than can be shown",
        format!("{count} more oddities are not shown"),
        "a file like this is not the work of a tool",
        RESTORE,
    )
}

/// Whether `name` can be the name of a distribution (the names and normalization specification).
pub(in crate::lockfile) fn is_name(name: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    edge(name.chars().next())
        && edge(name.chars().next_back())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
