//! From a TOML document to packages.

use std::sync::Arc;

use toml::de::DeTable;

use super::edges::{self, Edge};
use super::source;
use crate::lockfile::python::{self, Collector, Document, Value, oddity};
use crate::model::{
    Artifact, ArtifactKind, Atom, Digest, File, FileOption, LocalForm, Lockfile, Package, Problem, Request,
    Span,
};
use crate::text::toml::Sections;

/// The version of the format that exists. Its revisions add keys that older tools ignore.
const VERSION: u64 = 1;

/// The newest revision that was known when this was written.
const REVISION: u64 = 5;

const TOP: &[&str] = &[
    "version",
    "revision",
    "requires-python",
    "resolution-markers",
    "supported-markers",
    "required-markers",
    "conflicts",
    "options",
    "manifest",
    "package",
    "distribution",
];
const PACKAGE: &[&str] = &[
    "name",
    "version",
    "source",
    "sdist",
    "wheels",
    "resolution-markers",
    "dependencies",
    "optional-dependencies",
    "dev-dependencies",
    "dependency-groups",
    "metadata",
];
const FILE: &[&str] = &["url", "path", "filename", "hash", "size", "upload-time", "upload_time", "zstd"];
const EDGE: &[&str] = &["name", "version", "source", "extra", "extras", "marker"];

pub(super) fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    let sections = Sections::read(file, "package")?;
    let document = Document { file, tool: "uv", start: 0 };
    let mut reader = Reader { document, collector: Collector::new(file), edges: Vec::new() };
    let mut revision = 0;
    for (number, (table, start)) in sections.top().iter().enumerate() {
        reader.document.start = *start;
        if number == 0 {
            revision = reader.version(table)?;
        }
        let has_package = || sections.top().iter().any(|(table, _)| table.contains_key("package"));
        if let Some((key, _)) = table.get_key_value("distribution")
            && (has_package() || sections.entries().next().is_some())
        {
            let both = "uv takes this for `package` by an older name, and refuses both";
            return Err(reader.document.wrong_at(reader.document.place(key.span()), both));
        }
        reader.top(table)?;
    }
    for entry in sections.entries() {
        let (table, start) = entry?;
        reader.document.start = start;
        reader.packages(&table)?;
    }
    let Reader { mut collector, edges, .. } = reader;
    edges::resolve(&mut collector, &edges);
    if revision > REVISION {
        collector.builder.notes.push(format!(
            "it is of revision {revision}, and this program knows those up to {REVISION}; uv reads it, and so \
             it was read, without what is new in it"
        ));
    }
    Ok(collector.finish("uv.lock", &format!("{VERSION}.{revision}")))
}

struct Reader<'a> {
    document: Document<'a>,
    collector: Collector,
    edges: Vec<Edge>,
}

impl<'a> Reader<'a> {
    fn top(&mut self, table: &DeTable<'a>) -> Result<(), Problem> {
        self.document.look_alikes(&mut self.collector, table, TOP);
        if let Some(manifest) = self.document.child(table, "manifest")? {
            self.manifest(manifest)?;
        }
        self.packages(table)
    }

    fn packages(&mut self, table: &DeTable<'a>) -> Result<(), Problem> {
        for key in ["package", "distribution"] {
            for package in self.document.list(table, key)? {
                self.package(package)?;
            }
        }
        Ok(())
    }

    /// The revision, where the version is one that exists.
    fn version(&self, table: &DeTable<'a>) -> Result<u64, Problem> {
        let file = self.document.file;
        let Some(value) = table.get("version") else {
            return Err(Problem::new(format!(
                "`{}` names no version, which every `uv.lock` does",
                file.path
            ))
            .path(&file.path)
            .fix("restore it from a commit that you trust"));
        };
        if Document::number(value) != Some(VERSION) {
            let found = file.slice(self.document.place(value.span()));
            return Err(Problem::new(format!("`{}` has the unknown lockfile version {found}", file.path))
                .at(file.at(self.document.place(value.span())), "this program knows version 1")
                .fix("update trustlock; if no released uv writes this version, restore the file"));
        }
        match table.get("revision") {
            None => Ok(0),
            Some(value) => Document::number(value)
                .ok_or_else(|| self.document.wrong(value, "`revision` must be a number")),
        }
    }

    /// What was asked for beside the packages' own metadata.
    fn manifest(&mut self, manifest: &DeTable<'a>) -> Result<(), Problem> {
        for value in self.document.list(manifest, "requirements")? {
            self.request(value, None, None)?;
        }
        if let Some(groups) = self.document.child(manifest, "dependency-groups")? {
            self.groups(groups, None)?;
        }
        for (key, name) in [("overrides", "manifest.overrides"), ("excludes", "manifest.excludes")] {
            for value in self.document.list(manifest, key)? {
                // A later revision may write something else here; what is asked for is not judged by it.
                let named = value.get_ref().as_table().and_then(|t| t.get("name")).unwrap_or(value);
                let value_text = named.get_ref().as_str().unwrap_or_default().to_owned();
                let place = self.document.place(value.span());
                self.collector.builder.options.push(FileOption { place, name, value: value_text });
            }
        }
        Ok(())
    }

    fn groups(&mut self, groups: &DeTable<'a>, package: Option<u32>) -> Result<(), Problem> {
        for (key, requests) in groups {
            let group =
                self.document.key_atom(&mut self.collector, self.document.place(key.span()), key.get_ref());
            let Some(requests) = requests.get_ref().as_array() else {
                return Err(self.document.wrong(requests, "a group must be a list"));
            };
            for request in requests {
                self.request(request, package, Some(group))?;
            }
        }
        Ok(())
    }

    fn request(
        &mut self,
        value: &Value<'a>,
        package: Option<u32>,
        group: Option<Atom>,
    ) -> Result<(), Problem> {
        let table = self.document.table(value, "a requirement")?;
        let name = self.document.required(&mut self.collector, table, value, "name")?;
        let specifier = self.document.string(&mut self.collector, table, "specifier")?;
        self.collector.builder.requests.push(Request { package, name, specifier, group });
        Ok(())
    }

    fn package(&mut self, value: &Value<'a>) -> Result<(), Problem> {
        let table = self.document.table(value, "package")?;
        self.document.look_alikes(&mut self.collector, table, PACKAGE);
        let name = self.document.required(&mut self.collector, table, value, "name")?;
        let version = self.document.string(&mut self.collector, table, "version")?;
        let source = source::read(&self.document, &mut self.collector, table)?
            .ok_or_else(|| self.document.wrong(value, "this entry has no `source`"))?;
        self.collector.check_identity(name, version);

        let end = table.values().map(|v| v.span().end).fold(value.span().end, usize::max);
        let place = self.document.place(value.span().start..end);
        let mut package = self.collector.builder.entry(place, name);
        package.version = version;
        package.source = Some(source.found);
        package.marker = self.markers(table)?;
        self.dependencies(table, &mut package)?;
        if let Some(sdist) = table.get("sdist") {
            self.file(sdist, ArtifactKind::Sdist, &source, &mut package)?;
        }
        for wheel in self.document.list(table, "wheels")? {
            self.file(wheel, ArtifactKind::Wheel, &source, &mut package)?;
        }
        if let Some(metadata) = self.document.child(table, "metadata")? {
            self.metadata(metadata)?;
        }
        self.collector.builder.push(package);
        Ok(())
    }

    /// The forks of the resolution that the package belongs to; any of them will do.
    fn markers(&mut self, table: &DeTable<'a>) -> Result<Option<Atom>, Problem> {
        let list = self.document.list(table, "resolution-markers")?;
        let mut atoms = Vec::with_capacity(list.len());
        for value in list {
            atoms.push(self.document.atom(&mut self.collector, value, "resolution-markers")?);
        }
        Ok(match atoms.as_slice() {
            [] => None,
            [one] => Some(*one),
            [first, .., last] => {
                let texts: Vec<&str> = atoms.iter().map(|atom| self.collector.text(*atom)).collect();
                let joined = texts.join(" or ");
                let place = Span { start: first.place.start, end: last.place.end };
                Some(self.collector.builder.decoded(place, &joined))
            }
        })
    }

    fn dependencies(&mut self, table: &DeTable<'a>, package: &mut Package) -> Result<(), Problem> {
        for edge in self.document.list(table, "dependencies")? {
            self.edge(edge, package)?;
        }
        for key in ["optional-dependencies", "dev-dependencies", "dependency-groups"] {
            let Some(groups) = self.document.child(table, key)? else { continue };
            for (_, edges) in groups {
                let Some(edges) = edges.get_ref().as_array() else {
                    return Err(self.document.wrong(edges, "an extra or a group must be a list"));
                };
                for edge in edges {
                    self.edge(edge, package)?;
                }
            }
        }
        Ok(())
    }

    fn edge(&mut self, value: &Value<'a>, package: &mut Package) -> Result<(), Problem> {
        let table = self.document.table(value, "a dependency")?;
        self.document.look_alikes(&mut self.collector, table, EDGE);
        let name = self.document.required(&mut self.collector, table, value, "name")?;
        let version = self.document.string(&mut self.collector, table, "version")?;
        let source = source::read(&self.document, &mut self.collector, table)?;
        self.edges.push(Edge { version, source: source.map(|s| s.found.id) });
        self.collector.builder.dependency(package, name);
        Ok(())
    }

    fn metadata(&mut self, metadata: &DeTable<'a>) -> Result<(), Problem> {
        let package = u32::try_from(self.collector.next()).ok();
        for value in self.document.list(metadata, "requires-dist")? {
            self.request(value, package, None)?;
        }
        for key in ["requires-dev", "dependency-groups"] {
            if let Some(groups) = self.document.child(metadata, key)? {
                self.groups(groups, package)?;
            }
        }
        Ok(())
    }

    fn file(
        &mut self,
        value: &Value<'a>,
        kind: ArtifactKind,
        source: &source::Named,
        package: &mut Package,
    ) -> Result<(), Problem> {
        let what = if kind == ArtifactKind::Wheel { "an entry of `wheels`" } else { "sdist" };
        let table = self.document.table(value, what)?;
        self.document.look_alikes(&mut self.collector, table, FILE);
        let mut artifact = Artifact::new(self.document.place(value.span()), kind);
        artifact.url = self.document.string(&mut self.collector, table, "url")?;
        artifact.path = self.document.string(&mut self.collector, table, "path")?;
        artifact.filename = self.document.string(&mut self.collector, table, "filename")?;
        if artifact.url.is_some() && artifact.path.is_some() {
            self.url_and_path(table);
            artifact.path = None;
        }
        // The file of a direct source is that source.
        match (source.kind, artifact.url, artifact.path) {
            ("url", None, None) => artifact.url = Some(source.value),
            ("path", None, None) => artifact.path = Some(source.value),
            _ => {}
        }
        if artifact.filename.is_none() {
            let from = artifact.url.or(artifact.path);
            artifact.filename = from.and_then(|from| self.collector.filename(from));
        }
        artifact.size = table.get("size").and_then(Document::number);
        let uploaded = self.document.string(&mut self.collector, table, "upload-time")?;
        artifact.uploaded = match uploaded {
            None => self.document.string(&mut self.collector, table, "upload_time")?,
            found => found,
        };
        let digests = self.digest(table, source)?;
        if let Some(url) = artifact.url {
            self.collector.check_fragment(url, &digests);
        }
        if let Some(path) = artifact.path.filter(|_| source.kind == "registry") {
            self.outside(source, path, package);
        }
        let filename = artifact.filename;
        match source.kind {
            // An archive is named by whoever serves it.
            "url" | "path" | "git" => self.collector.archive(package, artifact, &digests),
            _ => self.collector.artifact(package, artifact, &digests),
        }
        if let Some(zstd) = table.get("zstd") {
            self.recompressed(zstd, filename, source, package)?;
        }
        Ok(())
    }

    /// The files of a folder are named from there on; one that lies outside the repository decides for its
    /// package.
    fn outside(&mut self, source: &source::Named, path: Atom, package: &mut Package) {
        let text = format!("{}/{}", self.collector.text(source.value), self.collector.text(path));
        if self.collector.folder.join(&text).is_err() {
            let make = |folder: &_| python::source::local(folder, LocalForm::File, &text);
            package.source = Some(self.collector.source(path.place, &format!("file\0{text}"), make));
        }
    }

    /// The same wheel in another compression, served beside it and preferred where it is.
    fn recompressed(
        &mut self,
        value: &Value<'a>,
        filename: Option<Atom>,
        source: &source::Named,
        package: &mut Package,
    ) -> Result<(), Problem> {
        let table = self.document.table(value, "zstd")?;
        self.document.look_alikes(&mut self.collector, table, &["hash", "size"]);
        let mut artifact = Artifact::new(self.document.place(value.span()), ArtifactKind::Wheel);
        artifact.size = table.get("size").and_then(Document::number);
        artifact.filename = filename.map(|name| {
            let text = format!("{}.tar.zst", self.collector.text(name));
            self.collector.builder.decoded(self.document.place(value.span()), &text)
        });
        let digests = self.digest(table, source)?;
        self.collector.builder.artifact(package, artifact, &digests);
        Ok(())
    }

    fn digest(&mut self, table: &DeTable<'a>, source: &source::Named) -> Result<Vec<Digest>, Problem> {
        let Some(hash) = self.document.string(&mut self.collector, table, "hash")? else {
            return Ok(Vec::new());
        };
        let Some(mut digest) = self.collector.digest(hash) else { return Ok(Vec::new()) };
        digest.idle = source.idle(&self.collector);
        Ok(vec![digest])
    }

    fn url_and_path(&mut self, table: &DeTable<'a>) {
        let Some((key, _)) = table.get_key_value("path") else { return };
        let oddity = oddity::odd(
            self.document.place(key.span()),
            "files have a path beside their URL",
            "this file has a `path` beside its `url`".to_owned(),
            "uv takes the URL and ignores this; other tools may not",
            oddity::RESTORE,
        );
        let about = self.collector.next();
        self.collector.odd(oddity.of(about));
    }
}
