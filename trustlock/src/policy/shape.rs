//! Holding a TOML document to the declared keys: every unknown key and every value of the wrong type is
//! reported, each with its place. What a text *means* is for [`super::read`].

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::complaint::nearest;
use super::keys::{FileKind, KEYS, Key, Kind, SCHEMA};
use crate::model::{File, Level, Place, Problem};
use crate::rules;

/// Every source and every path is held against such a list, so it stays short. Lists of tables may be
/// long: what they say is found by name.
const LONGEST: usize = 1024;

/// Checks one file; [`Self::problems`] is what is wrong with it.
pub(super) struct Checker<'a> {
    pub(super) file: &'a Arc<File>,
    pub(super) kind: FileKind,
    pub(super) problems: Vec<Problem>,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl Checker<'_> {
    /// Checks a table; `name` is what people call it, empty for the document.
    pub(super) fn table(&mut self, name: &str, table: &DeTable<'_>, keys: &'static [Key], whole: &Place) {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (written, value) in entries {
            match keys.iter().find(|k| k.name == written.get_ref()) {
                Some(key) if key.files.contains(&self.kind) => {
                    let name =
                        if name.is_empty() { key.name.to_owned() } else { format!("{name}.{}", key.name) };
                    self.value(&name, value, &key.kind);
                }
                Some(key) => self.misplaced(key, self.file.at(written.span())),
                None => self.unknown(name, written, keys),
            }
        }
        for key in keys.iter().filter(|k| k.required && !table.contains_key(k.name)) {
            self.problems.push(
                Problem::new(format!("`{}` is missing in `{name}`", key.name))
                    .at(whole.clone(), format!("add `{} = …`", key.name))
                    .fix(advice(key.doc)),
            );
        }
    }

    fn unknown(&mut self, table: &str, written: &Spanned<std::borrow::Cow<'_, str>>, keys: &'static [Key]) {
        let name = written.get_ref();
        let here = || keys.iter().filter(|k| k.files.contains(&self.kind)).map(|k| k.name);
        let inside = if table.is_empty() { "at the top".to_owned() } else { format!("in `{table}`") };
        let problem = Problem::new(format!("unknown key `{name}` {inside}"));
        let place = self.file.at(written.span());
        let known = format!("known {inside}: {}", list(here()));
        let elsewhere = || {
            KEYS.iter().find_map(|table| match &table.kind {
                Kind::Table(keys) if keys.iter().any(|k| k.name == name) => Some(table.name),
                _ => None,
            })
        };
        self.problems.push(match (nearest(name, here()), elsewhere()) {
            (Some(near), _) => problem.at(place, format!("did you mean `{near}`?")).fix(known),
            (None, Some(table)) => problem.at(place, format!("it belongs in `[{table}]`")).fix(known),
            (None, None) => problem.at(place, "not known").fix(known),
        });
    }

    fn misplaced(&mut self, key: &Key, place: Place) {
        let (file, why) = match self.kind {
            FileKind::Overlay => {
                ("an overlay", "an overlay can only tighten the policy that it is laid over")
            }
            FileKind::Nested => {
                ("a nested policy", "a nested policy can only tighten, for what lies beneath it")
            }
            FileKind::Waivers => ("a file of waivers", "it holds `schema` and `[[waivers]]`, nothing else"),
            FileKind::Policy => ("a policy", "only an overlay decides whether it can be waived"),
        };
        self.problems.push(
            Problem::new(format!("`{}` has no place in {file}", key.name)).at(place, why).fix(
                match self.kind {
                    FileKind::Policy => "leave it out, or give this file with `--overlay`",
                    _ => "write it into the `trustlock.toml` at the root",
                },
            ),
        );
    }

    fn value(&mut self, name: &str, value: &Value<'_>, kind: &'static Kind) {
        match (kind, value.get_ref()) {
            (Kind::Table(keys), DeValue::Table(table)) => {
                self.table(name, table, keys, &entry_place(self.file, value));
            }
            (Kind::List(inner), DeValue::Array(items))
                if items.len() > LONGEST && !matches!(inner, Kind::Table(_)) =>
            {
                self.problems.push(
                    Problem::new(format!("`{name}` has {} entries", items.len()))
                        .at(entry_place(self.file, value), format!("at most {LONGEST} are possible"))
                        .fix("use patterns: `git+https://github.com/acme/*`, `services/**`"),
                );
            }
            (Kind::List(kind), DeValue::Array(items)) => {
                for item in items {
                    self.value(name, item, kind);
                }
            }
            (Kind::Either(first, _), DeValue::String(_)) => self.value(name, value, first),
            (Kind::Either(_, second), DeValue::Table(_)) => self.value(name, value, second),
            (Kind::Levels, DeValue::Table(table)) => self.levels(table),
            (Kind::Word(words), DeValue::String(word)) => {
                if !words.contains(&word.as_ref()) {
                    self.not_one_of(name, word, words, value);
                }
            }
            (Kind::Schema, DeValue::Integer(number)) => {
                if !matches!(integer(number), Some(n) if (1..=SCHEMA).contains(&n)) {
                    self.problems.push(
                        Problem::new(format!("this trustlock does not know schema {number}"))
                            .at(self.file.at(value.span()), format!("schema 1 to {SCHEMA} is known"))
                            .fix("update trustlock, or lower the number if it is a typing error"),
                    );
                }
            }
            (Kind::Count, DeValue::Integer(number)) if integer(number).is_some_and(|n| n > 0) => {}
            (Kind::Bool, DeValue::Boolean(_)) | (Kind::Date, DeValue::Datetime(_) | DeValue::String(_)) => {}
            (
                Kind::Text
                | Kind::Days
                | Kind::Rule
                | Kind::KeyPath
                | Kind::Selector
                | Kind::Source
                | Kind::SourceOf(_)
                | Kind::Index
                | Kind::Glob
                | Kind::Link
                | Kind::Sha256
                | Kind::Digest,
                DeValue::String(text),
            ) => {
                if text.is_empty() {
                    self.wrong_type(name, value, kind, "nothing");
                }
            }
            (_, other) => self.wrong_type(name, value, kind, other.type_str()),
        }
    }

    fn levels(&mut self, table: &DeTable<'_>) {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (written, value) in entries {
            if rules::named(written.get_ref()).is_none() {
                self.unknown_rule(written.get_ref(), self.file.at(written.span()));
            }
            let name = format!("rules.{}", written.get_ref());
            let words: Vec<_> = Level::ALL.iter().map(|l| l.name()).collect();
            match value.get_ref() {
                DeValue::String(word) if words.contains(&word.as_ref()) => {}
                DeValue::String(word) => self.not_one_of(&name, word, &words, value),
                other => self.wrong_type(&name, value, &Kind::Levels, other.type_str()),
            }
        }
    }

    /// Reports a rule that does not exist.
    pub(super) fn unknown_rule(&mut self, name: &str, place: Place) {
        let label = match rules::nearest(name) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "not known".to_owned(),
        };
        self.problems.push(
            Problem::new(format!("there is no rule `{name}`"))
                .at(place, label)
                .fix("`trustlock rules` lists every rule"),
        );
    }

    fn not_one_of(&mut self, name: &str, word: &str, words: &[&str], value: &Value<'_>) {
        let label = match nearest(word, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "not known".to_owned(),
        };
        self.problems.push(
            Problem::new(format!("`{name}` cannot be `{word}`"))
                .at(self.file.at(value.span()), label)
                .fix(format!("known: {}", list(words.iter().copied()))),
        );
    }

    fn wrong_type(&mut self, name: &str, value: &Value<'_>, kind: &Kind, found: &str) {
        let wanted = match kind {
            Kind::Schema => "a schema number: `1`",
            Kind::Bool => "`true` or `false`",
            Kind::Count => "a whole number, 1 or more",
            Kind::Days => "a number of days: `\"90d\"`",
            Kind::Date => "a day: `2027-01-31`",
            Kind::List(Kind::Table(_)) => "a list of tables",
            Kind::List(_) => "a list: `[\"…\"]`",
            Kind::Table(_) => "a table",
            Kind::Levels if name == "rules" => "a table: `[rules]`",
            Kind::Levels => "a level: `\"deny\"`, `\"warn\"` or `\"allow\"`",
            Kind::Either(..) => "a name, or a table: `{ path = \"…\" }`",
            _ => "a text: `\"…\"`",
        };
        let place = entry_place(self.file, value);
        self.problems.push(
            Problem::new(format!("`{name}` takes {wanted}")).at(place, format!("this is {}", article(found))),
        );
    }
}

/// The first sentence of a key's documentation, as advice.
fn advice(doc: &str) -> String {
    let sentence = doc.split_once(". ").map_or(doc, |(first, _)| first).trim_end_matches('.');
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn article(type_name: &str) -> String {
    match type_name {
        "nothing" => "empty".to_owned(),
        "integer" | "array" | "inline table" => format!("an {type_name}"),
        other => format!("a {other}"),
    }
}

/// `a`, `b` and `c`, in back-ticks.
pub(super) fn list<'s>(words: impl Iterator<Item = &'s str>) -> String {
    words.map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}

/// The number, if it is one that any key could take.
pub(super) fn integer(number: &toml::de::DeInteger<'_>) -> Option<u32> {
    u32::from_str_radix(number.as_str(), number.radix()).ok()
}

/// Where a value is, as short as a reader wants to see it: one line. A table or list of several lines
/// is shown by its first key or item.
pub(super) fn entry_place(file: &Arc<File>, value: &Value<'_>) -> Place {
    let place = file.at(value.span());
    let headed = matches!(value.get_ref(), DeValue::Table(_)) && place.text().starts_with('[');
    if !headed && !place.text().contains('\n') {
        return place;
    }
    let first = match value.get_ref() {
        DeValue::Table(table) => table
            .iter()
            .min_by_key(|(key, _)| key.span().start)
            .map(|(key, value)| (key.span().start, value.span().end)),
        DeValue::Array(items) => items.iter().next().map(|item| (item.span().start, item.span().end)),
        _ => None,
    };
    match first.map(|(start, end)| file.at(start..end)) {
        Some(first) if !first.text().contains('\n') => first,
        _ => place,
    }
}
