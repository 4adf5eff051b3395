//! The file from top to bottom.

use std::collections::HashMap;
use std::sync::Arc;

use pep440_rs::Version;
use toml::de::{DeTable, DeValue};

use super::source::{self, Found};
use crate::lockfile::python::{Collector, Document, Identities, Value, oddity};
use crate::model::{Artifact, ArtifactKind, Digest, File, Lockfile, Package, Problem, Span};

/// The newest lock version that is known; PDM reads every 4.x up to its minor version.
const NEWEST: &str = "4.5.1";

const ROOT: &[&str] = &["package", "metadata"];
const METADATA: &[&str] = &[
    "groups",
    "strategy",
    "targets",
    "lock_version",
    "content_hash",
    "lock_inputs",
    "cross_platform",
    "static_urls",
    "files",
];
const PACKAGE: &[&str] = &[
    "name",
    "version",
    "extras",
    "requires_python",
    "summary",
    "groups",
    "marker",
    "dependencies",
    "files",
    "targets",
    "editable",
    "subdirectory",
    "git",
    "hg",
    "svn",
    "bzr",
    "ref",
    "revision",
    "url",
    "path",
];
const FILE: &[&str] = &["file", "url", "hash"];

/// Why a digest of `[metadata.files]` is never compared.
const OLD: &str = "current PDM reads no digests from `[metadata.files]`";

pub(super) fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    let document = Document { file, tool: "PDM", start: 0 };
    let root = document.parse()?;
    let mut reader = Reader {
        collector: Collector::new(file),
        document,
        seen: Identities::default(),
        static_urls: false,
        shared: None,
        holders: HashMap::new(),
    };
    let version = reader.metadata(&root)?;
    for entry in reader.document.list(&root, "package")? {
        reader.package(entry)?;
    }
    reader.collector.link_by_name();
    Ok(reader.collector.finish("pdm.lock", &version))
}

struct Reader<'a, 't> {
    document: Document<'a>,
    collector: Collector,
    seen: Identities,
    /// Whether files may name the URLs that they are downloaded from.
    static_urls: bool,
    /// `[metadata.files]` of lock version 4.0.
    shared: Option<&'t DeTable<'a>>,
    /// Per key there: the index of the package that was given the files.
    holders: HashMap<String, usize>,
}

impl<'a, 't> Reader<'a, 't> {
    fn metadata(&mut self, root: &'t DeTable<'a>) -> Result<String, Problem> {
        let (document, collector) = (&self.document, &mut self.collector);
        let path = &document.file.path;
        let no_version = |span: Span| {
            Problem::new(format!("`{path}` has no lock version"))
                .at(document.file.at(span), "`lock_version` is missing in `[metadata]`")
                .fix("PDM refuses the file: restore it, or let a current PDM lock again")
        };
        let Some(value) = root.get("metadata") else { return Err(no_version(Span::default())) };
        let metadata = document.table(value, "metadata")?;
        let version = document.string(collector, metadata, "lock_version")?;
        let version = version.ok_or_else(|| no_version(value.span().into()))?;
        let text = collector.text(version).to_owned();
        let found: Option<Version> = text.parse().ok();
        let number = |version: &Version, at: usize| version.release().get(at).copied().unwrap_or(0);
        let known = |found: &Version| found.epoch() == 0 && number(found, 0) == 4 && number(found, 1) <= 5;
        let Some(found) = found.filter(known) else {
            return Err(Problem::new(format!("`{path}` has the unknown lock version {text:?}"))
                .at(document.file.at(version.place), "this program knows the lock versions 4.0 to 4.5")
                .fix("a version below 4 is of PDM 1: lock again with a current PDM; for a newer one, update trustlock"));
        };
        if NEWEST.parse().is_ok_and(|newest: Version| found > newest) {
            collector.builder.notes.push(format!(
                "lock version {text} is newer than those that trustlock knows (up to {NEWEST}); read as PDM reads it, by the keys that are known"
            ));
        }
        document.look_alikes(collector, root, ROOT);
        document.look_alikes(collector, metadata, METADATA);
        collector.builder.manifest_hash = document.string(collector, metadata, "content_hash")?;
        let strategy = document.list(metadata, "strategy")?;
        let is_true = |value: &Value<'_>| matches!(value.get_ref(), DeValue::Boolean(true));
        self.static_urls = strategy.iter().any(|flag| flag.get_ref().as_str() == Some("static_urls"))
            || metadata.get("static_urls").is_some_and(is_true);
        self.shared = document.child(metadata, "files")?;
        Ok(text)
    }

    fn package(&mut self, value: &Value<'a>) -> Result<(), Problem> {
        let (document, collector) = (&self.document, &mut self.collector);
        let table = document.table(value, "package")?;
        document.look_alikes(collector, table, PACKAGE);
        let name = document.required(collector, table, value, "name")?;
        let end = table.values().map(|v| v.span().end).fold(value.span().end, usize::max);
        let mut package = collector.builder.entry(Span::new(value.span().start, end), name);
        package.version = document.string(collector, table, "version")?;
        package.marker = document.string(collector, table, "marker")?;
        for group in document.list(table, "groups")? {
            let group = document.atom(collector, group, "groups")?;
            collector.builder.group(&mut package, group);
        }
        for line in document.list(table, "dependencies")? {
            let line = document.atom(collector, line, "dependencies")?;
            let part = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.');
            let end = collector.text(line).find(part).unwrap_or(collector.text(line).len());
            let edge = collector.builder.part(line, 0..end);
            collector.builder.dependency(&mut package, edge);
        }
        let mut extras = Vec::new();
        for extra in document.list(table, "extras")? {
            let extra = document.atom(collector, extra, "extras")?;
            extras.push(collector.text(extra).to_owned());
        }
        let found = source::read(document, collector, table, name.place)?;
        package.source = Some(found.source);
        self.seen.check(&mut self.collector, &package, &extras.join(","));
        if table.contains_key("files") {
            for file in self.document.list(table, "files")? {
                self.file(&mut package, file, &found, found.idle)?;
            }
        } else {
            self.old_files(&mut package, &found)?;
        }
        self.collector.builder.push(package);
        Ok(())
    }

    /// One row of a list of files.
    fn file(
        &mut self,
        package: &mut Package,
        value: &Value<'a>,
        found: &Found,
        idle: Option<&'static str>,
    ) -> Result<(), Problem> {
        let (document, collector) = (&self.document, &mut self.collector);
        let row = document.table(value, "files")?;
        document.look_alikes(collector, row, FILE);
        let file = document.string(collector, row, "file")?;
        let url = document.string(collector, row, "url")?;
        if let Some(url) = url.filter(|_| !self.static_urls) {
            let oddity = oddity::static_url(url.place).of(collector.next());
            collector.odd(oddity);
        }
        // PDM downloads the URL and never looks at the name beside it.
        let filename = url.and_then(|url| collector.filename(url)).or(file);
        if let Some(atom) = filename {
            collector.check_is_filename(atom);
        }
        let hash = document.string(collector, row, "hash")?;
        let digest = hash.and_then(|hash| collector.digest(hash)).map(|digest| Digest { idle, ..digest });
        let kind = filename.map_or(ArtifactKind::Unknown, |atom| ArtifactKind::of(collector.text(atom)));
        let mut artifact = Artifact::new(value.span().into(), kind);
        (artifact.filename, artifact.url) = (filename, url);
        let digests: Vec<_> = digest.into_iter().collect();
        if found.indexed || kind == ArtifactKind::Wheel {
            collector.artifact(package, artifact, &digests);
        } else {
            // An archive of a forge is named after a tag or a branch.
            collector.builder.artifact(package, artifact, &digests);
        }
        Ok(())
    }

    /// The files of a package in `[metadata.files]`, under its name and version. Entries of one package
    /// with different extras share them.
    fn old_files(&mut self, package: &mut Package, found: &Found) -> Result<(), Problem> {
        let Some(shared) = self.shared else { return Ok(()) };
        let version = package.version.map(|version| self.collector.text(version)).unwrap_or_default();
        let key = format!("{} {version}", self.collector.text(package.name).to_lowercase());
        let Some(value) = shared.get(key.as_str()) else { return Ok(()) };
        if let Some(holder) = self.holders.get(&key) {
            if let Some(holder) = self.collector.builder.packages().get(*holder) {
                self.collector.builder.share_artifacts(package, holder);
            }
            return Ok(());
        }
        let label = format!("`{key}` must be a list");
        let list = value.get_ref().as_array().ok_or_else(|| self.document.wrong(value, &label))?;
        self.holders.insert(key, self.collector.next());
        let statics = std::mem::replace(&mut self.static_urls, true);
        for row in list {
            self.file(package, row, found, Some(found.idle.unwrap_or(OLD)))?;
        }
        self.static_urls = statics;
        Ok(())
    }
}
