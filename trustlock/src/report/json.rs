//! For programs: everything, ungrouped, in a shape of its own. The shape only grows within a
//! [`VERSION`]; [`schema`] describes it.
//!
//! How long the run took is left out: the same checkout and policy give the same bytes.

mod schema;

use std::cell::RefCell;
use std::io;

use serde::{Serialize, Serializer};

pub use self::schema::schema;
use super::fingerprint::Fingerprints;
use super::lines::{Files, Position};
use super::safe;
use crate::model::{self, Level, Report, Subject};

/// The version of the shape: `version` in the document.
pub const VERSION: u32 = 1;

/// The report as one JSON document, ended by a line feed.
pub fn render(report: &Report) -> String {
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = write(report, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes it without holding it as a whole: a hostile lockfile can make it hundreds of megabytes.
pub fn write(report: &Report, mut out: impl io::Write) -> io::Result<()> {
    let from = RefCell::default();
    serde_json::to_writer_pretty(&mut out, &document(report, &from))?;
    out.write_all(b"\n")
}

/// Text of one line.
struct Line<'a>(&'a str);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&safe::line(self.0))
    }
}

/// Text of several lines.
struct Block<'a>(&'a str);

impl Serialize for Block<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&safe::block(self.0))
    }
}

/// Items that are made while they are written.
struct Each<'r, 'a, T> {
    items: &'a [T],
    from: &'r RefCell<From<'a>>,
}

impl Serialize for Each<'_, '_, model::Finding> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items.iter().map(|f| self.from.borrow_mut().finding(f)))
    }
}

impl Serialize for Each<'_, '_, model::Waived> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.items.iter().map(|w| self.from.borrow_mut().waived(w)))
    }
}

#[derive(Serialize)]
struct Document<'r, 'a> {
    version: u32,
    tool: Tool,
    exit_code: u8,
    policy: Policy<'a>,
    summary: Summary,
    lockfiles: Vec<Lockfile<'a>>,
    findings: Each<'r, 'a, model::Finding>,
    waived: Each<'r, 'a, model::Waived>,
    problems: Vec<Problem<'a>>,
    not_judged: Vec<NotJudged<'a>>,
    not_enforced: Vec<&'static str>,
    notes: Vec<Note<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Policy<'a> {
    name: Line<'a>,
    built_in: bool,
    contact: Option<Line<'a>>,
}

#[derive(Serialize)]
struct Summary {
    lockfiles: usize,
    packages: usize,
    digests: usize,
    manifests: usize,
    settings: usize,
    problems: usize,
    denied: usize,
    warned: usize,
    waived: usize,
}

#[derive(Serialize)]
struct Lockfile<'a> {
    path: Line<'a>,
    format: Line<'a>,
    packages: usize,
    digests: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'static str,
    family: &'static str,
    level: &'static str,
    title: Line<'a>,
    cause: Option<Line<'a>>,
    place: Place<'a>,
    label: Line<'a>,
    related: Vec<Related<'a>>,
    judge: Option<Related<'a>>,
    subject: SubjectOf<'a>,
    chain: Vec<Line<'a>>,
    fixes: Vec<Fix<'a>>,
    fingerprint: String,
    help: String,
}

#[derive(Serialize)]
struct Waived<'a> {
    finding: Finding<'a>,
    waiver: Place<'a>,
    reason: Line<'a>,
}

#[derive(Serialize)]
struct Problem<'a> {
    title: Line<'a>,
    path: Option<Line<'a>>,
    place: Option<Place<'a>>,
    label: Line<'a>,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct NotJudged<'a> {
    rule: &'static str,
    reason: Line<'a>,
    count: usize,
    fatal: bool,
}

#[derive(Serialize)]
struct Note<'a> {
    path: Option<Line<'a>>,
    text: Line<'a>,
    verbose: bool,
}

#[derive(Serialize)]
struct Place<'a> {
    path: Line<'a>,
    origin: &'static str,
    span: Option<Span>,
}

#[derive(Serialize)]
struct Span {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
    offset: u32,
}

#[derive(Serialize)]
struct Related<'a> {
    place: Place<'a>,
    label: Line<'a>,
}

#[derive(Serialize)]
struct Fix<'a> {
    text: Line<'a>,
    paste: Option<Block<'a>>,
}

#[derive(Serialize)]
struct SubjectOf<'a> {
    ecosystem: Option<&'static str>,
    package: Option<Line<'a>>,
    version: Option<Line<'a>>,
    source: Option<Line<'a>>,
    artifact: Option<Line<'a>>,
    digest: Option<Line<'a>>,
    lockfile: Option<Line<'a>>,
    setting: Option<Setting<'a>>,
}

#[derive(Serialize)]
struct Setting<'a> {
    file: Line<'a>,
    key: Line<'a>,
    value: Line<'a>,
}

fn document<'r, 'a>(report: &'a Report, from: &'r RefCell<From<'a>>) -> Document<'r, 'a> {
    let sum = |of: fn(&model::Judged) -> usize| report.lockfiles.iter().map(of).sum();
    Document {
        version: VERSION,
        tool: Tool { name: "trustlock", version: env!("CARGO_PKG_VERSION") },
        exit_code: report.exit_code(),
        policy: Policy {
            name: Line(&report.policy),
            built_in: report.built_in,
            contact: report.contact.as_deref().map(Line),
        },
        summary: Summary {
            lockfiles: report.lockfiles.len(),
            packages: sum(|l| l.packages),
            digests: sum(|l| l.digests),
            manifests: report.stats.manifests,
            settings: report.stats.settings,
            problems: report.problems.len(),
            denied: report.count(Level::Deny),
            warned: report.count(Level::Warn),
            waived: report.waived.len(),
        },
        lockfiles: report.lockfiles.iter().map(lockfile).collect(),
        findings: Each { items: &report.findings, from },
        waived: Each { items: &report.waived, from },
        problems: report.problems.iter().map(|p| from.borrow_mut().problem(p)).collect(),
        not_judged: report.not_judged.iter().map(not_judged).collect(),
        not_enforced: report.not_enforced.iter().map(|r| r.name).collect(),
        notes: report.notes.iter().map(note).collect(),
    }
}

/// What the parts of a document share while it is made.
#[derive(Default)]
struct From<'a> {
    files: Files<'a>,
    fingerprints: Fingerprints,
}

impl<'a> From<'a> {
    fn finding(&mut self, finding: &'a model::Finding) -> Finding<'a> {
        Finding {
            rule: finding.rule.name,
            family: finding.rule.family.name(),
            level: finding.level.name(),
            title: Line(&finding.title),
            cause: finding.cause.as_deref().map(Line),
            place: self.place(&finding.place),
            label: Line(&finding.label),
            related: finding.related.iter().map(|(place, label)| self.related(place, label)).collect(),
            judge: finding.judge.as_ref().map(|j| self.related(&j.place, &j.says)),
            subject: subject(&finding.subject),
            chain: finding.chain.iter().map(|c| Line(c)).collect(),
            fixes: finding.fixes.iter().map(fix).collect(),
            fingerprint: self.fingerprints.of(finding),
            help: finding.rule.url(),
        }
    }

    fn waived(&mut self, waived: &'a model::Waived) -> Waived<'a> {
        Waived {
            finding: self.finding(&waived.finding),
            waiver: self.place(&waived.waiver),
            reason: Line(&waived.reason),
        }
    }

    fn problem(&mut self, problem: &'a model::Problem) -> Problem<'a> {
        Problem {
            title: Line(&problem.title),
            path: problem.path.as_deref().map(Line),
            place: problem.place.as_ref().map(|p| self.place(p)),
            label: Line(&problem.label),
            fixes: problem.fixes.iter().map(fix).collect(),
        }
    }

    fn related(&mut self, place: &'a model::Place, label: &'a str) -> Related<'a> {
        Related { place: self.place(place), label: Line(label) }
    }

    fn place(&mut self, place: &'a model::Place) -> Place<'a> {
        let point =
            |position: Position, offset| Point { line: position.line, column: position.column, offset };
        let span = self.files.range(place).map(|(start, end)| Span {
            start: point(start, place.span.start),
            end: point(end, place.span.end),
        });
        let origin = match place.file.origin {
            model::Origin::Checkout => "checkout",
            model::Origin::Outside => "outside",
            model::Origin::BuiltIn => "built-in",
        };
        Place { path: Line(&place.file.path), origin, span }
    }
}

fn lockfile(judged: &model::Judged) -> Lockfile<'_> {
    Lockfile {
        path: Line(&judged.path),
        format: Line(&judged.format),
        packages: judged.packages,
        digests: judged.digests,
    }
}

fn subject(subject: &Subject) -> SubjectOf<'_> {
    let package = subject.package.as_ref();
    SubjectOf {
        ecosystem: package.map(|(ecosystem, ..)| ecosystem.name()),
        package: package.map(|(_, name, _)| Line(name)),
        version: package.and_then(|(.., version)| version.as_deref()).map(Line),
        source: subject.source.as_ref().map(|s| Line(&s.raw)),
        artifact: subject.artifact.as_deref().map(Line),
        digest: subject.digest.as_deref().map(Line),
        lockfile: subject.lockfile.as_deref().map(Line),
        setting: subject.setting.as_ref().map(|(file, key, value)| Setting {
            file: Line(file),
            key: Line(key),
            value: Line(value),
        }),
    }
}

fn fix(fix: &model::Fix) -> Fix<'_> {
    Fix { text: Line(&fix.text), paste: fix.paste.as_deref().map(Block) }
}

fn not_judged(not_judged: &model::NotJudged) -> NotJudged<'_> {
    NotJudged {
        rule: not_judged.rule.name,
        reason: Line(&not_judged.reason),
        count: not_judged.count,
        fatal: not_judged.fatal,
    }
}

fn note(note: &model::Note) -> Note<'_> {
    Note { path: note.path.as_deref().map(Line), text: Line(&note.text), verbose: note.verbose }
}

#[cfg(test)]
mod tests;
