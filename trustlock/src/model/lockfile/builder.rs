//! Collects what a reader finds.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{
    Atom, Dependency, FileOption, Format, Include, Index, Lockfile, Oddity, Package, Request, slice, text,
};
use crate::model::{Artifact, Digest, File, Source, Span};

/// Collects what a reader finds.
pub struct LockfileBuilder {
    file: Arc<File>,
    annex: String,
    packages: Vec<Package>,
    digests: Vec<Digest>,
    file_digests: Vec<Digest>,
    artifacts: Vec<Artifact>,
    dependencies: Vec<Dependency>,
    groups: Vec<Atom>,
    /// Distinct sources, filled by the reader.
    pub sources: Vec<Source>,
    /// What should not be there.
    pub oddities: Vec<Oddity>,
    /// Entries of `[[patch.unused]]`.
    pub unused: Vec<Package>,
    /// Indexes that the file names.
    pub indexes: Vec<Index>,
    /// Options for its tool.
    pub options: Vec<FileOption>,
    /// Other files that it includes.
    pub includes: Vec<Include>,
    /// What its project asks for.
    pub requests: Vec<Request>,
    /// The digest of its manifest.
    pub manifest_hash: Option<Atom>,
    /// Facts worth a line.
    pub notes: Vec<String>,
    /// Whether a digest is missed where none stands.
    pub expects_digests: bool,
    /// Why it is no lockfile, though its form could hold one.
    pub loose: Option<&'static str>,
}

fn empty_at(length: usize) -> Range<u32> {
    let at = u32::try_from(length).unwrap_or(u32::MAX);
    at..at
}

impl LockfileBuilder {
    /// For `file`.
    pub fn new(file: Arc<File>) -> Self {
        Self {
            file,
            annex: String::new(),
            packages: Vec::new(),
            digests: Vec::new(),
            file_digests: Vec::new(),
            artifacts: Vec::new(),
            dependencies: Vec::new(),
            groups: Vec::new(),
            sources: Vec::new(),
            oddities: Vec::new(),
            unused: Vec::new(),
            indexes: Vec::new(),
            options: Vec::new(),
            includes: Vec::new(),
            requests: Vec::new(),
            manifest_hash: None,
            notes: Vec::new(),
            expects_digests: true,
            loose: None,
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
        Package {
            place,
            name,
            version: None,
            specifier: None,
            source: None,
            replace: None,
            marker: None,
            digests: empty_at(self.digests.len()),
            artifacts: empty_at(self.artifacts.len()),
            dependencies: empty_at(self.dependencies.len()),
            groups: empty_at(self.groups.len()),
        }
    }

    /// Gives `package`, the newest entry, a digest.
    pub fn digest(&mut self, package: &mut Package, digest: Digest) {
        self.digests.push(digest);
        package.digests.end += 1;
    }

    /// A value that is part of the text of another: a file name inside a URL.
    pub fn part(&self, of: Atom, range: Range<usize>) -> Atom {
        let shift =
            |span: Span| Span::new(span.start as usize + range.start, span.start as usize + range.end);
        // Where the file spells it with escapes, its places are those of the whole.
        let place = if of.place == of.value { shift(of.place) } else { of.place };
        Atom { place, value: shift(of.value) }
    }

    /// Gives `package`, the newest entry, a file with these digests.
    pub fn artifact(&mut self, package: &mut Package, mut artifact: Artifact, digests: &[Digest]) {
        artifact.digests = empty_at(self.file_digests.len());
        self.file_digests.extend_from_slice(digests);
        artifact.digests.end = empty_at(self.file_digests.len()).end;
        self.artifacts.push(artifact);
        package.artifacts.end += 1;
    }

    /// Gives `package` the files of another entry: some formats keep one list for a name.
    pub fn share_artifacts(&self, package: &mut Package, from: &Package) {
        package.artifacts = from.artifacts.clone();
    }

    /// Gives `package`, the newest entry, a group.
    pub fn group(&mut self, package: &mut Package, name: Atom) {
        self.groups.push(name);
        package.groups.end += 1;
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

    /// Whether any digest was added.
    pub fn has_digests(&self) -> bool {
        !self.digests.is_empty() || !self.file_digests.is_empty()
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
            indexes: self.indexes,
            options: self.options,
            includes: self.includes,
            expects_digests: self.expects_digests,
            constrains: false,
            backing: Vec::new(),
            requests: self.requests,
            manifest_hash: self.manifest_hash,
            notes: self.notes,
            loose: self.loose,
            packages: self.packages,
            digests: self.digests,
            file_digests: self.file_digests,
            artifacts: self.artifacts,
            dependencies: self.dependencies,
            groups: self.groups,
            annex: self.annex,
            chains: OnceLock::new(),
        }
    }
}
