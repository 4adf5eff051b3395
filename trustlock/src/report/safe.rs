//! Text that came from a checkout, made fit to be shown: nothing in it moves a terminal's cursor,
//! changes the order of letters, hides, or is a command to the machine that reads the log, and no
//! credential passes.
//!
//! Every output runs every text through here, messages of rules included, since these quote names and
//! addresses of the files that they judge.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::secrets;

/// What stands in place of a credential.
pub const REDACTED: &str = "***";

/// The longest text that people are shown, in characters.
const LONGEST: usize = 1000;

/// One line of text: credentials are replaced, and every character that is invisible, or acts on what
/// stands around it, is spelled out as `\u{1b}`. Line breaks are.
pub fn line(text: &str) -> Cow<'_, str> {
    clean(text, false)
}

/// As [`line()`], for text of several lines.
pub fn block(text: &str) -> Cow<'_, str> {
    clean(text, true)
}

/// As [`line()`], cut where it is longer than people read.
pub fn brief(text: &str) -> String {
    let line = line(text);
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line.into_owned(),
    }
}

fn clean(text: &str, breaks: bool) -> Cow<'_, str> {
    let secrets = secrets::find_all(text);
    if secrets.is_empty() && text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut secrets = secrets.into_iter().peekable();
    let mut at_start = true;
    for (at, c) in text.char_indices() {
        while secrets.next_if(|s| s.end <= at).is_some() {}
        match secrets.peek() {
            Some(secret) if secret.contains(&at) => {
                if secret.start == at {
                    out.push_str(REDACTED);
                }
            }
            _ if breaks && c == '\n' => out.push(c),
            // A log's reader takes `::` for a command where it starts a line.
            _ if at_start && c == ':' => escape(&mut out, c),
            _ => push(&mut out, text, at, c),
        }
        at_start = (breaks && c == '\n') || (at_start && c.is_whitespace());
    }
    Cow::Owned(out)
}

/// A byte that needs no second look wherever it stands.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'#' | b':')
}

/// Appends the character `c` of `text`, which stands at `at`, so that it can be seen and does nothing.
pub(super) fn push(out: &mut String, text: &str, at: usize, c: char) {
    if is_hidden(c) || starts_command(text, at) { escape(out, c) } else { out.push(c) }
}

fn escape(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // Writing to a `String` does not fail.
        _ => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
    }
}

/// Whether the second `#` of `##[…`, `##vso[…` or `##teamcity[…` stands at `at`: build servers obey
/// these wherever they stand in a line of a log.
fn starts_command(text: &str, at: usize) -> bool {
    text.get(at..)
        .and_then(|rest| rest.strip_prefix('#'))
        .is_some_and(|rest| rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('['))
        && text.get(..at).is_some_and(|before| before.ends_with('#'))
}

/// Controls, everything that Unicode calls default-ignorable, bidirectional formatting, spaces other
/// than the ordinary one, fillers that render as nothing, private use and noncharacters.
fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || c.is_whitespace()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests;
