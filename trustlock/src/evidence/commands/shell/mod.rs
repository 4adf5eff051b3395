//! The text of a shell, split into commands and words with their places. Nothing is expanded and nothing
//! runs; what only the shell could know (a variable, the output of a command) stays as it is written.
//!
//! It reads what POSIX shells and bash have in common, and enough of PowerShell to find its commands. A
//! text that is none of them gives words that mean nothing, never an error.

mod simple;
#[cfg(test)]
mod tests;
mod word;

use std::ops::Range;

pub(super) use self::simple::{Setting, commands};
use super::snippet::Snippet;

/// How deep commands may stand in commands: `$( $( … ) )`.
const DEPTH: usize = 32;

/// How one command gets what another one prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// `one | other`
    Pipe,
    /// `other $(one)`
    Argument,
    /// `other <(one)`, `other <<< "$(one)"`
    Input,
}

/// A word without its quotes.
#[derive(Clone, Debug, Default)]
struct RawWord {
    /// Its text.
    text: Snippet,
    /// Where it stands, quotes and all.
    raw: Range<usize>,
    /// It holds something that only the shell knows.
    varies: bool,
}

/// A command as it stands there, with keywords and assignments.
#[derive(Clone, Debug, Default)]
struct Raw {
    words: Vec<RawWord>,
    /// Who gets its output.
    into: Option<(usize, Feed)>,
    /// The names of files that its output or input is redirected to.
    redirects: Vec<String>,
    /// Its here-documents.
    bodies: Vec<Range<usize>>,
}

/// Delimiters that are looked for up to the end.
#[derive(Clone, Copy)]
enum Closing {
    Single,
    Double,
    Backtick,
    /// Of `${…}`; not remembered.
    Brace,
}

struct Splitter<'a> {
    source: &'a Snippet,
    at: usize,
    end: usize,
    depth: usize,
    commands: Vec<Raw>,
    /// Here-documents that begin on the next line: delimiter, whether tabs before it count, command.
    pending: Vec<(String, bool, usize)>,
    /// Where each [`Closing`] was looked for in vain, so that it is not looked for again.
    missing: [Range<usize>; 3],
}

/// Splits `source`.
fn split(source: &Snippet) -> Vec<Raw> {
    let mut splitter = Splitter {
        source,
        at: 0,
        end: source.text().len(),
        depth: 0,
        commands: Vec::new(),
        pending: Vec::new(),
        missing: [0..0, 0..0, 0..0],
    };
    splitter.list(false, None);
    // What is fed to a shell is a script too; what is written to a file is not.
    let mut next = 0;
    while next < splitter.commands.len() {
        for body in splitter.scripts_of(next) {
            (splitter.at, splitter.end) = (body.start, body.end);
            splitter.pending.clear();
            splitter.list(false, None);
        }
        next += 1;
    }
    splitter.commands
}

impl Splitter<'_> {
    fn peek(&self) -> Option<u8> {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> Option<u8> {
        let at = self.at + by;
        if at < self.end { self.source.text().as_bytes().get(at).copied() } else { None }
    }

    /// The length of a line break that begins `by` bytes ahead; 0 where none does.
    fn line_break(&self, by: usize) -> usize {
        match (self.ahead(by), self.ahead(by + 1)) {
            (Some(b'\n'), _) => 1,
            (Some(b'\r'), Some(b'\n')) => 2,
            _ => 0,
        }
    }

    /// Commands up to the end, or with `closed` up to the `)` that closes them. `outer` is who gets what
    /// they print.
    fn list(&mut self, closed: bool, outer: Option<(usize, Feed)>) {
        let mut current: Option<usize> = None;
        let mut piped: Option<usize> = None;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.line_break(1) > 0 => self.at += 1 + self.line_break(1),
                b'\n' => {
                    self.at += 1;
                    if current.take().is_some() {
                        piped = None;
                    }
                    self.bodies();
                }
                b'#' => self.at = self.line_end(),
                b'&' if self.ahead(1) == Some(b'>') => {
                    let index = self.command(&mut current, &mut piped, outer);
                    self.at += 1;
                    self.redirect(index);
                }
                b'|' if self.ahead(1) != Some(b'|') => {
                    self.at += if self.ahead(1) == Some(b'&') { 2 } else { 1 };
                    piped = current.take();
                }
                b';' | b'&' | b'|' => {
                    self.at += if matches!(self.ahead(1), Some(b'&' | b'|')) { 2 } else { 1 };
                    current = None;
                    piped = None;
                }
                b')' => {
                    self.at += 1;
                    if closed {
                        return;
                    }
                    current = None;
                    piped = None;
                }
                b'(' => {
                    self.at += 1;
                    let outer = current.map(|index| (index, Feed::Argument)).or(outer);
                    self.nested(outer);
                }
                b'<' | b'>' => {
                    let index = self.command(&mut current, &mut piped, outer);
                    self.redirect(index);
                }
                _ => {
                    let index = self.command(&mut current, &mut piped, outer);
                    self.push_word(index);
                }
            }
        }
    }

    /// Commands in parentheses, which have been opened.
    fn nested(&mut self, outer: Option<(usize, Feed)>) {
        if self.depth < DEPTH {
            self.depth += 1;
            self.list(true, outer);
            self.depth -= 1;
        }
    }

    /// The command that is being read; a new one where none is.
    fn command(
        &mut self,
        current: &mut Option<usize>,
        piped: &mut Option<usize>,
        outer: Option<(usize, Feed)>,
    ) -> usize {
        *current.get_or_insert_with(|| {
            let index = self.commands.len();
            self.commands.push(Raw { into: outer, ..Raw::default() });
            if let Some(before) = piped.take().and_then(|before| self.commands.get_mut(before)) {
                before.into = Some((index, Feed::Pipe));
            }
            index
        })
    }

    fn push_word(&mut self, index: usize) {
        let before = self.at;
        let word = self.word(index);
        if self.at == before {
            // Nothing that begins a word: a lone delimiter.
            self.at += 1;
            return;
        }
        let is_descriptor = matches!(self.peek(), Some(b'<' | b'>'))
            && word.text.text().bytes().all(|byte| byte.is_ascii_digit());
        if let Some(command) = self.commands.get_mut(index).filter(|_| !is_descriptor) {
            command.words.push(word);
        }
    }

    /// `>`, `>>`, `2>&1`, `<<EOF`, `<(…)`, …: at the `<` or `>`.
    fn redirect(&mut self, index: usize) {
        let Some(kind) = self.peek() else { return };
        self.at += 1;
        if self.peek() == Some(b'(') {
            let start = self.at - 1;
            self.at += 1;
            let feed = if kind == b'<' { Feed::Input } else { Feed::Argument };
            self.nested(Some((index, feed)));
            let word = RawWord { text: self.part(start..self.at), raw: start..self.at, varies: true };
            if let Some(command) = self.commands.get_mut(index) {
                command.words.push(word);
            }
            return;
        }
        let mut length = 1;
        while self.peek() == Some(kind) && length < 3 {
            self.at += 1;
            length += 1;
        }
        let here_document = kind == b'<' && length == 2;
        let here_string = kind == b'<' && length == 3;
        let indented = here_document && self.peek() == Some(b'-');
        while matches!(self.peek(), Some(b'&' | b'|' | b'-')) {
            self.at += 1;
        }
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let inner = self.commands.len();
        let word = self.word(index);
        if here_string {
            for command in self.commands.iter_mut().skip(inner) {
                if let Some((to, feed @ Feed::Argument)) = &mut command.into
                    && *to == index
                {
                    *feed = Feed::Input;
                }
            }
        } else if here_document {
            self.pending.push((word.text.text().to_owned(), indented, index));
        } else if let Some(command) = self.commands.get_mut(index) {
            command.redirects.push(word.text.text().to_owned());
        }
    }

    /// The bodies of the here-documents that the last line announced.
    fn bodies(&mut self) {
        for (delimiter, indented, index) in std::mem::take(&mut self.pending) {
            let start = self.at;
            let mut end = start;
            while self.at < self.end {
                let line = self.line_end();
                let text = self.source.text().get(self.at..line).unwrap_or_default();
                let text = text.trim_end_matches('\r');
                end = self.at;
                self.at = (line + 1).min(self.end);
                if (if indented { text.trim_start_matches('\t') } else { text }) == delimiter {
                    break;
                }
                end = self.at;
            }
            if let Some(command) = self.commands.get_mut(index) {
                command.bodies.push(start..end);
            }
        }
    }

    /// The here-documents of a command that some shell reads as a script: it, or what it is piped into.
    fn scripts_of(&mut self, index: usize) -> Vec<Range<usize>> {
        let Some(command) = self.commands.get_mut(index) else { return Vec::new() };
        let bodies = std::mem::take(&mut command.bodies);
        if bodies.is_empty() {
            return bodies;
        }
        let mut at = index;
        loop {
            let Some(command) = self.commands.get(at) else { return Vec::new() };
            if simple::reads_script(command) {
                return bodies;
            }
            match command.into {
                // A pipe leads to a command that was read later.
                Some((next, Feed::Pipe)) if next > at => at = next,
                _ => return Vec::new(),
            }
        }
    }

    fn line_end(&self) -> usize {
        let rest = self.source.text().get(self.at..self.end).unwrap_or_default();
        rest.find('\n').map_or(self.end, |length| self.at + length)
    }

    fn part(&self, range: Range<usize>) -> Snippet {
        let mut part = Snippet::default();
        part.take(self.source, range);
        part
    }
}
