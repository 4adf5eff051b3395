//! A lockfile as read: packages, sources, digests and the edges between packages, whichever tool
//! wrote it.
//!
//! Text is borrowed from the file by span. A value that the file spells with escapes is decoded into
//! an annex, and its [`Atom`] points there, so that a package costs no allocation of its own.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{Digest, Ecosystem, File, Place, Source, Span};

/// A value and the place where it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Atom {
    /// Where it stands in the file, without quotes.
    pub place: Span,
    /// Where its decoded text is: in the file, or past the file's end in the annex.
    value: Span,
}

/// A lockfile format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// What people call it: `Cargo.lock`.
    pub name: &'static str,
    /// Whose packages it locks.
    pub ecosystem: Ecosystem,
    /// The version found, as its tool counts.
    pub version: u32,
    /// The algorithm of the digests that its tool writes.
    pub digest: super::Algorithm,
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
    /// Its source; `None` for members of the workspace and path dependencies.
    pub source: Option<SourceRef>,
    /// What replaces it (the legacy `[replace]`).
    pub replace: Option<Atom>,
    digests: Range<u32>,
    dependencies: Range<u32>,
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
    packages: Vec<Package>,
    digests: Vec<Digest>,
    dependencies: Vec<Dependency>,
    annex: String,
    parents: OnceLock<Vec<Option<u32>>>,
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
        self.digests.len()
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

    /// The shortest way from a package without a source (a member, or a path dependency) to `index`,
    /// both included: `app → a → b`. Just the package where nothing leads to it.
    pub fn chain(&self, index: u32) -> Vec<PackageRef<'_>> {
        let parents = self.parents.get_or_init(|| self.breadth_first());
        let mut chain: Vec<_> = self.package(index).into_iter().collect();
        let mut at = index;
        while let Some(Some(parent)) = parents.get(at as usize)
            && chain.len() <= self.packages.len()
        {
            chain.extend(self.package(*parent));
            at = *parent;
        }
        chain.reverse();
        chain
    }

    /// Per package: the one through which a breadth-first walk from the roots reached it. A root has
    /// none, and neither has an orphan.
    fn breadth_first(&self) -> Vec<Option<u32>> {
        let mut targets = vec![false; self.packages.len()];
        for target in self.dependencies.iter().filter_map(|d| d.target) {
            mark(&mut targets, target);
        }
        // A path dependency is a root only where nothing else leads to it; members that form a cycle
        // (through dev-dependencies) come second, since no root is among them.
        let is_target = |p: &PackageRef<'_>| targets.get(p.index as usize) == Some(&true);
        let sourceless = || self.packages().filter(|p| p.source().is_none());
        let (cyclic, free): (Vec<_>, Vec<_>) = sourceless().partition(is_target);

        let mut parents = vec![None; self.packages.len()];
        let mut seen = vec![false; self.packages.len()];
        let mut queue = std::collections::VecDeque::new();
        queue.extend(free.iter().filter(|p| mark(&mut seen, p.index)).map(|p| p.index));
        for late in std::iter::once(None).chain(cyclic.iter().map(Some)) {
            queue.extend(late.filter(|p| mark(&mut seen, p.index)).map(|p| p.index));
            while let Some(index) = queue.pop_front() {
                let package = self.package(index);
                for target in package.iter().flat_map(|p| p.dependencies()).filter_map(|d| d.target) {
                    if mark(&mut seen, target) {
                        if let Some(parent) = parents.get_mut(target as usize) {
                            *parent = Some(index);
                        }
                        queue.push_back(target);
                    }
                }
            }
        }
        parents
    }
}

/// Sets the flag; whether it was unset.
fn mark(flags: &mut [bool], index: u32) -> bool {
    flags.get_mut(index as usize).is_some_and(|flag| !std::mem::replace(flag, true))
}

impl PartialEq for Lockfile {
    /// Whether both say the same about the same text, whichever reader made them.
    fn eq(&self, other: &Self) -> bool {
        self.file == other.file
            && self.format == other.format
            && self.sources == other.sources
            && self.oddities == other.oddities
            && self.unused == other.unused
            && self.packages == other.packages
            && self.digests == other.digests
            && self.dependencies == other.dependencies
            && self.annex == other.annex
    }
}

impl fmt::Debug for Lockfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lockfile({:?}, {} packages)", self.file, self.packages.len())
    }
}

/// A package together with the lockfile it stands in.
#[derive(Clone, Copy)]
pub struct PackageRef<'a> {
    /// The lockfile.
    pub lockfile: &'a Lockfile,
    /// Its index there; `u32::MAX` for an entry of `[[patch.unused]]`.
    pub index: u32,
    /// The entry.
    pub package: &'a Package,
}

impl<'a> PackageRef<'a> {
    /// Whose package it is.
    pub fn ecosystem(self) -> Ecosystem {
        self.lockfile.format.ecosystem
    }

    /// Its name as written.
    pub fn name(self) -> &'a str {
        self.lockfile.text(self.package.name)
    }

    /// Its version as written.
    pub fn version(self) -> Option<&'a str> {
        self.package.version.map(|v| self.lockfile.text(v))
    }

    /// `name@version`.
    pub fn label(self) -> String {
        match self.version() {
            Some(version) => format!("{}@{version}", self.name()),
            None => self.name().to_owned(),
        }
    }

    /// Where it comes from; `None` for members and path dependencies.
    pub fn source(self) -> Option<&'a Source> {
        self.lockfile.sources.get(self.package.source?.id as usize)
    }

    /// Its digests.
    pub fn digests(self) -> &'a [Digest] {
        slice(&self.lockfile.digests, &self.package.digests)
    }

    /// What it asks for.
    pub fn dependencies(self) -> &'a [Dependency] {
        slice(&self.lockfile.dependencies, &self.package.dependencies)
    }

    /// The file that is downloaded for it, where its source has files.
    pub fn filename(self) -> Option<String> {
        let from_registry = self.source().is_some_and(Source::is_registry);
        match (self.ecosystem(), self.version()) {
            (Ecosystem::Cargo, Some(version)) if from_registry => {
                Some(format!("{}-{version}.crate", self.name()))
            }
            _ => None,
        }
    }

    /// A place in its lockfile.
    pub fn at(self, span: Span) -> Place {
        self.lockfile.file.at(span)
    }

    /// Where its name is written.
    pub fn name_place(self) -> Place {
        self.at(self.package.name.place)
    }

    /// Where its version is written, else its name.
    pub fn version_place(self) -> Place {
        self.at(self.package.version.unwrap_or(self.package.name).place)
    }

    /// Where its source is written, else its name.
    pub fn source_place(self) -> Place {
        self.at(self.package.source.map_or(self.package.name.place, |s| s.place))
    }

    /// How it came in, as labels: `["app@0.1.0", "a@1.0.0", "b@2.0.0"]`. Of a long chain the middle is
    /// left out, so that a hostile lockfile cannot make a report that is the square of its size.
    pub fn chain(self) -> Vec<String> {
        const ENDS: usize = 6;
        let chain = self.lockfile.chain(self.index);
        let labels = |part: &[PackageRef<'_>]| part.iter().map(|p| p.label()).collect::<Vec<_>>();
        match (chain.get(..ENDS), chain.len().checked_sub(ENDS).and_then(|from| chain.get(from..))) {
            (Some(first), Some(last)) if chain.len() > 2 * ENDS => {
                let between = format!("({} more)", chain.len() - 2 * ENDS);
                [labels(first), vec![between], labels(last)].concat()
            }
            _ => labels(&chain),
        }
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

/// Collects what a reader finds.
pub struct LockfileBuilder {
    file: Arc<File>,
    annex: String,
    packages: Vec<Package>,
    digests: Vec<Digest>,
    dependencies: Vec<Dependency>,
    /// Distinct sources, filled by the reader.
    pub sources: Vec<Source>,
    /// What should not be there.
    pub oddities: Vec<Oddity>,
    /// Entries of `[[patch.unused]]`.
    pub unused: Vec<Package>,
}

impl LockfileBuilder {
    /// For `file`.
    pub fn new(file: Arc<File>) -> Self {
        Self {
            file,
            annex: String::new(),
            packages: Vec::new(),
            digests: Vec::new(),
            dependencies: Vec::new(),
            sources: Vec::new(),
            oddities: Vec::new(),
            unused: Vec::new(),
        }
    }

    /// Makes room for that many packages and edges.
    pub fn reserve(&mut self, packages: usize, edges: usize) {
        self.packages.reserve_exact(packages);
        self.dependencies.reserve_exact(edges);
    }

    /// The file that is read.
    pub fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// A value that stands at `place` as it is.
    pub fn atom(&self, place: Span) -> Atom {
        Atom { place, value: place }
    }

    /// A value that `place` spells with escapes.
    pub fn decoded(&mut self, place: Span, value: &str) -> Atom {
        let start = self.file.text.len() + 1 + self.annex.len();
        self.annex.push_str(value);
        Atom { place, value: Span::new(start, start + value.len()) }
    }

    /// The text of a value.
    pub fn text(&self, atom: Atom) -> &str {
        text(&self.file, &self.annex, atom)
    }

    /// An entry with nothing but a name.
    pub fn entry(&self, place: Span, name: Atom) -> Package {
        let digests = u32::try_from(self.digests.len()).unwrap_or(u32::MAX);
        let dependencies = u32::try_from(self.dependencies.len()).unwrap_or(u32::MAX);
        Package {
            place,
            name,
            version: None,
            source: None,
            replace: None,
            digests: digests..digests,
            dependencies: dependencies..dependencies,
        }
    }

    /// Gives `package`, the newest entry, a digest.
    pub fn digest(&mut self, package: &mut Package, digest: Digest) {
        self.digests.push(digest);
        package.digests.end += 1;
    }

    /// Gives `package`, the newest entry, an edge; its target is resolved later.
    pub fn dependency(&mut self, package: &mut Package, name: Atom) {
        self.dependencies.push(Dependency { name, target: None });
        package.dependencies.end += 1;
    }

    /// Adds a finished entry.
    pub fn push(&mut self, package: Package) {
        self.packages.push(package);
    }

    /// The entries so far.
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// Replaces the digests of an entry: formats that keep them elsewhere (v1) learn them late.
    pub fn late_digest(&mut self, package: usize, digest: Digest) {
        let at = u32::try_from(self.digests.len()).unwrap_or(u32::MAX);
        if let Some(package) = self.packages.get_mut(package) {
            self.digests.push(digest);
            package.digests = at..at + 1;
        }
    }

    /// Every edge, in the order in which they were added.
    pub fn all_edges(&self) -> &[Dependency] {
        &self.dependencies
    }

    /// Says which package each edge means, in the same order.
    pub fn set_targets(&mut self, targets: &[Option<u32>]) {
        for (edge, target) in self.dependencies.iter_mut().zip(targets) {
            edge.target = *target;
        }
    }

    /// The digests of an entry.
    pub fn digests(&self, package: &Package) -> &[Digest] {
        slice(&self.digests, &package.digests)
    }

    /// The edges of an entry.
    pub fn edges(&self, package: &Package) -> &[Dependency] {
        slice(&self.dependencies, &package.dependencies)
    }

    /// The lockfile.
    pub fn finish(self, format: Format) -> Lockfile {
        Lockfile {
            file: self.file,
            format,
            sources: self.sources,
            oddities: self.oddities,
            unused: self.unused,
            packages: self.packages,
            digests: self.digests,
            dependencies: self.dependencies,
            annex: self.annex,
            parents: OnceLock::new(),
        }
    }
}
