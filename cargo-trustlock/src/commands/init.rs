//! `init`: the policy that this repository obeys today.

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;
use trustlock::check::{self, Options};
use trustlock::evidence::Evidence;
use trustlock::model::{Ecosystem, Finding, Level, Problem, Report, Subject, WaiverNames};
use trustlock::policy::{self, Policy, quote};
use trustlock::tree::Tree;

use crate::args::InitArgs;
use crate::output;
use crate::session::{Failure, Session};

/// How long the waivers hold that `init` writes.
const DAYS: i64 = 90;
/// Rules whose findings `init` does not excuse, though a person may: they are ways in.
const NEVER: [&str; 2] = ["hijacked-tool", "disarmed-check"];

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
                .fix("to see what it allows: `trustlock policy`")
                .fix("to write today's exceptions beside it: `trustlock init --baseline`"),
        ]);
    }
    if args.baseline && waivers_path.symlink_metadata().is_ok() {
        return Err(vec![Problem::new(format!("`{}` exists; `init` never overwrites it", policy::WAIVERS))]);
    }

    let evidence = session.evidence()?;
    let judge = |policy: &Policy| {
        let options = Options { today: session.today, complete: true };
        check::check(&session.tree, &evidence, policy, &options)
    };
    let in_force = || {
        let mut policy = session.policy(&args.scope)?;
        policy.read_nested(&session.tree, &evidence.discovery.nested_policies)?;
        Ok::<_, Failure>(policy)
    };
    let plan = |policy: &Policy| {
        let owner = args.owner.as_deref().unwrap_or("unassigned");
        Ok::<_, Failure>(Plan { owner, expires: expiry(session.today, policy)? })
    };
    let mut wrote = Vec::new();
    if !exists {
        let text = Plan::policy(&session.tree, &evidence);
        let draft = policy::draft(&text)?;
        let plan = plan(&draft)?;
        let waivers = if args.baseline {
            String::new()
        } else {
            let report = judge(&draft);
            plan.waivers(excusable(&report))
        };
        let text = text + &waivers;
        // What it writes it also reads.
        policy::draft(&text)?;
        create(&policy_path, &text)?;
        wrote.push(policy::FILE);
    }
    if args.baseline {
        let policy = in_force()?;
        if let Some(text) = plan(&policy)?.baseline(&judge(&policy)) {
            create(&waivers_path, &text)?;
            wrote.push(policy::WAIVERS);
        }
    }
    let policy = in_force()?;
    let report = judge(&policy);
    Ok(output::print(&summary(&wrote, &policy, &report, plan(&policy)?.expires)))
}

/// No later than the policy lets a waiver expire.
fn expiry(today: Date, policy: &Policy) -> Result<Date, Failure> {
    let days = DAYS.min(policy.max_waiver.value.into());
    today.checked_add(days.days()).map_err(|e| vec![Problem::new(format!("`--now`: {e}"))])
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
}

impl Plan<'_> {
    /// The policy without waivers: exactly the sources that the lockfiles name.
    fn policy(tree: &dyn Tree, evidence: &Evidence) -> String {
        let (lockfiles, _) = check::read(tree, &evidence.discovery.lockfiles);
        let mut text = String::from(
            "# What may enter this repository: https://github.com/trustlock/trustlock/blob/main/docs/policy.md\n\
             # `trustlock check` judges every lockfile by it; `trustlock explain RULE` says why.\n\
             schema = 1\n\n[sources]\n# Every source that the lockfiles name today; nothing else may supply a package.\n",
        );
        for ecosystem in Ecosystem::ALL {
            let of = lockfiles.iter().filter(|l| l.format.ecosystem == ecosystem && l.loose.is_none());
            let of: Vec<_> = of.collect();
            if of.is_empty() && !(lockfiles.is_empty() && ecosystem == Ecosystem::Cargo) {
                continue;
            }
            let _ = writeln!(text, "{ecosystem} = [");
            for entry in sources::of(ecosystem, &of) {
                let _ = writeln!(text, "    {entry},");
            }
            text.push_str("]\n");
        }
        text
    }

    /// One waiver for each thing that is refused today and may be excused. One that would not lift its
    /// finding is not written: what remains is said in the end.
    fn waivers<'f>(&self, findings: impl Iterator<Item = &'f Finding>) -> String {
        let mut seen = BTreeSet::new();
        let mut text = String::new();
        for finding in findings {
            let Some(subject) = subject(&finding.subject) else { continue };
            let names = names(finding);
            if seen.insert((finding.rule.name, subject.clone(), names.clone())) {
                let reason = format!("was so when the policy was written: {}", finding.title);
                let waiver = self.waiver(finding.rule.name, &subject, &names, &reason);
                if lifts(&waiver, finding) {
                    text += &waiver;
                }
            }
        }
        text
    }

    /// One waiver a rule and lockfile, with the count of today; what is about no lockfile has its own.
    /// `None` where nothing is to excuse.
    fn baseline(&self, report: &Report) -> Option<String> {
        let mut text = self.waivers(excusable(report).filter(|f| f.subject.lockfile.is_none()));
        let mut counts = BTreeMap::new();
        for finding in excusable(report) {
            if let Some(lockfile) = &finding.subject.lockfile {
                counts.entry((finding.rule.name, lockfile)).or_insert((finding, 0)).1 += 1;
            }
        }
        for ((rule, lockfile), (finding, count)) in counts {
            let subject = format!("lockfile = {}\n", quote(&policy::Glob::exactly(lockfile)));
            let max = format!("max = {count}\n");
            let waiver = self.waiver(rule, &subject, &max, "baseline: was so when trustlock came in");
            if lifts(&waiver, finding) {
                text += &waiver;
            }
        }
        let head =
            "# The exceptions of the day on which trustlock came in. The counts may only fall.\nschema = 1\n";
        (!text.is_empty()).then(|| head.to_owned() + &text)
    }

    fn waiver(&self, rule: &str, subject: &str, names: &str, reason: &str) -> String {
        format!(
            "\n[[waivers]]\nrule = {}\n{subject}{names}reason = {}\nowner = {}\nexpires = {}\n",
            quote(rule),
            quote(reason),
            quote(self.owner),
            self.expires
        )
    }
}

/// What is denied, except for what is never an exception.
fn excusable(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|f| {
        f.level == Level::Deny && f.rule.waiver != WaiverNames::Never && !NEVER.contains(&f.rule.name)
    })
}

/// Whether `waiver` is understood and speaks of `finding`.
fn lifts(waiver: &str, finding: &Finding) -> bool {
    policy::draft(waiver).is_ok_and(|draft| draft.waivers.iter().any(|w| w.covers(finding, &draft)))
}

/// The lines of a waiver that name its subject.
fn subject(subject: &Subject) -> Option<String> {
    let mut text = String::new();
    if let Some((ecosystem, name, version)) = &subject.package {
        let version = version.as_ref().map(|v| format!("@{v}")).unwrap_or_default();
        let _ = writeln!(text, "package = {}", quote(&format!("{ecosystem}:{name}{version}")));
    }
    if let Some((file, key, value)) = &subject.setting {
        let _ = writeln!(text, "file = {}\nkey = {}\nvalue = {}", quote(file), quote(key), quote(value));
    } else if let Some(lockfile) = &subject.lockfile {
        let _ = writeln!(text, "lockfile = {}", quote(&policy::Glob::exactly(lockfile)));
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
    let mut text = match wrote {
        [] => "nothing is refused today, so no exception was written\n".to_owned(),
        [one] => format!("wrote {one}; review and commit it\n"),
        all => format!("wrote {}; review and commit them\n", all.join(" and ")),
    };
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
    for problem in &report.problems {
        lax.push(format!("could not be checked: {}", problem.title));
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
    text.push_str("from now on `trustlock check` judges every change by it\n");
    text
}
