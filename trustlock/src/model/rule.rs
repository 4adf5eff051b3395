//! What a rule declares about itself: the one place that `explain`, the docs, the policy's schema and
//! SARIF metadata are made from.

use std::fmt;

/// What happens when a rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not looked at.
    Allow,
    /// Shown; the run stays clean.
    Warn,
    /// Refused: exit code 1.
    Deny,
}

impl Level {
    /// Every level, least strict first.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Warn, Self::Deny];

    /// The word in policies and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }

    /// The level of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.name() == name)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The families of rules, in the order in which people meet them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The lockfile itself.
    Lockfile,
    /// Versions and revisions.
    Versions,
    /// Where packages come from.
    Sources,
    /// Digests.
    Hashes,
    /// Code that runs without being called.
    Permissions,
    /// Publish times.
    Time,
    /// Files beside the lockfile that change what it means.
    Settings,
    /// The policy.
    Policy,
}

impl Family {
    /// Every family, in order.
    pub const ALL: [Self; 8] = [
        Self::Lockfile,
        Self::Versions,
        Self::Sources,
        Self::Hashes,
        Self::Permissions,
        Self::Time,
        Self::Settings,
        Self::Policy,
    ];

    /// The word in docs and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lockfile => "lockfile",
            Self::Versions => "versions",
            Self::Sources => "sources",
            Self::Hashes => "hashes",
            Self::Permissions => "permissions",
            Self::Time => "time",
            Self::Settings => "settings",
            Self::Policy => "policy",
        }
    }
}

/// What a waiver of a rule must name besides its subject, so that it excuses this and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaiverNames {
    /// The package, lockfile or setting is enough.
    Subject,
    /// The source that is excused.
    Source,
    /// The digest that is excused.
    Digest,
    /// Nothing can be excused: the rule speaks of the policy itself, or of what no policy may allow.
    Never,
}

/// A rule's declaration.
#[derive(Debug)]
pub struct Declaration {
    /// Its kebab-case name: the public contract.
    pub name: &'static str,
    /// Its family.
    pub family: Family,
    /// The level under the built-in policy.
    pub level: Level,
    /// The lowest level that a policy may set.
    pub floor: Level,
    /// What a waiver of it must name.
    pub waiver: WaiverNames,
    /// One line: what it finds.
    pub summary: &'static str,
    /// Why that matters, in a few sentences.
    pub why: &'static str,
    /// What to do about a finding.
    pub fix: &'static str,
    /// The attack it answers and which tool accepts that today, measured.
    pub accepted_by: &'static str,
    /// The public incident that it would have stopped, where there is one.
    pub incident: Option<&'static str>,
}

impl Declaration {
    /// Where its page is.
    pub fn url(&self) -> String {
        format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), self.name)
    }
}

impl PartialEq for Declaration {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for Declaration {}
