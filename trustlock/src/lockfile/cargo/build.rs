//! What both readers of `Cargo.lock` share: entries, sources parsed once each, and what is odd about
//! an entry.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::{edges, source};
use crate::model::{
    Algorithm, Atom, Digest, Ecosystem, File, Format, Lockfile, LockfileBuilder, Oddity, Package, Problem,
    SourceRef, Span,
};

/// The keys that cargo reads at the top.
pub(super) const TOP: &[&str] = &["version", "package", "root", "metadata", "patch"];
/// The keys that cargo reads in a package.
pub(super) const KEYS: &[&str] = &["name", "version", "source", "checksum", "dependencies", "replace"];

/// A `[metadata]` checksum, as versions 1 keep them.
struct MetadataChecksum {
    place: Span,
    id: String,
    hex: Atom,
}

/// A lockfile under construction.
pub(super) struct Build {
    builder: LockfileBuilder,
    declared: Option<u32>,
    sources: HashMap<String, u32>,
    metadata: Vec<MetadataChecksum>,
}

impl Build {
    /// For `file`, which says `version = …` or nothing.
    pub(super) fn new(file: &Arc<File>, declared: Option<u32>) -> Self {
        let builder = LockfileBuilder::new(Arc::clone(file));
        Self { builder, declared, sources: HashMap::new(), metadata: Vec::new() }
    }

    pub(super) fn file(&self) -> &Arc<File> {
        self.builder.file()
    }

    /// The value `text` that stands at `place`.
    pub(super) fn atom(&mut self, place: Span, text: &str) -> Atom {
        if self.file().slice(place) == text {
            self.builder.atom(place)
        } else {
            self.builder.decoded(place, text)
        }
    }

    /// A new entry.
    pub(super) fn entry(&mut self, place: Span, name: (Span, &str), version: (Span, &str)) -> Package {
        self.printable(name.0, name.1, "name");
        self.printable(version.0, version.1, "version");
        let name_atom = self.atom(name.0, name.1);
        let version_atom = self.atom(version.0, version.1);
        if semver::Version::parse(version.1).is_err() {
            self.odd(
                version.0,
                format!("the version of `{}` is not a semantic version", name.1),
                "cargo cannot read this",
                "let cargo write the lockfile again: `cargo generate-lockfile` in a checkout that you trust",
            );
        }
        let mut package = self.builder.entry(place, name_atom);
        package.version = Some(version_atom);
        package
    }

    /// Names the entry's source.
    pub(super) fn source(&mut self, package: &mut Package, place: Span, text: &str) {
        self.printable(place, text, "source");
        let id = if let Some(id) = self.sources.get(text) {
            *id
        } else {
            let id = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
            self.builder.sources.push(source::parse(text, self.declared.unwrap_or(1)));
            self.sources.insert(text.to_owned(), id);
            id
        };
        package.source = Some(SourceRef { id, place });
    }

    /// Gives the entry a checksum.
    pub(super) fn checksum(&mut self, package: &mut Package, place: Span, text: &str) {
        if !is_sha256(text) {
            self.odd(
                place,
                "a checksum is not 64 lower-case hex digits",
                "cargo compares it as text, so it matches nothing",
                "restore the line from a commit that you trust",
            );
            return;
        }
        let hex = self.atom(place, text);
        self.builder.digest(package, Digest { algorithm: Algorithm::Sha256, hex });
    }

    /// Adds an edge.
    pub(super) fn dependency(&mut self, package: &mut Package, place: Span, text: &str) {
        let atom = self.atom(place, text);
        self.builder.dependency(package, atom);
    }

    /// Adds a finished entry.
    pub(super) fn push(&mut self, package: Package, unused: bool) {
        if unused {
            self.builder.unused.push(package);
        } else {
            self.builder.push(package);
        }
    }

    /// Keeps a checksum of `[metadata]`.
    pub(super) fn metadata_checksum(&mut self, place: Span, id: &str, hex_place: Span, hex: &str) {
        let hex = self.atom(hex_place, hex);
        self.metadata.push(MetadataChecksum { place, id: id.to_owned(), hex });
    }

    /// A key that cargo ignores.
    pub(super) fn unknown_key(&mut self, place: Span, key: &str, known: &[&str]) {
        let near = known
            .iter()
            .map(|known| (strsim::damerau_levenshtein(known, &key.to_ascii_lowercase()), known))
            .min()
            .filter(|(distance, known)| *distance <= known.len() / 3);
        let help = match near {
            Some((_, known)) => format!("if `{known}` is meant, write it so; else remove the line"),
            None => "remove the line: cargo never writes it".to_owned(),
        };
        self.odd(
            place,
            format!("`{key}` is no key of a Cargo.lock"),
            "cargo ignores it without a word",
            help,
        );
    }

    /// Records what is odd.
    pub(super) fn odd(
        &mut self,
        place: Span,
        what: impl Into<String>,
        effect: impl Into<String>,
        help: impl Into<String>,
    ) {
        let oddity =
            Oddity { place, what: what.into(), effect: effect.into(), help: help.into(), cause: None };
        self.builder.oddities.push(oddity);
    }

    fn printable(&mut self, place: Span, text: &str, what: &str) {
        if text.chars().any(char::is_control) {
            self.odd(
                place,
                format!("a {what} holds control characters"),
                "what a terminal shows is not what cargo reads",
                "no package has such a name: treat it as an attack",
            );
        }
    }

    /// What cargo itself could not read.
    pub(super) fn problem(&self, span: Range<usize>, what: &str, label: &str) -> Problem {
        let file = self.file();
        Problem::new(format!("`{}` has {what}", file.path)).at(file.at(span), label)
    }

    /// A value of the wrong type.
    pub(super) fn shape(&self, span: Range<usize>, wanted: &str) -> Problem {
        self.problem(span, "a value of the wrong type", &format!("this must be {wanted}"))
    }

    /// The lockfile.
    ///
    /// # Errors
    /// A [`Problem`] where a file with text holds no package at all.
    pub(super) fn finish(mut self) -> Result<Lockfile, Problem> {
        let version = self.version();
        if self.builder.packages().is_empty() && self.declared.is_none() {
            let file = self.file();
            return Err(Problem::new(format!("`{}` locks nothing", file.path))
                .path(&file.path)
                .fix("an empty lockfile is never what cargo writes: restore it"));
        }
        if let Some(declared @ 1..=2) = self.declared {
            let at = self.file().text.find("version").unwrap_or_default();
            self.odd(
                Span::new(at, at + "version".len()),
                format!("`version = {declared}` is written out"),
                "cargo refuses to read this; versions 1 and 2 have no such line",
                "remove the line",
            );
        }
        self.metadata_checksums(version);
        edges::resolve(&mut self.builder);
        edges::inspect(&mut self.builder);
        let format =
            Format { name: "Cargo.lock", ecosystem: Ecosystem::Cargo, version, digest: Algorithm::Sha256 };
        self.builder.oddities.sort_by_key(|o| o.place);
        Ok(self.builder.finish(format))
    }

    /// Versions 1 and 2 do not say which they are: only 1 keeps its checksums in `[metadata]`.
    fn version(&self) -> u32 {
        let inline = self.builder.packages().iter().any(|p| !self.builder.digests(p).is_empty());
        match self.declared {
            Some(version) => version,
            None if inline || self.metadata.is_empty() => 2,
            None => 1,
        }
    }

    fn metadata_checksums(&mut self, version: u32) {
        let metadata = std::mem::take(&mut self.metadata);
        if version >= 2 {
            if let Some(first) = metadata.first() {
                self.odd(
                    first.place,
                    "a checksum in `[metadata]` disarms every checksum of this lockfile",
                    "cargo takes the file for a bad merge and discards all checksums, here and above",
                    "remove the `[metadata]` table, and compare every checksum with a commit that you trust",
                );
            }
            return;
        }
        let ids: HashMap<String, usize> = (0..self.builder.packages().len())
            .filter_map(|index| Some((self.full_id(self.builder.packages().get(index)?)?, index)))
            .collect();
        for checksum in metadata {
            let text = self.builder.text(checksum.hex).to_owned();
            match ids.get(&checksum.id) {
                Some(_) if text == "<none>" => {}
                Some(index) if is_sha256(&text) => {
                    let digest = Digest { algorithm: Algorithm::Sha256, hex: checksum.hex };
                    self.builder.late_digest(*index, digest);
                }
                Some(_) => self.odd(
                    checksum.hex.place,
                    "a checksum is not 64 lower-case hex digits",
                    "cargo compares it as text, so it matches nothing",
                    "restore the line from a commit that you trust",
                ),
                None => self.odd(
                    checksum.place,
                    "a checksum belongs to no package of this lockfile",
                    "it protects nothing",
                    "remove the line, or restore the package that it belongs to",
                ),
            }
        }
    }

    /// `name version (source)`, as version 1 names packages.
    fn full_id(&self, package: &Package) -> Option<String> {
        let name = self.builder.text(package.name);
        let version = self.builder.text(package.version?);
        let source = self.builder.sources.get(package.source?.id as usize)?;
        Some(format!("{name} {version} ({})", source.raw))
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
