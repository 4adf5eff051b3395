//! The policy: what `trustlock.toml` says, composed with what it extends and with overlays, as plain
//! data with a place for every value.
//!
//! [`load`] finds the files, [`read`] understands one file, [`compose`] lays files over each other, and
//! the result is a [`Policy`], which answers the questions of the rules. [`keys`] declares every key once;
//! the checks of the reader, the [`schema`] and the [`reference`](mod@reference) come from there. Nothing
//! here looks at a lockfile.

mod complaint;
mod compose;
mod effective;
mod glob;
pub mod keys;
mod layer;
mod load;
mod names;
mod outside;
mod pattern;
mod presets;
pub mod read;
mod reference;
pub mod schema;
mod selector;
mod shape;
mod waiver;

use std::sync::Arc;

pub use self::complaint::Complaint;
pub(crate) use self::complaint::nearest;
pub use self::effective::{effective, quote};
pub use self::glob::Glob;
pub use self::layer::{Extends, Layer};
pub use self::load::{FILE, WAIVERS, built_in, draft, load};
pub(crate) use self::names::Names;
pub use self::outside::Outside;
pub use self::pattern::SourcePattern;
pub use self::reference::reference;
pub use self::selector::Selector;
pub use self::waiver::Waiver;
use crate::model::{Algorithm, Declaration, Ecosystem, Family, File, Judge, Level, Place, Source};
use crate::tree::TreePath;

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

impl GitReferencePolicy {
    /// Every value, least strict first.
    pub const ALL: [Self; 3] = [Self::Any, Self::Tag, Self::Rev];

    /// The word in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Tag => "tag",
            Self::Rev => "rev",
        }
    }

    /// The value of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.name() == name)
    }
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
    /// Lockfiles that are governed, unless they are excluded.
    pub include: Set<Vec<Set<Glob>>>,
    /// Lockfiles that are not.
    pub exclude: Set<Vec<Set<Glob>>>,
    /// Whether a manifest without a lockfile is a finding.
    pub required: Set<bool>,
    /// Nested policies that may tighten.
    pub delegate: Set<Vec<Set<Glob>>>,
    /// Only what another policy leaves out.
    beyond: Option<Box<Beyond>>,
}

impl Governed {
    /// Whether the policy governs the file at `path`, as far as its globs say.
    pub fn covers(&self, path: &str) -> bool {
        any(&self.include, path)
            && !any(&self.exclude, path)
            && self.beyond.as_ref().is_none_or(|b| b.covers(path))
    }

    /// Whether an `include` means the file at `path` by its name, and no exclude takes it out: the last
    /// part of the glob is more than wildcards.
    pub fn names(&self, path: &str) -> bool {
        self.include.value.iter().any(|g| g.value.names_a_file() && g.value.matches(path))
            && self.covers(path)
    }

    /// Whether the policy leaves the file at `path` out, whatever it includes: `include` speaks of lockfiles
    /// alone.
    pub fn excludes(&self, path: &str) -> bool {
        any(&self.exclude, path) || self.beyond.as_ref().is_some_and(|beyond| beyond.excludes(path))
    }
}

/// What a policy leaves out and its overlays bring back.
#[derive(Clone, Debug)]
struct Beyond {
    /// What the policy covers by itself.
    policy: Governed,
    /// What each overlay leaves to the policy.
    spared: Vec<Option<Set<Vec<Set<Glob>>>>>,
}

impl Beyond {
    fn covers(&self, path: &str) -> bool {
        !self.policy.covers(path) && !self.spares(path)
    }

    /// What the policy judges itself, and what every overlay leaves to it.
    fn excludes(&self, path: &str) -> bool {
        !self.policy.excludes(path) || self.spares(path)
    }

    fn spares(&self, path: &str) -> bool {
        let spares = |globs: &Option<_>| globs.as_ref().is_some_and(|globs| any(globs, path));
        self.spared.iter().all(spares)
    }
}

fn any(globs: &Set<Vec<Set<Glob>>>, path: &str) -> bool {
    globs.value.iter().any(|glob| glob.value.matches(path))
}

/// The effective policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How people name it.
    pub name: String,
    /// Whether it is the built-in one because there is no file.
    pub built_in: bool,
    /// Whom to ask after a denial.
    pub contact: Option<Set<String>>,
    /// How many days ahead a waiver may expire.
    pub max_waiver: Set<u32>,
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
    pub settings: Vec<Set<Vec<Set<AllowedSetting>>>>,
    /// Settings files that are no TOML until a tool has filled them in.
    pub templates: Set<Vec<Set<Glob>>>,
    /// For how many days a release must have been public.
    pub min_age: Option<Set<u32>>,
    /// What a file without a publish time counts as.
    pub unknown_age: Option<Set<Level>>,
    /// What may be younger.
    pub age_exempt: Vec<Set<Selector>>,
    /// What may be built from source; every list must allow. Not asked where there is none.
    pub sdist: Vec<Set<Vec<Set<Selector>>>>,
    /// The levels of rules, one for each rule.
    pub levels: Vec<(&'static Declaration, Set<Level>)>,
    /// Exceptions.
    pub waivers: Vec<Waiver>,
    /// Every file it was read from, the most general first.
    pub files: Vec<Arc<File>>,
    /// Where the bans and bindings of a name stand.
    ban_names: Names,
    bind_names: Names,
    /// Overlays that waivers of the repository do not lift.
    binding: Vec<Arc<File>>,
    /// Overlays and nested policies: what only tightens.
    tightening: Vec<Arc<File>>,
    /// Rules that one of those asks for by a value, and the level that the policy beneath gave them.
    lowered: Vec<(&'static Declaration, Level)>,
    /// Policies further down that tighten this one, each whole, by their folder.
    nested: Vec<(TreePath, Policy)>,
    /// The overlays among those, whole.
    overlays: Vec<Layer>,
    /// What they ask of lockfiles that this policy leaves out.
    beyond: Option<Box<Policy>>,
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

    /// The level of a finding that `judge` decides. Where the policy had lowered the rule, and an overlay
    /// asks for it by a value, each is heard about its own values.
    pub(crate) fn level_by(&self, rule: &Declaration, judge: Option<&Place>) -> Level {
        let level = self.level(rule).value;
        let own = self.lowered.iter().find(|(lowered, _)| *lowered == rule);
        let tightens = |place: &Place| self.tightening.iter().any(|file| Arc::ptr_eq(file, &place.file));
        match (own, judge) {
            (Some((_, own)), Some(place)) if !tightens(place) => level.min(*own),
            _ => level,
        }
    }

    /// Whether this policy, or an overlay beyond it, governs the lockfile at `path`.
    pub fn governs(&self, path: &str) -> bool {
        self.governed.covers(path) || self.beyond().is_some_and(|beyond| beyond.governed.covers(path))
    }

    /// What overlays ask of lockfiles that this policy leaves out: a policy of its own, which covers
    /// those and nothing else.
    pub fn beyond(&self) -> Option<&Self> {
        self.beyond.as_deref()
    }

    /// The policy in force for the lockfile at `path`: this one, or this one tightened by the delegated
    /// policy nearest to it, or where this one leaves it out, what overlays ask.
    pub fn for_lockfile(&self, path: &str) -> &Self {
        if let Some(beyond) = self.beyond().filter(|beyond| beyond.governed.covers(path)) {
            return beyond;
        }
        self.delegated_to(path)
    }

    /// This policy, or this one tightened by the delegated policy nearest to `path`.
    fn delegated_to(&self, path: &str) -> &Self {
        let Ok(path) = TreePath::new(path) else { return self };
        self.nested
            .iter()
            .filter(|(folder, _)| path.is_within(folder))
            .max_by_key(|(folder, _)| folder.as_str().len())
            .map_or(self, |(_, policy)| policy)
    }

    /// Whether `delegate` names the nested policy at `path`.
    pub fn delegates(&self, path: &TreePath) -> bool {
        self.governed.delegate.value.iter().any(|glob| glob.value.matches(path.as_str()))
    }

    /// Whether `source` may supply packages of `ecosystem`. `None` is the workspace itself and path
    /// dependencies.
    pub fn judge_source(&self, ecosystem: Ecosystem, source: Option<&Source>) -> SourceVerdict {
        let Some(list) = self.refusing_list(ecosystem, source) else { return SourceVerdict::Allowed };
        let says = "only these sources are allowed".to_owned();
        let judge = list.place.clone().map(|place| Judge { place, says });
        SourceVerdict::Refused { judge, binding: list.binding }
    }

    /// The list that does not allow `source`. What no waiver lifts is asked first, so that a waiver of
    /// one refusal does not hide the other.
    pub fn refusing_list(&self, ecosystem: Ecosystem, source: Option<&Source>) -> Option<&AllowList> {
        self.sources
            .iter()
            .filter(|list| list.ecosystem == ecosystem)
            .filter(|list| !list.patterns.iter().any(|pattern| pattern.value.matches(source)))
            .max_by_key(|list| list.binding)
    }

    /// Whether every list that allows an index lets its files stand at `url`.
    pub fn serves_files(&self, index: &Source, url: &crate::model::Url) -> bool {
        let lists = self.sources.iter().filter(|list| list.ecosystem == Ecosystem::Pypi);
        lists.into_iter().all(|list| list.patterns.iter().any(|pattern| pattern.value.serves(index, url)))
    }

    /// Whether a file at `url` may enter whose index nobody recorded: it is where an allowed index keeps
    /// its files, or beneath a folder that is listed.
    pub fn allows_file(&self, url: &str) -> bool {
        let Some(url) = crate::model::Url::parse(url) else { return false };
        let lists = self.sources.iter().filter(|list| list.ecosystem == Ecosystem::Pypi);
        lists.into_iter().all(|list| list.patterns.iter().any(|pattern| pattern.value.keeps(&url)))
    }

    /// The bindings that speak of packages of that name, those that no waiver lifts first.
    pub fn binds_of(&self, ecosystem: Ecosystem, name: &str) -> impl Iterator<Item = &Set<Bind>> {
        let found = self.bind_names.of(ecosystem, name).into_iter().filter_map(|at| self.binds.get(at));
        binding_first(found.filter(move |b| b.value.package.matches_name(ecosystem, name)), |b| b.binding)
    }

    /// The bans that speak of that package wherever it comes from, those that no waiver lifts first.
    pub fn bans_of(
        &self,
        ecosystem: Ecosystem,
        name: &str,
        version: Option<&str>,
    ) -> impl Iterator<Item = &Set<Ban>> {
        let found = self.ban_names.of(ecosystem, name).into_iter().filter_map(|at| self.bans.get(at));
        binding_first(found.filter(move |b| b.value.package.matches(ecosystem, name, version)), |b| b.binding)
    }

    /// Whether a package of that name comes from where its name means it to: the place it is bound to,
    /// else the ecosystem's public registry. The workspace and its path dependencies are at home.
    pub fn is_at_home(&self, ecosystem: Ecosystem, name: &str, source: Option<&Source>) -> bool {
        let Some(source) = source else { return true };
        if matches!(source.kind, crate::model::SourceKind::Local { .. }) {
            return true;
        }
        let mut binds = self.binds_of(ecosystem, name).peekable();
        if binds.peek().is_none() {
            return match ecosystem {
                Ecosystem::Cargo => source.is_crates_io(),
                Ecosystem::Pypi => source.is_pypi() || source.kind == crate::model::SourceKind::Unrecorded,
            };
        }
        binds.all(|bind| bind.value.only.matches(Some(source)))
    }

    /// Whether the policy asks what a rule holds packages against. Some rules need a value of the policy,
    /// and without it have nothing to say.
    pub fn asks(&self, rule: &Declaration) -> bool {
        match rule.name {
            "too-new" => self.min_age.is_some(),
            "source-build" => !self.sdist.is_empty(),
            _ => true,
        }
    }

    /// Whether a package may be younger than the age that the policy asks for.
    pub fn is_age_exempt(&self, ecosystem: Ecosystem, name: &str, version: Option<&str>) -> bool {
        let binding = self.min_age.as_ref().is_some_and(|age| age.binding);
        !binding && self.age_exempt.iter().any(|s| s.value.matches(ecosystem, name, version))
    }

    /// The list of packages that may be built from source in which this one is missing.
    pub fn refuses_build(
        &self,
        ecosystem: Ecosystem,
        name: &str,
        version: Option<&str>,
    ) -> Option<&Set<Vec<Set<Selector>>>> {
        let bound = || self.binds_of(ecosystem, name).next().is_some();
        let allows = |selector: &Selector| {
            selector.matches(ecosystem, name, version) && (!selector.folded().1 || bound())
        };
        let refusing = self.sdist.iter().filter(|list| !list.value.iter().any(|s| allows(&s.value)));
        refusing.max_by_key(|list| list.binding)
    }

    /// Whether the policy names this setting with this value as allowed.
    pub fn allows_setting(&self, file: &str, key: &str, value: &str) -> bool {
        let lists = &self.settings;
        !lists.is_empty()
            && lists.iter().all(|list| {
                list.value
                    .iter()
                    .any(|s| s.value.file == file && s.value.key == key && s.value.value == value)
            })
    }

    /// Whether an overlay that waivers of the repository do not lift asks for this rule: by its level, or
    /// by the value that the rule holds everything against.
    pub fn binds_rule(&self, rule: &Declaration) -> bool {
        self.level(rule).binding
            || match (rule.name, rule.family) {
                ("missing-lockfile", _) => self.governed.required.binding,
                ("missing-hash" | "weak-hash", _) => self.algorithms.binding,
                ("too-new", _) => self.min_age.as_ref().is_some_and(|age| age.binding),
                ("source-build", _) => self.sdist.iter().any(|list| list.binding),
                (_, Family::Settings) => self.settings.iter().any(|list| list.binding),
                _ => false,
            }
    }

    /// Whether what `place` says comes from an overlay that waivers of the repository do not lift.
    pub fn is_binding(&self, place: &Place) -> bool {
        self.binding.iter().any(|file| Arc::ptr_eq(file, &place.file))
    }
}

fn binding_first<T>(found: impl Iterator<Item = T>, binding: impl Fn(&T) -> bool) -> impl Iterator<Item = T> {
    let (first, then): (Vec<_>, Vec<_>) = found.partition(binding);
    first.into_iter().chain(then)
}
