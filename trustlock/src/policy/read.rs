//! Reading one policy file into a [`Layer`]: what this file alone says, with a place for every value.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::complaint::{Complaint, nearest};
use super::keys::{self, FileKind, KEYS};
use super::layer::{Extends, Layer};
use super::shape::{Checker, entry_place, integer};
use super::{AllowedSetting, Ban, Bind, GitReferencePolicy, Glob, Selector, Set, SourcePattern};
use crate::model::{Algorithm, Ecosystem, File, Level, Place, Problem};
use crate::{rules, text};

mod waivers;

/// Reads a policy.
///
/// # Errors
/// Everything in it that is not understood, in the order of the file.
pub fn read(file: &Arc<File>, kind: FileKind) -> Result<Layer, Vec<Problem>> {
    let document = text::toml::parse(file).map_err(|problem| vec![problem])?;
    let mut checker = Checker { file, kind, problems: Vec::new() };
    checker.table("", &document, KEYS, &file.at(0..0));
    let top = Table { file, table: &document };
    let waivable = top.flag("waivable").is_some_and(|set| set.value);
    let mut reader = Reader { checker, binding: kind == FileKind::Overlay && !waivable };
    let layer = reader.layer(&top);
    let mut problems = reader.checker.problems;
    if problems.is_empty() {
        return Ok(layer);
    }
    problems.sort_by_key(|p| p.place.as_ref().map(|place| place.span));
    Err(problems)
}

/// Takes values out of a table. A value of the wrong type is taken for absent: the [`Checker`] has
/// reported it, and a file with a report yields no [`Layer`].
#[derive(Clone, Copy)]
struct Table<'a> {
    file: &'a Arc<File>,
    table: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    fn get(self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    fn table(self, key: &str) -> Option<Self> {
        let table = self.get(key)?.get_ref().as_table()?;
        Some(Self { file: self.file, table })
    }

    fn array(self, key: &str) -> Option<(&'a DeArray<'a>, Place)> {
        let (written, value) = self.table.get_key_value(key)?;
        let place = self.file.at(written.span().start..value.span().end);
        let place = if place.text().contains('\n') { self.file.at(written.span()) } else { place };
        Some((value.get_ref().as_array()?, place))
    }

    fn tables(self, key: &str) -> impl Iterator<Item = (Self, Place)> {
        let items = self.array(key).map(|(items, _)| items.iter());
        items.into_iter().flatten().filter_map(move |item| {
            let table = Self { file: self.file, table: item.get_ref().as_table()? };
            Some((table, entry_place(self.file, item)))
        })
    }

    fn text(self, key: &str) -> Option<(&'a str, Place)> {
        let value = self.get(key)?;
        Some((value.get_ref().as_str()?, self.file.at(value.span())))
    }

    fn words(self, key: &str) -> Option<String> {
        self.text(key).map(|(text, _)| text.to_owned())
    }

    fn flag(self, key: &str) -> Option<Set<bool>> {
        let value = self.get(key)?;
        let flag = value.get_ref().as_bool()?;
        Some(Set { value: flag, place: Some(self.file.at(value.span())), binding: false })
    }

    fn number(self, key: &str) -> Option<(u32, Place)> {
        let value = self.get(key)?;
        let DeValue::Integer(number) = value.get_ref() else { return None };
        Some((integer(number)?, self.file.at(value.span())))
    }
}

struct Reader<'a> {
    checker: Checker<'a>,
    binding: bool,
}

impl Reader<'_> {
    fn layer(&mut self, top: &Table<'_>) -> Layer {
        let lockfiles = top.table("lockfiles");
        let versions = top.table("versions");
        let sources = top.table("sources");
        let freshness = top.table("freshness");
        Layer {
            file: Arc::clone(top.file),
            kind: self.checker.kind,
            keys: written_keys(*top),
            schema: top.number("schema").map(|(number, _)| number),
            extends: self.extends(*top),
            contact: top.text("contact").map(|(text, place)| self.set(text.to_owned(), place)),
            finals: self.finals(*top),
            max_waiver: self.days(*top, "max-waiver"),
            waivable: top.flag("waivable").is_some_and(|set| set.value),
            include: lockfiles.and_then(|t| self.globs(t, "include")),
            exclude: lockfiles.and_then(|t| self.globs(t, "exclude")),
            delegate: lockfiles.and_then(|t| self.globs(t, "delegate")),
            required: lockfiles
                .and_then(|t| t.flag("required"))
                .map(|set| Set { binding: self.binding, ..set }),
            git_reference: versions
                .and_then(|t| t.text("git-reference"))
                .and_then(|(text, place)| Some(self.set(GitReferencePolicy::named(text)?, place))),
            bans: versions.map(|t| self.bans(t)).unwrap_or_default(),
            sources: sources.map(|t| self.sources(t)).unwrap_or_default(),
            binds: sources.map(|t| self.binds(t)).unwrap_or_default(),
            algorithms: top.table("hashes").and_then(|t| self.algorithms(t)),
            settings: top.table("settings").and_then(|t| self.settings(t)),
            templates: top.table("settings").and_then(|t| self.globs(t, "templates")),
            min_age: freshness.and_then(|t| self.days(t, "min-age")),
            unknown_age: freshness
                .and_then(|t| t.text("unknown"))
                .and_then(|(text, place)| Some(self.set(Level::named(text)?, place))),
            age_exempt: freshness.and_then(|t| self.list(t, "exempt", Selector::parse)),
            sdist: top.table("permissions").and_then(|t| self.list(t, "sdist", Selector::parse)),
            levels: top.table("rules").map(|t| self.levels(t)).unwrap_or_default(),
            waivers: top.tables("waivers").filter_map(|(t, place)| self.waiver(t, place)).collect(),
        }
    }

    fn set<T>(&self, value: T, place: Place) -> Set<T> {
        Set { value, place: Some(place), binding: self.binding }
    }

    fn days(&mut self, table: Table<'_>, key: &str) -> Option<Set<u32>> {
        let (text, place) = table.text(key)?;
        let days = self.understand(parse_days(text), &place)?;
        Some(self.set(days, place))
    }

    /// The value, or its complaint on record.
    fn understand<T>(&mut self, parsed: Result<T, Complaint>, place: &Place) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(complaint) => {
                let label = match &complaint.paste {
                    Some(paste) => format!("write `{paste}`"),
                    None => "not understood".to_owned(),
                };
                self.checker
                    .problems
                    .push(Problem::new(complaint.what).at(place.clone(), label).fix(complaint.help));
                None
            }
        }
    }

    /// A text that means something, where there is one.
    fn parsed<T>(
        &mut self,
        table: Table<'_>,
        key: &str,
        parse: fn(&str) -> Result<T, Complaint>,
    ) -> Option<T> {
        let (text, place) = table.text(key)?;
        // An empty text is reported already.
        if text.is_empty() { None } else { self.understand(parse(text), &place) }
    }

    /// A list of texts that mean something.
    fn list<T>(
        &mut self,
        table: Table<'_>,
        key: &str,
        parse: fn(&str) -> Result<T, Complaint>,
    ) -> Option<Set<Vec<Set<T>>>> {
        let (items, whole) = table.array(key)?;
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            let Some(text) = item.get_ref().as_str().filter(|t| !t.is_empty()) else { continue };
            let place = table.file.at(item.span());
            if let Some(value) = self.understand(parse(text), &place) {
                list.push(self.set(value, place));
            }
        }
        Some(self.set(list, whole))
    }

    fn globs(&mut self, table: Table<'_>, key: &str) -> Option<Set<Vec<Set<Glob>>>> {
        self.list(table, key, Glob::parse)
    }

    fn sources(&mut self, table: Table<'_>) -> Vec<(Ecosystem, Set<Vec<Set<SourcePattern>>>)> {
        let one = |ecosystem| Some((ecosystem, self.sources_of(table, ecosystem)?));
        Ecosystem::ALL.into_iter().filter_map(one).collect()
    }

    fn sources_of(&mut self, table: Table<'_>, ecosystem: Ecosystem) -> Option<Set<Vec<Set<SourcePattern>>>> {
        let (items, whole) = table.array(ecosystem.name())?;
        let mut list = Vec::new();
        for item in items {
            let place = entry_place(table.file, item);
            let pattern = match item.get_ref() {
                DeValue::String(text) if !text.is_empty() => {
                    self.understand(SourcePattern::parse_for(ecosystem, text), &place)
                }
                DeValue::Table(inner) => self.index(Table { file: table.file, table: inner }),
                _ => None,
            };
            if let Some(pattern) = pattern {
                list.push(self.set(pattern, place));
            }
        }
        Some(self.set(list, whole))
    }

    /// An index that names the hosts of its files.
    fn index(&mut self, table: Table<'_>) -> Option<SourcePattern> {
        let index = self.parsed(table, "index", SourcePattern::parse_index)?;
        let files = self.list(table, "files", SourcePattern::parse_index)?;
        Some(index.with_files(files.value.into_iter().map(|set| set.value).collect()))
    }

    fn extends(&mut self, top: Table<'_>) -> Vec<Extends> {
        let items = top.array("extends").map(|(items, _)| items.iter());
        let mut all = Vec::new();
        for item in items.into_iter().flatten() {
            let place = entry_place(top.file, item);
            match item.get_ref() {
                DeValue::String(name) => all.push(Extends::Preset { name: name.to_string(), place }),
                DeValue::Table(table) => {
                    let table = Table { file: top.file, table };
                    let sha256 = self.parsed(table, "sha256", parse_sha256);
                    all.extend(table.words("path").map(|path| Extends::File { path, sha256, place }));
                }
                _ => {}
            }
        }
        all
    }

    fn finals(&mut self, top: Table<'_>) -> Vec<Set<String>> {
        self.list(top, "final", |text| match keys::find(text) {
            Some(key) if key.can_be_final() => Ok(text.to_owned()),
            Some(_) => Err(Complaint::new(
                format!("`{text}` cannot be final"),
                "what extends a policy can only add to this key",
            )),
            None => {
                let complaint = Complaint::new(
                    format!("there is no key `{text}`"),
                    "keys are written with their table: `sources.cargo`, `rules.unknown-source`",
                );
                let known: Vec<String> = keys::finals().collect();
                Err(match nearest(text, known.iter().map(String::as_str)) {
                    Some(near) => complaint.paste(near),
                    None => complaint,
                })
            }
        })
        .map(|set| set.value)
        .unwrap_or_default()
    }

    fn bans(&mut self, table: Table<'_>) -> Vec<Set<Ban>> {
        let mut bans = Vec::new();
        for (entry, place) in table.tables("ban") {
            let package = self.parsed(entry, "package", Selector::parse);
            let source = self.parsed(entry, "source", SourcePattern::parse);
            if let (Some(package), Some(reason)) = (package, entry.words("reason")) {
                bans.push(self.set(Ban { package, source, reason, url: entry.words("url") }, place));
            }
        }
        bans
    }

    fn binds(&mut self, table: Table<'_>) -> Vec<Set<Bind>> {
        let mut binds = Vec::new();
        for (entry, place) in table.tables("bind") {
            let package = self.parsed(entry, "package", |text| {
                let selector = Selector::parse(text)?;
                if selector.names_versions() {
                    return Err(Complaint::new("a name is bound in every version", "write it without `@`"));
                }
                Ok(selector)
            });
            let only = self.parsed(entry, "only", SourcePattern::parse);
            if let (Some(package), Some(only)) = (package, only) {
                binds.push(self.set(Bind { package, only }, place));
            }
        }
        binds
    }

    fn algorithms(&mut self, table: Table<'_>) -> Option<Set<Vec<Algorithm>>> {
        let (items, place) = table.array("algorithms")?;
        if items.is_empty() {
            self.checker.problems.push(
                Problem::new("`hashes.algorithms` is empty")
                    .at(place.clone(), "then no digest counts")
                    .fix("name at least `sha256`, the one that `Cargo.lock` holds"),
            );
        }
        let named = items.iter().filter_map(|item| Algorithm::named(item.get_ref().as_str()?)).collect();
        Some(self.set(named, place))
    }

    fn settings(&mut self, table: Table<'_>) -> Option<Set<Vec<Set<AllowedSetting>>>> {
        let (_, whole) = table.array("allow")?;
        let mut list = Vec::new();
        for (entry, place) in table.tables("allow") {
            if let (Some(file), Some(key), Some(value)) =
                (entry.words("file"), entry.words("key"), entry.words("value"))
            {
                list.push(self.set(AllowedSetting { file, key, value }, place));
            }
        }
        Some(self.set(list, whole))
    }

    fn levels(&mut self, table: Table<'_>) -> Vec<(&'static crate::model::Declaration, Set<Level>)> {
        let mut levels = Vec::new();
        for (written, value) in table.table {
            let rule = rules::named(written.get_ref());
            let level = value.get_ref().as_str().and_then(Level::named);
            let (Some(rule), Some(level)) = (rule, level) else { continue };
            let place = table.file.at(written.span().start..value.span().end);
            let declaration = rule.declaration;
            if level < declaration.floor {
                self.checker.problems.push(
                    Problem::new(format!("`{}` cannot be set to `{level}`", declaration.name))
                        .at(place.clone(), format!("at least `{}`", declaration.floor))
                        .fix(format!(
                            "lift single findings with a waiver; `trustlock explain {}`",
                            declaration.name
                        )),
                );
            }
            if self.checker.kind == FileKind::Nested && !matches!(rule.check, rules::Check::Lockfile(_)) {
                self.checker.problems.push(
                    Problem::new(format!("`{}` judges the repository as a whole", declaration.name))
                        .at(place.clone(), "a nested policy cannot set it")
                        .fix("set it in the `trustlock.toml` at the root"),
                );
            }
            levels.push((declaration, self.set(level, place)));
        }
        levels
    }
}

/// Every key that the file writes, dotted: `sources.cargo`.
fn written_keys(top: Table<'_>) -> Vec<(String, Place)> {
    let mut keys = Vec::new();
    for (name, value) in top.table {
        let place = |key: &Spanned<_>, value: &Spanned<DeValue<'_>>| {
            let place = top.file.at(key.span().start..value.span().end);
            if place.text().contains('\n') { top.file.at(key.span()) } else { place }
        };
        match value.get_ref() {
            DeValue::Table(table) => {
                keys.extend(
                    table.iter().map(|(k, v)| (format!("{}.{}", name.get_ref(), k.get_ref()), place(k, v))),
                );
            }
            _ => keys.push((name.get_ref().to_string(), place(name, value))),
        }
    }
    keys.sort_by_key(|(_, place)| place.span);
    keys
}

fn parse_days(text: &str) -> Result<u32, Complaint> {
    /// Ten years: longer than any promise holds.
    const MOST: u32 = 3650;
    let days = text.strip_suffix('d').filter(|n| n.bytes().all(|b| b.is_ascii_digit()));
    match days.and_then(|n| n.parse().ok()) {
        Some(days @ 1..=MOST) => Ok(days),
        _ => Err(Complaint::new(
            format!("`{text}` is no number of days"),
            format!("write `\"90d\"`; 1 to {MOST} days are possible"),
        )),
    }
}

fn parse_sha256(text: &str) -> Result<String, Complaint> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    if digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(digits.to_ascii_lowercase());
    }
    Err(Complaint::new("this is no SHA-256 digest", "64 hex digits, as `sha256sum FILE` prints them"))
}
