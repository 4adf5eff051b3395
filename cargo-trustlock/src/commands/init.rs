//! `init`: the policy that this repository obeys today.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;
use trustlock::check::{self, Options};
use trustlock::evidence::Evidence;
use trustlock::model::{Finding, Level, Problem, Report, Subject};
use trustlock::policy::{self, Policy, quote};
use trustlock::tree::Tree;

use crate::args::InitArgs;
use crate::output;
use crate::session::{Failure, Session};

/// How long the waivers hold that `init` writes.
const DAYS: i64 = 90;
/// The rules whose findings `init` never excuses: they are not exceptions, they are ways in.
const NEVER: [&str; 3] = ["hijacked-tool", "disarmed-check", "malformed-lockfile"];

pub(super) fn run(args: &InitArgs) -> u8 {
    try_run(args).unwrap_or_else(output::fail)
}

fn try_run(args: &InitArgs) -> Result<u8, Failure> {
    let session = Session::open(&args.scope, &[])?;
    let policy_path = session.root.path().join(policy::FILE);
    let waivers_path = session.root.path().join(policy::WAIVERS);
    let exists = policy_path.symlink_metadata().is_ok();
    if exists && !args.baseline {
        return Err(vec![
            Problem::new(format!("`{}` exists; `init` never overwrites it", policy::FILE))
                .fix("to see what it allows: `cargo trustlock policy`")
                .fix("to write today's exceptions beside it: `cargo trustlock init --baseline`"),
        ]);
    }
    if args.baseline && waivers_path.symlink_metadata().is_ok() {
        return Err(vec![Problem::new(format!("`{}` exists; `init` never overwrites it", policy::WAIVERS))]);
    }

    let mut plan = Plan {
        owner: args.owner.as_deref().unwrap_or("unassigned"),
        expires: expiry(session.today)?,
        text: String::new(),
    };
    let evidence = session.evidence()?;
    let judge = |policy: &Policy| {
        let options = Options { today: session.today, complete: true };
        check::check(&session.tree, &evidence, policy, &options)
    };
    let mut wrote = Vec::new();
    let policy = if exists {
        session.policy(&args.scope)?
    } else {
        let text = Plan::policy(&session.tree, &evidence);
        let draft = policy::draft(&text)?;
        let text = if args.baseline { text } else { text + &plan.waivers(&judge(&draft)) };
        create(&policy_path, &text)?;
        wrote.push(policy::FILE);
        session.policy(&args.scope)?
    };
    if args.baseline {
        create(&waivers_path, &plan.baseline(&judge(&policy)))?;
        wrote.push(policy::WAIVERS);
    }
    let policy = session.policy(&args.scope)?;
    let report = judge(&policy);
    Ok(output::print(&summary(&wrote, &policy, &report, plan.expires)))
}

fn expiry(today: Date) -> Result<Date, Failure> {
    today.checked_add(DAYS.days()).map_err(|e| vec![Problem::new(format!("`--now`: {e}"))])
}

/// Writes a new file; never over another, never through a link.
fn create(path: &Path, text: &str) -> Result<(), Failure> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|e| vec![Problem::new(format!("`{}` could not be written: {e}", path.display()))])
}

struct Plan<'a> {
    owner: &'a str,
    expires: Date,
    text: String,
}

impl Plan<'_> {
    /// The policy without waivers: exactly the sources that the lockfiles name.
    fn policy(tree: &dyn Tree, evidence: &Evidence) -> String {
        let (lockfiles, _) = check::read(tree, &evidence.discovery.lockfiles);
        let mut sources: BTreeSet<String> = ["crates.io".to_owned(), "path".to_owned()].into();
        for source in lockfiles.iter().flat_map(|l| &l.sources) {
            // What cannot be named by a pattern stays refused.
            let pattern = source.key();
            if policy::SourcePattern::parse(&pattern).is_ok() {
                sources.insert(pattern);
            }
        }
        let mut text = String::from(
            "# What may enter this repository: https://github.com/trustlock/trustlock/blob/main/docs/policy.md\n\
             # `cargo trustlock check` judges every lockfile by it; `cargo trustlock explain RULE` says why.\n\
             schema = 1\n\n[sources]\n# Every source that the lockfiles name today; nothing else may supply a package.\ncargo = [\n",
        );
        for source in &sources {
            let _ = writeln!(text, "    {},", quote(source));
        }
        text.push_str("]\n");
        text
    }

    /// One waiver for each thing that is refused today and may be excused.
    fn waivers(&mut self, report: &Report) -> String {
        let mut seen = BTreeSet::new();
        for finding in report.findings.iter().filter(|f| f.level == Level::Deny) {
            if NEVER.contains(&finding.rule.name) {
                continue;
            }
            let Some(subject) = subject(&finding.subject) else { continue };
            let names = names(finding);
            if seen.insert((finding.rule.name, subject.clone(), names.clone())) {
                let reason = format!("was so when the policy was written: {}", finding.title);
                self.waiver(finding.rule.name, &subject, &names, &reason);
            }
        }
        std::mem::take(&mut self.text)
    }

    /// One waiver a rule and lockfile, with the count of today.
    fn baseline(&mut self, report: &Report) -> String {
        self.text.push_str(
            "# The exceptions of the day on which trustlock came in. The counts may only fall.\nschema = 1\n",
        );
        let mut counts = std::collections::BTreeMap::new();
        for finding in
            report.findings.iter().filter(|f| f.level == Level::Deny && !NEVER.contains(&f.rule.name))
        {
            if let Some(lockfile) = &finding.subject.lockfile {
                *counts.entry((finding.rule.name, lockfile.clone())).or_insert(0) += 1;
            }
        }
        for ((rule, lockfile), count) in counts {
            let subject = format!("lockfile = {}\n", quote(&lockfile));
            self.waiver(
                rule,
                &subject,
                &format!("max = {count}\n"),
                "baseline: was so when trustlock came in",
            );
        }
        std::mem::take(&mut self.text)
    }

    fn waiver(&mut self, rule: &str, subject: &str, names: &str, reason: &str) {
        let _ = write!(
            self.text,
            "\n[[waivers]]\nrule = {}\n{subject}{names}reason = {}\nowner = {}\nexpires = {}\n",
            quote(rule),
            quote(reason),
            quote(self.owner),
            self.expires
        );
    }
}

/// The lines of a waiver that name its subject.
fn subject(subject: &Subject) -> Option<String> {
    let mut text = String::new();
    if let Some((ecosystem, name, version)) = &subject.package {
        let version = version.as_ref().map(|v| format!("@{v}")).unwrap_or_default();
        let _ = writeln!(text, "package = {}", quote(&format!("{ecosystem}:{name}{version}")));
    }
    if let Some((file, key, _)) = &subject.setting {
        let _ = writeln!(text, "file = {}\nkey = {}", quote(file), quote(key));
    } else if let Some(lockfile) = &subject.lockfile {
        let _ = writeln!(text, "lockfile = {}", quote(lockfile));
    }
    (!text.is_empty()).then_some(text)
}

/// The lines that name the source or the digest that is excused.
fn names(finding: &Finding) -> String {
    let mut text = String::new();
    if let Some(source) = &finding.subject.source {
        let _ = writeln!(text, "source = {}", quote(&source.key()));
    }
    if let Some(digest) = &finding.subject.digest {
        let _ = writeln!(text, "digest = {}", quote(digest));
    }
    text
}

/// What was written, and what is not yet strict.
fn summary(wrote: &[&str], policy: &Policy, report: &Report, expires: Date) -> String {
    let mut text = format!("wrote {}; review and commit it\n", wrote.join(" and "));
    let mut lax: Vec<String> = Vec::new();
    for list in &policy.sources {
        for pattern in list.patterns.iter().map(|p| p.value.as_str()).filter(|p| p.starts_with("git+")) {
            lax.push(format!("`{pattern}` may supply any package; `[sources] bind` ties names to it"));
        }
    }
    let waivers = policy.waivers.len();
    if waivers > 0 {
        let noun = if waivers == 1 { "waiver excuses" } else { "waivers excuse" };
        lax.push(format!("{waivers} {noun} what is refused by default, until {expires}"));
    }
    for finding in report.findings.iter().filter(|f| f.level == Level::Deny) {
        lax.push(format!("{}: {} (not excused; mend it)", finding.rule.name, finding.title));
    }
    for rule in &report.not_enforced {
        lax.push(format!("{} is not enforced", rule.name));
    }
    if lax.is_empty() {
        text.push_str("everything in it is strict\n");
    } else {
        text.push_str("not yet strict:\n");
        for line in lax {
            let _ = writeln!(text, "  - {}", trustlock::report::safe::line(&line));
        }
    }
    text.push_str("from now on `cargo trustlock check` judges every change by it\n");
    text
}
