//! `Pipfile`, the manifest of pipenv: what it asks for, and the digest that its lockfile repeats.
//!
//! As for `pyproject.toml`, a text that is no TOML says nothing.

use std::fmt::Write;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::pyproject::Written;
use super::settings::followed;
use crate::model::{Ecosystem, File, Problem, fold};
use crate::text;
use crate::tree::{Tree, TreePath};

#[cfg(test)]
mod tests;

/// Keys that are no category of packages.
const SECTIONS: [&str; 7] =
    ["source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv"];

/// A `Pipfile` as read.
#[derive(Clone, Debug)]
pub struct Pipfile {
    /// The file.
    pub file: Arc<File>,
    /// Its path.
    pub path: TreePath,
    /// What it asks for.
    pub asked: Vec<PipfileAsked>,
    /// What pipenv wrote, at one time or another, into a lockfile made from it.
    hashes: Vec<String>,
}

/// A package that a `Pipfile` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipfileAsked {
    /// The name, with its place.
    pub name: Written,
    /// The category as the lockfile names it: `default`, `develop`, or the section's own name.
    pub category: String,
    /// The versions that may satisfy it (PEP 440), or `*`; `None` where it names a place instead, or is
    /// asked for under a condition.
    pub versions: Option<String>,
}

/// Every `Pipfile` that could be read.
#[derive(Clone, Debug, Default)]
pub struct Pipfiles {
    /// In the order of their paths.
    pub all: Vec<Pipfile>,
    /// Those that could not be read.
    pub problems: Vec<Problem>,
}

impl Pipfiles {
    /// Reads the files at `paths`, which are sorted; hands each document to `look` as well.
    pub(super) fn read(
        tree: &dyn Tree,
        paths: &[TreePath],
        mut look: impl FnMut(&Arc<File>, &TreePath, &DeTable<'_>),
    ) -> Self {
        let mut found = Self::default();
        for path in paths {
            let at = followed(tree, path).unwrap_or_else(|| path.clone());
            let file = match tree.text(&at) {
                Ok(text) => File::new(path.as_str(), text),
                Err(error) => {
                    found.problems.push(error.problem(path));
                    continue;
                }
            };
            match text::toml::parse_if_any(&file) {
                Ok(Some(document)) => {
                    look(&file, path, &document);
                    found.all.push(Pipfile::understand(&file, path, &document));
                }
                Ok(None) => {}
                Err(problem) => found.problems.push(problem),
            }
        }
        found
    }

    /// The one that stands in `folder`.
    pub fn at(&self, folder: &TreePath) -> Option<&Pipfile> {
        let path = folder.child("Pipfile");
        let index = self.all.binary_search_by(|p| p.path.cmp(&path)).ok()?;
        self.all.get(index)
    }
}

impl Pipfile {
    fn understand(file: &Arc<File>, path: &TreePath, document: &DeTable<'_>) -> Self {
        let mut asked = Vec::new();
        for (section, value) in document {
            let category = match section.get_ref().as_ref() {
                "packages" => "default",
                "dev-packages" => "develop",
                other if SECTIONS.contains(&other) => continue,
                other => other,
            };
            for (name, value) in value.get_ref().as_table().into_iter().flatten() {
                // pipenv reads extras in a key as well.
                let text = name.get_ref().split('[').next().unwrap_or_default().trim().to_owned();
                asked.push(PipfileAsked {
                    name: Written { text, place: name.span().into() },
                    category: category.to_owned(),
                    versions: versions(value.get_ref()),
                });
            }
        }
        Self {
            file: Arc::clone(file),
            path: path.clone(),
            asked,
            hashes: hashes(document).unwrap_or_default(),
        }
    }

    /// The directory that it stands in.
    pub fn directory(&self) -> TreePath {
        self.path.parent().unwrap_or_default()
    }

    /// Whether that is the digest of this file, by any of pipenv's ways; `None` where it holds a value that
    /// cannot be written as Python writes it.
    pub fn made(&self, hash: &str) -> Option<bool> {
        (!self.hashes.is_empty()).then(|| self.hashes.iter().any(|own| own == hash))
    }
}

/// The versions in the value of a package.
fn versions(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Table(table) => {
            const PLAIN: [&str; 3] = ["version", "extras", "index"];
            if !table.keys().all(|key| PLAIN.contains(&key.get_ref().as_ref())) {
                return None;
            }
            let version = table.get("version").and_then(|value| value.get_ref().as_str());
            Some(version.unwrap_or("*").to_owned())
        }
        _ => None,
    }
}

/// The digests of plette (`Pipfile.get_hash`) as it was before pipenv 2022.10 (two categories), as it is,
/// and of pipenv since 2026 (folded names).
fn hashes(document: &DeTable<'_>) -> Option<Vec<String>> {
    let mut hashes = Vec::new();
    // Without a source, the default one is written in by name; its address was another once.
    let sources = match document.get("source") {
        Some(source) => vec![json_of(source.get_ref())?],
        None => ["https://pypi.org/simple", "https://pypi.python.org/simple"]
            .map(|url| json!([{"name": "pypi", "url": url, "verify_ssl": true}]))
            .into_iter()
            .chain([json!({})])
            .collect(),
    };
    let section = |key: &str| document.get(key).map_or(Some(json!({})), |value| json_of(value.get_ref()));
    let (requires, packages, development) =
        (section("requires")?, section("packages")?, section("dev-packages")?);
    let mut others = Vec::new();
    for (key, value) in document {
        let key = key.get_ref().as_ref();
        if !SECTIONS.contains(&key) && !matches!(key, "default" | "develop") {
            others.push((key.to_owned(), json_of(value.get_ref())?));
        }
    }
    for sources in sources {
        for (with_others, folded) in [(false, false), (true, false), (true, true)] {
            let names = |section: &Json| if folded { folded_keys(section) } else { section.clone() };
            let meta =
                object([("requires".to_owned(), requires.clone()), ("sources".to_owned(), sources.clone())]);
            let mut members = vec![
                ("_meta".to_owned(), meta),
                ("default".to_owned(), names(&packages)),
                ("develop".to_owned(), names(&development)),
            ];
            if with_others {
                members.extend(others.iter().map(|(key, value)| (key.clone(), names(value))));
            }
            hashes.push(sha256(&ascii(&object(members).to_string())));
        }
    }
    hashes.dedup();
    Some(hashes)
}

/// An object whose keys stand in order, as Python sorts them.
fn object(members: impl IntoIterator<Item = (String, Json)>) -> Json {
    let mut members: Vec<_> = members.into_iter().collect();
    members.sort_by(|a, b| a.0.cmp(&b.0));
    Json::Object(Map::from_iter(members))
}

fn folded_keys(section: &Json) -> Json {
    match section {
        Json::Object(members) => object(
            members.iter().map(|(key, value)| (fold(Ecosystem::Pypi, key).into_owned(), value.clone())),
        ),
        other => other.clone(),
    }
}

/// The reader of TOML bounds how deep values nest.
fn json_of(value: &DeValue<'_>) -> Option<Json> {
    Some(match value {
        DeValue::String(text) => Json::String(text.to_string()),
        DeValue::Boolean(value) => Json::Bool(*value),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok()?.into(),
        DeValue::Array(items) => {
            let items = items.iter().map(Spanned::get_ref).map(json_of);
            Json::Array(items.collect::<Option<_>>()?)
        }
        DeValue::Table(table) => {
            let member = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
                let key: &std::borrow::Cow<'_, str> = key.get_ref();
                Some((key.to_string(), json_of(value.get_ref())?))
            };
            object(table.iter().map(member).collect::<Option<Vec<_>>>()?)
        }
        // Python refuses the one, and writes the other in its own way.
        DeValue::Datetime(_) | DeValue::Float(_) => return None,
    })
}

/// As Python's `json.dumps` writes it: what is not ASCII becomes an escape.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

fn sha256(json: &str) -> String {
    Sha256::digest(json).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
