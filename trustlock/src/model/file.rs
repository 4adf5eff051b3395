//! A file that was read, and places in it.

use std::fmt;
use std::sync::Arc;

/// A half-open range of bytes in a file's text. Files are limited to less than 4 GiB, so 32 bits hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end`; positions past 4 GiB saturate, and no reader accepts a file that long.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// As a range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether the span covers no byte.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// Where a file's text came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Inside the checkout; its path is relative to the root and uses `/`.
    Checkout,
    /// Given on the command line from outside the checkout.
    Outside,
    /// Part of this program.
    BuiltIn,
}

/// A file's path and text, shared by everything that points into it.
#[derive(PartialEq, Eq)]
pub struct File {
    /// How people name it: relative to the root for files of the checkout.
    pub path: String,
    /// Its text, without a byte order mark.
    pub text: String,
    /// Where it came from.
    pub origin: Origin,
}

impl File {
    /// A file of the checkout.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into(), origin: Origin::Checkout })
    }

    /// The text at `span`; empty where the span is not of this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// A place in this file.
    pub fn at(self: &Arc<Self>, span: impl Into<Span>) -> Place {
        Place { file: Arc::clone(self), span: span.into() }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({:?}, {} bytes)", self.path, self.text.len())
    }
}

/// A span of a file. An empty span at 0 means the file as a whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<File>,
    /// Where in it.
    pub span: Span,
}

impl Place {
    /// The text at this place.
    pub fn text(&self) -> &str {
        self.file.slice(self.span)
    }

    /// The order in which people read: by path, then by position.
    pub fn order(&self) -> (&str, u32, u32) {
        (&self.file.path, self.span.start, self.span.end)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}..{}]", self.file.path, self.span.start, self.span.end)
    }
}
