//! Words of an options string, as Python's `shlex.split` cuts it.

use std::borrow::Cow;
use std::ops::Range;

/// A word, and where it stands in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) text: Cow<'a, str>,
    /// Quotes and escapes included.
    pub(super) at: Range<usize>,
}

impl Word<'_> {
    /// What follows the first `from` bytes.
    pub(super) fn after(&self, from: usize) -> Self {
        match &self.text {
            Cow::Borrowed(text) => Self {
                text: text.get(from..).unwrap_or_default().into(),
                at: self.at.start + from..self.at.end,
            },
            Cow::Owned(text) => {
                Self { text: text.get(from..).unwrap_or_default().to_owned().into(), at: self.at.clone() }
            }
        }
    }

    /// Whether the line spells it as it is.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }
}

/// What makes `shlex` give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclosed;

/// The words of `line` from `start` on.
pub(super) fn words(line: &str, start: usize) -> Result<Vec<Word<'_>>, Unclosed> {
    let mut words = Vec::new();
    let mut at = start;
    while let Some(rest) = line.get(at..) {
        let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        at += skipped;
        let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) else { break };
        let plain = rest.find([' ', '\t', '\r', '\n', '\'', '"', '\\']).unwrap_or(rest.len());
        if rest.get(plain..).is_some_and(|rest| !rest.starts_with(['\'', '"', '\\'])) {
            let text = rest.get(..plain).unwrap_or_default();
            words.push(Word { text: text.into(), at: at..at + plain });
            at += plain;
        } else {
            let (text, length) = spelled(rest)?;
            words.push(Word { text: text.into(), at: at..at + length });
            at += length;
        }
    }
    Ok(words)
}

/// A word with quotes or escapes, decoded, and its length as written.
fn spelled(rest: &str) -> Result<(String, usize), Unclosed> {
    let mut text = String::new();
    let mut quote = None;
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (None, ' ' | '\t' | '\r' | '\n') => return Ok((text, at)),
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None | Some('"'), '\\') => {
                let (_, next) = chars.next().ok_or(Unclosed)?;
                // Within quotes a backslash escapes only the quote and itself.
                if quote.is_some() && next != '\\' && next != '"' {
                    text.push('\\');
                }
                text.push(next);
            }
            (_, c) => text.push(c),
        }
    }
    if quote.is_some() { Err(Unclosed) } else { Ok((text, rest.len())) }
}
