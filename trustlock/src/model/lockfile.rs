//! A lockfile as read: packages, sources, digests and the edges between packages, whichever tool
//! wrote it.
//!
//! Text is borrowed from the file by span. A value that the file spells with escapes is decoded into
//! an annex, and its [`Atom`] points there, so that a package costs no allocation of its own.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{Artifact, Digest, Ecosystem, File, Source, Span};

mod builder;
mod chain;
mod package;

pub use self::builder::LockfileBuilder;
use self::chain::Chains;
pub use self::package::{ArtifactRef, PackageRef};

/// A value and the place where it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Atom {
    /// Where it stands in the file, without quotes.
    pub place: Span,
    /// Where its decoded text is: in the file, or past the file's end in the annex.
    value: Span,
}

/// A lockfile format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// What people call it: `Cargo.lock`.
    pub name: &'static str,
    /// Whose packages it locks.
    pub ecosystem: Ecosystem,
    /// The version found, as its tool counts; empty where the format has none.
    pub version: String,
    /// The algorithm of the digests that its tool writes.
    pub digest: super::Algorithm,
}

impl fmt::Display for Format {
    /// As people say it: `Cargo.lock v4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version.as_str() {
            "" => f.write_str(self.name),
            version => write!(f, "{} v{version}", self.name),
        }
    }
}

/// A package's use of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceRef {
    /// Index into the lockfile's sources.
    pub id: u32,
    /// Where this package names it.
    pub place: Span,
}

/// An edge: one package asks for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The edge as written.
    pub name: Atom,
    /// The index of the package that it means; `None` where no package, or more than one, fits.
    pub target: Option<u32>,
}

/// One locked package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The whole entry.
    pub place: Span,
    /// Its name as written.
    pub name: Atom,
    /// Its version as written.
    pub version: Option<Atom>,
    /// What the file asks for in place of a version: the specifiers of a requirement that is no pin.
    pub specifier: Option<Atom>,
    /// Its source; `None` for members of a Cargo workspace and their path dependencies.
    pub source: Option<SourceRef>,
    /// What replaces it (the legacy `[replace]`).
    pub replace: Option<Atom>,
    /// The condition under which it is installed, as written (PEP 508 markers).
    pub marker: Option<Atom>,
    digests: Range<u32>,
    artifacts: Range<u32>,
    dependencies: Range<u32>,
    groups: Range<u32>,
}

/// An index that the lockfile itself tells its tool to take packages from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its address.
    pub source: SourceRef,
    /// The name by which packages of this file refer to it.
    pub name: Option<Atom>,
    /// What it is for.
    pub role: IndexRole,
}

/// What an [`Index`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexRole {
    /// The first that is asked (`--index-url`, the first of a Pipfile's sources).
    Primary,
    /// One that is asked as well (`--extra-index-url`, the other sources of a Pipfile).
    Extra,
    /// A page or folder of files (`--find-links`).
    Links,
}

/// An option that stands in the lockfile and changes what its tool does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOption {
    /// The whole of it, value included.
    pub place: Span,
    /// Its name in the tool's long spelling: `--trusted-host`, `sources.verify_ssl`.
    pub name: &'static str,
    /// Its value; empty for a flag.
    pub value: String,
}

/// Another file that this one includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The path or URL as written.
    pub place: Span,
    /// The same, decoded.
    pub target: String,
    /// Whether only its constraints count (`-c`).
    pub constraints: bool,
    /// Where it leads, once the tree was asked.
    pub leads: Leads,
}

/// Where an [`Include`] leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    /// Nobody has looked yet.
    Unknown,
    /// To that file of the tree.
    To(String),
    /// To a file that includes this one in turn: its tool stops there.
    Back(String),
    /// Out of the tree.
    Outside,
    /// To a URL.
    Remote,
    /// To nothing.
    Nowhere,
}

/// What constraint files say about a package that another file asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backing {
    /// The package.
    pub package: u32,
    /// Whether they pin its version.
    pub version: bool,
    /// Whether they give it a digest.
    pub digest: bool,
}

/// Something that the lockfile says its project asks for: held against the manifest by
/// `stale-lockfile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The package that asks, where it stands in the file.
    pub package: Option<u32>,
    /// The name that is asked for.
    pub name: Atom,
    /// Which versions may satisfy it, as written.
    pub specifier: Option<Atom>,
    /// The group or extra that asks.
    pub group: Option<Atom>,
}

/// Something in a lockfile that its tool reads otherwise than people do. The reader records the fact;
/// the rule `malformed-lockfile` judges it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// Where.
    pub place: Span,
    /// What it is, as a sentence without a full stop.
    pub what: String,
    /// What it does, for the label under the place.
    pub effect: String,
    /// How to mend it.
    pub help: String,
    /// Oddities with the same cause are shown once, under this text after their count.
    pub cause: Option<&'static str>,
    /// The package that it is about.
    pub package: Option<u32>,
}

/// A lockfile as read.
pub struct Lockfile {
    /// The file.
    pub file: Arc<File>,
    /// Its format.
    pub format: Format,
    /// The distinct sources that it names.
    pub sources: Vec<Source>,
    /// What stands in it and should not.
    pub oddities: Vec<Oddity>,
    /// Sources that it names without locking anything from them (`[[patch.unused]]`).
    pub unused: Vec<Package>,
    /// Indexes that it names for its tool.
    pub indexes: Vec<Index>,
    /// Options for its tool.
    pub options: Vec<FileOption>,
    /// Other files that it includes.
    pub includes: Vec<Include>,
    /// Whether a digest is missed where none stands: its format always has them, one stands in the file, or
    /// a compiler says that it wrote the file.
    pub expects_digests: bool,
    /// Whether it only constrains: nothing is installed for standing here.
    pub constrains: bool,
    /// What the constraint files that apply to it add to its packages, in their order.
    pub backing: Vec<Backing>,
    /// What it says its project asks for.
    pub requests: Vec<Request>,
    /// The digest of the manifest that it was made from, as written.
    pub manifest_hash: Option<Atom>,
    /// Facts about it that are no fault and worth a line.
    pub notes: Vec<String>,
    /// Why it is taken for a list of wishes and no lockfile, where its form allows both and nothing in
    /// it pins. Such a file is governed only where the policy includes it by name.
    pub loose: Option<&'static str>,
    packages: Vec<Package>,
    digests: Vec<Digest>,
    file_digests: Vec<Digest>,
    artifacts: Vec<Artifact>,
    dependencies: Vec<Dependency>,
    groups: Vec<Atom>,
    annex: String,
    chains: OnceLock<Chains>,
}

impl Lockfile {
    /// The text of a value.
    pub fn text(&self, atom: Atom) -> &str {
        text(&self.file, &self.annex, atom)
    }

    /// How many packages are locked.
    pub fn len(&self) -> usize {
        self.packages.len()
    }

    /// Whether nothing is locked.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// How many digests stand in it.
    pub fn digest_count(&self) -> usize {
        self.digests.len() + self.file_digests.len()
    }

    /// Every package, in the order of the file.
    pub fn packages(&self) -> impl Iterator<Item = PackageRef<'_>> {
        self.packages.iter().zip(0..).map(|(package, index)| PackageRef { lockfile: self, index, package })
    }

    /// The package with that index.
    pub fn package(&self, index: u32) -> Option<PackageRef<'_>> {
        let package = self.packages.get(index as usize)?;
        Some(PackageRef { lockfile: self, index, package })
    }

    /// The packages of `[[patch.unused]]`.
    pub fn unused(&self) -> impl Iterator<Item = PackageRef<'_>> {
        self.unused.iter().map(|package| PackageRef { lockfile: self, index: u32::MAX, package })
    }

    /// How each package came in; worked out once, and only where something is to be said.
    fn chains(&self) -> &Chains {
        self.chains.get_or_init(|| Chains::of(self))
    }
}

impl PartialEq for Lockfile {
    /// Whether both say the same about the same text, whichever reader made them.
    fn eq(&self, other: &Self) -> bool {
        self.file == other.file
            && self.format == other.format
            && self.sources == other.sources
            && self.oddities == other.oddities
            && self.unused == other.unused
            && self.indexes == other.indexes
            && self.options == other.options
            && self.includes == other.includes
            && self.expects_digests == other.expects_digests
            && self.constrains == other.constrains
            && self.backing == other.backing
            && self.requests == other.requests
            && self.manifest_hash == other.manifest_hash
            && self.notes == other.notes
            && self.loose == other.loose
            && self.packages == other.packages
            && self.digests == other.digests
            && self.file_digests == other.file_digests
            && self.artifacts == other.artifacts
            && self.dependencies == other.dependencies
            && self.groups == other.groups
            && self.annex == other.annex
    }
}

impl fmt::Debug for Lockfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lockfile({:?}, {} packages)", self.file, self.packages.len())
    }
}

fn slice<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}

fn text<'a>(file: &'a File, annex: &'a str, atom: Atom) -> &'a str {
    match (atom.value.start as usize).checked_sub(file.text.len()) {
        // Whoever builds atoms puts a boundary of one between the file and the annex.
        Some(past) if past > 0 => {
            annex.get(past - 1..past - 1 + (atom.value.end - atom.value.start) as usize).unwrap_or_default()
        }
        _ => file.slice(atom.value),
    }
}
