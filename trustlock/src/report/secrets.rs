//! Where credentials stand in a text, so that no output shows them.

use std::ops::Range;

/// Where credentials stand in `text`: sorted, and none overlaps another. Linear in the text.
pub(super) fn find_all(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    in_urls(text, &mut found);
    in_values(text, &mut found);
    behind_trusted_host(text, &mut found);
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
/// One slash is enough: so URL parsers read it, and so a URL inside another one is normalised.
fn in_urls(text: &str, found: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(colon) = find(text, from, ":/") {
        let end = position(text, colon, |c| c.is_whitespace() || matches!(c, '"' | '`' | '<' | '>'));
        let url = text.get(colon..end).unwrap_or_default();
        for (at, _) in url.match_indices(":/") {
            let start = position(url, at + 1, |c| !matches!(c, '/' | '\\'));
            let authority_end = position(url, start, |c| matches!(c, '/' | '\\' | '?' | '#'));
            let authority = url.get(start..authority_end).unwrap_or_default();
            if let Some((user, _)) = authority.rsplit_once('@')
                && !matches!(user, "" | "git")
            {
                found.push(colon + start..colon + start + user.len());
            }
        }
        let mut after_t = false;
        let mut at = colon;
        for segment in url.split('/') {
            let length = position(segment, 0, |c| matches!(c, '?' | '#'));
            if after_t && length > 0 && url.starts_with("://") {
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

/// `--trusted-host USER:TOKEN@host`, which is no URL.
fn behind_trusted_host(text: &str, found: &mut Vec<Range<usize>>) {
    const OPTION: &str = "trusted-host";
    let mut from = 0;
    while let Some(at) = find(text, from, OPTION) {
        let start =
            position(text, at + OPTION.len(), |c| !matches!(c, ' ' | '\t' | '=' | '"' | '\'' | '[' | ','));
        let end = position(text, start, |c| c.is_whitespace() || matches!(c, '"' | '\'' | '`'));
        if let Some(user) = text.get(start..end).and_then(|value| value.rfind('@')).filter(|user| *user > 0) {
            found.push(start..start + user);
        }
        from = end.max(at + OPTION.len());
    }
}

fn find(text: &str, from: usize, needle: &str) -> Option<usize> {
    Some(from + text.get(from..)?.find(needle)?)
}

/// The first position at or after `from` whose character fits, else the end.
fn position(text: &str, from: usize, fits: impl Fn(char) -> bool) -> usize {
    text.get(from..).and_then(|rest| rest.find(fits)).map_or(text.len(), |i| from + i)
}

#[cfg(test)]
mod tests;
