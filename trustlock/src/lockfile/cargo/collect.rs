//! What both readers fill: packages in the order of the file, judged one by one as text, and then as a
//! whole by [`super::edges`] and [`super::metadata`].

use std::collections::HashMap;
use std::sync::Arc;

use super::{edges, metadata, oddity, source};
use crate::lockfile::ODDITIES;
use crate::model::{
    Algorithm, Atom, Digest, Ecosystem, File, Format, Lockfile, LockfileBuilder, Oddity, Package, SourceKind,
    SourceRef, Span,
};

/// An entry as it stands in the file.
pub(super) struct Entry {
    pub(super) place: Span,
    pub(super) name: Atom,
    pub(super) version: Atom,
    pub(super) source: Option<Atom>,
    pub(super) checksum: Option<Atom>,
    pub(super) replace: Option<Atom>,
}

/// A key of `[metadata]` that starts with `checksum `.
pub(super) struct Checksum {
    /// Where the key stands.
    pub(super) place: Span,
    /// The key without that start.
    pub(super) id: Atom,
    /// The value.
    pub(super) value: Atom,
}

pub(super) struct Collector {
    pub(super) builder: LockfileBuilder,
    /// The version as written.
    version: Option<u32>,
    /// Sources by their text.
    ids: HashMap<String, u32>,
    /// The source of the entry before: most entries share it.
    last: Option<SourceRef>,
    pub(super) metadata: Vec<Checksum>,
    /// Oddities that are only counted.
    pub(super) unseen: usize,
}

impl Collector {
    pub(super) fn new(file: &Arc<File>, version: Option<u32>) -> Self {
        Self {
            builder: LockfileBuilder::new(Arc::clone(file)),
            version,
            ids: HashMap::new(),
            last: None,
            metadata: Vec::new(),
            unseen: 0,
        }
    }

    pub(super) fn odd(&mut self, oddity: Oddity) {
        if self.builder.oddities.len() < ODDITIES {
            self.builder.oddities.push(oddity);
        } else {
            self.unseen += 1;
        }
    }

    /// Begins a package; its edges follow, then [`Self::push`].
    pub(super) fn package(&mut self, entry: &Entry) -> Package {
        let index = self.builder.packages().len();
        let mut package = self.describe(entry, Some(index));
        if let Some(checksum) = entry.checksum {
            match checksum_fault(self.builder.text(checksum)) {
                Some(fault) => self.odd(oddity::bad_checksum(checksum.place, fault).of(index)),
                None => self.digest(&mut package, checksum, index),
            }
        }
        package
    }

    /// Adds an edge to the package that was begun last.
    pub(super) fn edge(&mut self, package: &mut Package, id: Atom) {
        self.builder.dependency(package, id);
    }

    /// Ends a package.
    pub(super) fn push(&mut self, mut package: Package) {
        if let Some(replace) = package.replace {
            if !self.builder.edges(&package).is_empty() {
                let index = self.builder.packages().len();
                self.odd(oddity::replaced_with_edges(package.name.place).of(index));
            }
            // What replaces a package is reached through it.
            self.edge(&mut package, replace);
        }
        self.builder.push(package);
    }

    /// Adds an entry of `[[patch.unused]]`.
    pub(super) fn unused(&mut self, entry: &Entry) {
        let package = self.describe(entry, None);
        self.builder.unused.push(package);
    }

    fn digest(&mut self, package: &mut Package, hex: Atom, index: usize) {
        if has_upper_case(self.builder.text(hex)) {
            self.odd(oddity::upper_case_checksum(hex.place).of(index));
        }
        let source = package.source.and_then(|s| self.builder.sources.get(s.id as usize));
        match source.map(|s| &s.kind) {
            None => self.odd(oddity::idle_checksum(hex.place, "path").of(index)),
            Some(SourceKind::Git { .. }) => self.odd(oddity::idle_checksum(hex.place, "git").of(index)),
            Some(_) => {}
        }
        self.builder.digest(package, Digest::new(Algorithm::Sha256, hex));
    }

    fn describe(&mut self, entry: &Entry, index: Option<usize>) -> Package {
        let about = |oddity: Oddity| index.into_iter().fold(oddity, Oddity::of);
        let name = self.builder.text(entry.name);
        if !is_name(name) {
            let oddity = about(oddity::bad_name(entry.name.place, name));
            self.odd(oddity);
        }
        let version = self.builder.text(entry.version);
        if semver::Version::parse(version).is_err() {
            let oddity = about(oddity::bad_version(entry.version.place, version));
            self.odd(oddity);
        }
        let source = entry.source.map(|atom| self.source(atom, about));
        let mut package = self.builder.entry(entry.place, entry.name);
        package.version = Some(entry.version);
        package.source = source;
        package.replace = entry.replace;
        package
    }

    fn source(&mut self, atom: Atom, about: impl Fn(Oddity) -> Oddity) -> SourceRef {
        let text = self.builder.text(atom);
        let of = |id: u32| SourceRef { id, place: atom.place };
        if let Some(last) = self.last
            && self.builder.sources.get(last.id as usize).is_some_and(|s| s.raw == text)
        {
            return of(last.id);
        }
        let found = if let Some(id) = self.ids.get(text) {
            of(*id)
        } else {
            let source = source::parse(text, self.version.unwrap_or(1));
            let found = of(u32::try_from(self.builder.sources.len()).unwrap_or(u32::MAX));
            self.ids.insert(text.to_owned(), found.id);
            if let Some(fault) = source::fault(&source) {
                self.odd(about(oddity::bad_source(atom.place, fault)));
            }
            self.builder.sources.push(source);
            found
        };
        self.last = Some(found);
        found
    }

    /// The version as written; 1 stands for the versions that write none.
    pub(super) fn syntax(&self) -> u32 {
        self.version.unwrap_or(1)
    }

    /// Resolves what can be known only from the whole file.
    pub(super) fn finish(mut self) -> Lockfile {
        let resolved = edges::resolve(&self);
        edges::apply(&mut self, &resolved);
        let version = self.version.unwrap_or_else(|| {
            // As cargo tells them apart: only version 2 writes checksums inline and edges short.
            let inline = self.builder.packages().iter().any(|p| !self.builder.digests(p).is_empty());
            let bare = self.builder.all_edges().is_empty() && self.metadata.is_empty();
            if resolved.short || inline || bare { 2 } else { 1 }
        });
        let version = metadata::apply(&mut self, resolved.checksums, version);
        self.builder.oddities.sort_by_key(|o| (o.place.start, o.place.end));
        if self.unseen > 0 {
            self.builder.oddities.push(oddity::more(Span::default(), self.unseen));
        }
        self.builder.finish(Format {
            name: "Cargo.lock",
            ecosystem: Ecosystem::Cargo,
            version: version.to_string(),
            digest: Algorithm::Sha256,
        })
    }
}

/// Why a text is not a sha256 digest; cargo compares the text and asks for no form.
pub(super) fn checksum_fault(text: &str) -> Option<&'static str> {
    // Without a branch between bytes: every package has one.
    let odd = |byte: u8| u8::from(!byte.is_ascii_hexdigit());
    if text.len() != 64 {
        Some("it does not have 64 characters, so it equals no digest")
    } else if text.bytes().fold(0, |any, byte| any | odd(byte)) != 0 {
        Some("it is not hexadecimal, so it equals no digest")
    } else {
        None
    }
}

pub(super) fn has_upper_case(hex: &str) -> bool {
    hex.bytes().fold(0, |any, byte| any | u8::from(byte.is_ascii_uppercase())) != 0
}

/// Letters of any script are allowed in packages that are not published.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}
