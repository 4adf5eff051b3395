//! From spans to lines and columns.

use std::collections::HashMap;
use std::sync::Arc;

use super::secrets;
use crate::model::{File, Place, Span};

/// A position as editors count: both from 1, the column in Unicode code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Characters are counted once per so many bytes, so that a column of a very long line is found
/// without walking the line.
const BLOCK: usize = 1024;

/// What is known about the lines of one file.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// Where each line starts.
    starts: Vec<u32>,
    /// How many characters stand before each block.
    blocks: Vec<u32>,
    /// Where credentials stand. Found in the whole text: a part of a line may begin inside one.
    pub(super) secrets: Vec<std::ops::Range<usize>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut starts = vec![0];
        let mut blocks = vec![0];
        let mut characters = 0u32;
        for (at, byte) in text.bytes().enumerate() {
            if at > 0 && at % BLOCK == 0 {
                blocks.push(characters);
            }
            characters += u32::from(is_first_byte(byte));
            if byte == b'\n' {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { text, starts, blocks, secrets: secrets::find_all(text) }
    }

    /// The position of a byte. Offsets inside a character or past the end move to the left.
    pub(super) fn position(&self, offset: usize) -> Position {
        let offset = self.clamp(offset);
        let line = self.starts.partition_point(|s| *s as usize <= offset);
        let start = self.start(line);
        Position { line, column: self.characters(offset) - self.characters(start) + 1 }
    }

    /// The first and last position of a span, the last one exclusive.
    pub(super) fn range(&self, span: Span) -> (Position, Position) {
        let range = span.range();
        let start = self.position(range.start);
        (start, self.position(range.end).max(start))
    }

    /// The bytes of a line, counted from 1, without its line break.
    pub(super) fn line(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.start(line);
        let end = self.starts.get(line).map_or(self.text.len(), |s| *s as usize - 1).max(start);
        let text = self.text.get(start..end).unwrap_or_default();
        start..end - usize::from(text.ends_with('\r'))
    }

    /// The text of the file.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// The nearest character boundary at or before `offset`.
    pub(super) fn clamp(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn start(&self, line: usize) -> usize {
        self.starts.get(line.saturating_sub(1)).map_or(self.text.len(), |s| *s as usize)
    }

    /// How many characters stand before `offset`.
    fn characters(&self, offset: usize) -> usize {
        let block = (offset / BLOCK).min(self.blocks.len() - 1);
        let rest = self.text.as_bytes().get(block * BLOCK..offset).unwrap_or_default();
        let before = self.blocks.get(block).copied().unwrap_or_default() as usize;
        before + rest.iter().filter(|b| is_first_byte(**b)).count()
    }
}

fn is_first_byte(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

/// The lines of every file that a report points into, each indexed once.
#[derive(Default)]
pub(super) struct Files<'a> {
    lines: HashMap<*const File, Lines<'a>>,
}

impl<'a> Files<'a> {
    /// The lines of the file that `place` points into.
    pub(super) fn of(&mut self, place: &'a Place) -> &Lines<'a> {
        self.lines.entry(Arc::as_ptr(&place.file)).or_insert_with(|| Lines::new(&place.file.text))
    }

    /// Where `place` begins and ends; `None` where it means the file as a whole.
    pub(super) fn range(&mut self, place: &'a Place) -> Option<(Position, Position)> {
        (place.span != Span::default()).then(|| self.of(place).range(place.span))
    }
}

#[cfg(test)]
mod tests;
