//! Digests of artifacts.

use super::Atom;

/// A hash algorithm, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// One that this version does not know by the name that the file gives it. It proves nothing.
    Unknown,
    /// MD5. It proves nothing: two files of one digest are made in seconds.
    Md5,
    /// SHA-1. It proves nothing either.
    Sha1,
    /// SHA-224, shorter than what policies ask for.
    Sha224,
    /// SHA-256, the only one that `Cargo.lock` knows.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// BLAKE2b of 256 bits or more.
    Blake2b,
}

impl Algorithm {
    /// Every algorithm that proves something, weakest first: what a policy may accept.
    pub const STRONG: [Self; 4] = [Self::Sha256, Self::Sha384, Self::Sha512, Self::Blake2b];

    /// Every algorithm with a name.
    pub const NAMED: [Self; 7] =
        [Self::Md5, Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512, Self::Blake2b];

    /// The name as policies and outputs write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Blake2b => "blake2b",
        }
    }

    /// The algorithm of that name, strong or not, in lower case.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|a| a.name() == name)
    }

    /// Whether a policy may accept it.
    pub fn is_strong(self) -> bool {
        Self::STRONG.contains(&self)
    }

    /// Whether it is known, and proves nothing.
    pub fn is_weak(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1 | Self::Sha224)
    }

    /// Whether a text of so many hex digits can be a digest of it.
    pub fn has_length(self, hex: usize) -> bool {
        match self {
            Self::Unknown => true,
            Self::Md5 => hex == 32,
            Self::Sha1 => hex == 40,
            Self::Sha224 => hex == 56,
            Self::Sha256 => hex == 64,
            Self::Sha384 => hex == 96,
            Self::Sha512 => hex == 128,
            Self::Blake2b => hex == 64 || hex == 128,
        }
    }
}

/// One digest as a lockfile records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    /// How it was computed.
    pub algorithm: Algorithm,
    /// The hex text, as written.
    pub hex: Atom,
    /// Why the tool that reads this file never compares it, where that is so.
    pub idle: Option<&'static str>,
}

impl Digest {
    /// A digest that the file's tool compares.
    pub fn new(algorithm: Algorithm, hex: Atom) -> Self {
        Self { algorithm, hex, idle: None }
    }
}
