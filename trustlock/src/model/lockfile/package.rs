//! A package, or one of its artifacts, together with the lockfile it stands in.

use super::{Backing, Dependency, Lockfile, Package, slice};
use crate::model::{Artifact, Atom, Digest, Ecosystem, Place, Source, Span};

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

    /// Its name in the form under which two spellings are one package.
    pub fn folded(self) -> std::borrow::Cow<'a, str> {
        crate::model::fold(self.ecosystem(), self.name())
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

    /// The digests that stand at the package itself: the format names no files, or these hold for any
    /// of them.
    pub fn digests(self) -> &'a [Digest] {
        slice(&self.lockfile.digests, &self.package.digests)
    }

    /// What constraint files add to it.
    pub fn backing(self) -> Option<Backing> {
        let backing = &self.lockfile.backing;
        let at = backing.binary_search_by_key(&self.index, |backing| backing.package).ok()?;
        backing.get(at).copied()
    }

    /// Everything that can be downloaded or opened for it. Where the format names no files, one entry
    /// stands for them all and has the package's own digests.
    pub fn artifacts(self) -> impl Iterator<Item = ArtifactRef<'a>> {
        let named = slice(&self.lockfile.artifacts, &self.package.artifacts);
        let unnamed = named.is_empty().then_some(ArtifactRef { package: self, artifact: None });
        named.iter().map(move |a| ArtifactRef { package: self, artifact: Some(a) }).chain(unnamed)
    }

    /// The files that the lockfile names for it.
    pub fn files(self) -> &'a [Artifact] {
        slice(&self.lockfile.artifacts, &self.package.artifacts)
    }

    /// The groups, categories and extras through which it is asked for, as written.
    pub fn groups(self) -> impl Iterator<Item = &'a str> {
        slice(&self.lockfile.groups, &self.package.groups).iter().map(|atom| self.lockfile.text(*atom))
    }

    /// The condition under which it is installed, as written.
    pub fn marker(self) -> Option<&'a str> {
        self.package.marker.map(|atom| self.lockfile.text(atom))
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

    /// How it came in, the shortest way, as labels: `["app@0.1.0", "a@1.0.0", "b@2.0.0"]`. Of a long
    /// chain the middle is left out.
    pub fn chain(self) -> Vec<String> {
        let (first, hidden, last) = self.lockfile.chains().to(self.index);
        let label = |index: u32| self.lockfile.package(index).map(PackageRef::label);
        let mut chain: Vec<String> = first.into_iter().filter_map(label).collect();
        if hidden > 0 {
            chain.push(format!("({hidden} more)"));
        }
        chain.extend(last.into_iter().filter_map(label));
        chain
    }
}

/// An artifact together with its package and lockfile.
#[derive(Clone, Copy)]
pub struct ArtifactRef<'a> {
    /// The package.
    pub package: PackageRef<'a>,
    /// The file; `None` where the format names none.
    pub artifact: Option<&'a Artifact>,
}

impl<'a> ArtifactRef<'a> {
    fn text(self, atom: impl Fn(&'a Artifact) -> Option<Atom>) -> Option<&'a str> {
        self.artifact.and_then(atom).map(|atom| self.package.lockfile.text(atom))
    }

    /// As sentences name it: the file with its package, or the package alone.
    pub fn label(self) -> String {
        let package = self.package.label();
        match self.filename() {
            Some(file) => format!("`{file}` of `{package}`"),
            None => format!("`{package}`"),
        }
    }

    /// Its digests.
    pub fn digests(self) -> &'a [Digest] {
        match self.artifact {
            Some(artifact) => slice(&self.package.lockfile.file_digests, &artifact.digests),
            None => self.package.digests(),
        }
    }

    /// The name of the file.
    pub fn filename(self) -> Option<&'a str> {
        self.text(|a| a.filename)
    }

    /// The URL that it is downloaded from, as written. May hold credentials.
    pub fn url(self) -> Option<&'a str> {
        self.text(|a| a.url)
    }

    /// The path that it is opened at, as written.
    pub fn path(self) -> Option<&'a str> {
        self.text(|a| a.path)
    }

    /// When it was published, as the lockfile claims.
    pub fn uploaded(self) -> Option<&'a str> {
        self.text(|a| a.uploaded)
    }

    /// Where it is named: the file, or else the package.
    pub fn place(self) -> Place {
        match self.artifact {
            Some(artifact) => {
                let name = artifact.filename.or(artifact.url).or(artifact.path);
                self.package.at(name.map_or(artifact.place, |atom| atom.place))
            }
            None => self.package.name_place(),
        }
    }
}
