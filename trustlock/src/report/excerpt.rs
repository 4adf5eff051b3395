//! Lines of a file as they are shown: without credentials and hidden characters, long lines cut, and
//! every marked span still under the characters that it meant.

use std::ops::Range;

use super::lines::Lines;
use super::safe;
use crate::model::Span;

/// Lines up to this many bytes are shown whole.
const WHOLE: usize = 400;
/// Of longer ones, so much is shown before the first mark, and after the last.
const AROUND: usize = 60;
/// And of a mark itself, so much.
const MARKED: usize = 160;
/// Marks in one excerpt are at most so many lines apart.
const APART: usize = 8;

/// Some lines of a file.
pub(super) struct Excerpt {
    /// Their text, with line breaks between them. Lines that neither hold a mark nor touch one that
    /// does are left empty: they are not shown.
    pub(super) text: String,
    /// The number of the first.
    pub(super) first_line: usize,
    /// Where each given span is in that text.
    pub(super) marks: Vec<Range<usize>>,
}

/// Whether both spans fit in one excerpt.
pub(super) fn near(lines: &Lines<'_>, a: Span, b: Span) -> bool {
    let distance = lines.position(a.range().start).line.abs_diff(lines.position(b.range().start).line);
    match distance {
        0 => {
            a.start.abs_diff(b.start) as usize <= MARKED || lines.text().len() <= WHOLE || {
                let line = lines.line(lines.position(a.range().start).line);
                line.len() <= WHOLE
            }
        }
        distance => distance <= APART,
    }
}

/// The lines that hold `spans`, of which each is [`near`] another. Of a span over several lines the
/// first line is marked.
pub(super) fn excerpt(lines: &Lines<'_>, spans: &[Span]) -> Excerpt {
    let place = |span: &Span| {
        let start = lines.clamp(span.range().start);
        let number = lines.position(start).line;
        let line = lines.line(number);
        let start = start.min(line.end);
        (number, start..lines.clamp(span.range().end).clamp(start, line.end))
    };
    let places: Vec<(usize, Range<usize>)> = spans.iter().map(place).collect();
    let first_line = places.iter().map(|p| p.0).min().unwrap_or(1);
    let last_line = places.iter().map(|p| p.0).max().unwrap_or(1);

    let mut out = Excerpt { text: String::new(), first_line, marks: vec![0..0; spans.len()] };
    for number in first_line..=last_line {
        if number > first_line {
            out.text.push('\n');
        }
        let here: Vec<_> = (0..).zip(&places).filter(|(_, p)| p.0 == number).collect();
        let touches = places.iter().any(|p| p.0.abs_diff(number) == 1);
        if here.is_empty() && !touches {
            continue;
        }
        let shown = cut(lines, number, here.iter().map(|(_, (_, range))| range));
        let units = push_line(&mut out.text, lines, number, shown);
        for (index, (_, range)) in here {
            if let Some(mark) = out.marks.get_mut::<usize>(index) {
                let start = units.iter().rfind(|u| u.0 <= range.start).or(units.first());
                let end = units.iter().find(|u| u.0 >= range.end).or(units.last());
                let start = start.map_or(out.text.len(), |u| u.1);
                *mark = start..end.map_or(start, |u| u.1).max(start);
            }
        }
    }
    out
}

/// What of a line is shown.
fn cut<'a>(
    lines: &Lines<'_>,
    number: usize,
    marks: impl Iterator<Item = &'a Range<usize>> + Clone,
) -> Range<usize> {
    let line = lines.line(number);
    if line.len() <= WHOLE {
        return line;
    }
    let from = marks.clone().map(|m| m.start).min().unwrap_or(line.start);
    let to = marks.map(|m| m.end.min(m.start + MARKED)).max().unwrap_or(line.start);
    let from = lines.clamp(from.saturating_sub(AROUND)).max(line.start);
    from..lines.clamp(to.saturating_add(AROUND)).clamp(from, line.end)
}

/// Appends the shown part of a line. Returns which byte of the file each appended unit stands for, and
/// where it is in `out`; the last one is the end.
fn push_line(out: &mut String, lines: &Lines<'_>, number: usize, shown: Range<usize>) -> Vec<(usize, usize)> {
    let line = lines.line(number);
    if shown.start > line.start {
        out.push_str("...");
    }
    let mut units = Vec::with_capacity(shown.len() + 1);
    let first = lines.secrets.partition_point(|s| s.end <= shown.start);
    let mut secrets = lines.secrets.iter().skip(first).peekable();
    let mut inside = None;
    for (at, c) in lines.text().get(shown.clone()).unwrap_or_default().char_indices() {
        let at = shown.start + at;
        while secrets.next_if(|s| s.end <= at).is_some() {}
        match secrets.peek() {
            Some(secret) if secret.contains(&at) => {
                if inside != Some(secret.start) {
                    inside = Some(secret.start);
                    units.push((at, out.len()));
                    out.push_str(safe::REDACTED);
                }
            }
            _ => {
                units.push((at, out.len()));
                // The renderer shows tabs as spaces.
                if c == '\t' { out.push(c) } else { safe::push(out, lines.text(), at, c) }
            }
        }
    }
    units.push((shown.end, out.len()));
    if shown.end < line.end {
        out.push_str("...");
    }
    units
}

#[cfg(test)]
mod tests;
