//! `_meta.sources`: the indexes that pipenv asks. It obeys these before those of the `Pipfile`.

use super::{Reading, oddity, truthy};
use crate::lockfile::python::source;
use crate::model::{Atom, FileOption, Index, IndexRole, Problem, SourceRef, Span};
use crate::text::json::{Kind, Value};

/// The keys of a source.
const KEYS: [&str; 3] = ["name", "url", "verify_ssl"];

/// The option under which a source without a check of its certificate is recorded.
pub(super) const VERIFY: &str = "sources.verify_ssl";

/// What the file says about its sources.
#[derive(Default)]
pub(super) struct Sources {
    /// Each name and its index.
    named: Vec<(Option<Atom>, SourceRef)>,
}

impl Sources {
    /// The source of a package that names none: where the file has only one, that one.
    pub(super) fn only(&self) -> Option<SourceRef> {
        match self.named.as_slice() {
            [(_, only)] => Some(*only),
            _ => None,
        }
    }
}

impl Reading<'_> {
    pub(super) fn sources(&mut self, list: Value<'_>) -> Result<(), Problem> {
        if list.kind() != Kind::List {
            return Err(self.wrong(list, "`sources` must be a list"));
        }
        for value in list.items() {
            let members = self.object(value, "a source")?;
            self.look_alikes(&members, &KEYS);
            let (mut name, mut url) = (None, None);
            for (key, value) in members {
                match self.text(key) {
                    "name" => name = Some(self.atom(value, "`name`")?),
                    "url" => url = Some(self.atom(value, "`url`")?),
                    "verify_ssl" if !truthy(value) => self.collector.builder.options.push(FileOption {
                        place: Span { start: key.place.start.saturating_sub(1), end: value.span().end },
                        name: VERIFY,
                        value: value.written().to_owned(),
                    }),
                    _ => {}
                }
            }
            let Some(url) = url else { return Err(self.wrong(value, "this source has no `url`")) };
            if let Some(name) = name
                && self.named(self.text(name)).is_some()
            {
                let oddity = oddity::source_twice(name.place, self.text(name));
                self.collector.odd(oddity);
            }
            let text = self.text(url).to_owned();
            let source = self.collector.source(url.place, &format!("index {text}"), |_| source::index(&text));
            let role = if self.sources.named.is_empty() { IndexRole::Primary } else { IndexRole::Extra };
            self.collector.builder.indexes.push(Index { source, name, role });
            self.sources.named.push((name, source));
        }
        Ok(())
    }

    /// The source that `index` of an entry means: one of that name, else one at that address.
    pub(super) fn named(&self, index: &str) -> Option<SourceRef> {
        let sources = || self.sources.named.iter();
        let by_name = sources().find(|(name, _)| name.is_some_and(|name| self.text(name) == index));
        let at = |source: &SourceRef| self.collector.builder.sources.get(source.id as usize);
        let by_url = || sources().find(|(_, source)| at(source).is_some_and(|s| s.raw == index));
        by_name.or_else(by_url).map(|(_, source)| *source)
    }
}
