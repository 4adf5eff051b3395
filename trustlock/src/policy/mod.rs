//! The policy: what `trustlock.toml` says, composed with what it extends and with overlays, as plain
//! data with a place for every value.
//!
//! [`read`] understands one file, [`compose`] lays files over each other, and the result is a
//! [`Policy`], which answers the questions of the rules. Nothing here looks at a lockfile.

//!
pub mod compose;
pub mod keys;
pub mod pattern;
pub mod presets;
pub mod read;
pub mod schema;
pub mod selector;
pub mod waiver;

use std::sync::Arc;

pub use self::pattern::SourcePattern;
pub use self::selector::Selector;
pub use self::waiver::Waiver;
use crate::model::{Algorithm, Declaration, Ecosystem, File, Judge, Level, Place, Source};

/// A value, where it is written, and whether an overlay wrote it that repository waivers do not lift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// Where; `None` for the program's own defaults.
    pub place: Option<Place>,
    /// `true` where an overlay without `waivable = true` set it.
    pub binding: bool,
}

/// What a git dependency may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GitReferencePolicy {
    /// A branch, a tag, a revision or nothing.
    Any,
    /// A tag or a revision.
    Tag,
    /// A revision.
    Rev,
}

/// A version that must not enter.
#[derive(Clone, Debug)]
pub struct Ban {
    /// Which packages.
    pub package: Selector,
    /// Only from here; everywhere where absent.
    pub source: Option<SourcePattern>,
    /// Why.
    pub reason: String,
    /// Where to read more.
    pub url: Option<String>,
}

/// Names that may come from one place only.
#[derive(Clone, Debug)]
pub struct Bind {
    /// Which packages.
    pub package: Selector,
    /// The place.
    pub only: SourcePattern,
}

/// A setting that the policy has seen and allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedSetting {
    /// The settings file, relative to the root.
    pub file: String,
    /// The key, dotted.
    pub key: String,
    /// The value, as one text.
    pub value: String,
}

/// One list of allowed sources. A source enters only if every list of the policy allows it: overlays
/// add lists of their own.
#[derive(Clone, Debug)]
pub struct AllowList {
    /// Whose packages.
    pub ecosystem: Ecosystem,
    /// The patterns, each with its place.
    pub patterns: Vec<Set<SourcePattern>>,
    /// Where the list is written.
    pub place: Option<Place>,
    /// Set by an overlay that repository waivers do not lift.
    pub binding: bool,
}

/// Which lockfiles the policy governs.
#[derive(Clone, Debug)]
pub struct Governed {
    /// Globs, relative to the root.
    pub include: Vec<Set<String>>,
    /// Globs, relative to the root.
    pub exclude: Vec<Set<String>>,
    /// Whether a manifest without a lockfile is a finding.
    pub required: Set<bool>,
    /// Globs of nested policies that may tighten.
    pub delegate: Vec<Set<String>>,
}

/// The effective policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How people name it.
    pub name: String,
    /// Whether it is the built-in one because there is no file.
    pub built_in: bool,
    /// Whom to ask after a denial.
    pub contact: Option<String>,
    /// Which lockfiles.
    pub governed: Governed,
    /// What git dependencies may name.
    pub git_reference: Set<GitReferencePolicy>,
    /// What must not enter.
    pub bans: Vec<Set<Ban>>,
    /// Where packages may come from.
    pub sources: Vec<AllowList>,
    /// Which names are bound to one place.
    pub binds: Vec<Set<Bind>>,
    /// Which digests count.
    pub algorithms: Set<Vec<Algorithm>>,
    /// Which settings are allowed. As with sources, every list must allow.
    pub settings: Vec<Vec<Set<AllowedSetting>>>,
    /// The levels of rules, one for each rule.
    pub levels: Vec<(&'static Declaration, Set<Level>)>,
    /// Exceptions.
    pub waivers: Vec<Waiver>,
    /// Every file it was read from, the most specific first.
    pub files: Vec<Arc<File>>,
}

/// What the policy says about a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceVerdict {
    /// Every list allows it.
    Allowed,
    /// A list does not; the list, if it is written anywhere, and whether waivers cannot lift it.
    Refused {
        /// The list's line.
        judge: Option<Judge>,
        /// Not lifted by repository waivers.
        binding: bool,
    },
}

impl Policy {
    /// The level of a rule.
    pub fn level(&self, rule: &Declaration) -> &Set<Level> {
        static UNKNOWN: Set<Level> = Set { value: Level::Deny, place: None, binding: false };
        self.levels.iter().find(|(r, _)| *r == rule).map_or(&UNKNOWN, |(_, level)| level)
    }

    /// Whether `source` may supply packages of `ecosystem`. `None` is the workspace itself and path
    /// dependencies.
    pub fn judge_source(&self, ecosystem: Ecosystem, source: Option<&Source>) -> SourceVerdict {
        for list in self.sources.iter().filter(|l| l.ecosystem == ecosystem) {
            if !list.patterns.iter().any(|p| p.value.matches(source)) {
                let judge = list
                    .place
                    .clone()
                    .map(|place| Judge { place, says: "only these sources are allowed".to_owned() });
                return SourceVerdict::Refused { judge, binding: list.binding };
            }
        }
        SourceVerdict::Allowed
    }

    /// Whether the policy names this setting with this value as allowed.
    pub fn allows_setting(&self, file: &str, key: &str, value: &str) -> bool {
        self.settings.iter().all(|list| {
            list.iter().any(|s| s.value.file == file && s.value.key == key && s.value.value == value)
        })
    }
}

impl Governed {
    /// Whether the policy governs the lockfile at `path`.
    pub fn covers(&self, _path: &str) -> bool {
        true
    }
}
