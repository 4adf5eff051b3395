//! From a TOML document to packages.

use std::collections::HashSet;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::source::{self, Origin};
use crate::lockfile::python::{Collector, Document, Value, oddity, source as sources};
use crate::model::{
    Algorithm, Artifact, ArtifactKind, Atom, Digest, Ecosystem, File, LocalForm, Lockfile, Package, Problem,
    SourceRef, fold,
};
use crate::text::toml::Sections;

const TOP: &[&str] = &[
    "lock-version",
    "environments",
    "requires-python",
    "extras",
    "dependency-groups",
    "default-groups",
    "created-by",
    "packages",
    "tool",
];
const PACKAGE: &[&str] = &[
    "name",
    "version",
    "marker",
    "requires-python",
    "dependencies",
    "vcs",
    "directory",
    "archive",
    "index",
    "sdist",
    "wheels",
    "attestation-identities",
    "tool",
];
const FILE: &[&str] = &["name", "url", "path", "size", "upload-time", "hashes", "subdirectory"];

pub(super) fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    let sections = Sections::read(file, "packages")?;
    let document = Document { file, tool: "pip", start: 0 };
    let mut reader =
        Reader { document, collector: Collector::new(file), seen: HashSet::new(), invented: false };
    let mut version = String::new();
    for (number, (table, start)) in sections.top().iter().enumerate() {
        reader.document.start = *start;
        if number == 0 {
            version = reader.version(table)?;
        }
        reader.top(table)?;
    }
    for entry in sections.entries() {
        let (table, start) = entry?;
        reader.document.start = start;
        reader.packages(&table)?;
    }
    if sections.is_whole() && !sections.top().iter().any(|(table, _)| table.contains_key("packages")) {
        return Err(Problem::new(format!(
            "`{}` has no `packages`, which every `pylock.toml` does",
            file.path
        ))
        .path(&file.path)
        .fix("restore it from a commit that you trust"));
    }
    let mut collector = reader.collector;
    collector.link_by_name();
    if reader.invented {
        collector.builder.notes.push(
            "pipenv does not know which digest belongs to which file, and made up the names in it; they are \
             left out"
                .to_owned(),
        );
    }
    Ok(collector.finish("pylock.toml", &version))
}

struct Reader<'a> {
    document: Document<'a>,
    collector: Collector,
    /// Packages by folded name and marker.
    seen: HashSet<(String, String)>,
    /// The file was made by pipenv, which knows digests without names and invents a name for each.
    invented: bool,
}

impl<'a> Reader<'a> {
    fn top(&mut self, table: &DeTable<'a>) -> Result<(), Problem> {
        self.document.look_alikes(&mut self.collector, table, TOP);
        self.invented |= table.get("created-by").and_then(|v| v.get_ref().as_str()) == Some("pipenv");
        self.packages(table)
    }

    fn packages(&mut self, table: &DeTable<'a>) -> Result<(), Problem> {
        for package in self.document.list(table, "packages")? {
            self.package(package)?;
        }
        Ok(())
    }

    fn version(&mut self, table: &DeTable<'a>) -> Result<String, Problem> {
        let file = self.document.file;
        let Some(value) = table.get("lock-version") else {
            return Err(Problem::new(format!("`{}` names no `lock-version`", file.path))
                .path(&file.path)
                .fix("restore it from a commit that you trust"));
        };
        let text = value.get_ref().as_str().unwrap_or_default();
        let minor = text.strip_prefix("1.").and_then(|minor| minor.parse::<u32>().ok());
        let Some(minor) = minor else {
            let found = file.slice(self.document.place(value.span()));
            return Err(Problem::new(format!("`{}` has the unknown lockfile version {found}", file.path))
                .at(file.at(self.document.place(value.span())), "this program knows version 1.0")
                .fix("update trustlock; if no released tool writes this version, restore the file"));
        };
        if minor > 0 {
            self.collector.builder.notes.push(format!(
                "it is of version {text}, and this program knows 1.0; tools read it with a warning, and so it \
                 was read, without what is new in it"
            ));
        }
        Ok(text.to_owned())
    }

    fn package(&mut self, value: &Value<'a>) -> Result<(), Problem> {
        let table = self.document.table(value, "package")?;
        self.document.look_alikes(&mut self.collector, table, PACKAGE);
        let name = self.document.required(&mut self.collector, table, value, "name")?;
        let version = self.document.string(&mut self.collector, table, "version")?;
        self.collector.check_identity(name, version);
        let end = table.values().map(|v| v.span().end).fold(value.span().end, usize::max);
        let place = self.document.place(value.span().start..end);
        let mut package = self.collector.builder.entry(place, name);
        package.version = version;
        package.marker = self.document.string(&mut self.collector, table, "marker")?;
        self.find_twin(&package);
        match source::read(&self.document, &mut self.collector, table)? {
            Origin::Tree(source) => package.source = Some(source),
            Origin::Archive(archive) => self.archive(archive, &mut package)?,
            Origin::Files => self.files(table, &mut package)?,
        }
        self.dependencies(table, &mut package)?;
        self.collector.builder.push(package);
        Ok(())
    }

    /// Several packages of one name are told apart by their markers alone: two that are installed together
    /// are an error, at the time of the installation.
    fn find_twin(&mut self, package: &Package) {
        let name = fold(Ecosystem::Pypi, self.collector.text(package.name)).into_owned();
        let marker = package.marker.map(|marker| self.collector.text(marker).to_owned()).unwrap_or_default();
        if !self.seen.insert((name, marker)) {
            let about = self.collector.next();
            let label = self.collector.text(package.name).to_owned();
            self.collector.odd(oddity::twice(package.name.place, &label).of(about));
        }
    }

    /// They tell of edges, and need not: a package that is not there is no fault.
    fn dependencies(&mut self, table: &DeTable<'a>, package: &mut Package) -> Result<(), Problem> {
        for edge in self.document.list(table, "dependencies")? {
            let name = edge.get_ref().as_table().and_then(|edge| edge.get("name"));
            if let Some(name) = name.filter(|name| name.get_ref().is_str()) {
                let name = self.document.atom(&mut self.collector, name, "name")?;
                self.collector.builder.dependency(package, name);
            }
        }
        Ok(())
    }

    fn archive(&mut self, value: &Value<'a>, package: &mut Package) -> Result<(), Problem> {
        let (artifact, digests) = self.file(value, "archive", ArtifactKind::Sdist)?;
        package.source = match (artifact.path, artifact.url) {
            (Some(path), _) => Some(source::local(&mut self.collector, LocalForm::File, path)),
            (None, Some(url)) => {
                let text = self.collector.text(url).to_owned();
                let key = format!("archive\0{text}");
                Some(self.collector.source(url.place, &key, |_| sources::archive(&text)))
            }
            (None, None) => return Err(self.document.wrong(value, "this has neither `url` nor `path`")),
        };
        self.collector.archive(package, artifact, &digests);
        Ok(())
    }

    fn files(&mut self, table: &DeTable<'a>, package: &mut Package) -> Result<(), Problem> {
        let mut found = Vec::new();
        if let Some(sdist) = table.get("sdist") {
            found.push(self.file(sdist, "sdist", ArtifactKind::Sdist)?);
        }
        for wheel in self.document.list(table, "wheels")? {
            found.push(self.file(wheel, "an entry of `wheels`", ArtifactKind::Wheel)?);
        }
        let index = self.document.string(&mut self.collector, table, "index")?;
        package.source = Some(self.index(index, package, &found));
        for (mut artifact, digests) in found {
            self.collector.check_filename(package, &artifact);
            if self.invented {
                (artifact.kind, artifact.filename) = (ArtifactKind::Unknown, None);
            }
            self.collector.builder.artifact(package, artifact, &digests);
        }
        Ok(())
    }

    /// The index is only a label: a file with a path is opened there. One that lies outside decides for
    /// its package; where all are opened and none is downloaded, they say where it comes from.
    fn index(
        &mut self,
        index: Option<Atom>,
        package: &Package,
        files: &[(Artifact, Vec<Digest>)],
    ) -> SourceRef {
        let paths: Vec<Atom> = files.iter().filter_map(|(artifact, _)| artifact.path).collect();
        let folder = &self.collector.folder;
        let outside = paths.iter().find(|path| folder.join(self.collector.text(**path)).is_err());
        let only = paths.first().filter(|_| paths.len() == files.len());
        if let Some(path) = outside.or(only) {
            return source::local(&mut self.collector, LocalForm::File, *path);
        }
        match index {
            Some(index) => {
                let text = self.collector.text(index).to_owned();
                self.collector.source(index.place, &format!("index\0{text}"), |_| sources::index(&text))
            }
            None => self.collector.source(package.name.place, "unrecorded", |_| sources::unrecorded()),
        }
    }

    fn file(
        &mut self,
        value: &Value<'a>,
        what: &str,
        kind: ArtifactKind,
    ) -> Result<(Artifact, Vec<Digest>), Problem> {
        let table = self.document.table(value, what)?;
        self.document.look_alikes(&mut self.collector, table, FILE);
        let mut artifact = Artifact::new(self.document.place(value.span()), kind);
        let name = self.document.string(&mut self.collector, table, "name")?;
        artifact.url = self.document.string(&mut self.collector, table, "url")?;
        artifact.path = self.document.string(&mut self.collector, table, "path")?;
        let last = artifact.path.or(artifact.url).and_then(|from| self.collector.filename(from));
        if let (Some(name), Some(last)) = (name, last) {
            self.two_names(name, last);
        }
        artifact.filename = name.or(last);
        artifact.size = table.get("size").and_then(Document::number);
        artifact.uploaded = match table.get("upload-time") {
            Some(time) if matches!(time.get_ref(), DeValue::Datetime(_)) => {
                Some(self.collector.builder.atom(self.document.place(time.span())))
            }
            // Some tools write a text.
            _ => self.document.string(&mut self.collector, table, "upload-time")?,
        };
        let digests = self.hashes(table)?;
        Ok((artifact, digests))
    }

    /// The name counts, and nobody holds it against the address: tools choose by the one and fetch the
    /// other.
    fn two_names(&mut self, name: Atom, last: Atom) {
        let (chosen, fetched) = (self.collector.text(name), self.collector.text(last));
        // An index may keep the spelling of long ago: `PyYAML` for `pyyaml`.
        let same = fold(Ecosystem::Pypi, chosen) == fold(Ecosystem::Pypi, fetched);
        if !same && ArtifactKind::of(fetched) != ArtifactKind::Unknown {
            let oddity = oddity::odd(
                name.place,
                "files are named otherwise than what is fetched",
                format!("`{chosen}` is fetched from `{fetched}`"),
                "uv goes by the name and installs the other",
                oddity::RESTORE,
            );
            let about = self.collector.next();
            self.collector.odd(oddity.of(about));
        }
    }

    fn hashes(&mut self, table: &DeTable<'a>) -> Result<Vec<Digest>, Problem> {
        let Some(value) = table.get("hashes") else { return Ok(Vec::new()) };
        let hashes = self.document.table(value, "hashes")?;
        if hashes.is_empty() {
            let oddity = oddity::odd(
                self.document.place(value.span()),
                "tables of digests are empty",
                "this table of digests is empty".to_owned(),
                "pip refuses the file, uv installs without checking anything",
                oddity::RESTORE,
            );
            let about = self.collector.next();
            self.collector.odd(oddity.of(about));
        }
        let mut digests = Vec::with_capacity(hashes.len());
        for (key, hex) in hashes {
            let hex = self.document.atom(&mut self.collector, hex, "a digest")?;
            let name = key.get_ref().as_ref();
            let lower = name.to_ascii_lowercase();
            let known = Algorithm::named(&lower).is_some();
            let name = if known { lower.as_str() } else { name };
            if let Some(mut digest) = self.collector.named_digest(name, self.document.place(key.span()), hex)
            {
                if known && name != key.get_ref().as_ref() {
                    digest.idle = Some("uv compares no digest whose algorithm is not in lower case");
                }
                digests.push(digest);
            }
        }
        Ok(digests)
    }
}
