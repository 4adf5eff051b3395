//! What a requirements file may hold that pip reads otherwise than people do, each with its words.

use crate::lockfile::python::oddity::odd;
use crate::model::{Oddity, Span};

pub(super) fn separator(place: Span, name: &str) -> Oddity {
    odd(
        place,
        "lines end where people see no end",
        format!("a line ends here, in {name}"),
        "pip reads what follows as a line of its own; editors, diffs and uv show it as part of this one",
        "no tool writes this: treat it as an attack, or end the line with a line feed",
    )
}

pub(super) fn invisible(place: Span, c: char) -> Oddity {
    odd(
        place,
        "characters turn the direction of the text",
        format!("U+{:04X} changes the order in which people see this line", u32::from(c)),
        "what a review shows here is not what pip reads",
        "no tool writes this: treat it as an attack",
    )
}

pub(super) fn swallowed(place: Span) -> Oddity {
    odd(
        place,
        "lines are swallowed by a comment",
        "this line is part of the comment above it".to_owned(),
        "that comment ends in `\\`, so pip joins the two and drops both",
        "remove the comment, or its `\\`",
    )
}

pub(super) fn lost_hash(place: Span) -> Oddity {
    odd(
        place,
        "hashes belong to no requirement",
        "this hash belongs to no requirement".to_owned(),
        "pip ignores it with no more than a warning: the line above it ended at a comment, or lacks its `\\`",
        "end the line above with `\\`, and move comments behind the last hash",
    )
}

pub(super) fn refused(place: Span, why: &str) -> Oddity {
    odd(
        place,
        "lines are refused by pip",
        "pip refuses this line".to_owned(),
        why,
        "correct the line: until then pip installs nothing from this file, and other tools guess",
    )
}

pub(super) fn ignored_option(place: Span, name: &str) -> Oddity {
    odd(
        place,
        "options have no effect where they stand",
        format!("`{name}` has no effect here"),
        "pip obeys it only on a line of its own",
        "move it to a line of its own, or remove it",
    )
}

pub(super) fn second_option(place: Span, name: &str) -> Oddity {
    odd(
        place,
        "options have no effect where they stand",
        format!("this `{name}` has no effect"),
        "of several on one line pip obeys one alone",
        "give each a line of its own",
    )
}

pub(super) fn ignored_words(place: Span) -> Oddity {
    odd(
        place,
        "words have no effect where they stand",
        "pip passes over this".to_owned(),
        "after the first option of a line, words that are no options count for nothing",
        "move it in front of the options if it is meant, else remove it",
    )
}

pub(super) fn abbreviated(place: Span, written: &str, name: &str) -> Oddity {
    odd(
        place,
        "options are spelled as nobody looks for them",
        format!("`{written}` is `{name}` for pip"),
        "a search for the option does not find it, and other tools refuse it",
        &format!("write `{name}`"),
    )
}

pub(super) fn replaced_index(place: Span, name: &str) -> Oddity {
    odd(
        place,
        "indexes are dropped by a later line",
        format!("this `{name}` has no effect in pip"),
        "a later `--index-url` or `--no-index` takes its place; uv asks both",
        "remove it, or move it behind that line",
    )
}

pub(super) fn variable(place: Span) -> Oddity {
    odd(
        place,
        "variables decide what is installed",
        "a variable decides what is installed".to_owned(),
        "pip replaces it by whatever the machine's environment holds, so this file does not lock it",
        "write the name and version themselves",
    )
}

pub(super) fn two_digests(place: Span) -> Oddity {
    odd(
        place,
        "digests of one URL disagree",
        "this digest and the one in the URL's fragment are of different files".to_owned(),
        "pip accepts either file",
        "find out which file is meant, and keep its digest alone",
    )
}
