//! Reading any YAML file: bounded in nesting and in nodes, each node with its place. Aliases are never
//! expanded, so a small file stays small.

use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};

use crate::model::{File, Problem, Span};

/// How deep collections may nest. Real files stay under twenty.
const NESTING: usize = 64;

/// How many nodes a document may have: more than the largest lockfile holds.
const NODES: usize = 2 << 20;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes, with escapes.
    Double,
    /// A block whose lines stay: `|`.
    Literal,
    /// A block whose lines are joined: `>`.
    Folded,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands. For a block scalar, where its text begins, behind the indentation.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text; numbers and booleans too.
    Scalar(String, Style),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the file.
    Mapping(Vec<(Node, Node)>),
    /// `*name`: what it stands for is written elsewhere in the file.
    Alias,
}

impl Node {
    /// Its text, where it is a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// Its items; none where it is no list.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// Its keys and values; none where it is no mapping.
    pub fn entries(&self) -> &[(Self, Self)] {
        match &self.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The value of the key `name`.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries().iter().find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value)
    }
}

/// Reads every document of a file.
///
/// # Errors
/// A [`Problem`] with its place where the text is not YAML 1.2, nests deeper than 64 or has more than two
/// million nodes.
pub fn parse(file: &Arc<File>) -> Result<Vec<Node>, Problem> {
    let read = parse_text(file, &file.text);
    if read.is_err()
        && let Some(text) = hung(&file.text)
        && let Ok(documents) = parse_text(file, &text)
    {
        return Ok(documents);
    }
    read
}

/// The same text of the same length, where no bracket that closes a list begins its line. YAML 1.2 wants it
/// indented further than the key of the list; libyaml, and so every tool of Python's and GitHub's, does not.
fn hung(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    for line in text.split_inclusive('\n') {
        let closes = line.trim_start_matches(' ').starts_with([']', '}']);
        let joins =
            out.rfind('\n').map_or(0, |_| out.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1));
        let before = out.get(joins..).unwrap_or_default().trim_end();
        // A comment would take the bracket in, and so would the head of a block.
        if closes
            && out.ends_with('\n')
            && !before.contains('#')
            && !before.ends_with(['|', '>', '-', '+', ':'])
        {
            out.pop();
            out.push(' ');
            changed = true;
        }
        out.push_str(line);
    }
    changed.then_some(out)
}

fn parse_text(file: &Arc<File>, text: &str) -> Result<Vec<Node>, Problem> {
    let offsets = Offsets::new(text);
    let mut builder = Builder::default();
    for event in Parser::new(StrInput::new(text)) {
        let (event, span) = event.map_err(|error| {
            let at = offsets.byte(error.marker().index());
            Problem::new(format!("`{}` is not valid YAML", file.path)).at(file.at(at..at), error.info())
        })?;
        let span = Span::new(offsets.byte(span.start.index()), offsets.byte(span.end.index()));
        builder.see(event, span).map_err(|what| {
            Problem::new(format!("`{}` {what}", file.path))
                .at(file.at(span), "here")
                .fix("no real file does this; treat it as an attack")
        })?;
    }
    Ok(builder.documents)
}

/// A collection that is not complete.
struct Open {
    span: Span,
    items: Vec<Node>,
    mapping: bool,
}

#[derive(Default)]
struct Builder {
    documents: Vec<Node>,
    open: Vec<Open>,
    nodes: usize,
}

impl Builder {
    fn see(&mut self, event: Event<'_>, span: Span) -> Result<(), String> {
        let value = match event {
            Event::Scalar(text, style, ..) => Value::Scalar(text.into_owned(), style.into()),
            Event::Alias(_) => Value::Alias,
            Event::SequenceStart(..) => return self.begin(span, false),
            Event::MappingStart(..) => return self.begin(span, true),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let span = Span { start: open.span.start, end: span.end.max(open.span.end) };
                let value = if open.mapping { pairs(open.items) } else { Value::Sequence(open.items) };
                self.add(Node { span, value });
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.count()?;
        self.add(Node { span, value });
        Ok(())
    }

    fn begin(&mut self, span: Span, mapping: bool) -> Result<(), String> {
        self.count()?;
        if self.open.len() >= NESTING {
            return Err(format!("nests deeper than {NESTING} levels"));
        }
        self.open.push(Open { span, items: Vec::new(), mapping });
        Ok(())
    }

    fn count(&mut self) -> Result<(), String> {
        self.nodes += 1;
        if self.nodes > NODES { Err(format!("has more than {NODES} parts")) } else { Ok(()) }
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.documents.push(node),
        }
    }
}

fn pairs(items: Vec<Node>) -> Value {
    let mut entries = Vec::with_capacity(items.len() / 2);
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        entries.push((key, value));
    }
    Value::Mapping(entries)
}

impl From<ScalarStyle> for Style {
    fn from(style: ScalarStyle) -> Self {
        match style {
            ScalarStyle::Plain => Self::Plain,
            ScalarStyle::SingleQuoted => Self::Single,
            ScalarStyle::DoubleQuoted => Self::Double,
            ScalarStyle::Literal => Self::Literal,
            ScalarStyle::Folded => Self::Folded,
        }
    }
}

/// The parser counts characters; places are bytes.
struct Offsets<'a> {
    text: &'a str,
    /// The byte of every [`Self::STEP`]th character; empty where all are ASCII.
    marks: Vec<usize>,
}

impl<'a> Offsets<'a> {
    const STEP: usize = 64;

    fn new(text: &'a str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(Self::STEP).map(|(at, _)| at).collect()
        };
        Self { text, marks }
    }

    fn byte(&self, index: usize) -> usize {
        if self.marks.is_empty() {
            return index.min(self.text.len());
        }
        let Some(mark) = self.marks.get(index / Self::STEP) else { return self.text.len() };
        let rest = self.text.get(*mark..).unwrap_or_default();
        rest.char_indices().nth(index % Self::STEP).map_or(self.text.len(), |(at, _)| mark + at)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Vec<Node>, Problem> {
        parse(&File::new("a.yml", text))
    }

    #[test]
    fn places_are_bytes_also_behind_other_letters() {
        let text = "# é ü\nrun: |\n  ä b\n  c\nx: ['ö', z]\n";
        let file = File::new("a.yml", text);
        let documents = parse(&file).unwrap();
        let root = documents.first().unwrap();
        assert_eq!(file.slice(root.get("run").unwrap().span), "ä b\n  c\n");
        let items = root.get("x").unwrap().items();
        assert_eq!(file.slice(items[0].span), "'ö'");
        assert_eq!(file.slice(items[1].span), "z");
    }

    #[test]
    fn a_bomb_of_aliases_stays_small() {
        let bomb = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n";
        let documents = read(bomb).unwrap();
        assert_eq!(documents[0].get("c").unwrap().items()[0].value, Value::Alias);
    }

    #[test]
    fn lists_may_close_where_their_key_stands() {
        for text in ["a:\n  b: [\n    x,\n    y\n  ]\n  c: z\n", "a:\n  b: {\n    x: 1\n\n  }\n  c: z\n"] {
            let documents = read(text).unwrap();
            let inner = documents[0].get("a").unwrap();
            assert_eq!(inner.get("c").and_then(Node::text), Some("z"), "{text}");
        }
        assert!(read("a: [\n]]\n").is_err());
    }

    #[test]
    fn depth_is_bounded() {
        assert!(read(&"[".repeat(1000)).is_err());
        assert!(read(&format!("{}{}", "[".repeat(60), "]".repeat(60))).is_ok());
        let deep = (0..100).fold(String::new(), |text, n| text + &" ".repeat(n) + "k:\n");
        assert!(read(&deep).unwrap_err().title.contains("nests deeper"));
    }

    fn spans_are_inside(node: &Node, text: &str) {
        assert!(text.get(node.span.range()).is_some(), "{:?}", node.span);
        node.items().iter().for_each(|item| spans_are_inside(item, text));
        node.entries().iter().for_each(|(key, value)| {
            spans_are_inside(key, text);
            spans_are_inside(value, text);
        });
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "([a-zé:\\-\\[\\]{}|>&*'\"!?#%, \n\t\r]|- |: |\n  ){0,80}") {
            for node in read(&text).unwrap_or_default() {
                spans_are_inside(&node, &text);
            }
        }
    }
}
