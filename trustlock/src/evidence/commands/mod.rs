//! Commands that people and machines run from this repository, read from its text.

mod source;

pub use self::source::{Source, is_lock, is_named};
