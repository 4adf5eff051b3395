//! From text to the lines that pip sees: split where Python splits, joined at `\`, without comments.

use std::borrow::Cow;
use std::ops::Range;

use crate::model::Span;

/// White space as Python's `str.isspace` and `\s` know it.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// A line of the file, as `str.splitlines` cuts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Physical<'a> {
    pub(super) text: &'a str,
    /// Where it starts in the file.
    pub(super) start: usize,
    /// What ends it; empty at the end of the file.
    pub(super) end: &'a str,
}

/// Every line of the file.
pub(super) fn physical(text: &str) -> impl Iterator<Item = Physical<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let length = rest.find(is_line_end).unwrap_or(rest.len());
        let (line, after) = rest.split_at_checked(length)?;
        let end = match after.chars().next() {
            Some('\r') if after.starts_with("\r\n") => 2,
            Some(c) => c.len_utf8(),
            None => 0,
        };
        let start = at;
        at += length + end;
        Some(Physical { text: line, start, end: after.get(..end).unwrap_or_default() })
    })
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A line as pip reads it: physical lines joined, stripped, without its comment, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Logical<'a> {
    pub(super) text: Cow<'a, str>,
    /// Parts of the text that stand together in the file: where each starts in the text, and there.
    pieces: Vec<(usize, usize)>,
}

impl Logical<'_> {
    /// The place of the whole line.
    pub(super) fn place(&self) -> Span {
        self.span(&(0..self.text.len()))
    }

    /// The place in the file from the first to the last byte of a part of the text.
    pub(super) fn span(&self, part: &Range<usize>) -> Span {
        let start = self.in_file(part.start);
        let end = if part.is_empty() { start } else { self.in_file(part.end - 1) + 1 };
        Span::new(start, end.max(start))
    }

    /// Whether a part of the text stands in the file as it is.
    pub(super) fn is_whole(&self, part: &Range<usize>) -> bool {
        let next = self.pieces.partition_point(|(at, _)| *at <= part.start);
        self.pieces.get(next).is_none_or(|(at, _)| *at >= part.end)
    }

    fn in_file(&self, offset: usize) -> usize {
        let next = self.pieces.partition_point(|(at, _)| *at <= offset);
        let piece = next.checked_sub(1).and_then(|index| self.pieces.get(index));
        piece.map_or(0, |(at, file)| file + (offset - at))
    }
}

/// What a file says, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Something for pip.
    Logical(Logical<'a>),
    /// A line that a comment above it swallows, since that comment ends in `\`.
    Swallowed(Span),
}

/// Every line that pip acts upon, and every one that people may think it does.
pub(super) fn logical(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut physical = physical(text);
    std::iter::from_fn(move || {
        let first = physical.next()?;
        let mut joined = Joined::default();
        let mut next = Some(first);
        while let Some(line) = next {
            if !joined.push(&line) {
                break;
            }
            next = physical.next();
        }
        Some(joined.finish())
    })
    .flatten()
}

/// Lines on their way to become one.
#[derive(Default)]
struct Joined<'a> {
    parts: Vec<(&'a str, usize)>,
}

impl<'a> Joined<'a> {
    /// Adds a line; whether the next one belongs to it too.
    fn push(&mut self, line: &Physical<'a>) -> bool {
        let comment = is_comment(line.text);
        if !line.text.ends_with('\\') || comment {
            if comment {
                // So that the comment is one, whatever stands before it.
                self.parts.push((" ", line.start));
            }
            self.parts.push((line.text, line.start));
            return false;
        }
        // Python strips them at both ends.
        let kept = line.text.trim_start_matches('\\');
        let start = line.start + line.text.len() - kept.len();
        self.parts.push((kept.trim_end_matches('\\'), start));
        true
    }

    fn finish(self) -> Vec<Line<'a>> {
        let mut pieces = Vec::with_capacity(self.parts.len());
        let text = match self.parts.as_slice() {
            [(only, start)] => {
                pieces.push((0, *start));
                Cow::Borrowed(*only)
            }
            parts => {
                let mut text = String::with_capacity(parts.iter().map(|(part, _)| part.len()).sum());
                for (part, start) in parts {
                    pieces.push((text.len(), *start));
                    text.push_str(part);
                }
                Cow::Owned(text)
            }
        };
        let comment = comment(&text);
        let mut lines = Vec::new();
        let kept = stripped(&text, 0..comment.unwrap_or(text.len()));
        if !kept.is_empty() {
            let text = match &text {
                Cow::Borrowed(text) => text.get(kept.clone()).unwrap_or_default().into(),
                Cow::Owned(text) => text.get(kept.clone()).unwrap_or_default().to_owned().into(),
            };
            lines.push(Line::Logical(Logical { text, pieces: moved(&pieces, kept.start) }));
        }
        if let Some(comment) = comment {
            let after = pieces.iter().zip(&self.parts).filter(|((at, _), _)| *at > comment);
            let lost = after.filter(|(_, (part, _))| !part.trim_matches(is_space).is_empty());
            let lost = lost.filter(|(_, (part, _))| !is_comment(part));
            lines.extend(lost.map(|(_, (part, start))| {
                let inner = stripped(part, 0..part.len());
                Line::Swallowed(Span::new(start + inner.start, start + inner.end))
            }));
        }
        lines
    }
}

/// The pieces of a text whose first `by` bytes are gone.
fn moved(pieces: &[(usize, usize)], by: usize) -> Vec<(usize, usize)> {
    let first = pieces.partition_point(|(at, _)| *at <= by).saturating_sub(1);
    let rest = pieces.get(first..).unwrap_or_default();
    rest.iter()
        .map(|(at, file)| match at.checked_sub(by) {
            Some(at) => (at, *file),
            None => (0, file + (by - at)),
        })
        .collect()
}

/// Whether the whole line is a comment.
fn is_comment(line: &str) -> bool {
    line.trim_start_matches(is_space).starts_with('#')
}

/// Where the comment of a line begins, white space before it included: `(^|\s+)#`.
fn comment(text: &str) -> Option<usize> {
    text.match_indices('#').find_map(|(at, _)| {
        let before = text.get(..at)?;
        let kept = before.trim_end_matches(is_space);
        (at == 0 || kept.len() < before.len()).then_some(kept.len())
    })
}

/// The part without white space at its ends.
fn stripped(text: &str, part: Range<usize>) -> Range<usize> {
    let inner = text.get(part.clone()).unwrap_or_default();
    let start = part.start + inner.len() - inner.trim_start_matches(is_space).len();
    let end = part.start + inner.trim_end_matches(is_space).len();
    start..end.max(start)
}
