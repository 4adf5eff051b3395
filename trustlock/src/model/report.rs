//! Everything a run has to say.

use std::time::Duration;

use super::{Declaration, Finding, Fix, Level, Place};

/// Something that could not be read or understood: exit code 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What, as one sentence without a full stop.
    pub title: String,
    /// The path it is about, for people; relative to the root where it is inside.
    pub path: Option<String>,
    /// Where, when there is text to show.
    pub place: Option<Place>,
    /// What is there.
    pub label: String,
    /// The ways out.
    pub fixes: Vec<Fix>,
}

impl Problem {
    /// A problem without a place.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), path: None, place: None, label: String::new(), fixes: Vec::new() }
    }

    /// About that path.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// At that place.
    #[must_use]
    pub fn at(mut self, place: Place, label: impl Into<String>) -> Self {
        self.path = Some(place.file.path.clone());
        self.place = Some(place);
        self.label = label.into();
        self
    }

    /// A way out.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>) -> Self {
        self.fixes.push(Fix { text: text.into(), paste: None });
        self
    }

    /// A way out with text to paste.
    #[must_use]
    pub fn paste(mut self, text: impl Into<String>, paste: impl Into<String>) -> Self {
        self.fixes.push(Fix { text: text.into(), paste: Some(paste.into()) });
        self
    }
}

/// Something a rule was asked and could not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotJudged {
    /// The rule.
    pub rule: &'static Declaration,
    /// Why.
    pub reason: String,
    /// For how many subjects.
    pub count: usize,
    /// Whether the run cannot count as clean because of it: exit code 2.
    pub fatal: bool,
}

/// A fact worth one line; not a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The path it is about.
    pub path: Option<String>,
    /// The fact.
    pub text: String,
    /// Shown only with `-v`.
    pub verbose: bool,
}

/// A finding that a waiver lifts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The finding.
    pub finding: Finding,
    /// The waiver.
    pub waiver: Place,
    /// Its reason.
    pub reason: String,
}

/// One lockfile that was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Its path.
    pub path: String,
    /// Its format and version, as people say it: `Cargo.lock v4`.
    pub format: String,
    /// How many packages it locks.
    pub packages: usize,
    /// How many digests stand in it.
    pub digests: usize,
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// How long the run took.
    pub elapsed: Duration,
    /// Settings files that were read.
    pub settings: usize,
    /// Manifests that were read.
    pub manifests: usize,
}

/// Everything a run has to say; the outputs are made from this alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The policy in force, as people name it: `trustlock.toml`, or `trustlock:strict`.
    pub policy: String,
    /// Whether there is no policy file and the built-in one was used.
    pub built_in: bool,
    /// Whom to ask, from the policy.
    pub contact: Option<String>,
    /// Every lockfile that was judged.
    pub lockfiles: Vec<Judged>,
    /// Broken rules, in the order of places.
    pub findings: Vec<Finding>,
    /// Broken rules that waivers lift.
    pub waived: Vec<Waived>,
    /// What could not be checked.
    pub problems: Vec<Problem>,
    /// What could not be judged.
    pub not_judged: Vec<NotJudged>,
    /// Rules that the policy does not enforce.
    pub not_enforced: Vec<&'static Declaration>,
    /// Facts.
    pub notes: Vec<Note>,
    /// What was looked at.
    pub stats: Stats,
}

impl Report {
    /// Nothing could be judged; why.
    pub fn failed(problems: Vec<Problem>) -> Self {
        Self { problems, ..Self::default() }
    }

    /// 0 clean, 1 findings at `deny`, 2 could not check; 2 beats 1.
    pub fn exit_code(&self) -> u8 {
        if !self.problems.is_empty() || self.not_judged.iter().any(|n| n.fatal) {
            return 2;
        }
        u8::from(self.count(Level::Deny) > 0)
    }

    /// How many findings count as `level`.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|f| f.level == level).count()
    }
}
