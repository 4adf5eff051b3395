use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Collector, oddity};
use crate::model::{Atom, File, Problem, Span};
use crate::text;

/// A value and its place in a TOML document.
pub(in crate::lockfile) type Value<'a> = Spanned<DeValue<'a>>;

/// A TOML lockfile: what stands where, and the words for what is of another type.
pub(in crate::lockfile) struct Document<'a> {
    pub(in crate::lockfile) file: &'a Arc<File>,
    /// The tool that would refuse what is wrong: `uv`.
    pub(in crate::lockfile) tool: &'static str,
    /// Where the section that is read begins: the places of its values count from there.
    pub(in crate::lockfile) start: usize,
}

impl<'a> Document<'a> {
    /// A place of the section that is read, as one of the file.
    pub(in crate::lockfile) fn place(&self, span: std::ops::Range<usize>) -> Span {
        Span::new(span.start + self.start, span.end + self.start)
    }

    /// The table of the whole document.
    pub(in crate::lockfile) fn parse(&self) -> Result<DeTable<'a>, Problem> {
        text::toml::parse(self.file)
    }

    /// The list at `key`; empty where there is none.
    pub(in crate::lockfile) fn list<'t>(
        &self,
        table: &'t DeTable<'a>,
        key: &str,
    ) -> Result<&'t [Value<'a>], Problem> {
        let Some(value) = table.get(key) else { return Ok(&[]) };
        let list = value.get_ref().as_array().map(|a| &**a);
        list.ok_or_else(|| self.wrong(value, &format!("`{key}` must be a list")))
    }

    /// `value` as a table; `what` names it in the error.
    pub(in crate::lockfile) fn table<'t>(
        &self,
        value: &'t Value<'a>,
        what: &str,
    ) -> Result<&'t DeTable<'a>, Problem> {
        value.get_ref().as_table().ok_or_else(|| self.wrong(value, &format!("`{what}` must be a table")))
    }

    /// The table at `key`.
    pub(in crate::lockfile) fn child<'t>(
        &self,
        table: &'t DeTable<'a>,
        key: &str,
    ) -> Result<Option<&'t DeTable<'a>>, Problem> {
        table.get(key).map(|value| self.table(value, key)).transpose()
    }

    /// The string at `key`.
    pub(in crate::lockfile) fn string(
        &self,
        collector: &mut Collector,
        table: &DeTable<'a>,
        key: &str,
    ) -> Result<Option<Atom>, Problem> {
        table.get(key).map(|value| self.atom(collector, value, key)).transpose()
    }

    /// The string at `key`, without which `entry` means nothing.
    pub(in crate::lockfile) fn required(
        &self,
        collector: &mut Collector,
        table: &DeTable<'a>,
        entry: &Value<'a>,
        key: &str,
    ) -> Result<Atom, Problem> {
        self.string(collector, table, key)?
            .ok_or_else(|| self.wrong(entry, &format!("this entry has no `{key}`")))
    }

    /// `value` as a string.
    pub(in crate::lockfile) fn atom(
        &self,
        collector: &mut Collector,
        value: &Value<'a>,
        what: &str,
    ) -> Result<Atom, Problem> {
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.wrong(value, &format!("`{what}` must be a string")));
        };
        Ok(self.key_atom(collector, self.place(value.span()), text))
    }

    /// A string or a key at `span`: its text is that between its quotes, unless it has escapes.
    pub(in crate::lockfile) fn key_atom(&self, collector: &mut Collector, span: Span, text: &str) -> Atom {
        let place = if self.file.slice(span).starts_with(['"', '\'']) {
            Span::new(span.start as usize + 1, (span.end as usize).saturating_sub(1))
        } else {
            span
        };
        if self.file.slice(place) == text {
            collector.builder.atom(place)
        } else {
            collector.builder.decoded(place, text)
        }
    }

    /// A whole number that is not negative; anything else is `None`.
    pub(in crate::lockfile) fn number(value: &Value<'a>) -> Option<u64> {
        match value.get_ref() {
            DeValue::Integer(i) => u64::from_str_radix(i.as_str(), i.radix()).ok(),
            _ => None,
        }
    }

    /// Records the keys that look like one of `known` without being it: tools ignore them in silence.
    /// Keys that resemble nothing are a later revision's, and readers of these formats must pass them.
    pub(in crate::lockfile) fn look_alikes(
        &self,
        collector: &mut Collector,
        table: &DeTable<'a>,
        known: &[&'static str],
    ) {
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            if let Some(near) = look_alike(name, known) {
                let about = collector.next();
                collector
                    .odd(oddity::look_alike_key(self.place(key.span()), name, near, self.tool).of(about));
            }
        }
    }

    /// The file is not what its tool writes.
    pub(in crate::lockfile) fn wrong(&self, value: &Value<'a>, label: &str) -> Problem {
        self.wrong_at(self.place(value.span()), label)
    }

    pub(in crate::lockfile) fn wrong_at(&self, span: Span, label: &str) -> Problem {
        Problem::new(format!("`{}` is not a lockfile that {} can read", self.file.path, self.tool))
            .at(self.file.at(span), label)
            .fix("restore it from a commit that you trust")
    }
}

/// The known key that `key` could be taken for: other case, other separators, or one letter off.
pub(in crate::lockfile) fn look_alike(key: &str, known: &[&'static str]) -> Option<&'static str> {
    const LONGEST: usize = 32;
    let plain = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    let short = (key.len() <= LONGEST).then(|| plain(key))?;
    let near = |k: &&&str| {
        let k = plain(k);
        k == short || (k.len() >= 4 && strsim::damerau_levenshtein(&short, &k) <= 1)
    };
    known.iter().find(near).copied()
}
