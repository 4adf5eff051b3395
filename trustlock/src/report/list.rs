//! What was read: every package, source, digest and place, as a table and as JSON. Readers are tested
//! against other implementations through it.

use std::fmt::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::lines::Lines;
use crate::model::{ArtifactKind, ArtifactRef, Ecosystem, Lockfile, PackageRef, Source};

/// The version of the JSON form.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct List<'a> {
    version: u32,
    lockfiles: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    path: String,
    format: &'a str,
    format_version: &'a str,
    loose: Option<&'a str>,
    indexes: Vec<SourceView>,
    options: Vec<Setting<'a>>,
    includes: Vec<Include>,
    oddities: Vec<Oddity>,
    packages: Vec<Package>,
}

#[derive(Serialize)]
struct Setting<'a> {
    name: &'a str,
    value: String,
    line: usize,
}

#[derive(Serialize)]
struct Include {
    target: String,
    constraints: bool,
    line: usize,
}

#[derive(Serialize)]
struct Oddity {
    what: String,
    line: usize,
}

#[derive(Serialize)]
struct Package {
    ecosystem: &'static str,
    name: String,
    name_as_written: String,
    version: Option<String>,
    specifier: Option<String>,
    marker: Option<String>,
    groups: Vec<String>,
    source: Option<SourceView>,
    artifacts: Vec<Artifact>,
    dependencies: Vec<String>,
    line: usize,
}

#[derive(Serialize)]
struct SourceView {
    kind: &'static str,
    url: Option<String>,
    reference: Option<String>,
    commit: Option<String>,
    as_written: String,
}

#[derive(Serialize)]
struct Artifact {
    kind: &'static str,
    filename: Option<String>,
    url: Option<String>,
    path: Option<String>,
    size: Option<u64>,
    uploaded: Option<String>,
    digests: Vec<String>,
    line: usize,
}

impl Artifact {
    fn new(artifact: ArtifactRef<'_>, lines: &Lines<'_>) -> Self {
        let lockfile = artifact.package.lockfile;
        let digests = artifact.digests().iter();
        let kind = artifact.artifact.map_or(ArtifactKind::Unknown, |a| a.kind);
        // What a Cargo.lock does not name follows from its source.
        let implied = || artifact.package.filename().map(|name| safe(&name));
        Self {
            kind: if artifact.package.ecosystem() == Ecosystem::Cargo { "crate" } else { kind.name() },
            filename: artifact.filename().map(safe).or_else(implied),
            url: artifact.url().map(safe),
            path: artifact.path().map(safe),
            size: artifact.artifact.and_then(|a| a.size),
            uploaded: artifact.uploaded().map(safe),
            digests: digests
                .map(|d| format!("{}:{}", d.algorithm.name(), safe(lockfile.text(d.hex))))
                .collect(),
            line: lines.position(artifact.place().span.start as usize).line,
        }
    }
}

impl SourceView {
    fn new(source: &Source) -> Self {
        Self {
            kind: source.kind_name(),
            url: source.url.as_ref().map(|url| safe(&url.to_string())),
            reference: source.reference().map(|r| safe(&format!("{}={}", r.kind.name(), r.value))),
            commit: source.commit().map(safe),
            as_written: safe(&source.raw),
        }
    }
}

impl Package {
    fn new(package: PackageRef<'_>, lines: &Lines<'_>) -> Self {
        let lockfile = package.lockfile;
        let artifacts = package.artifacts().map(|artifact| Artifact::new(artifact, lines));
        let artifacts = artifacts.filter(|a| a.filename.is_some() || !a.digests.is_empty()).collect();
        Self {
            ecosystem: package.ecosystem().name(),
            name: safe(&package.folded()),
            name_as_written: safe(package.name()),
            version: package.version().map(safe),
            specifier: package.package.specifier.map(|atom| safe(lockfile.text(atom))),
            marker: package.marker().map(safe),
            groups: package.groups().map(safe).collect(),
            source: package.source().map(SourceView::new),
            artifacts,
            dependencies: package
                .dependencies()
                .iter()
                .filter_map(|d| lockfile.package(d.target?))
                .map(|p| safe(&p.label()))
                .collect(),
            line: lines.position(package.package.name.place.start as usize).line,
        }
    }
}

fn indexes(lockfile: &Lockfile) -> Vec<SourceView> {
    let source = |index: &crate::model::Index| lockfile.sources.get(index.source.id as usize);
    lockfile.indexes.iter().filter_map(source).map(SourceView::new).collect()
}

fn setting<'a>(option: &'a crate::model::FileOption, lines: &Lines<'_>) -> Setting<'a> {
    let line = lines.position(option.place.start as usize).line;
    Setting { name: option.name, value: safe(&option.value), line }
}

fn including(include: &crate::model::Include, lines: &Lines<'_>) -> Include {
    let line = lines.position(include.place.start as usize).line;
    Include { target: safe(&include.target), constraints: include.constraints, line }
}

fn odd(oddity: &crate::model::Oddity, lines: &Lines<'_>) -> Oddity {
    Oddity { what: safe(&oddity.what), line: lines.position(oddity.place.start as usize).line }
}

/// Foreign text, fit to be shown.
fn safe(text: &str) -> String {
    super::safe::line(text).into_owned()
}

/// As versioned JSON.
pub fn json(lockfiles: &[Lockfile]) -> String {
    let lockfiles = lockfiles
        .iter()
        .map(|lockfile| {
            let lines = Lines::new(&lockfile.file.text);
            File {
                path: safe(&lockfile.file.path),
                format: lockfile.format.name,
                format_version: &lockfile.format.version,
                loose: lockfile.loose,
                indexes: indexes(lockfile),
                options: lockfile.options.iter().map(|option| setting(option, &lines)).collect(),
                includes: lockfile.includes.iter().map(|include| including(include, &lines)).collect(),
                oddities: lockfile.oddities.iter().map(|oddity| odd(oddity, &lines)).collect(),
                packages: lockfile.packages().map(|p| Package::new(p, &lines)).collect(),
            }
        })
        .collect();
    let list = List { version: VERSION, lockfiles };
    let mut text = serde_json::to_string_pretty(&list).unwrap_or_default();
    text.push('\n');
    text
}

/// As an aligned table, one for each lockfile.
pub fn table(lockfiles: &[Lockfile]) -> String {
    let mut text = String::new();
    for (index, lockfile) in lockfiles.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let _ = writeln!(
            text,
            "{} ({}, {} packages)",
            safe(&lockfile.file.path),
            lockfile.format,
            lockfile.len()
        );
        let lines = Lines::new(&lockfile.file.text);
        let rows: Vec<[String; 5]> = lockfile.packages().map(|p| row(&Package::new(p, &lines))).collect();
        let heads = ["line", "package", "version", "source", "digest or commit"].map(str::to_owned);
        let widths: Vec<usize> = (0..heads.len())
            .map(|column| {
                let cells = std::iter::once(&heads).chain(&rows).filter_map(|row| row.get(column));
                cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
            })
            .collect();
        for row in std::iter::once(&heads).chain(&rows) {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            let _ = writeln!(text, "  {}", cells.join("  ").trim_end());
        }
    }
    text
}

fn row(package: &Package) -> [String; 5] {
    let source = match &package.source {
        None => "(this repository)".to_owned(),
        Some(source) => {
            let url = source.url.as_ref().unwrap_or(&source.as_written);
            match &source.reference {
                Some(reference) => format!("{} {url} {reference}", source.kind),
                None => format!("{} {url}", source.kind),
            }
        }
    };
    let proof = match (package.artifacts.first(), &package.source) {
        (Some(artifact), _) if package.artifacts.len() == 1 && !artifact.digests.is_empty() => {
            artifact.digests.join(" ")
        }
        (Some(_), _) if package.artifacts.len() > 1 => {
            let digests: usize = package.artifacts.iter().map(|a| a.digests.len()).sum();
            format!("{} files, {digests} digests", package.artifacts.len())
        }
        (_, Some(source)) => source.commit.clone().unwrap_or_else(|| "(none)".to_owned()),
        (_, None) => String::new(),
    };
    [
        package.line.to_string(),
        package.name_as_written.clone(),
        package.version.clone().or_else(|| package.specifier.clone()).unwrap_or_default(),
        source,
        proof,
    ]
}

/// The JSON Schema of [`json()`].
pub fn schema() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let optional = |description: &str| json!({ "type": ["string", "null"], "description": description });
    let object = |properties: Value| {
        let required: Vec<String> =
            properties.as_object().map(|p| p.keys().cloned().collect()).unwrap_or_default();
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
    };
    let source = object(json!({
        "kind": text("registry, index, default index, git, url, path, file, directory, editable, virtual, links, local registry or unknown"),
        "url": optional("the parsed URL, credentials removed"),
        "reference": optional("what a git source asks for: branch=…, tag=…, rev=…"),
        "commit": optional("the commit that is locked"),
        "as_written": text("the text in the lockfile, credentials removed"),
    }));
    let artifact = object(json!({
        "kind": text("crate, wheel, sdist or unknown"),
        "filename": optional("the file that is downloaded"),
        "url": optional("where it is downloaded from, credentials removed"),
        "path": optional("where it is opened"),
        "size": { "type": ["integer", "null"], "description": "in bytes" },
        "uploaded": optional("when it was published, as the lockfile claims"),
        "line": { "type": "integer", "minimum": 1, "description": "where it is written" },
        "digests": { "type": "array", "items": text("algorithm:hex") },
    }));
    let package = object(json!({
        "ecosystem": text("cargo or pypi"),
        "name": text("the folded name, under which two spellings are one package"),
        "name_as_written": text("the name in the lockfile"),
        "version": optional("the version in the lockfile"),
        "specifier": optional("what is asked for where that is no single version"),
        "marker": optional("the condition under which it is installed"),
        "groups": { "type": "array", "items": text("a group, category or extra that asks for it") },
        "source": { "anyOf": [source.clone(), { "type": "null", "description": "the repository itself" }] },
        "artifacts": { "type": "array", "items": artifact },
        "dependencies": { "type": "array", "items": text("name@version of a package it asks for") },
        "line": { "type": "integer", "minimum": 1, "description": "where its name is written" },
    }));
    let line = || json!({ "type": "integer", "minimum": 1, "description": "where it is written" });
    let option = object(json!({
        "name": text("its long name"),
        "value": text("its value; empty for a flag"),
        "line": line(),
    }));
    let include = object(json!({
        "target": text("the path or URL as written"),
        "constraints": { "type": "boolean", "description": "whether only its constraints count" },
        "line": line(),
    }));
    let oddity =
        object(json!({ "what": text("what its tool reads otherwise than people do"), "line": line() }));
    let lockfile = object(json!({
        "path": text("relative to the root"),
        "format": text("such as Cargo.lock"),
        "format_version": text("as its tool counts; empty where the format has none"),
        "loose": optional("why it is taken for a list of wishes that locks nothing"),
        "indexes": { "type": "array", "items": source },
        "options": { "type": "array", "items": option },
        "includes": { "type": "array", "items": include },
        "oddities": { "type": "array", "items": oddity },
        "packages": { "type": "array", "items": package },
    }));
    let mut schema = object(json!({
        "version": { "const": VERSION, "description": "the version of this form" },
        "lockfiles": { "type": "array", "items": lockfile },
    }));
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        schema.insert("title".to_owned(), json!("trustlock list"));
    }
    schema
}
