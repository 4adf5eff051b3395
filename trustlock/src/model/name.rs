//! Ecosystems and the folding of names.

use std::borrow::Cow;
use std::fmt;

/// Whose packages these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ecosystem {
    /// Rust crates.
    Cargo,
    /// Python distributions.
    Pypi,
}

impl Ecosystem {
    /// Every ecosystem.
    pub const ALL: [Self; 2] = [Self::Cargo, Self::Pypi];

    /// The prefix of selectors: `cargo` in `cargo:serde`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cargo => "cargo",
            Self::Pypi => "pypi",
        }
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The form of a name under which two spellings are one package: crates.io takes `-` and `_`, and
/// upper and lower case, for the same; Python takes every run of `-`, `_` and `.` for one `-` (PEP 503).
pub fn fold(ecosystem: Ecosystem, name: &str) -> Cow<'_, str> {
    match ecosystem {
        Ecosystem::Cargo => {
            if name.bytes().any(|b| b == b'_' || b.is_ascii_uppercase()) {
                Cow::Owned(name.replace('_', "-").to_ascii_lowercase())
            } else {
                Cow::Borrowed(name)
            }
        }
        Ecosystem::Pypi => {
            let plain = |b: u8| b != b'_' && b != b'.' && !b.is_ascii_uppercase();
            if name.bytes().all(plain) && !name.contains("--") {
                return Cow::Borrowed(name);
            }
            let mut folded = String::with_capacity(name.len());
            for c in name.chars() {
                if !matches!(c, '-' | '_' | '.') {
                    folded.push(c.to_ascii_lowercase());
                } else if !folded.ends_with('-') {
                    folded.push('-');
                }
            }
            Cow::Owned(folded)
        }
    }
}
