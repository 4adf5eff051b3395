//! Source patterns: `crates.io`, `path`, `git+https://github.com/acme/*`.

use crate::model::Source;

/// A pattern for sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePattern {
    text: String,
}

impl SourcePattern {
    /// Understands `text`.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self { text: text.to_owned() })
    }

    /// Whether it covers `source`; `None` is the workspace and its path dependencies.
    pub fn matches(&self, source: Option<&Source>) -> bool {
        match source {
            None => self.text == "path",
            Some(source) => self.text == "crates.io" && source.is_crates_io(),
        }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
