//! The rules: one file each, a declaration at its top and a pure function under it.
//!
//! A rule sees the model, the policy and the evidence, never bytes, TOML or a terminal. It returns
//! findings whose places are spans of what it was given. [`RULES`] is the table of contents; docs,
//! `explain`, the policy's schema and SARIF metadata are made from it.

pub mod page;

use crate::evidence::{Commands, Evidence, Workspace};
use crate::model::{Declaration, Finding, Level, Lockfile, NotJudged, Note, Place, Source};
use crate::policy::{Policy, Waiver};
use crate::tree::TreePath;

/// What a rule looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// One lockfile at a time; lockfiles are judged in parallel.
    Lockfile(fn(&LockfileContext<'_>, &mut Sink<'_>)),
    /// The checkout as a whole.
    Project(fn(&ProjectContext<'_>, &mut Sink<'_>)),
    /// The policy's waivers, when it is known what they lift.
    Waivers(fn(&WaiverContext<'_>, &mut Sink<'_>)),
}

/// A rule: what it declares and how it judges.
pub struct Rule {
    /// Its declaration.
    pub declaration: &'static Declaration,
    /// Its function.
    pub check: Check,
    /// The schema of policies that it came with.
    pub since: u32,
}

impl Rule {
    /// Its level where a policy says nothing about it: one that is newer than the schema of the policy
    /// only warns, so that an update of trustlock alone fails nobody's build.
    pub fn level_in(&self, schema: u32) -> Level {
        let level = self.declaration.level;
        if self.since > schema { level.min(Level::Warn) } else { level }
    }
}

/// What a lockfile rule is given.
pub struct LockfileContext<'a> {
    /// The lockfile.
    pub lockfile: &'a Lockfile,
    /// The policy in force for it.
    pub policy: &'a Policy,
    /// The workspace that it locks; `None` where no manifest stands beside it.
    pub workspace: Option<&'a Workspace>,
    /// Everything else that was gathered.
    pub evidence: &'a Evidence,
    /// The day on which waivers are judged, in UTC.
    pub today: jiff::civil::Date,
}

/// What a project rule is given.
pub struct ProjectContext<'a> {
    /// Every governed lockfile that could be read.
    pub lockfiles: &'a [Lockfile],
    /// Requirements files that pin nothing. What they ask for is not judged, what they tell pip is.
    pub loose: &'a [Lockfile],
    /// The policy in force.
    pub policy: &'a Policy,
    /// Everything that was gathered.
    pub evidence: &'a Evidence,
    /// What is run in the checkout; empty where no rule asks for it.
    pub commands: &'a Commands,
    /// Whether everything that the policy governs was looked at.
    pub complete: bool,
}

/// What a rule over waivers is given.
pub struct WaiverContext<'a> {
    /// Every waiver with what it speaks of.
    pub uses: &'a [WaiverUse<'a>],
    /// The policy in force.
    pub policy: &'a Policy,
    /// The day on which waivers are judged, in UTC.
    pub today: jiff::civil::Date,
    /// Whether everything that the policy governs was looked at.
    pub complete: bool,
}

/// A waiver and how much it speaks of.
pub struct WaiverUse<'a> {
    /// The waiver.
    pub waiver: &'a Waiver,
    /// How many findings it covers; for a baseline, those that no other waiver lifts.
    pub found: usize,
}

/// Where a rule puts what it has to say.
pub struct Sink<'a> {
    rule: &'static Declaration,
    policy: &'a Policy,
    judge: Option<&'a Place>,
    /// Broken rules.
    pub findings: Vec<Finding>,
    /// What could not be judged.
    pub not_judged: Vec<NotJudged>,
    /// Facts worth a line.
    pub notes: Vec<Note>,
}

impl<'a> Sink<'a> {
    /// For `rule` under `policy`.
    pub fn new(rule: &'static Declaration, policy: &'a Policy) -> Self {
        let set = policy.level(rule);
        Self {
            rule,
            policy,
            judge: set.place.as_ref(),
            findings: Vec::new(),
            not_judged: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a finding; its level becomes the policy's, unless the rule asked for less.
    pub fn push(&mut self, mut finding: Finding) {
        let by = self.policy.level_by(self.rule, finding.judge.as_ref().map(|judge| &judge.place));
        finding.level = finding.level.min(by);
        if finding.level == Level::Allow {
            return;
        }
        if finding.judge.is_none() {
            finding.judge = self.judge.map(|place| crate::model::Judge {
                place: place.clone(),
                says: format!("{} is set to {} here", self.rule.name, by),
            });
        }
        self.findings.push(finding);
    }

    /// Adds findings.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// Says that `count` subjects could not be judged.
    pub fn not_judged(&mut self, reason: impl Into<String>, count: usize) {
        self.not_judged.push(NotJudged { rule: self.rule, reason: reason.into(), count, fatal: false });
    }

    /// Says that `count` subjects could not be judged, though the policy asks for it: at `deny` the run
    /// ends with 2.
    pub fn cannot_judge(&mut self, reason: impl Into<String>, count: usize) {
        let fatal = self.policy.level(self.rule).value == Level::Deny;
        self.not_judged.push(NotJudged { rule: self.rule, reason: reason.into(), count, fatal });
    }

    /// Says a fact that is no finding.
    pub fn note(&mut self, path: Option<&str>, text: impl Into<String>) {
        self.notes.push(Note { path: path.map(str::to_owned), text: text.into(), verbose: false });
    }
}

/// A source as a policy names it, without reference, commit and credentials.
fn shown(source: &Source) -> String {
    match source.url {
        Some(_) => source.key(),
        // Nobody can say where in a text that is no URL a credential ends.
        None => source.raw.rsplit('@').next().unwrap_or_default().to_owned(),
    }
}

/// Folders of a project that hold other projects as test data.
const FIXTURES: [&str; 7] = ["tests", "test", "testdata", "test-data", "test_data", "fixtures", "testsuite"];

/// Whether what stands in a folder is the test data of another project.
fn is_test_data(directory: &TreePath) -> bool {
    directory.as_str().split('/').any(|part| FIXTURES.contains(&part))
}

/// The rule of that name.
pub fn named(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.declaration.name == name)
}

/// The rule whose name is nearest to `name`, where one is near enough to be meant.
pub fn nearest(name: &str) -> Option<&'static str> {
    crate::policy::nearest(name, RULES.iter().map(|r| r.declaration.name))
}

/// Whether a rule that is in force asks for [`ProjectContext::commands`].
pub fn read_commands(policy: &Policy) -> bool {
    policy.level(&unlocked_install::RULE).value > Level::Allow
}

mod settings;
mod tool;

macro_rules! rules {
    ($($module:ident: $kind:ident $(since $schema:literal)?),* $(,)?) => {
        $(mod $module;)*

        /// Every rule, in the order of families and of what people meet first.
        pub static RULES: &[Rule] = &[$(rules!(@ $module $kind $($schema)?)),*];
    };
    (@ $module:ident $kind:ident) => { rules!(@ $module $kind 1) };
    (@ $module:ident $kind:ident $schema:literal) => {
        Rule { declaration: &$module::RULE, check: Check::$kind($module::check), since: $schema }
    };
}

// A rule that comes with a later schema says so: `new_rule: Lockfile since 2`.
rules! {
    missing_lockfile: Project,
    stale_lockfile: Lockfile,
    malformed_lockfile: Lockfile,
    unlocked_install: Project,
    unpinned_version: Lockfile,
    unpinned_revision: Lockfile,
    mismatched_revision: Lockfile,
    banned_version: Lockfile,
    unknown_source: Lockfile,
    insecure_source: Lockfile,
    unbound_source: Lockfile,
    misleading_source: Lockfile,
    path_escape: Project,
    missing_hash: Lockfile,
    weak_hash: Lockfile,
    unenforced_hash: Lockfile,
    conflicting_hash: Project,
    source_build: Lockfile,
    too_new: Lockfile,
    redirected_source: Project,
    replaced_package: Project,
    hijacked_tool: Project,
    disarmed_check: Project,
    expired_waiver: Waivers,
    unused_waiver: Waivers,
    unmatched_glob: Project,
    nested_policy: Project,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keys::SCHEMA;

    #[test]
    fn a_rule_newer_than_the_schema_of_a_policy_only_warns() {
        let newer = |level| {
            let rule = RULES.iter().find(|r| r.declaration.level == level);
            rule.map(|r| Rule { declaration: r.declaration, check: r.check, since: 2 })
        };
        let deny = newer(Level::Deny).map(|r| (r.level_in(1), r.level_in(2), r.level_in(3)));
        assert_eq!(deny, Some((Level::Warn, Level::Deny, Level::Deny)));
        let warn = newer(Level::Warn).map(|r| (r.level_in(1), r.level_in(2)));
        assert_eq!(warn, Some((Level::Warn, Level::Warn)));
    }

    #[test]
    fn every_rule_came_with_a_schema_that_is_known() {
        assert!(RULES.iter().all(|r| (1..=SCHEMA).contains(&r.since)));
    }
}
