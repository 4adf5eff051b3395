//! The general reader: any TOML that is a lockfile to cargo.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::collect::{Checksum, Collector, Entry};
use super::oddity;
use crate::model::{Atom, File, Problem, Span};
use crate::text;

/// The versions that exist. Cargo writes out only those from 3.
const VERSIONS: std::ops::RangeInclusive<u32> = 1..=4;

const TOP: &[&str] = &["version", "package", "root", "metadata", "patch"];
const PACKAGE: &[&str] = &["name", "version", "source", "checksum", "dependencies", "replace"];
const PATCH: &[&str] = &["unused"];
const CHECKSUM: &str = "checksum ";

type Value<'a> = Spanned<DeValue<'a>>;

/// Reads `file`.
///
/// # Errors
/// Where cargo would refuse the file for its shape, and where it locks nothing.
pub(super) fn read(file: &Arc<File>) -> Result<Collector, Problem> {
    let table = text::toml::parse(file)?;
    let mut reader = Reader { collector: Collector::new(file, None), file };
    reader.document(&table)?;
    if reader.collector.builder.packages().is_empty() {
        return Err(Problem::new(format!("`{}` locks no package", file.path))
            .path(&file.path)
            .fix("restore it from a commit that you trust"));
    }
    Ok(reader.collector)
}

struct Reader<'a> {
    collector: Collector,
    file: &'a Arc<File>,
}

impl<'a> Reader<'a> {
    fn document(&mut self, table: &DeTable<'a>) -> Result<(), Problem> {
        let version = table.get("version").map(|v| self.version(v)).transpose()?;
        self.collector = Collector::new(self.file, version);
        if let (Some(v @ (1 | 2)), Some(value)) = (version, table.get("version")) {
            self.collector.odd(oddity::old_version(value.span().into(), v));
        }
        self.keys(table, TOP);
        if let Some(root) = table.get("root") {
            self.package(root)?;
        }
        for package in self.list(table, "package")? {
            self.package(package)?;
        }
        if let Some(patch) = table.get("patch") {
            let patch = self.table(patch, "patch")?;
            self.keys(patch, PATCH);
            for unused in self.list(patch, "unused")? {
                let entry = self.entry(self.table(unused, "package")?, unused)?;
                self.collector.unused(&entry);
            }
        }
        table.get("metadata").map_or(Ok(()), |metadata| self.metadata(metadata))
    }

    fn version(&self, value: &Value<'a>) -> Result<u32, Problem> {
        let number = match value.get_ref() {
            DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix()).ok(),
            _ => return Err(self.wrong(value, "`version` must be a number")),
        };
        let known = number.and_then(|n| u32::try_from(n).ok()).filter(|n| VERSIONS.contains(n));
        known.ok_or_else(|| {
            let found = self.file.slice(value.span().into());
            let title = format!("`{}` has the unknown lockfile version {found}", self.file.path);
            Problem::new(title)
                .at(self.file.at(value.span()), "this program knows the versions 1 to 4")
                .fix("update trustlock; if no released cargo writes this version, restore the file")
        })
    }

    /// `[root]`, or an entry of `[[package]]`.
    fn package(&mut self, value: &Value<'a>) -> Result<(), Problem> {
        let table = self.table(value, "package")?;
        let entry = self.entry(table, value)?;
        let mut package = self.collector.package(&entry);
        for edge in self.list(table, "dependencies")? {
            let edge = self.atom(edge, "an entry of `dependencies`")?;
            self.collector.edge(&mut package, edge);
        }
        self.collector.push(package);
        Ok(())
    }

    /// What an entry has besides edges.
    fn entry(&mut self, table: &DeTable<'a>, value: &Value<'a>) -> Result<Entry, Problem> {
        self.keys(table, PACKAGE);
        let missing = |key: &str| self.wrong(value, &format!("this entry has no `{key}`"));
        let (no_name, no_version) = (missing("name"), missing("version"));
        let name = self.string(table, "name")?.ok_or(no_name)?;
        let version = self.string(table, "version")?.ok_or(no_version)?;
        let (source, checksum) = (self.string(table, "source")?, self.string(table, "checksum")?);
        let replace = self.string(table, "replace")?;
        let end = table.values().map(|v| v.span().end).fold(value.span().end, usize::max);
        let place = Span::new(value.span().start, end);
        Ok(Entry { place, name, version, source, checksum, replace })
    }

    fn metadata(&mut self, value: &Value<'a>) -> Result<(), Problem> {
        for (key, value) in self.table(value, "metadata")? {
            let name = key.get_ref().as_ref();
            // Cargo wants text here, whatever the key.
            let value = self.atom(value, "a value of `metadata`")?;
            if let Some(id) = name.strip_prefix(CHECKSUM) {
                let place = Span::from(key.span());
                let id = self.collector.builder.decoded(place, id);
                self.collector.metadata.push(Checksum { place, id, value });
            } else if name.to_lowercase().starts_with("checksum") {
                self.collector.odd(oddity::unknown_key(
                    key.span().into(),
                    name,
                    Some("checksum NAME VERSION (SOURCE)"),
                ));
            }
        }
        Ok(())
    }

    /// Records the keys that are not known.
    fn keys(&mut self, table: &DeTable<'a>, known: &[&'static str]) {
        for key in table.keys().filter(|k| !known.contains(&k.get_ref().as_ref())) {
            let name = key.get_ref().as_ref();
            self.collector.odd(oddity::unknown_key(key.span().into(), name, nearest(name, known)));
        }
    }

    fn list<'t>(&self, table: &'t DeTable<'a>, key: &str) -> Result<&'t [Value<'a>], Problem> {
        match table.get(key) {
            None => Ok(&[]),
            Some(value) => value
                .get_ref()
                .as_array()
                .map(|a| &**a)
                .ok_or_else(|| self.wrong(value, &format!("`{key}` must be a list"))),
        }
    }

    fn table<'t>(&self, value: &'t Value<'a>, what: &str) -> Result<&'t DeTable<'a>, Problem> {
        value.get_ref().as_table().ok_or_else(|| self.wrong(value, &format!("`{what}` must be a table")))
    }

    fn string(&mut self, table: &DeTable<'a>, key: &str) -> Result<Option<Atom>, Problem> {
        table.get(key).map(|value| self.atom(value, &format!("`{key}`"))).transpose()
    }

    fn atom(&mut self, value: &Value<'a>, what: &str) -> Result<Atom, Problem> {
        match value.get_ref() {
            DeValue::String(text) => Ok(self.decode(value.span(), text)),
            _ => Err(self.wrong(value, &format!("{what} must be a string"))),
        }
    }

    /// A string: its text is that between its quotes, unless it has escapes.
    fn decode(&mut self, span: Range<usize>, text: &str) -> Atom {
        let place = if self.file.slice(span.clone().into()).starts_with(['"', '\'']) {
            Span::new(span.start + 1, span.end.saturating_sub(1))
        } else {
            span.into()
        };
        if self.file.slice(place) == text {
            self.collector.builder.atom(place)
        } else {
            self.collector.builder.decoded(place, text)
        }
    }

    fn wrong(&self, value: &Value<'a>, label: &str) -> Problem {
        Problem::new(format!("`{}` is not a lockfile that cargo can read", self.file.path))
            .at(self.file.at(value.span()), label)
            .fix("restore it from a commit that you trust")
    }
}

/// The known key that `key` looks like.
fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    // Long keys resemble nothing, and comparing them is quadratic.
    let short = (key.len() <= 32).then(|| key.to_lowercase())?;
    let distance = |k: &&&str| strsim::damerau_levenshtein(&short, k);
    known.iter().min_by_key(distance).filter(|k| distance(k) <= 2).copied()
}
