//! What a `Pipfile.lock` may hold that pipenv, or the pip below it, reads otherwise than people do.

use crate::lockfile::python::oddity::odd;
use crate::model::{Oddity, Span};

const ATTACK: &str = "pipenv writes no such value: treat it as an attack";
const LOCK: &str = "restore it from a commit that you trust, or run `pipenv lock`";

pub(super) fn hidden(place: Span, key: &str) -> Oddity {
    odd(
        place,
        "keys stand twice",
        format!("`{key}` stands again further down"),
        "pipenv reads the last one alone: what stands here is for show",
        LOCK,
    )
}

pub(super) fn source_twice(place: Span, name: &str) -> Oddity {
    odd(
        place,
        "sources share a name",
        format!("another source is named `{name}` too"),
        "packages with this `index` come from the first of them",
        "give each source a name of its own in the `Pipfile`, and run `pipenv lock`",
    )
}

pub(super) fn unknown_index(place: Span, index: &str) -> Oddity {
    odd(
        place,
        "packages name sources that do not exist",
        format!("`{index}` is no source of this file"),
        "pipenv stops here, and its older versions ask every source",
        LOCK,
    )
}

pub(super) fn no_hashes(place: Span) -> Oddity {
    odd(
        place,
        "lists of hashes are empty",
        "`hashes` is empty".to_owned(),
        "pipenv hands pip a line with a `--hash` of nothing",
        LOCK,
    )
}

/// What pip makes of `text` inside the line that pipenv builds, besides a value.
pub(super) fn spliced(place: Span, what: &str, text: &str) -> Option<Oddity> {
    let effect = if text.chars().any(ends_line) {
        "pip takes what follows the line break for a line of its own: another package, or an option"
    } else if text.chars().any(char::is_control) {
        "what a terminal shows here is not what tools read"
    } else if text.split_whitespace().any(|word| word.starts_with('-')) {
        "pip takes what begins with `-` for an option"
    } else if text.split_whitespace().any(|word| word.starts_with('#')) {
        "pip takes the rest of the line, the hashes too, for a comment"
    } else {
        return None;
    };
    Some(odd(
        place,
        "values carry more than a value into the line that pip reads",
        format!("{what} holds more than a value"),
        effect,
        ATTACK,
    ))
}

/// Whether Python's `splitlines`, with which pip cuts a file into lines, cuts here.
fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

pub(super) fn glued(place: Span, version: &str) -> Oddity {
    odd(
        place,
        "versions are no versions",
        format!("`{version}` is not a version with its operator"),
        "pipenv glues it to the name of the package, which makes another name, an address, or an option",
        ATTACK,
    )
}
