//! The fast reader: the form in which cargo itself writes versions 2 to 4, and nothing else. It borrows
//! everything and allocates nothing per package. At the first line that cargo would have written
//! otherwise it gives up, and [`super::document`] reads the file.

use std::sync::Arc;

use super::collect::{Collector, Entry};
use crate::model::{File, Span};

/// Reads `file` if it is in canonical form and locks something.
pub(super) fn scan(file: &Arc<File>) -> Option<Collector> {
    if !is_plain(&file.text) {
        return None;
    }
    let mut lines = Lines::new(&file.text);
    while lines.line?.is_empty() || lines.line?.starts_with('#') {
        (!lines.line?.contains('\r')).then(|| lines.advance())?;
    }
    let version = if lines.take("version = 4").is_some() {
        Some(4)
    } else if lines.take("version = 3").is_some() {
        Some(3)
    } else {
        None
    };
    if version.is_some() {
        lines.take("")?;
    }
    let mut collector = Collector::new(file, version);
    // Reserved at once: growing would cost a dense file more memory than its size allows.
    collector.builder.reserve(starts(&file.text, b'['), starts(&file.text, b' '));
    lines.line?;
    while lines.line.is_some() {
        package(&mut lines, &mut collector)?;
    }
    Some(collector)
}

/// Whether no byte needs a second look: no escapes and no control characters except those that end lines.
fn is_plain(text: &str) -> bool {
    let odd =
        |byte: u8| u8::from(byte < b' ' && byte != b'\n' && byte != b'\r' || byte == 0x7f || byte == b'\\');
    // Whole blocks without a branch between bytes, so that the compiler makes wide instructions of it.
    text.as_bytes().chunks(1024).all(|block| block.iter().fold(0, |any, byte| any | odd(*byte)) == 0)
}

/// How many lines after the first start with `byte`.
fn starts(text: &str, byte: u8) -> usize {
    let bytes = text.as_bytes();
    let next = bytes.get(1..).unwrap_or_default();
    let pairs = bytes.chunks(128).zip(next.chunks(128));
    // Small blocks, counted in bytes, for wide instructions as above.
    let block = |(these, those): (&[u8], &[u8])| {
        these.iter().zip(those).fold(0_u8, |n, (a, b)| n + u8::from(*a == b'\n' && *b == byte))
    };
    pairs.map(block).map(usize::from).sum()
}

/// An entry, up to and with the empty line that ends it.
fn package(lines: &mut Lines<'_>, collector: &mut Collector) -> Option<()> {
    let start = lines.start;
    lines.take("[[package]]")?;
    let name = lines.text("name = \"", "\"")?;
    let version = lines.text("version = \"", "\"")?;
    let source = lines.text("source = \"", "\"");
    let checksum = lines.text("checksum = \"", "\"");
    let atom = |span: Span| collector.builder.atom(span);
    let entry = Entry {
        place: Span::default(),
        name: atom(name),
        version: atom(version),
        source: source.map(atom),
        checksum: checksum.map(atom),
        replace: None,
    };
    let mut package = collector.package(&entry);
    if lines.take("dependencies = [").is_some() {
        while let Some(edge) = lines.text(" \"", "\",") {
            let edge = collector.builder.atom(edge);
            collector.edge(&mut package, edge);
        }
        lines.take("]")?;
    }
    package.place = Span::new(start, lines.end);
    collector.push(package);
    if lines.line.is_some() {
        lines.take("")?;
    }
    Some(())
}

/// The lines of a text.
struct Lines<'a> {
    text: &'a str,
    /// The line that comes next, without its end; `None` at the end of the text.
    line: Option<&'a str>,
    /// Where it starts.
    start: usize,
    /// Where the line after it starts.
    next: usize,
    /// Where the line before it ended.
    end: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let mut lines = Self { text, line: None, start: 0, next: 0, end: 0 };
        lines.advance();
        lines
    }

    fn advance(&mut self) {
        self.end = self.start + self.line.map_or(0, str::len);
        self.start = self.next;
        let rest = self.text.get(self.start..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        // Only a line feed ends a line; whatever else stands there stays part of it.
        let ended = line.len() < rest.len();
        self.next += line.len() + usize::from(ended);
        let bare = line.strip_suffix('\r').filter(|_| ended).unwrap_or(line);
        self.line = (!rest.is_empty()).then_some(bare);
    }

    /// Passes a line that reads `line`.
    fn take(&mut self, line: &str) -> Option<()> {
        (self.line? == line).then(|| self.advance())
    }

    /// Passes a line that is one string between `before` and `after`; where that string stands.
    fn text(&mut self, before: &str, after: &str) -> Option<Span> {
        let text = self.line?.strip_prefix(before)?.strip_suffix(after)?;
        let start = self.start + before.len();
        let ends = |byte: u8| u8::from(byte == b'"' || byte == b'\r');
        (text.bytes().fold(0, |any, byte| any | ends(byte)) == 0).then(|| self.advance())?;
        Some(Span::new(start, start + text.len()))
    }
}
