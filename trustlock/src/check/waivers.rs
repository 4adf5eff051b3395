//! Lifting findings that waivers excuse: per place, before anything is grouped.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::{Finding, Level, Problem, Waived, WaiverNames};
use crate::policy::{Names, Policy, Waiver};
use crate::rules::{Check, RULES, Sink, WaiverContext, WaiverUse};

/// What is left when waivers have been applied.
#[derive(Debug, Default)]
pub(super) struct Applied {
    /// Findings that hold, those of the rules over waivers among them.
    pub(super) findings: Vec<Finding>,
    /// Findings that are lifted.
    pub(super) waived: Vec<Waived>,
    /// Waivers that promise more than the policy lets them.
    pub(super) problems: Vec<Problem>,
}

/// Lifts what the waivers of `policy` excuse on the day `today`, and judges the waivers themselves.
/// `complete` says whether everything that the policy governs was looked at: only then can a waiver be
/// called unused.
pub(super) fn apply(findings: Vec<Finding>, policy: &Policy, today: Date, complete: bool) -> Applied {
    let mut applied = Applied::default();
    let mut waivers: Vec<Active<'_>> = policy.waivers.iter().map(|w| Active::new(w, policy, today)).collect();
    applied.problems.extend(waivers.iter().filter(|w| w.state == State::TooLong).map(|w| w.too_long(policy)));

    let index = Index::new(&policy.waivers);
    // What baselines could lift waits until it is counted.
    let mut counted = Vec::new();
    for finding in findings {
        match judge(&finding, &index.candidates(&finding, &policy.waivers), &mut waivers, policy) {
            Verdict::Holds(why) => applied.findings.push(why.onto(finding)),
            Verdict::Lifted(waiver) => applied.waived.push(lifted(finding, waiver)),
            Verdict::Counted(index) => counted.push((index, finding)),
        }
    }
    for (index, finding) in counted {
        let Some(active) = waivers.get(index) else { continue };
        match &active.waiver.max {
            Some((max, place)) if active.found > *max => {
                let label = format!("lifts at most {max} of these, and there are {}", active.found);
                applied.findings.push(finding.related(place.clone(), label));
            }
            _ => applied.waived.push(lifted(finding, active.waiver)),
        }
    }

    // One that does not count at all is a problem already.
    let counting = waivers.iter().filter(|w| w.state != State::TooLong);
    let uses: Vec<_> = counting.map(|w| WaiverUse { waiver: w.waiver, found: w.found }).collect();
    let context = WaiverContext { uses: &uses, policy, today, complete };
    for rule in RULES.iter().filter(|rule| policy.level(rule.declaration).value > Level::Allow) {
        if let Check::Waivers(check) = rule.check {
            let mut sink = Sink::new(rule.declaration, policy);
            check(&context, &mut sink);
            applied.findings.extend(sink.findings);
        }
    }
    applied
}

/// Finds the waivers that could speak of a finding without asking each.
struct Index {
    /// Those that name a package.
    named: Names,
    /// The others, by rule.
    others: HashMap<&'static str, Vec<usize>>,
}

impl Index {
    fn new(waivers: &[Waiver]) -> Self {
        let named = (0..).zip(waivers).filter_map(|(at, w)| Some((at, w.package.as_ref()?)));
        let mut others: HashMap<_, Vec<_>> = HashMap::new();
        for (at, waiver) in (0..).zip(waivers).filter(|(_, w)| w.package.is_none()) {
            others.entry(waiver.rule.name).or_default().push(at);
        }
        Self { named: Names::new(named), others }
    }

    /// Their positions; a waiver of one thing lifts it before a baseline counts it.
    fn candidates(&self, finding: &Finding, waivers: &[Waiver]) -> Vec<usize> {
        let package = finding.subject.package.as_ref();
        let mut found =
            package.map(|(ecosystem, name, _)| self.named.of(*ecosystem, name)).unwrap_or_default();
        found.extend(self.others.get(finding.rule.name).into_iter().flatten());
        found.sort_by_key(|at| (waivers.get(*at).is_some_and(|w| w.max.is_some()), *at));
        found
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Holds,
    Expired,
    /// It expires later than the policy allows, so it does not count at all.
    TooLong,
}

struct Active<'a> {
    waiver: &'a Waiver,
    state: State,
    found: usize,
}

impl<'a> Active<'a> {
    fn new(waiver: &'a Waiver, policy: &Policy, today: Date) -> Self {
        let latest = today.saturating_add(i64::from(policy.max_waiver.value).days());
        let state = if waiver.expires < today {
            State::Expired
        } else if waiver.expires > latest {
            State::TooLong
        } else {
            State::Holds
        };
        Self { waiver, state, found: 0 }
    }

    fn too_long(&self, policy: &Policy) -> Problem {
        let most = policy.max_waiver.value;
        Problem::new(format!("a waiver of `{}` expires too far ahead", self.waiver.rule.name))
            .at(self.waiver.expires_place.clone(), format!("at most {most} days are allowed"))
            .fix("choose an earlier day; `max-waiver` of the policy says how far ahead it may be")
    }
}

enum Verdict<'a> {
    Holds(Why<'a>),
    Lifted(&'a Waiver),
    /// By the baseline of that index, if its count allows.
    Counted(usize),
}

/// Why a waiver that speaks of a finding does not lift it.
enum Why<'a> {
    Unspoken,
    Expired(&'a Waiver),
    Binding(&'a Waiver),
}

impl Why<'_> {
    fn onto(self, finding: Finding) -> Finding {
        match self {
            Self::Unspoken => finding,
            Self::Expired(waiver) => {
                let label = format!("this waiver expired on {}", waiver.expires);
                finding.related(waiver.expires_place.clone(), label)
            }
            Self::Binding(waiver) => {
                finding.related(waiver.place.clone(), "this waiver does not lift what an overlay forbids")
            }
        }
    }
}

fn judge<'a>(
    finding: &Finding,
    candidates: &[usize],
    waivers: &mut [Active<'a>],
    policy: &Policy,
) -> Verdict<'a> {
    let mut why = Why::Unspoken;
    let binding = is_binding(finding, policy);
    for &index in candidates {
        let Some(active) = waivers.get_mut(index) else { continue };
        if !active.waiver.covers(finding, policy) {
            continue;
        }
        active.found += 1;
        if binding {
            why = Why::Binding(active.waiver);
        } else if active.state == State::Expired {
            why = Why::Expired(active.waiver);
        } else if active.state == State::Holds && active.waiver.max.is_some() {
            return Verdict::Counted(index);
        } else if active.state == State::Holds {
            let waiver = active.waiver;
            note_others(finding, candidates, index, waivers, policy);
            return Verdict::Lifted(waiver);
        }
    }
    Verdict::Holds(why)
}

/// Another waiver of the same finding is not unused because this one came first; a baseline is, for
/// what it need not lift does not count.
fn note_others(
    finding: &Finding,
    candidates: &[usize],
    lifting: usize,
    waivers: &mut [Active<'_>],
    policy: &Policy,
) {
    let later = candidates.iter().skip_while(|index| **index != lifting).skip(1);
    for &index in later {
        if let Some(active) = waivers.get_mut(index)
            && active.waiver.max.is_none()
            && active.waiver.covers(finding, policy)
        {
            active.found += 1;
        }
    }
}

/// Whether no waiver of the repository can lift it: the rule speaks of the policy itself, or an overlay
/// that is not waivable asks for it, by the line that judges or for the whole rule.
fn is_binding(finding: &Finding, policy: &Policy) -> bool {
    let in_force = finding.subject.lockfile.as_deref().map_or(policy, |path| policy.for_lockfile(path));
    finding.rule.waiver == WaiverNames::Never
        || in_force.binds_rule(finding.rule)
        || finding.judge.as_ref().is_some_and(|judge| policy.is_binding(&judge.place))
}

fn lifted(finding: Finding, waiver: &Waiver) -> Waived {
    Waived { finding, waiver: waiver.place.clone(), reason: waiver.reason.clone() }
}

#[cfg(test)]
mod tests;
