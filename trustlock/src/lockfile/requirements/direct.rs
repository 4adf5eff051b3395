//! Requirements that say where they are: by URL or by path.

use std::ops::Range;
use std::str::FromStr;

use pep440_rs::Version;

use super::collect::Reader;
use super::entry::Asked;
use super::requirement::{self, is_archive, without_extras};
use super::{oddity, url};
use crate::lockfile::python::oddity::is_name;
use crate::lockfile::python::{Filename, source};
use crate::model::{
    Artifact, ArtifactKind, Atom, Digest, Ecosystem, LocalForm, Package, ReferenceKind, Source, SourceKind,
    fold,
};
use crate::tree::TreePath;

/// How many dashes the version of a source archive may hold, and whatever follows it.
const MOST_DASHES: usize = 8;

/// What a URL or path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An archive that a server has.
    Archive,
    /// A git repository.
    Git,
    /// A repository of another version control system.
    OtherRepository,
    /// An archive on this machine.
    File,
    /// A folder that is built.
    Folder,
    /// A folder that is used where it stands.
    Editable,
}

impl Kind {
    pub(super) fn of_url(written: &str, editable: bool) -> Self {
        let scheme = requirement::scheme(written).map(str::to_ascii_lowercase);
        match scheme.as_deref() {
            Some("file") => Self::of_path(url::file_path(written), editable),
            Some("git") if editable => Self::Git,
            Some("hg" | "svn" | "bzr") if editable => Self::OtherRepository,
            Some(scheme) if requirement::is_vcs(scheme) => {
                if scheme.starts_with("git+") {
                    Self::Git
                } else {
                    Self::OtherRepository
                }
            }
            Some(_) => Self::Archive,
            None if written.starts_with("git+") => Self::Git,
            None => Self::of_path(written, editable),
        }
    }

    pub(super) fn of_path(written: &str, editable: bool) -> Self {
        match editable {
            true => Self::Editable,
            false if is_archive(without_extras(url::without_fragment(written))) => Self::File,
            false => Self::Folder,
        }
    }

    /// Why pip compares no digest of it.
    fn idle(self, editable: bool) -> Option<&'static str> {
        match self {
            Self::Archive | Self::File => None,
            _ if editable => Some("pip passes over the hashes of an editable"),
            Self::Git | Self::OtherRepository => Some("pip cannot hold a checkout against a digest"),
            Self::Folder | Self::Editable => Some("pip cannot hold a folder against a digest"),
        }
    }

    fn source(self, written: &str, folder: &TreePath) -> Source {
        let path = || {
            let is_url =
                requirement::scheme(written).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file"));
            without_extras(if is_url { url::file_path(written) } else { written })
        };
        match self {
            Self::Archive => source::archive(&url::without_variables(written)),
            Self::Git => git(&url::without_variables(written)),
            Self::OtherRepository => source::unknown(written),
            Self::File => source::local(folder, LocalForm::File, path()),
            Self::Folder => source::local(folder, LocalForm::Directory, path()),
            Self::Editable => source::local(folder, LocalForm::Editable, path()),
        }
    }
}

fn git(written: &str) -> Source {
    let (repository, revision) = url::revision(written);
    let revision = revision.map(source::percent_decoded);
    let is_commit =
        |name: &&str| matches!(name.len(), 40 | 64) && name.bytes().all(|b| b.is_ascii_hexdigit());
    let commit = revision.as_deref().filter(is_commit);
    let kind = if commit.is_some() { ReferenceKind::Rev } else { ReferenceKind::Ref };
    let reference = revision.as_deref().map(|name| source::reference(kind, name));
    source::git(written, &repository, reference, commit)
}

impl Reader {
    /// What a requirement finds at a URL or path.
    pub(super) fn direct(
        &mut self,
        asked: &Asked<'_>,
        range: &Range<usize>,
        name: Option<Atom>,
        kind: Kind,
        mut digests: Vec<Digest>,
    ) -> Package {
        let written = asked.get(range);
        let whole = asked.atom(self, range);
        let bare = url::without_fragment(written);
        let address = self.collector.builder.part(whole, 0..bare.len());
        let is_file = matches!(kind, Kind::Archive | Kind::File);
        let filename = is_file.then(|| self.collector.filename(address)).flatten();
        let (of_file, version) = filename.map(|file| self.name_and_version(file, name)).unwrap_or_default();
        let of_egg = url::egg(written).filter(|egg| written.get(egg.clone()).is_some_and(is_name));
        let of_egg = of_egg.map(|egg| self.collector.builder.part(whole, egg));
        let of_repository = || self.repository_name(address, kind);
        let (first, second) = if self.is_wheel(filename) { (of_file, of_egg) } else { (of_egg, of_file) };
        let named = name.or(first).or(second).or_else(of_repository).unwrap_or(address);

        let mut package = self.collector.builder.entry(asked.line.place(), named);
        package.version = version;
        let key = format!("{kind:?} {bare}");
        let source = self.collector.source(whole.place, &key, |folder| kind.source(bare, folder));
        package.source = Some(source);
        self.count(source.id, kind);
        self.fragment(whole, written, &mut digests);
        if let Some(idle) = kind.idle(asked.editable) {
            for digest in &mut digests {
                digest.idle = Some(idle);
            }
        }
        let Some(filename) = filename else {
            for digest in digests {
                self.collector.builder.digest(&mut package, digest);
            }
            return package;
        };
        let file_kind = ArtifactKind::of(self.collector.text(filename));
        let mut artifact = Artifact::new(asked.line.place(), file_kind);
        artifact.filename = Some(filename);
        let place = if kind == Kind::Archive { &mut artifact.url } else { &mut artifact.path };
        *place = Some(address);
        if file_kind == ArtifactKind::Wheel {
            self.collector.artifact(&mut package, artifact, &digests);
        } else {
            // An archive of sources may have any name.
            self.collector.builder.artifact(&mut package, artifact, &digests);
        }
        package
    }

    fn is_wheel(&self, filename: Option<Atom>) -> bool {
        filename.is_some_and(|file| ArtifactKind::of(self.collector.text(file)) == ArtifactKind::Wheel)
    }

    /// Whether one commit is named counts as a pin.
    fn count(&mut self, source: u32, kind: Kind) {
        let source = self.collector.builder.sources.get(source as usize);
        let pinned = source.is_some_and(|s| matches!(s.kind, SourceKind::Git { commit: Some(_), .. }));
        let count = match kind {
            Kind::Git | Kind::OtherRepository if pinned => &mut self.tally.pins,
            Kind::Git | Kind::OtherRepository => &mut self.tally.wishes,
            _ => &mut self.tally.direct,
        };
        *count += 1;
    }

    /// What the name of a file says; `known` is the name that the requirement gives.
    fn name_and_version(&mut self, file: Atom, known: Option<Atom>) -> (Option<Atom>, Option<Atom>) {
        let text = self.collector.text(file);
        let stem_end = text.len() - if ArtifactKind::of(text) == ArtifactKind::Wheel { 4 } else { 0 };
        let name = match known {
            Some(known) => fold(Ecosystem::Pypi, self.collector.text(known)).into_owned(),
            None if stem_end < text.len() => text.split('-').next().unwrap_or_default().to_owned(),
            // The last dash that a version follows.
            None => {
                let split = text.rmatch_indices('-').map(|(at, _)| text.get(..at).unwrap_or_default());
                let fits = |name: &&str| {
                    let folded = fold(Ecosystem::Pypi, name);
                    matches!(Filename::parse(text, &folded), Filename::Of { version } if Version::from_str(version).is_ok())
                };
                match split.take(MOST_DASHES).find(fits) {
                    Some(name) => name.to_owned(),
                    None => return (None, None),
                }
            }
        };
        let Filename::Of { version } = Filename::parse(text, &fold(Ecosystem::Pypi, &name)) else {
            return (None, None);
        };
        if Version::from_str(version).is_err() {
            return (None, None);
        }
        let Some(start) = text.find(&format!("-{version}")).map(|at| at + 1) else { return (None, None) };
        let version = start..start + version.len();
        let part = |range| self.collector.builder.part(file, range);
        (known.is_none().then(|| part(0..name.len())), Some(part(version)))
    }

    /// The last part of a repository's URL.
    fn repository_name(&self, address: Atom, kind: Kind) -> Option<Atom> {
        if !matches!(kind, Kind::Git | Kind::OtherRepository) {
            return None;
        }
        let text = self.collector.text(address);
        let (repository, _) = url::revision(text);
        let length = repository.split('?').next()?.len();
        let path = text.get(..length)?.trim_end_matches('/');
        let start = path.rfind(['/', ':'])? + 1;
        let last = path.get(start..)?;
        let last = last.strip_suffix(".git").unwrap_or(last);
        is_name(last).then(|| self.collector.builder.part(address, start..start + last.len()))
    }

    /// The digests in a URL's fragment. pip compares the first of them, and takes it for as good as one
    /// after `--hash`.
    fn fragment(&mut self, whole: Atom, written: &str, digests: &mut Vec<Digest>) {
        let given = digests.len();
        for (index, field) in url::digests(written).enumerate() {
            let hex = self.collector.builder.part(whole, field.value);
            let Some(mut digest) = self.collector.named_digest(field.key, hex.place, hex) else { continue };
            if index > 0 {
                digest.idle = Some("pip compares only the first digest of a URL");
            } else {
                let beside = digests.iter().take(given).filter(|d| d.algorithm == digest.algorithm);
                let text = |d: &Digest| self.collector.text(d.hex).to_ascii_lowercase();
                let mut beside = beside.map(text).peekable();
                if beside.peek().is_some() && !beside.any(|hex| hex == text(&digest)) {
                    self.odd(oddity::two_digests(hex.place).of(self.collector.next()));
                }
            }
            digests.push(digest);
        }
    }
}
