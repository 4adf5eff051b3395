//! Laying policies over each other.
//!
//! What a policy extends is *inherited*: allow-lists are replaced, prohibitions accumulate. An overlay or
//! a delegated policy *tightens*: whatever it says, nothing is allowed afterwards that was not before.

use std::sync::Arc;

use super::keys::{self, Composes, FileKind};
use super::layer::Layer;
use super::presets::STRICT;
use super::{AllowList, GitReferencePolicy, Glob, Governed, Names, Policy, Set};
use crate::model::{Algorithm, Declaration, Ecosystem, Family, Level, Place, Problem};
use crate::rules::RULES;

/// A policy in the making.
pub(super) struct Composer {
    policy: Policy,
    /// Keys that nothing may replace any more.
    finals: Vec<Set<String>>,
    problems: Vec<Problem>,
}

impl Composer {
    /// Begins with nothing: no source, no algorithm, no lockfile. The preset that every policy builds
    /// on is inherited first.
    /// `schema` is that of the policy itself, not of what it extends.
    pub(super) fn new(schema: u32) -> Self {
        let levels = RULES.iter().map(|r| (r.declaration, unset(r.level_in(schema)))).collect();
        let policy = Policy {
            name: STRICT.to_owned(),
            built_in: true,
            contact: None,
            max_waiver: unset(0),
            governed: Governed {
                include: unset(Vec::new()),
                exclude: unset(Vec::new()),
                required: unset(true),
                delegate: unset(Vec::new()),
                beyond: None,
            },
            git_reference: unset(GitReferencePolicy::Rev),
            bans: Vec::new(),
            sources: Vec::new(),
            binds: Vec::new(),
            algorithms: unset(Vec::new()),
            settings: Vec::new(),
            min_age: None,
            unknown_age: None,
            age_exempt: Vec::new(),
            sdist: Vec::new(),
            templates: unset(Vec::new()),
            levels,
            waivers: Vec::new(),
            files: Vec::new(),
            ban_names: Names::default(),
            bind_names: Names::default(),
            binding: Vec::new(),
            tightening: Vec::new(),
            lowered: Vec::new(),
            nested: Vec::new(),
            overlays: Vec::new(),
            beyond: None,
        };
        Self::onto(policy)
    }

    /// Begins with `policy`.
    pub(super) fn onto(policy: Policy) -> Self {
        Self { policy, finals: Vec::new(), problems: Vec::new() }
    }

    /// The policy.
    ///
    /// # Errors
    /// Every value that contradicts what it was laid over.
    pub(super) fn finish(self) -> Result<Policy, Vec<Problem>> {
        let mut policy = self.policy;
        policy.ban_names = Names::new((0..).zip(policy.bans.iter().map(|ban| &ban.value.package)));
        policy.bind_names = Names::new((0..).zip(policy.binds.iter().map(|bind| &bind.value.package)));
        policy.beyond = beyond(&policy).map(Box::new);
        if self.problems.is_empty() { Ok(policy) } else { Err(self.problems) }
    }

    /// Lays `layer` over what it extends.
    pub(super) fn inherit(&mut self, layer: Layer) {
        self.hold_finals(&layer);
        self.finals.extend(layer.finals);
        let policy = &mut self.policy;
        policy.files.push(layer.file);
        policy.contact = layer.contact.or(policy.contact.take());
        replace(&mut policy.governed.include, layer.include);
        replace(&mut policy.governed.exclude, layer.exclude);
        replace(&mut policy.governed.delegate, layer.delegate);
        replace(&mut policy.algorithms, layer.algorithms);
        replace(&mut policy.templates, layer.templates);
        for (ecosystem, sources) in layer.sources {
            policy.sources.retain(|list| list.ecosystem != ecosystem);
            policy.sources.push(allow_list((ecosystem, sources)));
        }
        if let Some(settings) = layer.settings {
            policy.settings = vec![settings];
        }
        if let Some(exempt) = layer.age_exempt {
            policy.age_exempt = exempt.value;
        }
        if let Some(sdist) = layer.sdist {
            policy.sdist = vec![sdist];
        }
        for (rule, level) in layer.levels {
            replace(level_of(&mut policy.levels, rule), Some(level));
        }
        policy.bans.extend(layer.bans);
        policy.binds.extend(layer.binds);
        policy.waivers.extend(layer.waivers);
        let problems = &mut self.problems;
        inherit_optional(&mut policy.min_age, layer.min_age, "freshness.min-age", problems);
        inherit_optional(&mut policy.unknown_age, layer.unknown_age, "freshness.unknown", problems);
        inherit_strict(&mut policy.max_waiver, layer.max_waiver, "max-waiver", fewer, problems);
        inherit_strict(&mut policy.governed.required, layer.required, "lockfiles.required", more, problems);
        inherit_strict(
            &mut policy.git_reference,
            layer.git_reference,
            "versions.git-reference",
            more,
            problems,
        );
    }

    /// Lets `layer` tighten the policy.
    pub(super) fn tighten(&mut self, layer: Layer) {
        self.raise(&layer);
        let policy = &mut self.policy;
        let problems = &mut self.problems;
        if layer.kind == FileKind::Overlay {
            policy.overlays.push(layer.clone());
            if !layer.waivable {
                policy.binding.push(Arc::clone(&layer.file));
            }
        }
        policy.tightening.push(Arc::clone(&layer.file));
        policy.files.push(layer.file);
        policy.contact = layer.contact.or(policy.contact.take());
        tighten(&mut policy.max_waiver, layer.max_waiver, "max-waiver", &180, fewer, problems);
        tighten(&mut policy.governed.required, layer.required, "lockfiles.required", &true, more, problems);
        let any = GitReferencePolicy::Any;
        tighten(
            &mut policy.git_reference,
            layer.git_reference,
            "versions.git-reference",
            &any,
            more,
            problems,
        );
        for (rule, level) in layer.levels {
            // Who names the level means it for the whole rule.
            for (_, own) in policy.lowered.iter_mut().filter(|(lowered, _)| *lowered == rule) {
                *own = (*own).max(level.value);
            }
            let name = format!("rules.{}", rule.name);
            tighten(level_of(&mut policy.levels, rule), Some(level), &name, &rule.level, more, problems);
        }
        policy.bans.extend(layer.bans);
        policy.binds.extend(layer.binds);
        policy.sources.extend(layer.sources.into_iter().map(allow_list));
        policy.settings.extend(layer.settings);
        policy.sdist.extend(layer.sdist);
        stricter_of(&mut policy.min_age, layer.min_age);
        stricter_of(&mut policy.unknown_age, layer.unknown_age);
        if let Some(algorithms) = layer.algorithms {
            intersect(&mut policy.algorithms, algorithms, problems);
        }
    }

    /// What a layer asks for by a value holds, though the policy beneath has lowered that rule, or does
    /// not look at it. The layer's own `[rules]` say what it means the level to be.
    fn raise(&mut self, layer: &Layer) {
        for (name, place) in asked(layer) {
            let Some(rule) = crate::rules::named(name).map(|rule| rule.declaration) else { continue };
            let level = level_of(&mut self.policy.levels, rule);
            if layer.levels.iter().any(|(named, _)| *named == rule) || level.value >= rule.level {
                continue;
            }
            if !self.policy.lowered.iter().any(|(lowered, _)| *lowered == rule) {
                self.policy.lowered.push((rule, level.value));
            }
            *level = Set { value: rule.level, place, binding: false };
        }
    }

    /// Names the policy after its main file.
    pub(super) fn name(&mut self, name: &str) {
        name.clone_into(&mut self.policy.name);
        self.policy.built_in = false;
    }

    /// Refuses keys that something below has declared final.
    fn hold_finals(&mut self, layer: &Layer) {
        for (key, place) in &layer.keys {
            let accumulates = keys::find(key).is_some_and(|k| k.composes == Composes::Accumulates);
            let holds =
                |held: &str| key == held || key.strip_prefix(held).is_some_and(|rest| rest.starts_with('.'));
            if let Some(held) = self.finals.iter().find(|f| holds(&f.value) && !accumulates) {
                let by = held.place.as_ref().map_or(STRICT, |place| &place.file.path);
                self.problems.push(
                    Problem::new(format!("`{key}` is final in `{by}`"))
                        .at(place.clone(), "so it cannot be set here")
                        .fix(format!("remove it, or ask whoever keeps `{by}`")),
                );
            }
        }
    }
}

/// What the overlays of `policy` ask of lockfiles that it leaves out; `None` where they ask nothing of those.
fn beyond(policy: &Policy) -> Option<Policy> {
    let overlays = &policy.overlays;
    if overlays.is_empty() {
        return None;
    }
    let mut composer = Composer::new(keys::SCHEMA);
    let base = &mut composer.policy;
    base.name.clone_from(&policy.name);
    base.max_waiver.clone_from(&policy.max_waiver);
    base.git_reference.value = GitReferencePolicy::Any;
    base.algorithms.value = Algorithm::STRONG.to_vec();
    for (_, level) in &mut base.levels {
        level.value = Level::Allow;
    }
    // Who asks for such a rule by its level asks for it against the sources in force.
    let of_sources = |rule: &Declaration| matches!(rule.name, "unknown-source" | "misleading-source");
    if overlays.iter().any(|layer| layer.levels.iter().any(|(rule, _)| of_sources(rule))) {
        base.sources.clone_from(&policy.sources);
    }
    base.governed.required.value = false;
    base.governed.include.clone_from(&policy.governed.include);
    base.governed.include.value = Glob::parse("**").ok().map(unset).into_iter().collect();
    let spared = overlays.iter().map(|layer| layer.exclude.clone()).collect();
    base.governed.beyond = Some(Box::new(super::Beyond { policy: policy.governed.clone(), spared }));
    for layer in overlays {
        composer.tighten(layer.clone());
    }
    composer.policy.overlays.clear();

    // What contradicts itself is a problem of the policy already.
    let mut beyond = composer.finish().ok()?;
    let mut asks = false;
    for (rule, level) in &mut beyond.levels {
        // Settings are judged once, whatever lockfile they stand beside.
        if matches!(rule.family, Family::Settings | Family::Policy) {
            level.value = Level::Allow;
        }
        asks |= level.value > Level::Allow;
    }
    // Who asks something of a lockfile asks that it can be read.
    for (rule, level) in beyond.levels.iter_mut().filter(|(rule, _)| rule.floor == Level::Deny) {
        level.value = rule.level;
    }
    asks.then_some(beyond)
}

/// The rules that a layer asks for by other values than their levels, and where.
fn asked(layer: &Layer) -> Vec<(&'static str, Option<Place>)> {
    let mut asked: Vec<(&'static str, Option<Place>)> = Vec::new();
    let mut ask = |place: Option<&Option<Place>>, rules: &[&'static str]| {
        if let Some(place) = place {
            asked.extend(rules.iter().map(|rule| (*rule, place.clone())));
        }
    };
    ask(layer.bans.first().map(|ban| &ban.place), &["banned-version"]);
    ask(layer.binds.first().map(|bind| &bind.place), &["unbound-source"]);
    let sources = ["unknown-source", "misleading-source", "redirected-source", "replaced-package"];
    ask(layer.sources.first().map(|(_, list)| &list.place), &sources);
    ask(layer.min_age.as_ref().map(|set| &set.place), &["too-new"]);
    ask(layer.sdist.as_ref().map(|list| &list.place), &["source-build"]);
    ask(layer.git_reference.as_ref().map(|set| &set.place), &["unpinned-revision"]);
    ask(layer.algorithms.as_ref().map(|set| &set.place), &["missing-hash", "weak-hash"]);
    let required = layer.required.as_ref().filter(|set| set.value);
    ask(required.map(|set| &set.place), &["missing-lockfile"]);
    let settings = ["redirected-source", "replaced-package", "hijacked-tool", "disarmed-check"];
    ask(layer.settings.as_ref().map(|list| &list.place), &settings);
    asked
}

fn unset<T>(value: T) -> Set<T> {
    Set { value, place: None, binding: false }
}

fn allow_list((ecosystem, list): (Ecosystem, Set<Vec<Set<super::SourcePattern>>>)) -> AllowList {
    AllowList { ecosystem, patterns: list.value, place: list.place, binding: list.binding }
}

fn replace<T>(base: &mut Set<T>, new: Option<Set<T>>) {
    if let Some(new) = new {
        *base = new;
    }
}

/// The level of a rule; every rule has one from the beginning.
fn level_of<'a>(
    levels: &'a mut Vec<(&'static Declaration, Set<Level>)>,
    rule: &'static Declaration,
) -> &'a mut Set<Level> {
    let at = levels.iter().position(|(r, _)| *r == rule).unwrap_or_else(|| {
        levels.push((rule, unset(rule.level)));
        levels.len() - 1
    });
    #[expect(clippy::indexing_slicing, reason = "the position was found or made just now")]
    &mut levels[at].1
}

/// Whether the first is stricter than the second.
type Stricter<T> = fn(&T, &T) -> bool;

fn more<T: PartialOrd>(a: &T, b: &T) -> bool {
    a > b
}

fn fewer<T: PartialOrd>(a: &T, b: &T) -> bool {
    a < b
}

/// A prohibition that is inherited can be made stricter, except that the built-in one is only a default.
fn inherit_strict<T>(
    base: &mut Set<T>,
    new: Option<Set<T>>,
    key: &str,
    stricter: Stricter<T>,
    problems: &mut Vec<Problem>,
) {
    let Some(new) = new else { return };
    let default = base.place.as_ref().is_none_or(|place| place.file.path == STRICT);
    if default || !stricter(&base.value, &new.value) {
        *base = new;
    } else {
        problems.push(looser(key, new.place.as_ref(), base.place.as_ref()));
    }
}

/// As [`inherit_strict`], where nothing is asked to begin with.
fn inherit_optional<T: PartialOrd>(
    base: &mut Option<Set<T>>,
    new: Option<Set<T>>,
    key: &str,
    problems: &mut Vec<Problem>,
) {
    match base {
        Some(base) => inherit_strict(base, new, key, more, problems),
        None => *base = new,
    }
}

/// The greater value counts.
fn stricter_of<T: PartialOrd>(base: &mut Option<Set<T>>, new: Option<Set<T>>) {
    let Some(new) = new else { return };
    match base {
        Some(base) if base.value > new.value => {}
        Some(base) => {
            let binding = base.binding || new.binding;
            *base = Set { binding, ..new };
        }
        None => *base = Some(new),
    }
}

/// The stricter value counts. One that is looser than the policy in force *and* than the built-in one
/// cannot have been meant to tighten.
fn tighten<T: PartialEq>(
    base: &mut Set<T>,
    new: Option<Set<T>>,
    key: &str,
    built_in: &T,
    stricter: Stricter<T>,
    problems: &mut Vec<Problem>,
) {
    let Some(new) = new else { return };
    if stricter(&base.value, &new.value) {
        if stricter(built_in, &new.value) {
            problems.push(looser(key, new.place.as_ref(), base.place.as_ref()));
        }
    } else {
        let binding = base.binding || new.binding;
        *base = Set { binding, ..new };
    }
}

fn looser(key: &str, place: Option<&Place>, base: Option<&Place>) -> Problem {
    let by = base.map_or(STRICT, |place| &place.file.path);
    let problem = Problem::new(format!("`{key}` is looser than what `{by}` asks for"));
    let problem = match place {
        Some(place) => problem.at(place.clone(), "this would loosen the policy"),
        None => problem,
    };
    problem.fix(format!("remove the line: `{by}` holds"))
}

fn intersect(base: &mut Set<Vec<Algorithm>>, new: Set<Vec<Algorithm>>, problems: &mut Vec<Problem>) {
    let both: Vec<_> = base.value.iter().copied().filter(|a| new.value.contains(a)).collect();
    if both.is_empty()
        && let Some(place) = new.place
    {
        problems.push(
            Problem::new("no digest would count any more")
                .at(place, "none of these is allowed by the policy beneath")
                .fix("name an algorithm that both allow"),
        );
    } else if both.len() < base.value.len() || new.binding {
        *base = Set { value: both, place: new.place, binding: base.binding || new.binding };
    }
}
