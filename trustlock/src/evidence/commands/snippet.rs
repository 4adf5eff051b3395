//! A text taken out of a file, without indentation, continuations and escapes, that still knows where in
//! the file each of its bytes stands.

use std::ops::Range;

use crate::model::Span;

/// The text and its pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Snippet {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    /// Where it begins in the text.
    at: usize,
    /// What it stands for in the file.
    file: Range<usize>,
    /// It is the same there, byte for byte.
    verbatim: bool,
}

impl Snippet {
    /// All of `text`, from its beginning.
    pub(super) fn whole(text: &str) -> Self {
        let mut snippet = Self::default();
        snippet.push(text, 0);
        snippet
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Adds `text`, which stands in the file at `at` as it is.
    pub(super) fn push(&mut self, text: &str, at: usize) {
        if text.is_empty() {
            return;
        }
        match self.pieces.last_mut().filter(|last| last.verbatim && last.file.end == at) {
            Some(last) => last.file.end += text.len(),
            None => {
                let file = at..at + text.len();
                self.pieces.push(Piece { at: self.text.len(), file, verbatim: true });
            }
        }
        self.text.push_str(text);
    }

    /// Adds `text`, which the file spells differently at `file`.
    pub(super) fn put(&mut self, text: &str, file: Range<usize>) {
        self.pieces.push(Piece { at: self.text.len(), file, verbatim: false });
        self.text.push_str(text);
    }

    /// Adds the part `range` of another snippet of the same file.
    pub(super) fn take(&mut self, other: &Self, range: Range<usize>) {
        let Some(first) = other.pieces.partition_point(|piece| piece.at <= range.start).checked_sub(1) else {
            return;
        };
        for (index, piece) in other.pieces.iter().enumerate().skip(first) {
            if piece.at >= range.end {
                return;
            }
            let end = other.pieces.get(index + 1).map_or(other.text.len(), |next| next.at);
            let (from, to) = (piece.at.max(range.start), end.min(range.end));
            let Some(text) = other.text.get(from..to) else { return };
            if piece.verbatim {
                self.push(text, piece.file.start + (from - piece.at));
            } else {
                self.put(text, piece.file.clone());
            }
        }
    }

    /// Where in the file `range` of the text stands.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let piece = |inside: &dyn Fn(&Piece) -> bool| {
            self.pieces.partition_point(|p| inside(p)).checked_sub(1).and_then(|index| self.pieces.get(index))
        };
        let start = piece(&|p| p.at <= range.start).map_or(0, |p| {
            if p.verbatim { (p.file.start + (range.start - p.at)).min(p.file.end) } else { p.file.start }
        });
        let end = piece(&|p| p.at < range.end).map_or(start, |p| {
            if p.verbatim { (p.file.start + (range.end - p.at)).min(p.file.end) } else { p.file.end }
        });
        Span::new(start, end.max(start))
    }
}

/// The parts `items` of `source` as one line of a shell, a word each; an escape in them is one of JSON.
pub(super) fn quoted(source: &Snippet, items: &[Range<usize>]) -> Snippet {
    let mut line = Snippet::default();
    for item in items {
        let file = |range: Range<usize>| source.span(range).range();
        line.put("'", file(item.start..item.start));
        let mut at = item.start;
        while let Some(rest) = source.text.get(at..item.end).filter(|rest| !rest.is_empty()) {
            let (text, length) = match (rest.strip_prefix('\\'), rest.starts_with('\'')) {
                (Some(escaped), _) => {
                    let c = escaped.chars().next().unwrap_or('\\');
                    (
                        if c == 'n' { "\n" } else { escaped.get(..c.len_utf8()).unwrap_or_default() },
                        1 + c.len_utf8(),
                    )
                }
                (None, true) => (r"'\''", 1),
                (None, false) => {
                    let length = rest.find(['\\', '\'']).unwrap_or(rest.len());
                    line.take(source, at..at + length);
                    ("", length)
                }
            };
            if !text.is_empty() {
                line.put(text, file(at..(at + length).min(item.end)));
            }
            at += length;
        }
        line.put("' ", file(item.end..item.end));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_what_is_left_out() {
        let file = "  run: a \\\n    b ''c''";
        let mut snippet = Snippet::default();
        snippet.push("a ", 7);
        snippet.push("b ", 15);
        snippet.put("'", 17..19);
        snippet.push("c", 19);
        snippet.put("'", 20..22);
        assert_eq!(snippet.text(), "a b 'c'");
        for (range, there) in [(0..1, "a"), (2..3, "b"), (0..3, "a \\\n    b"), (4..7, "''c''"), (5..6, "c")]
        {
            assert_eq!(&file[snippet.span(range.clone()).range()], there, "{range:?}");
        }
        let mut part = Snippet::default();
        part.take(&snippet, 2..7);
        assert_eq!(part.text(), "b 'c'");
        assert_eq!(&file[part.span(2..5).range()], "''c''");
    }
}
