//! GitHub workflow commands: annotations beside the changed lines of a pull request.
//!
//! GitHub shows at most ten errors and ten warnings of a step, so what weighs most comes first, and
//! one cause is one annotation.

use std::fmt::Write as _;

use super::lines::Files;
use super::{group, safe};
use crate::model::{Fix, Level, Origin, Place, Report};

/// GitHub keeps so many annotations of a job.
const MOST: usize = 50;

/// The annotations, one a line. Empty where there is nothing to say.
pub fn render(report: &Report) -> String {
    let mut files = Files::default();
    let mut out = String::new();
    for problem in report.problems.iter().take(MOST) {
        let mut text = safe::brief(&problem.title);
        push_labelled(&mut text, &problem.label);
        push_fix(&mut text, problem.fixes.first());
        let place = problem.place.as_ref();
        if let (None, Some(path)) = (place, &problem.path) {
            text = format!("{}: {text}", safe::brief(path));
        }
        out.push_str(&command("error", &mut files, place, "could not be checked", &text));
    }
    let mut groups = group::findings(&report.findings);
    groups.sort_by_key(|g| std::cmp::Reverse(g.first.level));
    for group in groups.iter().take(MOST.saturating_sub(report.problems.len())) {
        let finding = group.first;
        let mut text = safe::brief(&group.title());
        push_labelled(&mut text, &finding.label);
        push_fix(&mut text, finding.fixes.first());
        let level = if finding.level == Level::Deny { "error" } else { "warning" };
        out.push_str(&command(level, &mut files, Some(&finding.place), finding.rule.name, &text));
    }
    let left_out = (report.problems.len() + groups.len()).saturating_sub(MOST);
    if left_out > 0 {
        let text = format!("{left_out} more are not shown here; `trustlock check` shows them");
        out.push_str(&command("notice", &mut files, None, "trustlock", &text));
    }
    out
}

fn push_labelled(text: &mut String, label: &str) {
    if !label.is_empty() {
        text.push_str(": ");
        text.push_str(&safe::brief(label));
    }
}

fn push_fix(text: &mut String, fix: Option<&Fix>) {
    let Some(fix) = fix else { return };
    text.push_str("\nhelp: ");
    text.push_str(&safe::brief(&fix.text));
    if let Some(paste) = &fix.paste {
        text.push('\n');
        text.push_str(&safe::block(paste.trim_end()));
    }
}

fn command<'a>(
    level: &str,
    files: &mut Files<'a>,
    place: Option<&'a Place>,
    title: &str,
    text: &str,
) -> String {
    let mut out = format!("::{level} ");
    // A path that is not of the checkout would name some other file there.
    if let Some(place) = place.filter(|p| p.file.origin == Origin::Checkout) {
        push_property(&mut out, "file", &safe::line(&place.file.path));
        if let Some((start, end)) = files.range(place) {
            push_property(&mut out, "line", &start.line.to_string());
            push_property(&mut out, "endLine", &end.line.to_string());
            // GitHub takes columns only within one line, and the last one counts in.
            if start.line == end.line {
                push_property(&mut out, "col", &start.column.to_string());
                let last = end.column.saturating_sub(1).max(start.column);
                push_property(&mut out, "endColumn", &last.to_string());
            }
        }
    }
    // Writing to a `String` does not fail.
    let _ = writeln!(out, "title={}::{}", property(title), data(text));
    out
}

fn push_property(out: &mut String, name: &str, value: &str) {
    // Writing to a `String` does not fail.
    let _ = write!(out, "{name}={},", property(value));
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests;
