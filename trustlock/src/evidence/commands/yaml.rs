//! Shell text in YAML: a scalar as the program that gets it will see it.

use std::sync::Arc;

use super::Snippet;
use crate::model::File;
use crate::text::yaml::{Node, Style, Value};

/// The text of a scalar; `None` for anything else.
pub(super) fn snippet(file: &Arc<File>, node: &Node) -> Option<Snippet> {
    let Value::Scalar(_, style) = &node.value else { return None };
    let start = node.span.start as usize;
    let raw = file.slice(node.span);
    Some(match style {
        Style::Literal => block(&file.text, start, raw, false),
        Style::Folded => block(&file.text, start, raw, true),
        Style::Plain => flow(raw, start, |_| None),
        Style::Single => {
            flow(unquoted(raw, '\''), start + 1, |rest| rest.starts_with("''").then_some(("'", 2)))
        }
        Style::Double => flow(unquoted(raw, '"'), start + 1, double),
    })
}

fn unquoted(raw: &str, quote: char) -> &str {
    let raw = raw.strip_prefix(quote).unwrap_or(raw);
    raw.strip_suffix(quote).unwrap_or(raw)
}

/// A block: its lines without their indentation, which is where its text begins.
fn block(text: &str, start: usize, raw: &str, folded: bool) -> Snippet {
    let line = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let indentation = start - line;
    let mut snippet = Snippet::default();
    let mut at = start;
    for (index, line) in raw.split_inclusive('\n').enumerate() {
        let skipped = if index == 0 { 0 } else { indented(line).min(indentation) };
        let rest = line.get(skipped..).unwrap_or_default();
        let content = rest.trim_end_matches(['\n', '\r']);
        let begin = at + skipped;
        // Lines that are indented further keep their breaks.
        if folded && !content.is_empty() && !content.starts_with([' ', '\t']) {
            snippet.push(content, begin);
            snippet.put(" ", begin + content.len()..at + line.len());
        } else {
            snippet.push(rest, begin);
        }
        at += line.len();
    }
    snippet
}

fn indented(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b' ').count()
}

/// A scalar between others: breaks with the white space around them become one space; `special` says what
/// an escape stands for and how long it is.
fn flow(raw: &str, start: usize, special: impl Fn(&str) -> Option<(&'static str, usize)>) -> Snippet {
    let mut snippet = Snippet::default();
    let (mut at, mut run) = (0, 0);
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let space = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        if rest.get(..space).is_some_and(|space| space.contains('\n')) {
            snippet.push(raw.get(run..at).unwrap_or_default(), start + run);
            snippet.put(" ", start + at..start + at + space);
            at += space;
            run = at;
        } else if let Some((text, length)) = special(rest) {
            snippet.push(raw.get(run..at).unwrap_or_default(), start + run);
            snippet.put(text, start + at..start + at + length);
            at += length;
            run = at;
        } else {
            at += space.max(rest.chars().next().map_or(1, char::len_utf8));
        }
    }
    snippet.push(raw.get(run..).unwrap_or_default(), start + run);
    snippet
}

/// The escapes that shell text needs; letters spelled by number stay as they are.
fn double(rest: &str) -> Option<(&'static str, usize)> {
    let next = rest.strip_prefix('\\')?;
    Some(match next.bytes().next()? {
        b'n' => ("\n", 2),
        b't' => ("\t", 2),
        b'"' => ("\"", 2),
        b'\\' => ("\\", 2),
        b'/' => ("/", 2),
        b'\n' => ("", 2 + indented(next.get(1..)?)),
        _ => return None,
    })
}
