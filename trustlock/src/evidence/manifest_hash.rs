//! The digests by which Poetry and PDM tell that `pyproject.toml` changed after they locked it.
//!
//! Both hash some of its tables as JSON. Neither documents how, so every form here was held against real
//! projects of many versions of the tool (see `docs/formats/poetry.md` and `docs/formats/pdm.md`), and
//! whatever cannot be written as those tools write it is unknown rather than stale.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use toml::de::{DeTable, DeValue};

use crate::model::Lockfile;

#[cfg(test)]
mod tests;

/// What the lockfiles of Poetry and PDM would say of one `pyproject.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestHashes {
    /// What Poetry writes, with `[dependency-groups]` (since 2.3) and without.
    poetry: Option<[String; 2]>,
    /// What PDM wrote at one time or another.
    pdm: Vec<String>,
}

impl ManifestHashes {
    /// The digests of that document.
    pub fn of(document: &DeTable<'_>) -> Self {
        let poetry = || Some([poetry(document, true)?, poetry(document, false)?]);
        Self { poetry: poetry(), pdm: pdm(document).unwrap_or_default() }
    }

    /// Whether the lockfile was made from this document; `None` where that cannot be said.
    pub fn fresh(&self, lockfile: &Lockfile) -> Option<bool> {
        let locked = lockfile.text(lockfile.manifest_hash?);
        match lockfile.format.name {
            "poetry.lock" => {
                let [with, without] = self.poetry.as_ref()?;
                // As Poetry does: a file of an older Poetry knew nothing of dependency groups.
                Some(locked == with || (locked == without && is_before_groups(&lockfile.file.text)))
            }
            "pdm.lock" if !self.pdm.is_empty() => {
                let hex = locked.strip_prefix("sha256:")?;
                Some(self.pdm.iter().any(|hash| hash == hex))
            }
            _ => None,
        }
    }
}

/// Whether the file names a Poetry before 2.3 as its writer.
fn is_before_groups(lockfile: &str) -> bool {
    let line = lockfile.lines().next().unwrap_or_default();
    let Some((_, rest)) = line.split_once("Poetry ") else { return false };
    let version = rest.split(' ').next().unwrap_or_default();
    let groups = pep440_rs::Version::new([2, 3]);
    version.parse::<pep440_rs::Version>().is_ok_and(|version| version < groups)
}

type Table<'t, 'a> = &'t DeTable<'a>;

fn child<'t, 'a>(table: Table<'t, 'a>, key: &str) -> Option<&'t DeValue<'a>> {
    table.get(key).map(toml::Spanned::get_ref)
}

fn table<'t, 'a>(parent: Table<'t, 'a>, path: &[&str]) -> Option<Table<'t, 'a>> {
    path.iter().try_fold(parent, |table, key| child(table, key)?.as_table())
}

fn sha256(json: &str) -> String {
    Sha256::digest(json).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// `poetry.packages.locker.Locker._get_content_hash`.
fn poetry(document: Table<'_, '_>, with_groups: bool) -> Option<String> {
    const LEGACY: [&str; 4] = ["dependencies", "dev-dependencies", "extras", "source"];
    let project = table(document, &["project"]);
    let groups = table(document, &["dependency-groups"]).filter(|groups| with_groups && !groups.is_empty());
    let mut metadata = Object::default();
    for key in ["dependencies", "optional-dependencies", "requires-python"] {
        if let Some(value) = project.and_then(|project| child(project, key)) {
            metadata.member(key, |json| json.value(value))?;
        }
    }
    let is_new = !metadata.is_empty() || groups.is_some();
    let settings = table(document, &["tool", "poetry"]);
    let mut relevant = Object::default();
    for key in ["dependencies", "dev-dependencies", "extras", "group", "source"] {
        match settings.and_then(|settings| child(settings, key)) {
            Some(value) => relevant.member(key, |json| json.value(value))?,
            // What was always hashed counts as null where it is absent.
            None if LEGACY.contains(&key) && !is_new => relevant.member(key, |json| json.push("null"))?,
            None => {}
        }
    }
    if !is_new {
        return Some(sha256(&relevant.close()));
    }
    let mut content = Object::default();
    if let Some(groups) = groups {
        content.member("dependency-groups", |json| json.table(groups))?;
    }
    if !metadata.is_empty() {
        content.member("project", |json| json.push(&metadata.close()))?;
    }
    content.member("tool", |json| json.push(&format!("{{\"poetry\": {}}}", relevant.close())))?;
    Some(sha256(&content.close()))
}

/// `pdm.project.project_file.PyProject.content_hash`, as it is and as it was.
fn pdm(document: Table<'_, '_>) -> Option<Vec<String>> {
    let project = table(document, &["project"])?;
    let settings = table(document, &["tool", "pdm"]);
    // The members of a workspace count too.
    if settings.is_some_and(|settings| settings.contains_key("workspace")) {
        return None;
    }
    let resolution = settings.and_then(|settings| table(settings, &["resolution"]));
    let mut hashes = Vec::new();
    for development in [development(document, settings, true), development(document, settings, false)] {
        let development = development?;
        for form in [Resolution::Whole, Resolution::Overrides] {
            let mut content = Object::default();
            content.member("dependencies", |json| json.or(child(project, "dependencies"), "[]"))?;
            content.member("dev-dependencies", |json| json.push(&development))?;
            let optional = child(project, "optional-dependencies");
            content.member("optional-dependencies", |json| json.or(optional, "{}"))?;
            if form == Resolution::Overrides {
                let overrides = resolution.and_then(|resolution| child(resolution, "overrides"));
                content.member("overrides", |json| json.or(overrides, "{}"))?;
            }
            content.member("requires-python", |json| json.or(child(project, "requires-python"), "\"\""))?;
            if form == Resolution::Whole {
                let whole = settings.and_then(|settings| child(settings, "resolution"));
                content.member("resolution", |json| json.or(whole, "{}"))?;
            }
            let sources = settings.and_then(|settings| child(settings, "source"));
            content.member("sources", |json| json.or(sources, "[]"))?;
            hashes.push(sha256(&content.close()));
        }
    }
    Some(hashes)
}

/// How much of `[tool.pdm.resolution]` is hashed: all of it since lock version 4.4.2, before only its
/// overrides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Resolution {
    Whole,
    Overrides,
}

/// The groups for development, as JSON: of PDM's own table, and since lock version 4.5 of
/// `[dependency-groups]`.
fn development(document: Table<'_, '_>, settings: Option<Table<'_, '_>>, standard: bool) -> Option<String> {
    let own = settings.and_then(|settings| table(settings, &["dev-dependencies"]));
    if !standard {
        let mut json = Json::default();
        match own {
            Some(own) => json.table(own)?,
            None => json.push("{}")?,
        }
        return Some(json.0);
    }
    let mut groups = std::collections::BTreeMap::<String, Vec<&DeValue<'_>>>::new();
    for table in table(document, &["dependency-groups"]).into_iter().chain(own) {
        for (name, requirements) in table {
            let name = crate::model::fold(crate::model::Ecosystem::Pypi, name.get_ref()).into_owned();
            let requirements = requirements.get_ref().as_array()?;
            groups.entry(name).or_default().extend(requirements.iter().map(toml::Spanned::get_ref));
        }
    }
    let mut object = Object::default();
    for (name, requirements) in &groups {
        object.member(name, |json| json.list(requirements.iter().copied()))?;
    }
    Some(object.close())
}

/// An object whose members come in the order of their keys.
#[derive(Default)]
struct Object(Json);

impl Object {
    fn is_empty(&self) -> bool {
        self.0.0.is_empty()
    }

    fn member(&mut self, key: &str, write: impl FnOnce(&mut Json) -> Option<()>) -> Option<()> {
        self.0.push(if self.is_empty() { "{" } else { ", " })?;
        self.0.string(key);
        self.0.push(": ")?;
        write(&mut self.0)
    }

    fn close(&self) -> String {
        if self.is_empty() { "{}".to_owned() } else { format!("{}}}", self.0.0) }
    }
}

/// Text as Python's `json.dumps(…, sort_keys=True)` writes it.
#[derive(Default)]
struct Json(String);

impl Json {
    /// Never fails; it has the type of what may.
    #[allow(clippy::unnecessary_wraps)]
    fn push(&mut self, text: &str) -> Option<()> {
        self.0.push_str(text);
        Some(())
    }

    fn or(&mut self, value: Option<&DeValue<'_>>, absent: &str) -> Option<()> {
        match value {
            Some(value) => self.value(value),
            None => self.push(absent),
        }
    }

    /// The reader of TOML bounds how deep values nest.
    fn value(&mut self, value: &DeValue<'_>) -> Option<()> {
        match value {
            DeValue::String(text) => self.string(text),
            DeValue::Boolean(value) => self.push(if *value { "true" } else { "false" })?,
            DeValue::Integer(number) => {
                let number = i128::from_str_radix(number.as_str(), number.radix()).ok()?;
                self.push(&number.to_string())?;
            }
            DeValue::Array(items) => self.list(items.iter().map(toml::Spanned::get_ref))?,
            DeValue::Table(table) => self.table(table)?,
            // Python refuses the one, and writes the other in its own way.
            DeValue::Datetime(_) | DeValue::Float(_) => return None,
        }
        Some(())
    }

    fn list<'v, 'a: 'v>(&mut self, items: impl Iterator<Item = &'v DeValue<'a>>) -> Option<()> {
        self.push("[")?;
        for (at, item) in items.enumerate() {
            self.push(if at == 0 { "" } else { ", " })?;
            self.value(item)?;
        }
        self.push("]")
    }

    fn table(&mut self, table: Table<'_, '_>) -> Option<()> {
        let mut members: Vec<_> = table.iter().map(|(key, value)| (key.get_ref(), value.get_ref())).collect();
        members.sort_by(|a, b| a.0.cmp(b.0));
        self.push("{")?;
        for (at, (key, value)) in members.into_iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " })?;
            self.string(key);
            self.push(": ")?;
            self.value(value)?;
        }
        self.push("}")
    }

    fn string(&mut self, text: &str) {
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                '\u{8}' => self.0.push_str("\\b"),
                '\u{c}' => self.0.push_str("\\f"),
                ' '..='~' => self.0.push(c),
                _ => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        let _ = write!(self.0, "\\u{unit:04x}");
                    }
                }
            }
        }
        self.0.push('"');
    }
}
