//! A lockfile in sections. Most are one long list of short entries, and an entry is a document of its own:
//! built one after another, they cost the memory of the largest.

use std::ops::Range;
use std::sync::Arc;

use toml::de::DeTable;
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::{Shape, build, failure, too_deep, too_large};
use crate::model::{File, Problem};

/// A TOML document as its first and last tables, and a list between them.
pub struct Sections<'a> {
    file: &'a Arc<File>,
    top: Vec<(DeTable<'a>, usize)>,
    entries: Vec<Range<usize>>,
}

impl<'a> Sections<'a> {
    /// Reads what is not in the list `entry`. A document that is not of this form is taken as one table.
    ///
    /// # Errors
    /// As [`super::parse`].
    pub fn read(file: &'a Arc<File>, entry: &str) -> Result<Self, Problem> {
        if let Some(cut) = cut(file, entry)? {
            let (head, tail) = (part(file, 0..cut.head)?, part(file, cut.tail..file.text.len())?);
            // What is defined twice, or only continued, is for the whole document to decide.
            let apart = !tail.keys().any(|key| head.contains_key(key))
                && ![&head, &tail].into_iter().any(|table| table.contains_key(entry));
            if apart {
                return Ok(Self { file, top: vec![(head, 0), (tail, cut.tail)], entries: cut.entries });
            }
        }
        Ok(Self { file, top: vec![(super::parse(file)?, 0)], entries: Vec::new() })
    }

    /// The tables that are not of the list, each with its place in the text, to which its own places are
    /// relative. One table alone may hold the list as well.
    pub fn top(&self) -> &[(DeTable<'a>, usize)] {
        &self.top
    }

    /// Whether [`Self::top`] is all there is.
    pub fn is_whole(&self) -> bool {
        self.entries.is_empty()
    }

    /// Tables that hold nothing but entries of the list, in the order of the text, as [`Self::top`].
    pub fn entries(&self) -> impl Iterator<Item = Result<(DeTable<'a>, usize), Problem>> {
        self.entries.iter().map(|range| Ok((part(self.file, range.clone())?, range.start)))
    }
}

fn part(file: &Arc<File>, range: Range<usize>) -> Result<DeTable<'_>, Problem> {
    let start = range.start;
    build(file.text.get(range).unwrap_or_default()).map_err(|error| failure(file, start, &error))
}

/// Where the text can be cut.
struct Cut {
    /// Where the first entry begins.
    head: usize,
    entries: Vec<Range<usize>>,
    /// Where what follows the last entry begins.
    tail: usize,
}

/// Finds the entries; `None` where the list is written otherwise, or there is none. Tables of another name
/// may stand before and after it, but not in between.
fn cut(file: &Arc<File>, entry: &str) -> Result<Option<Cut>, Problem> {
    let text = file.text.as_str();
    let (header, below) = (format!("[[{entry}]]"), [format!("[{entry}."), format!("[[{entry}.")]);
    let mut entries: Vec<Range<usize>> = Vec::new();
    let (mut shape, mut start, mut tail) = (Shape::default(), 0, None);
    let mut around = 0;
    for token in Source::new(text).lex() {
        let at = token.span().start();
        let begins = token.kind() == TokenKind::LeftSquareBracket && !shape.started && shape.open.is_empty();
        let line = text.get(at..).filter(|_| begins).unwrap_or_default();
        if begins && !below.iter().any(|below| line.starts_with(below)) {
            let is_entry = line.starts_with(&header);
            // The tables of the head, and of the tail, stay together.
            let closes = is_entry || (tail.is_none() && !entries.is_empty());
            if is_entry && tail.is_some() {
                return Ok(None);
            }
            if closes {
                around += close(file, &shape, at - start, entries.last_mut())?;
                (shape, start) = (Shape::default(), at);
                if is_entry { entries.push(at..at) } else { tail = Some(at) }
            }
        } else if begins && (entries.is_empty() || tail.is_some()) {
            return Ok(None);
        }
        shape.see(token.kind());
        if shape.is_too_deep() {
            return Err(too_deep(file, token.span().start()..token.span().end()));
        }
    }
    let last = if tail.is_some() { None } else { entries.last_mut() };
    around += close(file, &shape, text.len() - start, last)?;
    if super::is_too_large(around, text.len()) {
        return Err(too_large(file));
    }
    let tail = tail.unwrap_or(text.len());
    Ok(entries.first().map(|first| first.start).map(|head| Cut { head, entries, tail }))
}

/// Ends a section of that length; what it costs for as long as the document is read.
fn close(
    file: &Arc<File>,
    shape: &Shape,
    length: usize,
    entry: Option<&mut Range<usize>>,
) -> Result<usize, Problem> {
    let memory = shape.memory(length);
    let Some(entry) = entry else { return Ok(memory) };
    entry.end = entry.start + length;
    if super::is_too_large(memory, file.text.len()) { Err(too_large(file)) } else { Ok(0) }
}

#[cfg(test)]
mod tests;
