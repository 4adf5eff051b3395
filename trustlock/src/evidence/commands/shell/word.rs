//! One word: quotes, escapes, and the commands inside it.

use std::ops::Range;

use super::{Closing, Feed, RawWord, Splitter};

/// How far the end of `${…}` is looked for.
const BRACES: usize = 1024;

/// Where a word comes together.
struct Building {
    word: RawWord,
    /// Where the run of plain text began that is not yet added.
    run: usize,
}

impl Splitter<'_> {
    /// The word at the current place; of no length where none begins there.
    pub(super) fn word(&mut self, index: usize) -> RawWord {
        let start = self.at;
        let mut building = Building { word: RawWord::default(), run: start };
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b')' | b'<' | b'>' => break,
                b'(' => {
                    if self.at == start || self.before() != Some(b'=') {
                        break;
                    }
                    self.array(index, &mut building);
                }
                b'\\' => self.escape(&mut building),
                b'\'' => match self.closing(Closing::Single) {
                    Some(close) => self.quoted(close, &mut building),
                    None => self.at += 1,
                },
                b'"' => match self.closing(Closing::Double) {
                    Some(_) => self.double(index, &mut building),
                    None => self.at += 1,
                },
                _ => self.inner(byte, index, &mut building),
            }
        }
        self.flush(&mut building);
        building.word.raw = start..self.at;
        building.word
    }

    fn before(&self) -> Option<u8> {
        self.source.text().as_bytes().get(self.at.checked_sub(1)?).copied()
    }

    /// Adds the plain text up to here.
    fn flush(&self, building: &mut Building) {
        building.word.text.take(self.source, building.run..self.at);
        building.run = self.at;
    }

    /// Leaves out the next `length` bytes.
    fn leave_out(&mut self, length: usize, building: &mut Building) {
        self.flush(building);
        self.at = (self.at + length).min(self.end);
        building.run = self.at;
    }

    /// `name=(…)`: words that are data.
    fn array(&mut self, index: usize, building: &mut Building) {
        let known = self.commands.len();
        self.at += 1;
        self.nested(Some((index, Feed::Argument)));
        self.commands.truncate(known);
        self.pending.retain(|(_, _, command)| *command < known);
        building.word.varies = true;
    }

    fn escape(&mut self, building: &mut Building) {
        let broken = self.line_break(1);
        if broken > 0 {
            self.leave_out(1 + broken, building);
            return;
        }
        self.leave_out(1, building);
        self.at += self.character();
    }

    /// How long the character at the current place is.
    fn character(&self) -> usize {
        let rest = self.source.text().get(self.at..self.end).unwrap_or_default();
        rest.chars().next().map_or(0, char::len_utf8)
    }

    /// Text in single quotes.
    fn quoted(&mut self, close: usize, building: &mut Building) {
        self.leave_out(1, building);
        self.at = close;
        self.leave_out(1, building);
    }

    fn double(&mut self, index: usize, building: &mut Building) {
        self.leave_out(1, building);
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.leave_out(1, building);
                    return;
                }
                b'\\' if self.line_break(1) > 0 => self.escape(building),
                b'\\' if matches!(self.ahead(1), Some(b'$' | b'`' | b'"' | b'\\')) => self.escape(building),
                _ => self.inner(byte, index, building),
            }
        }
    }

    /// What means the same inside and outside of double quotes.
    fn inner(&mut self, byte: u8, index: usize, building: &mut Building) {
        match (byte, self.ahead(1)) {
            (b'$', Some(b'(')) => {
                building.word.varies = true;
                self.at += 2;
                if self.peek() == Some(b'(') {
                    self.arithmetic();
                } else {
                    self.nested(Some((index, Feed::Argument)));
                }
            }
            (b'$', Some(b'{')) => {
                building.word.varies = true;
                self.at += 1;
                self.at = self.closing(Closing::Brace).map_or(self.at, |close| close + 1);
            }
            (b'$', Some(b'\'')) => {
                self.leave_out(1, building);
                if let Some(close) = self.closing(Closing::Single) {
                    self.quoted(close, building);
                } else {
                    self.at += 1;
                }
            }
            (b'$', Some(next)) => {
                building.word.varies |= next != b'"' && next != b' ' && next != b'\n';
                self.at += 1;
            }
            (b'`', _) if self.line_break(1) > 0 => self.leave_out(1 + self.line_break(1), building),
            (b'`', _) => match self.closing(Closing::Backtick) {
                Some(close) if self.depth < super::DEPTH => {
                    building.word.varies = true;
                    let end = std::mem::replace(&mut self.end, close);
                    self.at += 1;
                    self.depth += 1;
                    self.list(false, Some((index, Feed::Argument)));
                    self.depth -= 1;
                    self.end = end;
                    self.at = close + 1;
                }
                _ => self.at += 1,
            },
            _ => self.at += self.character().max(1),
        }
    }

    /// `$((…))`, at its second parenthesis: no commands.
    fn arithmetic(&mut self) {
        let mut depth = 1_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\n' => return,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Where what opens at the current place closes; looked for once.
    fn closing(&mut self, kind: Closing) -> Option<usize> {
        let from = self.at + 1;
        let missing: Option<&Range<usize>> = self.missing.get(kind as usize);
        if missing.is_some_and(|missing| missing.start <= from && self.end <= missing.end) {
            return None;
        }
        // Braces nest, so that one that is missing says nothing about the next.
        let end = if matches!(kind, Closing::Brace) { self.end.min(from + BRACES) } else { self.end };
        let rest = self.source.text().as_bytes().get(from..end)?;
        let mut depth = 1_usize;
        let mut escaped = false;
        for (index, byte) in rest.iter().enumerate() {
            let closes = match kind {
                Closing::Single => *byte == b'\'',
                Closing::Double => *byte == b'"' && !escaped,
                Closing::Backtick => *byte == b'`' && !escaped,
                Closing::Brace => {
                    depth += usize::from(*byte == b'{');
                    depth -= usize::from(*byte == b'}');
                    depth == 0
                }
            };
            if closes {
                return Some(from + index);
            }
            escaped = *byte == b'\\' && !escaped;
        }
        if let Some(missing) = self.missing.get_mut(kind as usize) {
            *missing = from..end;
        }
        None
    }
}
