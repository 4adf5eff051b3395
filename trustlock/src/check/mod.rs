//! The front door for a whole project: a tree and a policy in, a report out.

mod includes;
mod loose;
mod read;
mod waivers;

use std::time::Instant;

use crate::evidence::{Commands, Evidence};
use crate::model::{
    Declaration, Ecosystem, Finding, Judged, Level, Lockfile, NotJudged, Note, Problem, Report, Stats,
};
use crate::parallel;
use crate::policy::Policy;
use crate::rules::{self, Check, LockfileContext, ProjectContext, RULES, Rule, Sink};
use crate::text::shell;
use crate::tree::{Tree, TreePath};

pub use self::read::read;

/// What a run needs to know besides the checkout.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day on which waivers are judged, in UTC.
    pub today: jiff::civil::Date,
    /// Whether everything that the policy governs was looked at. A run narrowed to some paths cannot
    /// say that a waiver or a glob is unused.
    pub complete: bool,
}

/// What rules have said so far.
#[derive(Default)]
struct Said {
    findings: Vec<Finding>,
    not_judged: Vec<NotJudged>,
    notes: Vec<Note>,
}

impl Said {
    fn take(&mut self, sink: Sink<'_>) {
        self.findings.extend(sink.findings);
        self.not_judged.extend(sink.not_judged);
        self.notes.extend(sink.notes);
    }

    fn append(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.not_judged.extend(other.not_judged);
        self.notes.extend(other.notes);
    }
}

/// Judges every governed lockfile of `tree`, and the files beside them, under `policy`.
pub fn check(tree: &dyn Tree, evidence: &Evidence, policy: &Policy, options: &Options) -> Report {
    let started = Instant::now();
    let governed: Vec<_> =
        evidence.discovery.lockfiles.iter().filter(|path| policy.governs(path.as_str())).cloned().collect();
    let (lockfiles, mut problems) = read(tree, &governed);
    let (lockfiles, loose, mut notes) = loose::set_aside(lockfiles, policy, &evidence.discovery);
    problems.extend(evidence.problems());
    let (templates, broken) = templates(evidence, policy);
    problems.extend(broken);
    problems.extend(unrecognised(&evidence.discovery.narrow, &governed, &lockfiles, &problems));
    if lockfiles.is_empty() && problems.is_empty() {
        problems.push(nothing_governed(evidence, &notes));
    }

    notes.extend(templates);
    let mut said = Said { notes, ..Said::default() };
    for judged in parallel::map(&lockfiles, |lockfile| {
        judge_lockfile(
            lockfile,
            evidence,
            policy.for_lockfile(&lockfile.file.path),
            options.today,
            |policy| active(policy).collect(),
        )
    }) {
        said.append(judged);
    }
    // What must not enter must not enter by a list that pins nothing either.
    let bans =
        |policy: &Policy| active(policy).filter(|rule| rule.declaration.name == "banned-version").collect();
    for lockfile in &loose {
        let policy = policy.for_lockfile(&lockfile.file.path);
        said.append(judge_lockfile(lockfile, evidence, policy, options.today, bans));
    }
    for policy in [Some(policy), policy.beyond()].into_iter().flatten() {
        let commands = commands(tree, evidence, policy);
        let context = ProjectContext {
            lockfiles: &lockfiles,
            loose: &loose,
            policy,
            evidence,
            commands: &commands,
            complete: options.complete,
        };
        said.append(judge_project(&context));
    }

    // What could not be read may hold what a waiver is for.
    let complete = options.complete && problems.is_empty();
    let waivers::Applied { mut findings, waived, problems: broken_waivers } =
        waivers::apply(said.findings, policy, options.today, complete);
    problems.extend(broken_waivers);
    findings.sort_by(|a, b| (a.place.order(), a.rule.name).cmp(&(b.place.order(), b.rule.name)));
    Report {
        policy: policy.name.clone(),
        built_in: policy.built_in,
        contact: policy.contact.as_ref().map(|contact| contact.value.clone()),
        lockfiles: lockfiles.iter().map(summary).collect(),
        findings,
        waived,
        problems,
        not_judged: said.not_judged,
        not_enforced: not_enforced(policy, &lockfiles),
        notes: said.notes,
        stats: Stats {
            elapsed: started.elapsed(),
            settings: evidence.settings.files.len(),
            manifests: evidence.workspaces.manifests.len(),
        },
    }
}

/// What is run in the checkout, where a rule that is in force asks.
fn commands(tree: &dyn Tree, evidence: &Evidence, policy: &Policy) -> Commands {
    if !rules::read_commands(policy) {
        return Commands::default();
    }
    let excluded = |path: &TreePath| policy.governed.excludes(path.as_str());
    Commands::read(tree, &evidence.discovery.scripts, &excluded)
}

/// What is no TOML among the settings: passed over where the policy says that it is a template, a problem
/// everywhere else.
fn templates(evidence: &Evidence, policy: &Policy) -> (Vec<Note>, Vec<Problem>) {
    let is_template = |path: &str| policy.templates.value.iter().any(|glob| glob.value.matches(path));
    let (templates, broken): (Vec<_>, Vec<_>) =
        evidence.settings.broken.iter().partition(|problem| problem.path.as_deref().is_some_and(is_template));
    let note = |problem: &Problem| Note {
        path: problem.path.clone(),
        text: "a template, so that nothing in it was judged".to_owned(),
        verbose: true,
    };
    (templates.into_iter().map(note).collect(), broken.into_iter().cloned().collect())
}

fn judge_lockfile(
    lockfile: &Lockfile,
    evidence: &Evidence,
    policy: &Policy,
    today: jiff::civil::Date,
    rules: impl Fn(&Policy) -> Vec<&'static Rule>,
) -> Said {
    let workspace = TreePath::new(&lockfile.file.path)
        .ok()
        .and_then(|path| path.parent())
        .and_then(|directory| evidence.workspaces.at(&directory));
    let context = LockfileContext { lockfile, policy, workspace, evidence, today };
    let path = &lockfile.file.path;
    let note = |text: &String| Note { path: Some(path.clone()), text: text.clone(), verbose: false };
    let mut said = Said { notes: lockfile.notes.iter().map(note).collect(), ..Said::default() };
    for rule in rules(policy) {
        if let Check::Lockfile(check) = rule.check {
            let mut sink = Sink::new(rule.declaration, policy);
            check(&context, &mut sink);
            said.take(sink);
        }
    }
    said
}

fn judge_project(context: &ProjectContext<'_>) -> Said {
    let policy = context.policy;
    let mut said = Said::default();
    for rule in active(policy) {
        if let Check::Project(check) = rule.check {
            let mut sink = Sink::new(rule.declaration, policy);
            check(context, &mut sink);
            // Each policy speaks of the lockfiles that it covers.
            let ours = |path: &String| policy.governed.covers(path);
            sink.findings.retain(|finding| finding.subject.lockfile.as_ref().is_none_or(ours));
            said.take(sink);
        }
    }
    said
}

fn active(policy: &Policy) -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .filter(|rule| policy.level(rule.declaration).value > Level::Allow && policy.asks(rule.declaration))
}

fn not_enforced(policy: &Policy, lockfiles: &[Lockfile]) -> Vec<&'static Declaration> {
    // What needs a value of the policy speaks of Python's lockfiles alone.
    let python = lockfiles.iter().any(|l| l.format.ecosystem == Ecosystem::Pypi);
    let lax = |rule: &Declaration| policy.level(rule).value == Level::Allow || (python && !policy.asks(rule));
    RULES.iter().map(|r| r.declaration).filter(|r| lax(r)).collect()
}

fn summary(lockfile: &Lockfile) -> Judged {
    Judged {
        path: lockfile.file.path.clone(),
        format: lockfile.format.to_string(),
        packages: lockfile.len(),
        digests: lockfile.digest_count(),
    }
}

/// Whoever names a file asks for it: one that turns out to be no lockfile is not passed over in silence.
fn unrecognised(
    named: &[TreePath],
    governed: &[TreePath],
    lockfiles: &[Lockfile],
    problems: &[Problem],
) -> Vec<Problem> {
    let is_read = |path: &TreePath| lockfiles.iter().any(|l| l.file.path == path.as_str());
    let is_said = |path: &TreePath| problems.iter().any(|p| p.path.as_deref() == Some(path.as_str()));
    let unread = named.iter().filter(|path| governed.contains(path) && !is_read(path) && !is_said(path));
    unread
        .map(|path| Problem::new(format!("`{path}` is no lockfile that trustlock reads")).path(path.as_str()))
        .collect()
}

fn nothing_governed(evidence: &Evidence, aside: &[Note]) -> Problem {
    let found = evidence.discovery.hidden.len();
    let problem = Problem::new("no lockfile is governed here, so nothing was checked");
    if let Some(path) = aside.iter().find_map(|note| note.path.as_deref()) {
        return problem.paste(
            "what is here pins nothing: compile it (`uv pip compile --generate-hashes`), or have it judged as it is",
            format!("trustlock check {}", shell::quote(path)),
        );
    }
    if found > 0 {
        return problem
            .fix("a lockfile exists, but git ignores it: remove it from the ignore rules and commit it");
    }
    problem.fix("run this inside a repository with a committed lockfile, or name one: `trustlock check path/to/uv.lock`")
}
