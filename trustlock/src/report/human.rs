//! For people: what is wrong, in the look of rustc, and at the end what was looked at.
//!
//! A log is read from its end, so what weighs most comes last: warnings, what is denied, what could not
//! be checked, then the summary.

use super::diagnostic::Diagnostics;
use super::{Style, group, summary};
use crate::model::{Level, Report};

/// More than anybody reads; a hostile lockfile can hold a hundred thousand causes.
const MOST: usize = 100;

/// The report as text, each line ended by a line feed. Empty for a clean run with `quiet`.
pub fn render(report: &Report, style: &Style) -> String {
    let mut diagnostics = Diagnostics::new(*style);
    let mut out = Vec::new();
    if style.verbose {
        out.extend(group::waived(&report.waived).iter().map(|g| diagnostics.group(g)));
    }
    let groups = group::findings(&report.findings);
    let shown: Vec<_> = groups.iter().filter(|g| !style.quiet || g.first.level == Level::Deny).collect();
    let most = if style.verbose { usize::MAX } else { MOST };
    // What weighs most stands last, so the first ones are left out.
    let left_out = shown.len().saturating_sub(most);
    if left_out > 0 {
        out.push(format!(
            "… {left_out} more findings come before these; `-v` and `--format json` show all\n"
        ));
    }
    out.extend(shown.into_iter().skip(left_out).map(|g| diagnostics.group(g)));
    out.extend(report.problems.iter().map(|p| diagnostics.problem(p)));
    if !style.quiet {
        out.push(summary::render(report, style));
    }
    out.join("\n")
}

#[cfg(test)]
mod tests;
