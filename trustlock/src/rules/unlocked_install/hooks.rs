//! pre-commit: what hooks install besides themselves, and hooks that are taken from a branch.

use super::door::{Cause, Door, Site};
use super::requirement::{Asked, asked};

/// `additional_dependencies` without exact versions.
pub(super) fn dependencies(site: &Site<'_>) -> Option<Door> {
    let words = &site.command.words;
    let is_open = |text: &str| asked(text, false) == Asked::Open && !is_exact_elsewhere(text);
    let open: Vec<&str> = words.iter().map(|word| &*word.text).filter(|text| is_open(text)).collect();
    let first = open.first()?;
    let more = if open.len() > 1 { format!(" and {} more", open.len() - 1) } else { String::new() };
    let title = format!("a hook installs `{first}`{more} in whatever version is newest");
    let label = "pre-commit installs these without a lockfile";
    let pinned = open.iter().map(|text| format!("{}==VERSION", super::requirement::name(text)));
    Some(
        Door::new(Cause::Hook, site.command.span(), title, label)
            .paste("name exact versions", format!("additional_dependencies: [{}]", pinned.collect::<Vec<_>>().join(", "))),
    )
}

/// The ways of other languages: `cli:name:1.2` of Rust, `name=1.2` of conda, `name:1.2` of Ruby.
fn is_exact_elsewhere(text: &str) -> bool {
    let version = text.rsplit([':', '=']).next().unwrap_or_default();
    let has_bound = text.contains(['<', '>', '~', '!', '^', '*']);
    version.len() < text.len() && !has_bound && version.starts_with(|c: char| c.is_ascii_digit())
}

/// A `rev` that is the name of a branch: no digit, no dot.
pub(super) fn revision(site: &Site<'_>) -> Option<Door> {
    let word = site.command.words.first()?;
    if word.text.is_empty() || word.text.contains(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let title = format!("hooks are taken from the branch `{}`", word.text);
    let label = "whoever can push there decides what runs in every commit";
    let door = Door::new(Cause::Branch, site.command.span(), title, label);
    Some(door.paste("pin each repository to a commit", "pre-commit autoupdate --freeze"))
}
