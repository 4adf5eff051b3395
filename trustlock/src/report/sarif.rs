//! SARIF 2.1.0, the format of code scanning services. What GitHub demands beyond the specification
//! holds as well: relative URIs, a region in every location, fingerprints, a limit of results.

mod log;

use std::collections::HashMap;
use std::fmt::Write as _;

use self::log::{
    Artifact, BaseIds, Configuration, Described, Driver, Invocation, Location, Log, Markdown, Message,
    Notification, PhysicalLocation, Region, RelatedLocation, ResultOf, Rule, RuleId, RuleProperties, Run,
    Suppression, Tool,
};
use super::fingerprint::Fingerprints;
use super::lines::Files;
use super::safe;
use crate::model::{Declaration, Finding, Level, NotJudged, Origin, Place, Problem, Report, Waived};

/// GitHub refuses a file with more.
const MOST_RESULTS: usize = 25_000;

/// The name under which a code scanning service knows where the checkout is.
const ROOT: &str = "%SRCROOT%";

/// The report as a SARIF log, ended by a line feed.
pub fn render(report: &Report) -> String {
    let mut out = serde_json::to_string_pretty(&log(report)).unwrap_or_default();
    out.push('\n');
    out
}

fn log(report: &Report) -> Log {
    let mut from = From::default();
    let total = report.findings.len() + report.waived.len();
    // What denies first: it must not be what falls off the end.
    let mut findings: Vec<_> = report.findings.iter().map(|f| (f, None)).collect();
    findings.sort_by_key(|(f, _)| std::cmp::Reverse(f.level));
    let waived = report.waived.iter().map(|w| (&w.finding, Some(w)));
    let results: Vec<_> =
        findings.into_iter().chain(waived).take(MOST_RESULTS).map(|(f, w)| from.result(f, w)).collect();

    let mut notifications: Vec<_> = report.problems.iter().map(|p| from.problem(p)).collect();
    notifications.extend(report.not_judged.iter().map(|n| from.not_judged(n)));
    if results.len() < total {
        let text = format!("{} of {total} results are listed here, what is denied first", results.len());
        notifications.push(Notification::new("warning", text));
    }
    let invocation = Invocation {
        execution_successful: report.problems.is_empty(),
        exit_code: report.exit_code(),
        tool_execution_notifications: notifications,
    };
    let driver = Driver {
        name: "trustlock",
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: from.rules.iter().map(|r| rule(r)).collect(),
    };
    Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver },
            original_uri_base_ids: BaseIds {
                root: Described { description: Message { text: "the root of the checkout".to_owned() } },
            },
            column_kind: "unicodeCodePoints",
            invocations: [invocation],
            results,
        }],
    }
}

/// What the parts of a log share while it is made.
#[derive(Default)]
struct From<'a> {
    files: Files<'a>,
    fingerprints: Fingerprints,
    rules: Vec<&'static Declaration>,
    indices: HashMap<&'static str, usize>,
}

impl<'a> From<'a> {
    fn rule(&mut self, rule: &'static Declaration) -> RuleId {
        let rules = &mut self.rules;
        let index = *self.indices.entry(rule.name).or_insert_with(|| {
            rules.push(rule);
            rules.len() - 1
        });
        RuleId { id: rule.name, index }
    }

    fn result(&mut self, finding: &'a Finding, waived: Option<&'a Waived>) -> ResultOf {
        let RuleId { id, index } = self.rule(finding.rule);
        let mut related: Vec<_> = finding.related.iter().map(|(p, label)| self.related(p, label)).collect();
        related.extend(finding.judge.as_ref().map(|j| self.related(&j.place, &j.says)));
        let suppression = |waived: &'a Waived| Suppression {
            kind: "external",
            status: "accepted",
            justification: text(&waived.reason),
            location: Location { physical_location: self.location(&waived.waiver) },
        };
        ResultOf {
            suppressions: waived.map(suppression).into_iter().collect(),
            rule_id: id,
            rule_index: index,
            level: match (waived, finding.level) {
                (None, Level::Deny) => "error",
                (None, Level::Warn) => "warning",
                _ => "note",
            },
            message: Message { text: message(finding) },
            locations: [Location { physical_location: self.location(&finding.place) }],
            related_locations: related,
            partial_fingerprints: [("trustlock/v1", self.fingerprints.of(finding))].into(),
        }
    }

    fn problem(&mut self, problem: &'a Problem) -> Notification {
        let mut what = text(&problem.title);
        if !problem.label.is_empty() {
            what = format!("{what}: {}", text(&problem.label));
        }
        if let (None, Some(path)) = (&problem.place, &problem.path) {
            what = format!("{}: {what}", text(path));
        }
        let location = problem.place.as_ref().map(|p| Location { physical_location: self.location(p) });
        Notification { locations: location.into_iter().collect(), ..Notification::new("error", what) }
    }

    fn not_judged(&mut self, not_judged: &NotJudged) -> Notification {
        let rule = self.rule(not_judged.rule);
        let what = format!("{} not judged for {}: {}", rule.id, not_judged.count, text(&not_judged.reason));
        let level = if not_judged.fatal { "error" } else { "warning" };
        Notification { associated_rule: Some(rule), ..Notification::new(level, what) }
    }

    fn related(&mut self, place: &'a Place, label: &str) -> RelatedLocation {
        RelatedLocation {
            physical_location: self.location(place),
            message: Message { text: or_dash(text(label)) },
        }
    }

    fn location(&mut self, place: &'a Place) -> PhysicalLocation {
        let file = &place.file;
        let artifact_location = if file.origin == Origin::Checkout {
            Artifact { uri: uri(&file.path), uri_base_id: Some(ROOT) }
        } else {
            // Where on this machine it is, is nobody's business; its name helps.
            let path = safe::line(&file.path);
            let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
            Artifact { uri: or_dash(percent_encode(name)), uri_base_id: None }
        };
        let region = match self.files.range(place) {
            None => Region { start_line: 1, start_column: None, end_line: None, end_column: None },
            Some((start, end)) => Region {
                start_line: start.line,
                start_column: Some(start.column),
                end_line: Some(end.line),
                end_column: Some(end.column),
            },
        };
        PhysicalLocation { artifact_location, region }
    }
}

/// What, why and how to mend it, in a few lines: services show nothing else of a finding at once.
fn message(finding: &Finding) -> String {
    let mut lines = vec![text(&finding.title)];
    if !finding.label.is_empty() {
        lines.push(text(&finding.label));
    }
    if finding.chain.len() > 1 {
        lines.push(format!("brought in by {}", text(&finding.chain.join(" → "))));
    }
    for fix in &finding.fixes {
        lines.push(format!("help: {}", text(&fix.text)));
        lines.extend(fix.paste.as_deref().map(|paste| escape_links(&safe::block(paste.trim_end()))));
    }
    lines.join("\n")
}

fn text(text: &str) -> String {
    escape_links(&safe::brief(text))
}

/// `[text](target)` in a message is a link, also where a package's name spells it.
fn escape_links(text: &str) -> String {
    text.replace("](", "\\](")
}

/// No text may be empty.
fn or_dash(text: String) -> String {
    if text.is_empty() { "-".to_owned() } else { text }
}

/// A path as a relative URI. The characters that a path may not hold for a reader of it are spelled out
/// first, so that the URI cannot be decoded into them.
fn uri(path: &str) -> String {
    safe::line(path).trim_start_matches('/').split('/').map(percent_encode).collect::<Vec<_>>().join("/")
}

fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn rule(rule: &'static Declaration) -> Rule {
    let level = |level| match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "note",
    };
    let sentences = [rule.why, rule.fix, rule.accepted_by];
    let text = sentences.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join("\n\n");
    let incident = rule.incident.map(|i| format!("\n\n**Seen:** {i}")).unwrap_or_default();
    let markdown = format!(
        "**Why:** {}\n\n**What to do:** {}{incident}\n\n[{}]({})",
        rule.why,
        rule.fix,
        rule.name,
        rule.url()
    );
    Rule {
        id: rule.name,
        short_description: Markdown::plain(rule.summary),
        full_description: Markdown::plain(if rule.why.is_empty() { rule.summary } else { rule.why }),
        help: Markdown { text: or_dash(text), markdown: Some(markdown) },
        help_uri: rule.url(),
        default_configuration: Configuration { enabled: rule.level > Level::Allow, level: level(rule.level) },
        properties: RuleProperties {
            tags: ["security", "supply-chain", rule.family.name()],
            // GitHub's scale: 7.0 and more is "high", 4.0 and more "medium".
            security_severity: if rule.level == Level::Deny { "8.0" } else { "5.0" },
        },
    }
}

#[cfg(test)]
mod tests;
