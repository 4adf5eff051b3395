//! Reading any JSON file: bounded in nesting and in memory, every value with its place, every key of an
//! object kept, so that a key that stands twice can be seen.
//!
//! A document is one flat list of nodes of 16 bytes, in the order of the text. Strings are decoded when
//! they are asked for.

use std::borrow::Cow;
use std::sync::Arc;

use super::conflict;
use crate::model::{File, Problem, Span};

mod scan;
#[cfg(test)]
mod tests;

/// How deep lists and objects may nest.
const NESTING: usize = 64;

/// What reading may cost: this many times the file, and [`FLOOR`] on top.
const FACTOR: usize = 12;

/// What any file may cost.
const FLOOR: usize = 64 << 20;

/// What one value may cost whoever reads it: its node, and what a model makes of it.
const PART: usize = 256;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, kept as text.
    Number,
    /// A string, or a key.
    String,
    /// `[…]`
    List,
    /// `{…}`
    Object,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    span: Span,
    /// The index of the first node that is not inside this one.
    after: u32,
    kind: Kind,
}

/// A JSON document.
#[derive(Debug)]
pub struct Document {
    file: Arc<File>,
    /// A container stands before what it holds; a key before its value.
    nodes: Vec<Node>,
}

/// Reads a JSON document (RFC 8259).
///
/// # Errors
/// A [`Problem`] with its place where the text is not JSON, holds merge conflict markers, nests deeper
/// than 64, or has so many parts that reading it would cost too much memory.
pub fn parse(file: &Arc<File>) -> Result<Document, Problem> {
    let parts = parts(&file.text);
    if parts.saturating_mul(PART) > file.text.len().saturating_mul(FACTOR).saturating_add(FLOOR) {
        return Err(Problem::new(format!("`{}` has too many parts to be read safely", file.path))
            .path(&file.path)
            .fix("no real file does this; treat it as an attack"));
    }
    match scan::nodes(&file.text, parts) {
        Ok(nodes) => Ok(Document { file: Arc::clone(file), nodes }),
        Err(fault) => Err(conflict::problem(file).unwrap_or_else(|| {
            Problem::new(format!("`{}` is not valid JSON", file.path)).at(file.at(fault.at), fault.what)
        })),
    }
}

/// No fewer than the values and keys of the document: each stands first, or after one of these.
fn parts(text: &str) -> usize {
    let (mut count, mut quoted, mut escaped) = (1, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b':' | b'[' | b'{' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}

impl Document {
    /// The whole of it.
    pub fn root(&self) -> Value<'_> {
        Value { document: self, index: 0 }
    }
}

/// A value in a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    document: &'a Document,
    index: u32,
}

impl<'a> Value<'a> {
    fn node(self) -> Node {
        let nothing = Node { span: Span::default(), after: u32::MAX, kind: Kind::Null };
        self.document.nodes.get(self.index as usize).copied().unwrap_or(nothing)
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.node().kind
    }

    /// Where it stands, quotes and brackets included.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// Where the text of a string stands: without its quotes.
    pub fn inner(self) -> Span {
        let Span { start, end } = self.span();
        if self.kind() == Kind::String {
            Span { start: start + 1, end: end.saturating_sub(1) }
        } else {
            self.span()
        }
    }

    /// As it is written.
    pub fn written(self) -> &'a str {
        self.document.file.slice(self.span())
    }

    /// The text of a string.
    pub fn string(self) -> Option<Cow<'a, str>> {
        (self.kind() == Kind::String).then(|| scan::decoded(self.document.file.slice(self.inner())))
    }

    /// `true` or `false`.
    pub fn bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.written() == "true")
    }

    /// What is directly inside: the items of a list; keys and values in turn of an object.
    fn children(self) -> impl Iterator<Item = Value<'a>> {
        let container = matches!(self.kind(), Kind::List | Kind::Object);
        let end = if container { self.node().after } else { 0 };
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            let child = (index < end).then_some(Value { document: self.document, index })?;
            index = child.node().after;
            Some(child)
        })
    }

    /// The items of a list; nothing where it is none.
    pub fn items(self) -> impl Iterator<Item = Value<'a>> {
        self.children().filter(move |_| self.kind() == Kind::List)
    }

    /// The keys of an object with their values, those that stand twice included; nothing where it is
    /// none.
    pub fn members(self) -> impl Iterator<Item = (Value<'a>, Value<'a>)> {
        let mut children = self.children();
        let object = self.kind() == Kind::Object;
        std::iter::from_fn(move || object.then(|| Some((children.next()?, children.next()?)))?)
    }

    /// The value of `key`: the last one, as Python reads it.
    pub fn get(self, key: &str) -> Option<Value<'a>> {
        let values = self.members().filter(|(name, _)| name.string().as_deref() == Some(key));
        values.map(|(_, value)| value).last()
    }
}
