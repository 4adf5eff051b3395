//! One finding or problem, in the look of rustc.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Level as Severity, Origin, Renderer, Snippet};

use super::excerpt::{self, Excerpt};
use super::group::Group;
use super::lines::Files;
use super::{Style, safe};
use crate::model::{self, Fix, Level, Place, Problem, Span};

/// How many places of a group are shown.
const PLACES: usize = 3;
/// How many packages of a chain are shown.
const CHAIN: usize = 8;
/// Long enough for every line: excerpts are cut already.
const UNFITTED: usize = 10_000;
/// Ends the position that is written with a path. The renderer adds the position that it sees, which is
/// one in the cleaned and cut text; that one is dropped again. No shown text can hold this character.
const POSITION_END: char = '\u{e000}';

/// Renders diagnostics of one report.
pub(super) struct Diagnostics<'a> {
    style: Style,
    renderer: Renderer,
    files: Files<'a>,
}

/// A place to show.
struct Mark<'a> {
    place: &'a Place,
    label: &'a str,
    kind: AnnotationKind,
}

impl<'a> Diagnostics<'a> {
    pub(super) fn new(style: Style) -> Self {
        let renderer = if style.color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
        let renderer = renderer
            .decor_style(DecorStyle::Ascii)
            .term_width(style.width.map_or(UNFITTED, |width| width.max(60)));
        Self { style, renderer, files: Files::default() }
    }

    /// A finding, or several with one cause.
    pub(super) fn group(&mut self, group: &Group<'a>) -> String {
        let first = group.first;
        let level = match (group.waived, first.level) {
            (Some(_), _) => Severity::NOTE.with_name("waived"),
            (None, Level::Deny) => Severity::ERROR,
            (None, _) => Severity::WARNING,
        };
        let mark = |place, label, kind| Mark { place, label, kind };
        let primary = group.findings().take(PLACES);
        let mut marks: Vec<_> = primary.map(|f| mark(&f.place, &*f.label, AnnotationKind::Primary)).collect();
        if group.count() == 1 {
            marks.extend(first.related.iter().map(|(p, label)| mark(p, label, AnnotationKind::Context)));
        }
        let mut messages = Vec::new();
        if let Some(rest) = group.count().checked_sub(PLACES + 1) {
            messages.push(Severity::NOTE.message(format!("{} and {} more", self.ellipsis(), rest + 1)));
        }
        match &first.judge {
            Some(judge) if judge.place.file.origin == model::Origin::BuiltIn => {
                let says = format!("{}: {}", safe::line(&judge.place.file.path), safe::line(&judge.says));
                messages.push(Severity::NOTE.message(says));
            }
            Some(judge) if judge.place != first.place => {
                marks.push(mark(&judge.place, &*judge.says, AnnotationKind::Context));
            }
            _ => {}
        }
        if let Some(waived) = group.waived {
            marks.push(mark(&waived.waiver, &*waived.reason, AnnotationKind::Context));
        } else {
            if group.count() == 1 && first.chain.len() > 1 {
                messages.push(Severity::NOTE.message(format!("brought in by {}", self.chain(&first.chain))));
            }
            for fix in &first.fixes {
                let prefix = if group.shares(fix) { "" } else { "for the first: " };
                messages.push(Severity::HELP.message(format!("{prefix}{}", help(fix))));
            }
        }
        let title = level.primary_title(safe::brief(&group.title())).id(first.rule.name);
        let elements = self.places(&marks);
        self.render(title.elements(elements).elements(messages))
    }

    /// Something that could not be checked.
    pub(super) fn problem(&mut self, problem: &'a Problem) -> String {
        let title = Severity::ERROR.primary_title(safe::brief(&problem.title));
        let mark = problem.place.as_ref().map(|place| Mark {
            place,
            label: &problem.label,
            kind: AnnotationKind::Primary,
        });
        let mut elements = self.places(mark.as_slice());
        if let (true, Some(path)) = (elements.is_empty(), &problem.path) {
            elements.push(Origin::path(safe::brief(path)).into());
        }
        let messages = problem.fixes.iter().map(|fix| Severity::HELP.message(help(fix)));
        self.render(title.elements(elements).elements(messages))
    }

    /// The snippets that show `marks`: neighbours in one file share a snippet.
    fn places(&mut self, marks: &[Mark<'a>]) -> Vec<Element<'static>> {
        let mut snippets: Vec<Vec<&Mark<'a>>> = Vec::new();
        for mark in marks {
            let lines = self.files.of(mark.place);
            let fits = |other: &&Mark<'a>| {
                other.place.file == mark.place.file
                    && !is_whole_file(other.place)
                    && !is_whole_file(mark.place)
                    && excerpt::near(lines, other.place.span, mark.place.span)
            };
            match snippets.iter_mut().find(|snippet| snippet.iter().any(fits)) {
                Some(snippet) => snippet.push(mark),
                None => snippets.push(vec![mark]),
            }
        }
        snippets.iter().flat_map(|snippet| self.snippet(snippet)).collect()
    }

    fn snippet(&mut self, marks: &[&Mark<'a>]) -> Vec<Element<'static>> {
        let Some(first) = marks.first() else { return Vec::new() };
        let path = safe::line(&first.place.file.path);
        let Some((position, _)) = self.files.range(first.place) else {
            let origin = Origin::path(path.into_owned()).into();
            let label =
                (!first.label.is_empty()).then(|| Severity::NOTE.message(safe::brief(first.label)).into());
            return std::iter::once(origin).chain(label).collect();
        };
        let spans: Vec<Span> = marks.iter().map(|m| m.place.span).collect();
        let Excerpt { text, first_line, marks: ranges } =
            excerpt::excerpt(self.files.of(first.place), &spans);
        let annotate = |(mark, range): (&&Mark<'_>, std::ops::Range<usize>)| -> Annotation<'static> {
            let annotation = mark.kind.span(range);
            if mark.label.is_empty() { annotation } else { annotation.label(safe::brief(mark.label)) }
        };
        let snippet = Snippet::source(text)
            .line_start(first_line)
            .path(format!("{path}:{}:{}{POSITION_END}", position.line, position.column))
            .annotations(marks.iter().zip(ranges).map(annotate));
        vec![snippet.into()]
    }

    /// `app@0.1.0 → a@1.0.0 → b@2.0.0`, without its middle where it is long.
    fn chain(&self, chain: &[String]) -> String {
        let arrow = if self.style.unicode { " → " } else { " -> " };
        let names = |part: &[String]| part.iter().map(|n| safe::line(n)).collect::<Vec<_>>().join(arrow);
        match (chain.get(..CHAIN / 2), chain.get(chain.len().saturating_sub(CHAIN / 2)..)) {
            (Some(head), Some(tail)) if chain.len() > CHAIN => {
                let hidden = chain.len() - CHAIN;
                let middle = format!("{} {hidden} more {}", self.ellipsis(), self.ellipsis());
                [names(head), middle, names(tail)].join(arrow)
            }
            _ => names(chain),
        }
    }

    fn ellipsis(&self) -> &'static str {
        if self.style.unicode { "…" } else { "..." }
    }

    fn render(&self, group: annotate_snippets::Group<'_>) -> String {
        let rendered = self.renderer.render(&[group]);
        let mut out = String::with_capacity(rendered.len() + 1);
        for line in rendered.lines() {
            out.push_str(line.split(POSITION_END).next().unwrap_or(line));
            out.push('\n');
        }
        out
    }
}

fn is_whole_file(place: &Place) -> bool {
    place.span == Span::default()
}

/// What to do, and under it what to paste.
fn help(fix: &Fix) -> String {
    let mut help = safe::brief(&fix.text);
    if let Some(paste) = &fix.paste {
        for line in safe::block(paste.trim_end()).lines() {
            help.push('\n');
            if !line.is_empty() {
                help.push_str("  ");
                help.push_str(line);
            }
        }
    }
    help
}

#[cfg(test)]
mod tests;
