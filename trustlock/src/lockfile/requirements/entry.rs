//! From a requirement to a package of the lockfile.

use std::ops::Range;

use super::collect::Reader;
use super::lines::Logical;
use super::options::{self, Options};
use super::requirement::{Requirement, Target};
use super::words::Word;
use super::{direct, oddity};
use crate::lockfile::python::source;
use crate::model::{Atom, Digest};

/// A text that is read as a requirement, and the line that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) line: &'a Logical<'a>,
    pub(super) text: &'a str,
    /// Where it begins in the line; `None` where the line spells it with quotes or escapes.
    offset: Option<usize>,
    /// Whether `--editable` stands before it.
    pub(super) editable: bool,
}

impl<'a> Asked<'a> {
    /// What stands before a line's options.
    pub(super) fn before_options(line: &'a Logical<'a>, start: usize) -> Self {
        Self { line, text: line.text.get(..start).unwrap_or_default(), offset: Some(0), editable: false }
    }

    /// The same, where an `--editable` among the options makes it one.
    pub(super) fn made_editable(self) -> Self {
        Self { editable: true, ..self }
    }

    /// The value of `--editable`.
    pub(super) fn editable(line: &'a Logical<'a>, word: &'a Word<'a>) -> Self {
        Self { line, text: &word.text, offset: word.is_plain().then_some(word.at.start), editable: true }
    }

    /// A part of it.
    pub(super) fn get(&self, part: &Range<usize>) -> &'a str {
        self.text.get(part.clone()).unwrap_or_default()
    }

    /// A part of it as a value.
    pub(super) fn atom(&self, reader: &mut Reader, part: &Range<usize>) -> Atom {
        match self.offset {
            Some(offset) => reader.atom(self.line, part.start + offset..part.end + offset),
            None => reader.collector.builder.decoded(self.line.place(), self.get(part)),
        }
    }
}

impl Reader {
    /// Adds what a line asks for.
    pub(super) fn requirement(&mut self, asked: &Asked<'_>, found: &Requirement, options: &Options<'_>) {
        let digests = self.hashes(asked.line, options);
        let name = found.name.as_ref().map(|name| asked.atom(self, name));
        let marker = found.marker.as_ref().map(|marker| asked.atom(self, marker));
        let package = match (&found.target, name) {
            (Target::Index { specifier, pin }, Some(name)) => {
                let mut package = self.collector.builder.entry(asked.line.place(), name);
                package.version = pin.as_ref().map(|pin| asked.atom(self, pin));
                package.specifier =
                    Some(specifier).filter(|s| pin.is_none() && !s.is_empty()).map(|s| asked.atom(self, s));
                let count = if pin.is_some() { &mut self.tally.pins } else { &mut self.tally.wishes };
                *count += 1;
                if asked.get(specifier).contains("${") {
                    self.odd(oddity::variable(name.place).of(self.collector.next()));
                }
                let source = self.collector.source(name.place, "by name", |_| source::unrecorded());
                self.shared = Some(source.id);
                package.source = Some(source);
                for digest in digests {
                    self.collector.builder.digest(&mut package, digest);
                }
                Some(package)
            }
            // The grammar lets nothing be found by name that has none.
            (Target::Index { .. }, None) => None,
            (Target::Url(range), name) => {
                let kind = direct::Kind::of_url(asked.get(range), asked.editable);
                Some(self.direct(asked, range, name, kind, digests))
            }
            (Target::Path(range), name) => {
                let kind = direct::Kind::of_path(asked.get(range), asked.editable);
                Some(self.direct(asked, range, name, kind, digests))
            }
        };
        if let Some(mut package) = package {
            package.marker = marker;
            self.collector.builder.push(package);
        }
    }

    /// The digests of a line's `--hash`.
    fn hashes(&mut self, line: &Logical<'_>, options: &Options<'_>) -> Vec<Digest> {
        let mut digests = Vec::new();
        for given in options.given.iter().filter(|given| given.name == options::HASH) {
            let Some(value) = &given.value else { continue };
            let atom = self.word(line, value);
            digests.extend(self.collector.digest(atom));
        }
        digests
    }
}
