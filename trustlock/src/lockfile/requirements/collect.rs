//! From lines to a lockfile.

use std::sync::Arc;

use super::entry::Asked;
use super::indexes::Indexes;
use super::lines::{self, Line, Logical};
use super::loose::Tally;
use super::oddity;
use super::options::{self, Given, Options};
use super::requirement::{self, Requirement};
use super::words::{self, Word};
use crate::lockfile::python::Collector;
use crate::model::{Atom, File, FileOption, Include, Leads, Lockfile, Oddity, Problem, Span};

/// What one line and one word may cost, in bytes, and what a file may cost beyond twelve times its size.
const LINE: usize = 600;
const WORD: usize = 250;
const FLOOR: usize = 64 << 20;

/// Refuses what has too many parts for its size.
pub(super) fn measure(file: &Arc<File>) -> Result<(), Problem> {
    let lines = lines::physical(&file.text).count();
    let words = file.text.split_ascii_whitespace().count();
    let cost = lines.saturating_mul(LINE).saturating_add(words.saturating_mul(WORD));
    if cost > file.text.len().saturating_mul(12).saturating_add(FLOOR) {
        return Err(Problem::new(format!("`{}` has too many parts to be read safely", file.path))
            .path(&file.path)
            .fix("if it is real, let the tool that wrote it write it again, or split it"));
    }
    Ok(())
}

/// Reads a file that is not too large.
pub(super) fn read(file: &Arc<File>) -> Lockfile {
    let mut reader = Reader {
        collector: Collector::new(file),
        indexes: Indexes::default(),
        tally: Tally::new(&file.text),
        shared: None,
    };
    reader.hidden_characters(&file.text);
    for line in lines::logical(&file.text) {
        match line {
            Line::Logical(line) => reader.line(&line),
            Line::Swallowed(place) => reader.hidden(oddity::swallowed(place)),
        }
    }
    reader.finish()
}

/// What is collected while a file is read.
pub(super) struct Reader {
    pub(super) collector: Collector,
    pub(super) indexes: Indexes,
    pub(super) tally: Tally,
    /// The source of every package that is found by name; which index that is, the last line may decide.
    pub(super) shared: Option<u32>,
}

/// The place in a line where its options begin: the first word that begins with `-`. Only spaces part
/// words.
pub(super) fn options_start(text: &str) -> usize {
    if text.starts_with('-') {
        return 0;
    }
    text.find(" -").map_or(text.len(), |at| at + 1)
}

/// The options of a line, or the place that pip stumbles over.
pub(super) fn parse_options(
    text: &str,
    start: usize,
) -> Result<Options<'_>, (std::ops::Range<usize>, &'static str)> {
    let words = words::words(text, start)
        .map_err(|words::Unclosed| (start..text.len(), "a quote is opened and never closed"))?;
    options::parse(words).map_err(|refused| (refused.word.at, refused.why))
}

impl Reader {
    pub(super) fn odd(&mut self, oddity: Oddity) {
        self.collector.odd(oddity);
    }

    /// Records what people do not see when they read the file. Such a file is no list of anything.
    pub(super) fn hidden(&mut self, oddity: Oddity) {
        self.tally.hides = true;
        self.odd(oddity);
    }

    pub(super) fn refuse(&mut self, place: Span, why: &str) {
        self.tally.refused += 1;
        self.odd(oddity::refused(place, why));
    }

    fn line(&mut self, line: &Logical<'_>) {
        let start = options_start(&line.text);
        let options = match parse_options(&line.text, start) {
            Ok(options) => options,
            Err((at, why)) => return self.refuse(line.span(&at), why),
        };
        for given in &options.given {
            self.spelling(line, given);
        }
        if let Some(given) = options.given.iter().find(|given| is_no_hash(given)) {
            return self.refuse(span_of(line, given), "a hash is an algorithm, a colon and hex digits");
        }
        let editable = options.given.iter().find(|g| g.name == options::EDITABLE);
        match (start, editable.and_then(|given| given.value.as_ref())) {
            (0, None) => self.option_line(line, &options),
            (0, Some(value)) => {
                let asked = Asked::editable(line, value);
                self.asked(&asked, requirement::editable(asked.text), &options);
            }
            (_, Some(_)) => {
                let asked = Asked::before_options(line, start).made_editable();
                self.asked(&asked, requirement::editable(asked.text), &options);
            }
            (_, None) => {
                let asked = Asked::before_options(line, start);
                self.asked(&asked, requirement::parse(asked.text), &options);
            }
        }
    }

    fn asked(
        &mut self,
        asked: &Asked<'_>,
        found: Result<Requirement, requirement::Refused>,
        options: &Options<'_>,
    ) {
        match found {
            Ok(found) => {
                self.requirement(asked, &found, options);
                self.beside_requirement(asked.line, options, asked.editable);
            }
            Err(why) => self.unread(asked.line, asked.text, why),
        }
    }

    /// What could not be understood as a requirement.
    fn unread(&mut self, line: &Logical<'_>, text: &str, why: &str) {
        if let Some(at) = text.find("${") {
            self.tally.wishes += 1;
            let end = text.get(at..).and_then(|rest| rest.find('}')).map_or(text.len(), |end| at + end + 1);
            self.odd(oddity::variable(line.span(&(at..end))));
        } else if text.contains("\t-") {
            self.refuse(line.place(), "a tab stands before an option, and pip parts words at spaces alone");
        } else {
            self.refuse(line.place(), why);
        }
    }

    /// Options that stand beside a requirement: few have an effect there.
    fn beside_requirement(&mut self, line: &Logical<'_>, options: &Options<'_>, editable: bool) {
        // Behind a requirement, `--editable` only makes that one editable.
        let mut seen = options_start(&line.text) > 0;
        for given in &options.given {
            match given.name {
                options::HASH => {}
                options::EDITABLE if editable && !std::mem::replace(&mut seen, true) => {}
                options::EDITABLE => self.odd(oddity::second_option(span_of(line, given), given.name)),
                // pip keeps these for all requirements, wherever they stand.
                "--no-binary" | "--only-binary" | options::CONFIG_SETTINGS => self.option(line, given),
                name => self.odd(oddity::ignored_option(span_of(line, given), name)),
            }
        }
        // An exporter writes markers behind an editable, where pip passes over them.
        let is_marker = editable && options.ignored.first().is_some_and(|word| word.text.starts_with(';'));
        if !is_marker {
            self.ignored_words(line, options);
        }
    }

    fn option_line(&mut self, line: &Logical<'_>, options: &Options<'_>) {
        self.tally.options += 1;
        self.ignored_words(line, options);
        let include = |name| options.given.iter().find(|given| given.name == name);
        let include = include(options::REQUIREMENT).or_else(|| include(options::CONSTRAINT));
        let mut links = false;
        let last_index = options.given.iter().rev().find(|given| given.name == options::INDEX);
        for given in &options.given {
            let place = span_of(line, given);
            match (given.name, &given.value) {
                (_, Some(value)) if include.is_some_and(|include| std::ptr::eq(include, given)) => {
                    self.collector.builder.includes.push(Include {
                        place: line.span(&value.at),
                        target: value.text.to_string(),
                        constraints: given.name == options::CONSTRAINT,
                        leads: Leads::Unknown,
                    });
                    self.tally.includes += 1;
                }
                (options::REQUIREMENT | options::CONSTRAINT, _) => {
                    self.odd(oddity::second_option(place, given.name));
                }
                (options::HASH, _) => self.hidden(oddity::lost_hash(place)),
                (name, _) if include.is_some() => self.odd(oddity::ignored_option(place, name)),
                (options::CONFIG_SETTINGS, _) => self.odd(oddity::ignored_option(place, given.name)),
                (options::FIND_LINKS, _) if std::mem::replace(&mut links, true) => {
                    self.odd(oddity::second_option(place, given.name));
                }
                (options::INDEX, _) if !last_index.is_some_and(|last| std::ptr::eq(last, given)) => {
                    self.odd(oddity::second_option(place, given.name));
                }
                (name, value) => {
                    self.option(line, given);
                    let value = value.as_ref().map(|value| value.text.to_string());
                    self.indexes.see(name, place, value.unwrap_or_default());
                }
            }
        }
    }

    fn option(&mut self, line: &Logical<'_>, given: &Given<'_>) {
        let value = given.value.as_ref().map(|value| value.text.to_string());
        let place = span_of(line, given);
        let value = value.unwrap_or_default();
        let value = match value.rsplit_once('@') {
            // pip compares the host; a user name in front of it changes nothing and may be a secret.
            Some((_, host)) if given.name == "--trusted-host" => host.to_owned(),
            _ => value,
        };
        self.collector.builder.options.push(FileOption { place, name: given.name, value });
    }

    fn spelling(&mut self, line: &Logical<'_>, given: &Given<'_>) {
        if given.abbreviated {
            let written = given.word.text.split('=').next().unwrap_or_default();
            let end =
                if given.word.is_plain() { given.word.at.start + written.len() } else { given.word.at.end };
            let place = line.span(&(given.word.at.start..end));
            self.hidden(oddity::abbreviated(place, written, given.name));
        }
    }

    fn ignored_words(&mut self, line: &Logical<'_>, options: &Options<'_>) {
        if let (Some(first), Some(last)) = (options.ignored.first(), options.ignored.last()) {
            self.odd(oddity::ignored_words(line.span(&(first.at.start..last.at.end))));
        }
    }

    /// Characters that end a line only for Python, and those that turn text around.
    fn hidden_characters(&mut self, text: &str) {
        let mut before: Option<lines::Physical<'_>> = None;
        for line in lines::physical(text) {
            if let Some(before) = before.filter(|before| !matches!(before.end, "\n" | "\r\n")) {
                let shown = line.text.trim_matches(lines::is_space);
                if !shown.is_empty() && !shown.starts_with('#') {
                    let end = before.start + before.text.len();
                    self.hidden(oddity::separator(
                        Span::new(end, end + before.end.len()),
                        separator(before.end),
                    ));
                }
            }
            before = Some(line);
        }
        for (at, c) in text.char_indices().filter(|(_, c)| turns_text(*c)) {
            self.hidden(oddity::invisible(Span::new(at, at + c.len_utf8()), c));
        }
    }

    /// A part of a line as a value.
    pub(super) fn atom(&mut self, line: &Logical<'_>, part: std::ops::Range<usize>) -> Atom {
        let span = line.span(&part);
        if line.is_whole(&part) {
            return self.collector.builder.atom(span);
        }
        self.collector.builder.decoded(span, line.text.get(part).unwrap_or_default())
    }

    /// A word as a value.
    pub(super) fn word(&mut self, line: &Logical<'_>, word: &Word<'_>) -> Atom {
        if word.is_plain() {
            return self.atom(line, word.at.clone());
        }
        self.collector.builder.decoded(line.span(&word.at), &word.text)
    }

    fn finish(mut self) -> Lockfile {
        let folder = self.collector.folder.clone();
        for (place, name) in std::mem::take(&mut self.indexes.dropped) {
            self.odd(oddity::replaced_index(place, name));
        }
        let only = self.indexes.only(&folder);
        if let (Some(id), Some(source)) = (self.shared, only)
            && let Some(shared) = self.collector.builder.sources.get_mut(id as usize)
        {
            *shared = source;
        }
        let indexes = std::mem::take(&mut self.indexes);
        indexes.record(&mut self.collector);
        let hashed =
            self.collector.builder.has_digests() || self.collector.builder.file().text.contains("--hash");
        self.collector.builder.loose = self.tally.loose(hashed);
        self.collector.builder.expects_digests = hashed || self.tally.compiled;
        self.collector.finish(super::READER.name, "")
    }
}

fn is_no_hash(given: &Given<'_>) -> bool {
    given.name == options::HASH && given.value.as_ref().is_some_and(|value| !value.text.contains(':'))
}

/// Whether it is one of the characters that change the direction of text.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What people call the end of a line that is no line feed.
fn separator(end: &str) -> &'static str {
    match end {
        "\r" => "a carriage return without a line feed",
        "\u{b}" => "a vertical tab",
        "\u{c}" => "a form feed",
        "\u{1c}" | "\u{1d}" | "\u{1e}" => "a separator of ASCII",
        "\u{85}" => "U+0085 (next line)",
        "\u{2028}" => "U+2028 (line separator)",
        _ => "U+2029 (paragraph separator)",
    }
}

/// An option together with its value.
pub(super) fn span_of(line: &Logical<'_>, given: &Given<'_>) -> Span {
    let end = given.value.as_ref().map_or(given.word.at.end, |value| value.at.end.max(given.word.at.end));
    line.span(&(given.word.at.start..end))
}
