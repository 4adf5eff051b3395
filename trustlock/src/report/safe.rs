//! Text that came from a checkout, made fit to be shown: nothing in it moves a terminal's cursor,
//! changes the order of letters or hides, and no credential passes.
//!
//! Every output runs every text through here, messages of rules included, since these quote names and
//! addresses of the files that they judge.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

/// What stands in place of a credential.
pub const REDACTED: &str = "***";

/// One line of text: credentials are replaced, and every character that is invisible, or acts on what
/// stands around it, is spelled out as `\u{1b}`. Line breaks are.
pub fn line(text: &str) -> Cow<'_, str> {
    clean(text, is_hidden)
}

/// As [`line`], for text of several lines.
pub fn block(text: &str) -> Cow<'_, str> {
    clean(text, |c| c != '\n' && is_hidden(c))
}

fn clean(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    let secrets = secrets(text);
    if secrets.is_empty() && !text.chars().any(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut secrets = secrets.into_iter().peekable();
    for (at, c) in text.char_indices() {
        while secrets.next_if(|s| s.end <= at).is_some() {}
        match secrets.peek() {
            Some(secret) if secret.contains(&at) => {
                if secret.start == at {
                    out.push_str(REDACTED);
                }
            }
            _ if hidden(c) => push_escaped(&mut out, c),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Appends `c` so that it can be seen.
pub(super) fn push(out: &mut String, c: char) {
    if is_hidden(c) { push_escaped(out, c) } else { out.push(c) }
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // Writing to a `String` does not fail.
        _ => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
    }
}

/// Controls, everything that Unicode calls default-ignorable, bidirectional formatting, spaces other
/// than the ordinary one, fillers that render as nothing, private use and noncharacters.
pub(super) fn is_hidden(c: char) -> bool {
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

/// Where credentials stand in `text`: sorted, and none overlaps another. Linear in the text.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    in_urls(text, &mut found);
    in_values(text, &mut found);
    found.sort_by_key(|s| (s.start, s.end));
    found.dedup_by(|later, earlier| {
        let touches = later.start < earlier.end;
        if touches {
            earlier.end = earlier.end.max(later.end);
        }
        touches
    });
    found
}

/// `https://USER:TOKEN@host`, except the user `git` alone, and the token of `https://host/t/TOKEN/`.
fn in_urls(text: &str, found: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(colon) = find(text, from, "://") {
        let end = position(text, colon, |c| c.is_whitespace() || matches!(c, '"' | '`' | '<' | '>'));
        let url = text.get(colon..end).unwrap_or_default();
        for (at, _) in url.match_indices("://") {
            let authority = at + 3..position(url, at + 3, |c| matches!(c, '/' | '\\' | '?' | '#'));
            let user = url.get(authority.clone()).and_then(|a| Some(a.get(..a.rfind('@')?)?.len()));
            if let Some(length) = user
                && !matches!(url.get(authority.start..authority.start + length), Some("" | "git"))
            {
                found.push(colon + authority.start..colon + authority.start + length);
            }
        }
        let mut after_t = false;
        let mut at = colon;
        for segment in url.split('/') {
            let length = position(segment, 0, |c| matches!(c, '?' | '#'));
            if after_t && length > 0 {
                found.push(at..at + length);
            }
            after_t = segment == "t";
            at += segment.len() + 1;
        }
        from = end;
    }
}

/// The value of `?access_token=…`, `token = "…"`, `CARGO_REGISTRY_TOKEN=…` and the like.
fn in_values(text: &str, found: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(equals) = find(text, from, "=") {
        from = equals + 1;
        let before = text.get(..equals).unwrap_or_default();
        if !names_a_credential(before) {
            continue;
        }
        let start = position(text, from, |c| !matches!(c, ' ' | '\t'));
        let quote = text.get(start..).and_then(|rest| rest.chars().next());
        let value = match quote {
            Some(quote @ ('"' | '\'' | '`')) => quoted(text, start, quote),
            _ => start..position(text, start, |c| c.is_whitespace() || "&#;,\"'`<>)]}".contains(c)),
        };
        from = value.end.max(from);
        if !value.is_empty() {
            found.push(value);
        }
    }
}

/// Whether the key at the end of `before` is one that credentials stand behind.
fn names_a_credential(before: &str) -> bool {
    const KEYS: &[&str] = &[
        "token",
        "password",
        "passwd",
        "secret",
        "secretkey",
        "apikey",
        "accesskey",
        "signature",
        "credential",
    ];
    let before = before.trim_end_matches([' ', '\t']).trim_end_matches(['"', '\'', '`']);
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    // No key that is meant here is longer; the limit keeps the scan linear.
    let key: Vec<char> = before.chars().rev().take(64).take_while(|c| is_key(*c)).collect();
    let key: String =
        key.into_iter().rev().filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect();
    matches!(&*key, "auth" | "sig") || KEYS.iter().any(|k| key.ends_with(k))
}

/// The inside of the quoted text at `start`; one quote or three, `\` shields in double quotes.
fn quoted(text: &str, start: usize, quote: char) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let opening = match rest.len() - rest.trim_start_matches(quote).len() {
        0..=1 => 1,
        2 => return start..start,
        _ => 3,
    };
    let inside = start + opening;
    let mut run = 0;
    let mut shielded = false;
    for (at, c) in text.get(inside..).unwrap_or_default().char_indices() {
        run = if c == quote && !shielded { run + 1 } else { 0 };
        if run == opening {
            return inside..inside + at + 1 - opening;
        }
        if c == '\n' && opening == 1 {
            return inside..inside + at;
        }
        shielded = c == '\\' && quote == '"' && !shielded;
    }
    inside..text.len()
}

fn find(text: &str, from: usize, needle: &str) -> Option<usize> {
    Some(from + text.get(from..)?.find(needle)?)
}

/// The first position at or after `from` whose character fits, else the end.
fn position(text: &str, from: usize, fits: impl Fn(char) -> bool) -> usize {
    text.get(from..).and_then(|rest| rest.find(fits)).map_or(text.len(), |i| from + i)
}
