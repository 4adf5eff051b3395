//! Reading any TOML file: bounded in nesting and in memory, every error with its place.
//!
//! The `toml` crate is fast, but it is not made for hostile files: each small table costs it a
//! kilobyte (so two bytes, `a.`, can cost a thousand), and dropping a deep document recurses. So a pass
//! over the tokens, which needs no memory, measures the document before it is built.

use std::ops::Range;
use std::sync::Arc;

use toml::de::DeTable;
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::conflict;
use crate::model::{File, Problem};

mod sections;

pub use self::sections::Sections;

/// How deep arrays, inline tables and dotted keys may nest. Cargo's and Python's own files stay under ten.
const NESTING: usize = 64;

/// What reading may cost: this many times the file, and [`FLOOR`] on top.
const FACTOR: usize = 12;

/// What any file may cost. Ordinary files of many short lines cost the `toml` crate some forty times
/// their size, and this lets them be read up to two megabytes. Larger lockfiles are lists of entries, each of
/// which is far below this.
const FLOOR: usize = 64 << 20;

/// Reads a TOML document. Keys come in alphabetical order; their spans tell the order of the file.
///
/// # Errors
/// A [`Problem`] with its place where the text is not TOML 1.1, holds merge conflict markers, nests
/// deeper than 64, or has so many parts that its document would cost too much memory.
pub fn parse(file: &Arc<File>) -> Result<DeTable<'_>, Problem> {
    measure(file)?;
    build(&file.text).map_err(|error| failure(file, 0, &error))
}

/// Whether a document that [`parse`] refuses is no TOML at all, so that no other tool reads it either. One
/// that is only too deep or too large may well be read elsewhere.
pub fn is_broken(file: &Arc<File>) -> bool {
    measure(file).is_ok() && DeTable::parse(&file.text).is_err()
}

/// As [`parse`]; `None` where the text is no TOML at all.
///
/// # Errors
/// A [`Problem`] where it may be, but cannot be read safely.
pub fn parse_if_any(file: &Arc<File>) -> Result<Option<DeTable<'_>>, Problem> {
    measure(file)?;
    Ok(build(&file.text).ok())
}

fn build(text: &str) -> Result<DeTable<'_>, toml::de::Error> {
    DeTable::parse(text).map(toml::Spanned::into_inner)
}

/// What is wrong with a text that stands at `start`.
fn failure(file: &Arc<File>, start: usize, error: &toml::de::Error) -> Problem {
    if let Some(problem) = conflict::problem(file) {
        return problem;
    }
    let end = file.text.len();
    let place = error.span().map_or(end..end, |span| span.start + start..span.end + start);
    Problem::new(format!("`{}` is not valid TOML", file.path)).at(file.at(place), error.message())
}

/// Refuses what nests too deep, or has too many parts for its size.
fn measure(file: &Arc<File>) -> Result<(), Problem> {
    let mut shape = Shape::default();
    for token in Source::new(&file.text).lex() {
        shape.see(token.kind());
        if shape.is_too_deep() {
            return Err(too_deep(file, token.span().start()..token.span().end()));
        }
    }
    if is_too_large(shape.memory(file.text.len()), file.text.len()) { Err(too_large(file)) } else { Ok(()) }
}

fn is_too_large(memory: usize, text: usize) -> bool {
    memory > text.saturating_mul(FACTOR).saturating_add(FLOOR)
}

fn too_deep(file: &Arc<File>, place: Range<usize>) -> Problem {
    Problem::new(format!("`{}` nests deeper than {NESTING} levels", file.path))
        .at(file.at(place), "the level that is too deep")
        .fix("no real file does this; treat it as an attack")
}

fn too_large(file: &File) -> Problem {
    Problem::new(format!("`{}` has too many parts to be read safely", file.path))
        .path(&file.path)
        .fix("if it is real, let the tool that owns it write it again, which gives it its usual form")
}

/// What a document is made of, counted from its tokens.
#[derive(Default)]
struct Shape {
    depth: usize,
    /// The depth of the table whose header was read last.
    table: usize,
    /// The depths at which brackets were opened.
    open: Vec<usize>,
    /// Whether this line is a `[table]` header, and whether anything stood on it yet.
    header: bool,
    started: bool,
    tokens: usize,
    containers: usize,
    values: usize,
}

impl Shape {
    fn is_too_deep(&self) -> bool {
        self.depth > NESTING
    }

    fn see(&mut self, token: TokenKind) {
        self.tokens += 1;
        match token {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                if !self.started && self.open.is_empty() {
                    self.header = true;
                }
                if self.header {
                    // `[[` and `[` open one table each.
                    self.depth = 1;
                    self.containers += usize::from(!self.started);
                } else {
                    self.open.push(self.depth);
                    self.depth += 1;
                    self.containers += 1;
                }
            }
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket if !self.header => {
                self.depth = self.open.pop().unwrap_or(self.table);
            }
            // A dot in a number counts too, until the next comma or line.
            TokenKind::Dot => {
                self.depth += 1;
                self.containers += 1;
            }
            TokenKind::Comma => {
                self.depth = self.open.last().map_or(self.table, |at| at + 1);
                self.values += 1;
            }
            TokenKind::Equals => self.values += 1,
            TokenKind::Newline if self.header => {
                self.table = self.depth;
                self.header = false;
            }
            TokenKind::Newline if self.open.is_empty() => self.depth = self.table,
            _ => {}
        }
        self.started = match token {
            TokenKind::Newline => false,
            TokenKind::Whitespace => self.started,
            _ => true,
        };
    }

    /// What the `toml` crate needs for it at its worst moment, in bytes; measured for `toml` 1.2.
    fn memory(&self, len: usize) -> usize {
        const PART: usize = 72; // a token and an event, of 24 bytes, in vectors that double
        const CONTAINER: usize = 1100; // the first node of a table
        const VALUE: usize = 210; // a key with its value in a half-filled node
        let parts = self.tokens.saturating_mul(PART);
        let nodes = self.containers.saturating_mul(CONTAINER);
        let values = self.values.saturating_mul(VALUE);
        // The vector of tokens is made for two tokens in seven bytes, and escaped strings are copied.
        len.saturating_mul(10).saturating_add(parts).saturating_add(nodes).saturating_add(values)
    }
}

#[cfg(test)]
mod tests;
