//! `Pipfile.lock`, the lockfile of pipenv: JSON, a category of packages under every key but `_meta`.
//!
//! pipenv makes a line of requirements out of each entry by gluing its values together, and hands the
//! lines to pip. So a value is also what that line makes of it: see [`oddity::spliced`].

mod entry;
mod oddity;
mod sources;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;

use self::sources::Sources;
use super::python::oddity::twice;
use super::python::{Collector, Document, look_alike};
use super::{Claim, Reader, name, utf8};
use crate::model::{Atom, Ecosystem, File, Lockfile, Problem, Span, fold};
use crate::text::json::{self, Kind, Value};

/// `Pipfile.lock`.
pub static READER: Reader = Reader { name: NAME, claims, recognises, decode: utf8, read };

/// What people call it.
pub const NAME: &str = "Pipfile.lock";

/// Specifications whose entries are of this form. The fifth differs in `_meta` alone.
const SPECS: [&str; 2] = ["5", "6"];

/// Keys of `_meta`.
const META: [&str; 5] = ["hash", "pipfile-spec", "requires", "sources", "host-environment-markers"];

fn claims(path: &str) -> Claim {
    match name(path) {
        NAME => Claim::Yes,
        // `PIPENV_PIPFILE` gives the lockfile the name of its manifest.
        name => match name.rsplit_once('.') {
            Some((stem, "lock")) if stem.contains("Pipfile") => Claim::Maybe,
            _ => Claim::No,
        },
    }
}

fn recognises(text: &str) -> bool {
    text.trim_start().starts_with('{') && text.contains("\"pipfile-spec\"")
}

/// Reads it.
///
/// # Errors
/// A [`Problem`] where it is not JSON, is of a specification that nobody knows, or holds a value of the
/// wrong type where pipenv would stop.
pub fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    let json = json::parse(file)?;
    let mut reading = Reading {
        words: Document { file, tool: "pipenv", start: 0 },
        collector: Collector::new(file),
        sources: Sources::default(),
    };
    let top = reading.object(json.root(), "the lockfile")?;
    let Some((_, meta)) = top.iter().find(|(key, _)| reading.text(*key) == "_meta") else {
        return Err(reading.words.wrong_at(json.root().span(), "it has no `_meta`"));
    };
    let spec = reading.meta(*meta)?;
    for (key, value) in top {
        if reading.text(key) != "_meta" {
            reading.category(key, value)?;
        }
    }
    Ok(reading.collector.finish(NAME, &spec))
}

/// A lockfile that is being read.
struct Reading<'a> {
    words: Document<'a>,
    collector: Collector,
    sources: Sources,
}

impl Reading<'_> {
    fn text(&self, atom: Atom) -> &str {
        self.collector.text(atom)
    }

    fn wrong(&self, value: Value<'_>, label: &str) -> Problem {
        self.words.wrong_at(value.span(), label)
    }

    /// A string or key as an atom; `what` names it in the error.
    fn atom(&mut self, value: Value<'_>, what: &str) -> Result<Atom, Problem> {
        let Some(text) = value.string() else {
            return Err(self.wrong(value, &format!("{what} must be a string")));
        };
        let plain = !value.written().contains('\\');
        let builder = &mut self.collector.builder;
        Ok(if plain { builder.atom(value.inner()) } else { builder.decoded(value.inner(), &text) })
    }

    /// The members of an object that count: of a key that stands twice the last, as Python reads it. The
    /// others are oddities.
    fn object<'v>(&mut self, value: Value<'v>, what: &str) -> Result<Vec<(Atom, Value<'v>)>, Problem> {
        if value.kind() != Kind::Object {
            return Err(self.wrong(value, &format!("{what} must be an object")));
        }
        let mut members = Vec::new();
        for (key, value) in value.members() {
            members.push((self.atom(key, "a key")?, value));
        }
        let (mut seen, mut live) = (HashSet::new(), Vec::with_capacity(members.len()));
        for (key, value) in members.into_iter().rev() {
            if seen.insert(self.text(key).to_owned()) {
                live.push((key, value));
            } else {
                let oddity = oddity::hidden(key.place, self.text(key));
                self.collector.odd(oddity);
            }
        }
        live.reverse();
        Ok(live)
    }

    /// What describes the file; the text of its specification.
    fn meta(&mut self, meta: Value<'_>) -> Result<String, Problem> {
        let members = self.object(meta, "`_meta`")?;
        self.look_alikes(&members, &META);
        let find = |key: &str| members.iter().find(|(name, _)| self.text(*name) == key).map(|(_, v)| *v);
        let (spec, hash, sources) = (find("pipfile-spec"), find("hash"), find("sources"));
        let spec = self.spec(meta, spec)?;
        if let Some(hash) = hash {
            let hashes = self.object(hash, "`hash`")?;
            if let Some((_, value)) = hashes.into_iter().find(|(key, _)| self.text(*key) == "sha256") {
                self.collector.builder.manifest_hash = Some(self.atom(value, "`sha256`")?);
            }
        }
        if let Some(sources) = sources {
            self.sources(sources)?;
        }
        Ok(spec)
    }

    fn spec(&self, meta: Value<'_>, spec: Option<Value<'_>>) -> Result<String, Problem> {
        let Some(spec) = spec else {
            return Err(self.wrong(meta, "it does not say which `pipfile-spec` it follows"));
        };
        let written = spec.written();
        if spec.kind() == Kind::Number && SPECS.contains(&written) {
            return Ok(written.to_owned());
        }
        let path = &self.words.file.path;
        Err(Problem::new(format!("`{path}` is of specification {written}, which trustlock does not know"))
            .at(self.words.file.at(spec.span()), "the specification")
            .fix(format!("trustlock reads the specifications {}", SPECS.join(" and ")))
            .paste("let pipenv write it again", "pipenv lock"))
    }

    /// The packages of one category.
    fn category(&mut self, category: Atom, value: Value<'_>) -> Result<(), Problem> {
        let what = format!("`{}`", self.text(category));
        let entries = self.object(value, &what)?;
        let mut seen = HashSet::new();
        for (name, value) in entries {
            if !seen.insert(fold(Ecosystem::Pypi, self.text(name)).into_owned()) {
                let oddity = twice(name.place, self.text(name)).of(self.collector.next());
                self.collector.odd(oddity);
            }
            let place = Span { start: name.place.start.saturating_sub(1), end: value.span().end };
            self.entry(category, name, value, place)?;
        }
        Ok(())
    }

    /// Reports keys that look like one of `known` without being it.
    fn look_alikes(&mut self, members: &[(Atom, Value<'_>)], known: &[&'static str]) {
        for (key, _) in members {
            let text = self.collector.text(*key);
            if known.contains(&text) {
                continue;
            }
            if let Some(near) = look_alike(text, known) {
                let oddity = super::python::oddity::look_alike_key(key.place, text, near, self.words.tool);
                let about = self.collector.next();
                self.collector.odd(oddity.of(about));
            }
        }
    }
}

/// Whether Python takes the value for true.
fn truthy(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Null => false,
        Kind::Bool => value.bool() == Some(true),
        Kind::Number => value
            .written()
            .bytes()
            .take_while(|b| !matches!(b, b'e' | b'E'))
            .any(|b| b.is_ascii_digit() && b != b'0'),
        Kind::String => !value.inner().is_empty(),
        Kind::List => value.items().next().is_some(),
        Kind::Object => value.members().next().is_some(),
    }
}
