//! The end of the output for people: a line for each lockfile, one for the run, and what the run did
//! not look at.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use annotate_snippets::renderer::{AnsiColor, Effects, Style as Ansi};

use super::{Style, safe};
use crate::model::{Declaration, Finding, Judged, Level, Report};

/// What came of a lockfile or of the run.
#[derive(Default)]
struct Tally {
    problems: usize,
    /// What could not be judged though the policy asks for it.
    unjudged: usize,
    denied: usize,
    warned: usize,
    waived: usize,
}

/// The summary, each line ended by a line feed.
pub(super) fn render(report: &Report, style: &Style) -> String {
    let mut lines = Vec::new();
    if report.lockfiles.len() != 1 {
        let tallies = by_file(report);
        let clean = Tally::default();
        let shown = report.lockfiles.iter().map(|l| (l, tallies.get(&*l.path).unwrap_or(&clean)));
        let shown = shown.filter(|(_, tally)| style.verbose || !tally.is_clean());
        lines.extend(shown.map(|(lockfile, tally)| of_lockfile(lockfile, tally, style)));
    }
    lines.push(of_run(report, style));
    lines.push(policy(report));
    if !report.not_enforced.is_empty() {
        lines.push(format!("not enforced: {}", names(report.not_enforced.iter().copied(), ", ")));
    }
    for not_judged in &report.not_judged {
        let (rule, reason) = (not_judged.rule.name, safe::line(&not_judged.reason));
        lines.push(format!("not judged: {rule} ({}): {reason}", not_judged.count));
    }
    for note in report.notes.iter().filter(|n| style.verbose || !n.verbose) {
        let path = note.path.as_deref().map(|p| format!("{}: ", safe::line(p))).unwrap_or_default();
        lines.push(format!("note: {path}{}", safe::line(&note.text)));
    }
    if report.count(Level::Deny) > 0 {
        let mut rules: Vec<_> = report.findings.iter().map(|f| f.rule).collect();
        rules.sort_by_key(|r| r.name);
        rules.dedup();
        lines.push(format!("for more: trustlock explain {}", names(rules.into_iter(), " ")));
        lines.extend(report.contact.as_deref().map(|c| format!("contact: {}", safe::line(c))));
    }
    lines.into_iter().fold(String::new(), |out, line| out + &line + "\n")
}

fn names<'a>(rules: impl Iterator<Item = &'a Declaration>, between: &str) -> String {
    rules.map(|r| r.name).collect::<Vec<_>>().join(between)
}

/// What came of the run as a whole.
fn total(report: &Report) -> Tally {
    Tally {
        problems: report.problems.len(),
        unjudged: report.not_judged.iter().filter(|n| n.fatal).map(|n| n.count).sum(),
        denied: report.count(Level::Deny),
        warned: report.count(Level::Warn),
        waived: report.waived.len(),
    }
}

/// What came of each file. A finding counts for the lockfile it is about, wherever it stands.
fn by_file(report: &Report) -> HashMap<&str, Tally> {
    fn file(finding: &Finding) -> &str {
        finding.subject.lockfile.as_deref().unwrap_or(&finding.place.file.path)
    }
    let mut tallies: HashMap<&str, Tally> = HashMap::new();
    for finding in &report.findings {
        let tally = tallies.entry(file(finding)).or_default();
        match finding.level {
            Level::Deny => tally.denied += 1,
            Level::Warn => tally.warned += 1,
            Level::Allow => {}
        }
    }
    for waived in &report.waived {
        tallies.entry(file(&waived.finding)).or_default().waived += 1;
    }
    for path in report.problems.iter().filter_map(|p| p.path.as_deref()) {
        tallies.entry(path).or_default().problems += 1;
    }
    tallies
}

impl Tally {
    fn is_clean(&self) -> bool {
        self.problems + self.unjudged + self.denied + self.warned + self.waived == 0
    }

    /// `2 denied, 1 warned`; `clean` where nothing is.
    fn words(&self, style: &Style) -> String {
        let bold = |color: AnsiColor| color.on_default().effects(Effects::BOLD);
        let words = [
            (self.problems, "could not be checked", bold(AnsiColor::BrightRed)),
            (self.unjudged, "could not be judged", bold(AnsiColor::BrightRed)),
            (self.denied, "denied", bold(AnsiColor::BrightRed)),
            (self.warned, "warned", bold(AnsiColor::Yellow)),
            (self.waived, "waived", Ansi::new()),
        ];
        let mut words: Vec<String> = words
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, word, ansi)| paint(&format!("{count} {word}"), ansi, style))
            .collect();
        if self.problems + self.unjudged + self.denied + self.warned == 0 {
            words.insert(0, paint("clean", bold(AnsiColor::BrightGreen), style));
        }
        words.join(", ")
    }
}

fn paint(text: &str, ansi: Ansi, style: &Style) -> String {
    if style.color { format!("{ansi}{text}{ansi:#}") } else { text.to_owned() }
}

fn of_lockfile(lockfile: &Judged, tally: &Tally, style: &Style) -> String {
    let Judged { packages, digests, .. } = *lockfile;
    let counts = format!("{}, {}", count(packages, "package"), count(digests, "digest"));
    format!("{}: {counts}: {}", safe::line(&lockfile.path), tally.words(style))
}

/// `checked 3 lockfiles, 412 packages, 398 digests in 2.1 ms: 2 denied`. One lockfile is named.
fn of_run(report: &Report, style: &Style) -> String {
    let mut line = match report.lockfiles.as_slice() {
        [] => "checked no lockfile".to_owned(),
        [only] => format!("checked {}", safe::line(&only.path)),
        all => format!("checked {}", count(all.len(), "lockfile")),
    };
    if !report.lockfiles.is_empty() {
        let packages = report.lockfiles.iter().map(|l| l.packages).sum();
        let digests = report.lockfiles.iter().map(|l| l.digests).sum();
        // Writing to a `String` does not fail.
        let _ = write!(line, ", {}, {}", count(packages, "package"), count(digests, "digest"));
    }
    if report.stats.elapsed > Duration::ZERO {
        line.push_str(&elapsed(report.stats.elapsed));
    }
    format!("{line}: {}", total(report).words(style))
}

fn policy(report: &Report) -> String {
    if report.built_in {
        "policy: built-in (there is no `trustlock.toml`); to write one: trustlock init".to_owned()
    } else if report.policy.is_empty() {
        "policy: none in force, so nothing was judged".to_owned()
    } else {
        format!("policy: {}", safe::line(&report.policy))
    }
}

fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

fn elapsed(elapsed: Duration) -> String {
    match elapsed.as_secs_f64() {
        seconds if seconds < 1.0 => format!(" in {:.1} ms", seconds * 1000.0),
        seconds => format!(" in {seconds:.1} s"),
    }
}
