use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use super::{Filename, oddity, same_version};
use crate::lockfile::ODDITIES;
use crate::model::{
    Algorithm, Artifact, ArtifactKind, Atom, Digest, Ecosystem, File, Format, Lockfile, LockfileBuilder,
    Oddity, Package, Source, SourceRef, Span, fold,
};
use crate::tree::TreePath;

/// What every reader of a Python lockfile fills.
pub(in crate::lockfile) struct Collector {
    pub(in crate::lockfile) builder: LockfileBuilder,
    /// The folder that relative paths of the file start from.
    pub(in crate::lockfile) folder: TreePath,
    /// Sources by what tells them apart.
    ids: HashMap<String, u32>,
    /// Oddities that are only counted.
    unseen: usize,
}

impl Collector {
    pub(in crate::lockfile) fn new(file: &Arc<File>) -> Self {
        let folder = TreePath::new(&file.path).ok().and_then(|path| path.parent()).unwrap_or_default();
        Self { builder: LockfileBuilder::new(Arc::clone(file)), folder, ids: HashMap::new(), unseen: 0 }
    }

    /// Records what stands in the file and should not.
    pub(in crate::lockfile) fn odd(&mut self, oddity: Oddity) {
        if self.builder.oddities.len() < ODDITIES {
            self.builder.oddities.push(oddity);
        } else {
            self.unseen += 1;
        }
    }

    /// The index that the next entry will have.
    pub(in crate::lockfile) fn next(&self) -> usize {
        self.builder.packages().len()
    }

    pub(in crate::lockfile) fn text(&self, atom: Atom) -> &str {
        self.builder.text(atom)
    }

    /// The source that `key` stands for, understood once; `place` is where this package names it. The
    /// key must tell apart whatever `make` would make different.
    pub(in crate::lockfile) fn source(
        &mut self,
        place: Span,
        key: &str,
        make: impl FnOnce(&TreePath) -> Source,
    ) -> SourceRef {
        if let Some(id) = self.ids.get(key) {
            return SourceRef { id: *id, place };
        }
        let id = u32::try_from(self.builder.sources.len()).unwrap_or(u32::MAX);
        let source = make(&self.folder);
        self.builder.sources.push(source);
        self.ids.insert(key.to_owned(), id);
        SourceRef { id, place }
    }

    /// `sha256:…`, in one text. What is no digest is an oddity of the package that comes next.
    pub(in crate::lockfile) fn digest(&mut self, text: Atom) -> Option<Digest> {
        let Some((name, hex)) = self.builder.text(text).split_once(':') else {
            let oddity = oddity::no_digest(text.place, "it has no algorithm").of(self.next());
            self.odd(oddity);
            return None;
        };
        let (name, at) = (name.to_owned(), name.len() + 1..name.len() + 1 + hex.len());
        let hex = self.builder.part(text, at);
        self.named_digest(&name, text.place, hex)
    }

    /// A digest whose algorithm stands elsewhere, at `place`.
    pub(in crate::lockfile) fn named_digest(&mut self, name: &str, place: Span, hex: Atom) -> Option<Digest> {
        let about = self.next();
        let algorithm = Algorithm::named(name).unwrap_or(Algorithm::Unknown);
        let text = self.builder.text(hex);
        let fault = if !text.bytes().all(|b| b.is_ascii_hexdigit()) || text.is_empty() {
            Some("it is not hexadecimal, so it equals no digest")
        } else if !algorithm.has_length(text.len()) {
            Some("it has the wrong length for its algorithm, so it equals no digest")
        } else {
            None
        };
        if let Some(fault) = fault {
            self.odd(oddity::no_digest(hex.place, fault).of(about));
            return None;
        }
        if algorithm == Algorithm::Unknown {
            self.odd(oddity::unknown_algorithm(place, name).of(about));
        }
        Some(Digest::new(algorithm, hex))
    }

    /// Holds the name and version of the entry that comes next against the rules for them.
    pub(in crate::lockfile) fn check_identity(&mut self, name: Atom, version: Option<Atom>) {
        let about = self.next();
        let text = self.builder.text(name);
        if !oddity::is_name(text) {
            let oddity = oddity::bad_name(name.place, text).of(about);
            self.odd(oddity);
        }
        let Some(version) = version else { return };
        let text = self.builder.text(version);
        if pep440_rs::Version::from_str(text).is_err() {
            let oddity = oddity::bad_version(version.place, text).of(about);
            self.odd(oddity);
        }
    }

    /// Holds a digest in the fragment of `url` against those that stand beside it.
    pub(in crate::lockfile) fn check_fragment(&mut self, url: Atom, digests: &[Digest]) {
        let Some((_, fragment)) = self.builder.text(url).split_once('#') else { return };
        let disagrees = fragment.split('&').filter_map(|part| part.split_once('=')).any(|(name, hex)| {
            let mut beside =
                digests.iter().filter(|d| Algorithm::named(name) == Some(d.algorithm)).peekable();
            beside.peek().is_some() && !beside.any(|d| self.builder.text(d.hex).eq_ignore_ascii_case(hex))
        });
        if disagrees {
            let oddity = oddity::other_fragment(url.place).of(self.next());
            self.odd(oddity);
        }
    }

    /// The name of the file that a URL or a path ends with.
    pub(in crate::lockfile) fn filename(&mut self, of: Atom) -> Option<Atom> {
        let text = self.builder.text(of);
        let end = if text.contains("://") { text.find(['?', '#']).unwrap_or(text.len()) } else { text.len() };
        let start = text.get(..end)?.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
        let name = text.get(start..end).filter(|name| !name.is_empty())?;
        if !name.contains('%') {
            return Some(self.builder.part(of, start..end));
        }
        let decoded = super::source::percent_decoded(name);
        Some(self.builder.decoded(of.place, &decoded))
    }

    /// Records a name that leads out of the folder that a file of this name is put in.
    pub(in crate::lockfile) fn check_is_filename(&mut self, name: Atom) {
        let text = self.builder.text(name);
        if text.contains(['/', '\\']) || text.chars().any(char::is_control) {
            let oddity = oddity::no_filename(name.place, text).of(self.next());
            self.odd(oddity);
        }
    }

    /// Gives `package` a file, and holds the file's name against the package's name and version.
    pub(in crate::lockfile) fn artifact(
        &mut self,
        package: &mut Package,
        artifact: Artifact,
        digests: &[Digest],
    ) {
        self.check_filename(package, &artifact);
        self.builder.artifact(package, artifact, digests);
    }

    /// Gives `package` an archive that is named by itself: one that is no wheel may have any name.
    pub(in crate::lockfile) fn archive(
        &mut self,
        package: &mut Package,
        mut artifact: Artifact,
        digests: &[Digest],
    ) {
        let of_name = artifact.filename.map(|name| ArtifactKind::of(self.builder.text(name)));
        if of_name == Some(ArtifactKind::Wheel) {
            artifact.kind = ArtifactKind::Wheel;
            self.check_filename(package, &artifact);
        }
        self.builder.artifact(package, artifact, digests);
    }

    pub(in crate::lockfile) fn check_filename(&mut self, package: &Package, artifact: &Artifact) {
        let Some(atom) = artifact.filename else { return };
        let text = self.builder.text(atom);
        let name = fold(Ecosystem::Pypi, self.builder.text(package.name));
        let version = package.version.map(|version| self.builder.text(version));
        let fault = match Filename::parse(text, &name) {
            Filename::Other => None,
            Filename::Foreign => Some(oddity::foreign_file(atom.place, text, &name)),
            Filename::Of { version: found } => version
                .filter(|version| !same_version(version, found))
                .map(|version| oddity::file_of_other_version(atom.place, text, version)),
        };
        let kind = match artifact.kind {
            ArtifactKind::Wheel if ArtifactKind::of(text) == ArtifactKind::Sdist => true,
            ArtifactKind::Sdist => ArtifactKind::of(text) == ArtifactKind::Wheel,
            _ => false,
        };
        let wrong_kind = kind.then(|| oddity::wrong_kind(atom.place, text, artifact.kind.name()));
        let about = self.next();
        for oddity in [fault, wrong_kind].into_iter().flatten() {
            self.odd(oddity.of(about));
        }
    }

    /// Says which package each edge means: the one of that name, where there is just one.
    pub(in crate::lockfile) fn link_by_name(&mut self) {
        let mut by_name: HashMap<String, Option<u32>> = HashMap::new();
        for (package, index) in self.builder.packages().iter().zip(0u32..) {
            by_name
                .entry(fold(Ecosystem::Pypi, self.builder.text(package.name)).into_owned())
                .and_modify(|found| *found = None)
                .or_insert(Some(index));
        }
        let target = |edge: &crate::model::Dependency| {
            by_name.get(&*fold(Ecosystem::Pypi, self.builder.text(edge.name))).copied().flatten()
        };
        let targets: Vec<_> = self.builder.all_edges().iter().map(target).collect();
        self.builder.set_targets(&targets);
    }

    /// The lockfile; its digests are sha256 unless its tool writes others.
    pub(in crate::lockfile) fn finish(mut self, name: &'static str, version: &str) -> Lockfile {
        self.builder.oddities.sort_by_key(|o| (o.place.start, o.place.end));
        if self.unseen > 0 {
            self.builder.oddities.push(oddity::more(Span::default(), self.unseen));
        }
        self.builder.finish(Format {
            name,
            ecosystem: Ecosystem::Pypi,
            version: version.to_owned(),
            digest: Algorithm::Sha256,
        })
    }
}
