use super::{Sink, WaiverContext};
use crate::model::{Declaration, Family, Finding, Level, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "expired-waiver",
    family: Family::Policy,
    level: Level::Deny,
    floor: Level::Warn,
    waiver: WaiverNames::Never,
    summary: "A waiver's last day has passed, or comes within 14 days",
    why: "An exception without an end becomes the rule. On the day after `expires` a waiver lifts nothing any \
          more, so the question is asked again while somebody still remembers the answer. For 14 days before \
          that day it is a warning, so that nobody's build turns red overnight.",
    fix: "Remove the waiver together with what it excuses, or review it again and move `expires`, at most \
          `max-waiver` ahead.",
    accepted_by: "cargo-deny 0.20 and cargo-vet 0.10 know no date for an exception",
    incident: None,
};

/// How many days ahead people are warned.
const SOON: i64 = 14;

pub(super) fn check(context: &WaiverContext<'_>, sink: &mut Sink<'_>) {
    for used in context.uses {
        let waiver = used.waiver;
        let days = context.today.duration_until(waiver.expires).as_hours() / 24;
        // That a waiver can go is said by `unused-waiver`.
        let needed = used.found > 0 || !context.complete;
        let (title, label, level) = match days {
            ..0 => (format!("a waiver of `{}` has expired", waiver.rule.name), "it lifts nothing any more".into(), Level::Deny),
            0 if needed => (
                format!("a waiver of `{}` expires today", waiver.rule.name),
                "its last day".to_owned(),
                Level::Warn,
            ),
            1..=SOON if needed => (
                format!("a waiver of `{}` expires soon", waiver.rule.name),
                if days == 1 { "tomorrow is its last day".to_owned() } else { format!("{days} days are left") },
                Level::Warn,
            ),
            _ => continue,
        };
        let fix = if used.found == 0 && context.complete {
            "remove it: nothing needs it any more".to_owned()
        } else {
            format!("mend what it excuses, or review it with its owner ({}) and move the day", waiver.owner)
        };
        sink.push(
            Finding::new(&RULE, Subject::default(), waiver.expires_place.clone(), title)
                .label(label)
                .fix(fix)
                .at_most(level),
        );
    }
}
