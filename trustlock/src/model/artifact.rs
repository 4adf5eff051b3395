//! Files that can be installed.

use std::ops::Range;

use super::{Atom, Span};

/// What an artifact is, as the place where it stands in the lockfile says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ArtifactKind {
    /// A wheel: it is unpacked, and none of its code runs.
    Wheel,
    /// A source distribution: its build back-end runs.
    Sdist,
    /// The format does not tell.
    Unknown,
}

impl ArtifactKind {
    /// What the name of a file says: wheels end in `.whl`, and everything else is built.
    pub fn of(filename: &str) -> Self {
        let ends = |end: &str| {
            let at = filename.len().checked_sub(end.len());
            at.and_then(|at| filename.get(at..)).is_some_and(|last| last.eq_ignore_ascii_case(end))
        };
        match () {
            () if ends(".whl") => Self::Wheel,
            () if [".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz", ".tar"].into_iter().any(ends) => {
                Self::Sdist
            }
            () => Self::Unknown,
        }
    }

    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wheel => "wheel",
            Self::Sdist => "sdist",
            Self::Unknown => "unknown",
        }
    }
}

/// A file that a lockfile names for a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// The whole entry.
    pub place: Span,
    /// What it is.
    pub kind: ArtifactKind,
    /// The name of the file, as written or as its URL or path ends.
    pub filename: Option<Atom>,
    /// Where it is downloaded from.
    pub url: Option<Atom>,
    /// Where it is opened.
    pub path: Option<Atom>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// When it was published, as the lockfile claims.
    pub uploaded: Option<Atom>,
    pub(super) digests: Range<u32>,
}

impl Artifact {
    /// A file of that kind at that place of the lockfile.
    pub fn new(place: Span, kind: ArtifactKind) -> Self {
        Self { place, kind, filename: None, url: None, path: None, size: None, uploaded: None, digests: 0..0 }
    }
}
