//! What the files beside the lockfiles set: one flat list of keys and values, each with its place.

use std::fmt;
use std::sync::Arc;

use crate::model::{File, Place, Problem, Span};
use crate::tree::TreePath;

/// A settings file's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A boolean.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A list of strings.
    List(Vec<String>),
    /// Anything else: empty tables, floats, dates, mixed lists.
    Other(String),
}

impl fmt::Display for Value {
    /// As one text, the form that `[settings] allow` compares.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Other(text) => f.write_str(text),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::List(items) => f.write_str(&items.join(" ")),
        }
    }
}

/// One key of one settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The file.
    pub file: Arc<File>,
    /// The directory from which cargo would read it: the parent of `.cargo`.
    pub directory: TreePath,
    /// The key, one part each: `["source", "crates-io", "replace-with"]`.
    pub key: Vec<String>,
    /// The value.
    pub value: Value,
    /// The key and its value.
    pub span: Span,
}

impl Setting {
    /// The key with dots: `source.crates-io.replace-with`. Parts that hold a dot are quoted.
    pub fn dotted(&self) -> String {
        let quote = |part: &String| {
            let bare =
                !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            if bare { part.clone() } else { format!("\"{part}\"") }
        };
        self.key.iter().map(quote).collect::<Vec<_>>().join(".")
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        self.file.at(self.span)
    }
}

/// Every setting that was found.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// In the order of files and places.
    pub settings: Vec<Setting>,
    /// The files that were read.
    pub files: Vec<Arc<File>>,
    /// Files that could not be read.
    pub problems: Vec<Problem>,
}
