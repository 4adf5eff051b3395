//! Plain data: what was read, what is wrong with it, and where.
//!
//! No type here has a lifetime (the gate, a base revision and Python hold them), does I/O or takes a
//! decision. Text is shared and places in it are 32-bit spans; lines and columns exist only in
//! [`crate::report`].

mod artifact;
mod digest;
mod file;
mod finding;
mod lockfile;
mod name;
mod report;
mod rule;
mod source;
mod url;

pub use self::artifact::{Artifact, ArtifactKind};
pub use self::digest::{Algorithm, Digest};
pub use self::file::{File, Origin, Place, Span};
pub use self::finding::{Finding, Fix, Judge, Subject};
pub use self::lockfile::{
    ArtifactRef, Atom, Backing, Dependency, FileOption, Format, Include, Index, IndexRole, Leads, Lockfile,
    LockfileBuilder, Oddity, Package, PackageRef, Request, SourceRef,
};
pub use self::name::{Ecosystem, fold};
pub use self::report::{Judged, NotJudged, Note, Problem, Report, Stats, Waived};
pub use self::rule::{Declaration, Family, Level, WaiverNames};
pub use self::source::{GitReference, LocalForm, ReferenceKind, Source, SourceKind};
pub use self::url::Url;
