//! From text to nodes, without recursion.

use std::borrow::Cow;
use std::ops::Range;

use super::{Kind, NESTING, Node};
use crate::model::Span;

/// Why a text is no document.
pub(super) struct Fault {
    pub(super) at: Range<usize>,
    pub(super) what: String,
}

/// What may stand next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// A value, or the end of the list that was just opened.
    ValueOrEnd,
    Key,
    /// A key, or the end of the object that was just opened.
    KeyOrEnd,
    /// A comma, or the end of what is open.
    After,
}

/// The nodes of `text`; there are no more than `parts`.
pub(super) fn nodes(text: &str, parts: usize) -> Result<Vec<Node>, Fault> {
    let mut scan = Scan { text, at: 0, nodes: Vec::with_capacity(parts), open: Vec::new() };
    let mut expect = Expect::Value;
    loop {
        scan.space();
        if expect == Expect::After && scan.open.is_empty() {
            return if scan.peek().is_none() {
                Ok(scan.nodes)
            } else {
                Err(scan.fault("nothing may follow here"))
            };
        }
        expect = scan.step(expect)?;
    }
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    nodes: Vec<Node>,
    /// The containers that are not closed yet.
    open: Vec<usize>,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Whether what is open last is a list.
    fn in_list(&self) -> bool {
        let last = self.open.last().and_then(|index| self.nodes.get(*index));
        last.is_some_and(|node| node.kind == Kind::List)
    }

    fn step(&mut self, expect: Expect) -> Result<Expect, Fault> {
        use Expect::{After, Key, KeyOrEnd, Value, ValueOrEnd};
        let in_list = self.in_list();
        match (expect, self.peek()) {
            (ValueOrEnd, Some(b']')) | (KeyOrEnd, Some(b'}')) => self.close(),
            (After, Some(b']')) if in_list => self.close(),
            (After, Some(b'}')) if !in_list => self.close(),
            (After, Some(b',')) => {
                self.at += 1;
                return Ok(if in_list { Value } else { Key });
            }
            (Key | KeyOrEnd, Some(b'"')) => {
                self.string()?;
                self.space();
                if self.peek() != Some(b':') {
                    return Err(self.fault("a `:` must follow the key"));
                }
                self.at += 1;
                return Ok(Value);
            }
            (Value | ValueOrEnd, Some(b'{')) => return self.container(Kind::Object, KeyOrEnd),
            (Value | ValueOrEnd, Some(b'[')) => return self.container(Kind::List, ValueOrEnd),
            (Value | ValueOrEnd, Some(b'"')) => self.string()?,
            (Value | ValueOrEnd, Some(b'-' | b'0'..=b'9')) => self.number()?,
            (Value | ValueOrEnd, Some(b'n')) => self.word("null", Kind::Null)?,
            (Value | ValueOrEnd, Some(b't')) => self.word("true", Kind::Bool)?,
            (Value | ValueOrEnd, Some(b'f')) => self.word("false", Kind::Bool)?,
            (Value | ValueOrEnd, _) => return Err(self.fault("a value must stand here")),
            (Key | KeyOrEnd, _) => return Err(self.fault("a key in double quotes must stand here")),
            (After, _) if in_list => return Err(self.fault("`,` or `]` must stand here")),
            (After, _) => return Err(self.fault("`,` or `}` must stand here")),
        }
        Ok(After)
    }

    fn push(&mut self, start: usize, kind: Kind) {
        let after = u32::try_from(self.nodes.len() + 1).unwrap_or(u32::MAX);
        self.nodes.push(Node { span: Span::new(start, self.at), after, kind });
    }

    fn container(&mut self, kind: Kind, then: Expect) -> Result<Expect, Fault> {
        if self.open.len() >= NESTING {
            return Err(self.fault(&format!("it nests deeper than {NESTING} levels")));
        }
        self.open.push(self.nodes.len());
        self.at += 1;
        self.push(self.at - 1, kind);
        Ok(then)
    }

    fn close(&mut self) {
        self.at += 1;
        let (end, after) = (Span::new(0, self.at).end, u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        if let Some(node) = self.open.pop().and_then(|index| self.nodes.get_mut(index)) {
            node.span.end = end;
            node.after = after;
        }
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<(), Fault> {
        let start = self.at;
        if !self.text.get(start..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(self.fault("a value must stand here"));
        }
        self.at += word.len();
        self.push(start, kind);
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.fault("a digit must stand here")) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.push(start, Kind::Number);
        Ok(())
    }

    fn string(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => {
                    self.at = start;
                    return Err(self.fault("this string does not end"));
                }
                Some(b'"') => break,
                Some(b'\\') => {
                    let rest = self.text.get(self.at..).unwrap_or_default();
                    match escape(rest) {
                        Some((length, _)) => self.at += length,
                        None => return Err(self.fault("this escape means nothing")),
                    }
                }
                Some(0..=0x1f) => return Err(self.fault("a control character must be written as an escape")),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        self.push(start, Kind::String);
        Ok(())
    }

    fn fault(&self, what: &str) -> Fault {
        let length = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Fault { at: self.at..self.at + length, what: what.to_owned() }
    }
}

/// How long the escape at the start of `text` is, and what it means. Half of a surrogate pair means
/// nothing: no text can hold it.
fn escape(text: &str) -> Option<(usize, char)> {
    let simple = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((2, simple))
}

fn unicode(text: &str) -> Option<(usize, char)> {
    let unit = |at: usize| {
        let hex = text.get(at..at + 6)?.strip_prefix("\\u")?;
        hex.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(hex, 16).ok())?
    };
    let high = unit(0)?;
    if let Some(c) = char::from_u32(high) {
        return Some((6, c));
    }
    let low = unit(6).filter(|low| (0xdc00..0xe000).contains(low))?;
    let pair = 0x1_0000 + ((high.checked_sub(0xd800)? & 0x3ff) << 10) + (low - 0xdc00);
    (high < 0xdc00).then_some((12, char::from_u32(pair)?))
}

/// The text that `written`, the inside of a valid string, stands for.
pub(super) fn decoded(written: &str) -> Cow<'_, str> {
    if !written.contains('\\') {
        return Cow::Borrowed(written);
    }
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('\\') {
        text.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let Some((length, c)) = escape(rest) else { break };
        text.push(c);
        rest = rest.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
    Cow::Owned(text)
}
