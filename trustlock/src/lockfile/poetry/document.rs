//! The file from top to bottom.

use std::collections::HashMap;
use std::sync::Arc;

use pep440_rs::Version;
use toml::de::{DeTable, DeValue};

use super::files::Slots;
use super::source::{Files, Written};
use crate::lockfile::python::{Collector, Document, Identities, Value, oddity, source};
use crate::model::{
    Artifact, ArtifactKind, Atom, Digest, Ecosystem, File, Lockfile, Package, Problem, Span, fold,
};

/// The lock versions that Poetry has written.
const VERSIONS: [&str; 4] = ["1.0", "1.1", "2.0", "2.1"];

const ROOT: &[&str] = &["package", "extras", "metadata"];
const METADATA: &[&str] = &["lock-version", "python-versions", "content-hash", "files"];
const PACKAGE: &[&str] = &[
    "name",
    "version",
    "description",
    "category",
    "optional",
    "python-versions",
    "groups",
    "marker",
    "markers",
    "files",
    "develop",
    "dependencies",
    "extras",
    "source",
];
const SOURCE: &[&str] = &["type", "url", "reference", "resolved_reference", "subdirectory"];
const FILE: &[&str] = &["file", "hash"];

/// Why a digest in this file is never compared.
const BUILT: &str = "Poetry builds git and directory sources without comparing a digest";
const OLD_URL: &str = "Poetry reads no digests of `url` sources from lock versions 1.x";

pub(super) fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    let document = Document { file, tool: "Poetry", start: 0 };
    let root = document.parse()?;
    let mut reader = Reader {
        collector: Collector::new(file),
        document,
        shared: None,
        slots: HashMap::new(),
        seen: Identities::default(),
    };
    let version = reader.metadata(&root)?;
    reader.packages(&root)?;
    reader.collector.link_by_name();
    Ok(reader.collector.finish("poetry.lock", &version))
}

struct Reader<'a, 't> {
    document: Document<'a>,
    collector: Collector,
    /// `[metadata.files]`.
    shared: Option<&'t DeTable<'a>>,
    /// Per name as written: who takes files from there.
    slots: HashMap<String, Slots>,
    seen: Identities,
}

impl<'a, 't> Reader<'a, 't> {
    fn metadata(&mut self, root: &'t DeTable<'a>) -> Result<String, Problem> {
        let (document, collector) = (&self.document, &mut self.collector);
        let path = &document.file.path;
        let Some(value) = root.get("metadata") else {
            return Err(document.wrong_at(Span::default(), "it has no `[metadata]`"));
        };
        let metadata = document.table(value, "metadata")?;
        if let Some((key, _)) = metadata.get_key_value("hashes") {
            let title = format!("`{path}` has the layout of Poetry before 1.0, which is not read");
            return Err(Problem::new(title)
                .at(document.file.at(key.span()), "digests without the names of their files")
                .fix("lock again with a current Poetry"));
        }
        let version = document.string(collector, metadata, "lock-version")?.ok_or_else(|| {
            let title = format!("`{path}` has no lock version");
            Problem::new(title)
                .at(document.file.at(value.span()), "`lock-version` is missing here")
                .fix("only Poetry 1.0 and older wrote none, and today's refuses the file: restore it, or let a current Poetry lock again")
        })?;
        let text = collector.text(version).to_owned();
        let found: Option<Version> = text.parse().ok();
        let readable = |version: &Version| {
            version.epoch() == 0
                && matches!(version.release().first(), Some(1 | 2))
                && !version.any_prerelease()
        };
        if !found.as_ref().is_some_and(readable) {
            return Err(Problem::new(format!("`{path}` has the unknown lock version {text:?}"))
                .at(document.file.at(version.place), "this program knows the lock versions 1.0 to 2.1")
                .fix("update trustlock; if no released Poetry writes this version, restore the file"));
        }
        let same = |known: &&str| known.parse::<Version>().ok() == found;
        if !VERSIONS.iter().any(same) {
            collector.builder.notes.push(format!(
                "lock version {text} is newer than those that trustlock knows (1.0 to 2.1); read as Poetry reads it, by the keys that are known"
            ));
        }
        document.look_alikes(collector, root, ROOT);
        document.look_alikes(collector, metadata, METADATA);
        collector.builder.manifest_hash = document.string(collector, metadata, "content-hash")?;
        self.shared = document.child(metadata, "files")?;
        Ok(text)
    }

    fn packages(&mut self, root: &'t DeTable<'a>) -> Result<(), Problem> {
        if !root.contains_key("package") {
            return Err(self
                .document
                .wrong_at(Span::default(), "it has no `package`, not even an empty list"));
        }
        let entries = self.document.list(root, "package")?;
        if self.shared.is_some() {
            self.find_sharers(entries);
        }
        for entry in entries {
            self.package(entry)?;
        }
        Ok(())
    }

    /// Notes which names and versions will ask `[metadata.files]`.
    fn find_sharers(&mut self, entries: &[Value<'a>]) {
        let asks = |entry: &DeTable<'a>| -> Option<(String, String)> {
            let text = |key: &str| entry.get(key)?.get_ref().as_str().map(str::to_owned);
            let source = entry.get("source").and_then(|source| source.get_ref().as_table());
            let kind = source.and_then(|source| source.get("type")?.get_ref().as_str());
            let built = matches!(kind, Some("git" | "directory"));
            (!entry.contains_key("files") && !built).then(|| Some((text("name")?, text("version")?)))?
        };
        for (name, version) in entries.iter().filter_map(|entry| asks(entry.get_ref().as_table()?)) {
            self.slots.entry(name).or_default().add(&version);
        }
    }

    fn package(&mut self, value: &Value<'a>) -> Result<(), Problem> {
        let document = &self.document;
        let collector = &mut self.collector;
        let table = document.table(value, "package")?;
        document.look_alikes(collector, table, PACKAGE);
        let name = document.required(collector, table, value, "name")?;
        let version = document.required(collector, table, value, "version")?;
        let end = table.values().map(|v| v.span().end).fold(value.span().end, usize::max);
        let mut package = collector.builder.entry(Span::new(value.span().start, end), name);
        package.version = Some(version);
        for key in ["marker", "markers"] {
            package.marker = match table.get(key) {
                // One for each group.
                Some(value) if value.get_ref().is_table() => {
                    Some(collector.builder.atom(value.span().into()))
                }
                Some(value) => Some(document.atom(collector, value, key)?),
                None => package.marker,
            };
        }
        let category = document.string(collector, table, "category")?;
        let groups = document.list(table, "groups")?;
        let groups: Vec<_> =
            groups.iter().map(|group| document.atom(collector, group, "groups")).collect::<Result<_, _>>()?;
        for group in category.into_iter().chain(groups) {
            collector.builder.group(&mut package, group);
        }
        let edges = document.child(table, "dependencies")?;
        for key in edges.iter().flat_map(|edges| edges.keys()) {
            let edge = document.key_atom(collector, key.span().into(), key.get_ref());
            collector.builder.dependency(&mut package, edge);
        }
        let files = self.source(table, &mut package)?;
        self.seen.check(&mut self.collector, &package, "");
        match table.get("files") {
            Some(own) => {
                let label = "`files` must be a list";
                let own = own.get_ref().as_array().ok_or_else(|| self.document.wrong(own, label))?;
                let idle = (files == Files::Built).then_some(BUILT);
                for file in own {
                    self.file(&mut package, file, files, idle)?;
                }
            }
            None => self.shared_files(&mut package, files)?,
        }
        self.collector.builder.push(package);
        Ok(())
    }

    /// The source of a package, and what that means for its files.
    fn source(&mut self, table: &DeTable<'a>, package: &mut Package) -> Result<Files, Problem> {
        let (document, collector) = (&self.document, &mut self.collector);
        let Some(value) = table.get("source") else {
            let unrecorded = collector.source(package.name.place, "", |_| source::unrecorded());
            package.source = Some(unrecorded);
            return Ok(Files::Indexed);
        };
        let written = document.table(value, "source")?;
        document.look_alikes(collector, written, SOURCE);
        let mut text =
            |key: &str| -> Result<Option<Atom>, Problem> { document.string(collector, written, key) };
        let kind = text("type")?;
        let url = text("url")?;
        let (reference, resolved, subdirectory) =
            (text("reference")?, text("resolved_reference")?, text("subdirectory")?);
        let place = url.or(kind).map_or_else(|| value.span().into(), |atom| atom.place);
        for atom in [kind, url, reference, resolved, subdirectory].into_iter().flatten() {
            if collector.text(atom).chars().any(char::is_control) {
                let about = collector.next();
                collector.odd(oddity::control_character(atom.place, "this source").of(about));
            }
        }
        let owned = |atom: Option<Atom>| atom.map(|atom| collector.text(atom).to_owned());
        let (kind, url) = (owned(kind).unwrap_or_default(), owned(url).unwrap_or_default());
        let (reference, resolved, subdirectory) = (owned(reference), owned(resolved), owned(subdirectory));
        let written = Written {
            kind: &kind,
            url: &url,
            reference: reference.as_deref(),
            resolved: resolved.as_deref(),
            subdirectory: subdirectory.as_deref(),
            develop: table.get("develop").is_some_and(|v| matches!(v.get_ref(), DeValue::Boolean(true))),
        };
        let source = collector.source(place, &written.key(), |folder| written.understand(folder));
        package.source = Some(source);
        Ok(written.files())
    }

    /// One row of a list of files.
    fn file(
        &mut self,
        package: &mut Package,
        value: &Value<'a>,
        files: Files,
        idle: Option<&'static str>,
    ) -> Result<(), Problem> {
        let (document, collector) = (&self.document, &mut self.collector);
        let row = document.table(value, "files")?;
        document.look_alikes(collector, row, FILE);
        let filename = document.required(collector, row, value, "file")?;
        collector.check_is_filename(filename);
        let hash = document.string(collector, row, "hash")?;
        let digest = hash.and_then(|hash| collector.digest(hash)).map(|digest| Digest { idle, ..digest });
        let kind = ArtifactKind::of(collector.text(filename));
        let mut artifact = Artifact::new(value.span().into(), kind);
        artifact.filename = Some(filename);
        let digests: Vec<_> = digest.into_iter().collect();
        if files == Files::Indexed || kind == ArtifactKind::Wheel {
            collector.artifact(package, artifact, &digests);
        } else {
            // An archive of a forge is named after a tag or a branch.
            collector.builder.artifact(package, artifact, &digests);
        }
        Ok(())
    }

    /// The files of a package in `[metadata.files]`, given to the first entry of each version and shared
    /// by the others.
    fn shared_files(&mut self, package: &mut Package, files: Files) -> Result<(), Problem> {
        let Some(shared) = self.shared.filter(|_| files != Files::Built) else { return Ok(()) };
        let name = self.collector.text(package.name).to_owned();
        let Some(value) = shared.get(name.as_str()) else { return Ok(()) };
        let label = format!("`{name}` must be a list");
        let list = value.get_ref().as_array().ok_or_else(|| self.document.wrong(value, &label))?;
        let Some(slots) = self.slots.get_mut(&name) else { return Ok(()) };
        let version = package.version.map(|version| self.collector.text(version)).unwrap_or_default();
        let slot = slots.of_version(version);
        if let Some(holder) = slots.holders.get(&slot) {
            if let Some(holder) = self.collector.builder.packages().get(*holder) {
                self.collector.builder.share_artifacts(package, holder);
            }
            return Ok(());
        }
        slots.holders.insert(slot, self.collector.next());
        if slots.files.is_none() {
            let folded = fold(Ecosystem::Pypi, &name);
            let mut by_slot: HashMap<usize, Vec<usize>> = HashMap::new();
            for (index, row) in list.iter().enumerate() {
                let file = row.get_ref().as_table().and_then(|row| row.get("file")?.get_ref().as_str());
                by_slot.entry(file.map_or(0, |file| slots.of_file(file, &folded))).or_default().push(index);
            }
            slots.files = Some(by_slot);
        }
        let mine = slots.files.as_mut().and_then(|files| files.remove(&slot)).unwrap_or_default();
        let idle = (files == Files::Url).then_some(OLD_URL);
        for row in mine.iter().filter_map(|index| list.get(*index)) {
            self.file(package, row, files, idle)?;
        }
        Ok(())
    }
}
