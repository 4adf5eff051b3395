use super::{Sink, WaiverContext};
use crate::model::{Declaration, Family, Finding, Level, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "unused-waiver",
    family: Family::Policy,
    level: Level::Warn,
    floor: Level::Allow,
    waiver: WaiverNames::Never,
    summary: "A waiver excuses nothing, or more than is left",
    why: "A waiver that outlives its cause is an open door: the next package of that name, or the next \
          finding in that lockfile, walks through it unseen. It is said only by a run that looked at \
          everything the policy governs.",
    fix: "Remove the waiver. For a baseline, lower `max` to what is left.",
    accepted_by: "cargo-deny 0.20 reports some stale exceptions, cargo-vet 0.10 prunes its own",
    incident: None,
};

pub(super) fn check(context: &WaiverContext<'_>, sink: &mut Sink<'_>) {
    if !context.complete {
        return;
    }
    for used in context.uses {
        let waiver = used.waiver;
        let looked_at = context.policy.level(waiver.rule).value > Level::Allow;
        if !looked_at || waiver.expires < context.today {
            continue;
        }
        let finding = |place, title| Finding::new(&RULE, Subject::default(), place, title);
        match &waiver.max {
            _ if used.found == 0 => {
                let finding = finding(waiver.place.clone(), format!("this waiver of `{}` excuses nothing", waiver.rule.name))
                    .label("nothing that was looked at needs it")
                    .fix("remove it");
                sink.push(match (&waiver.package, &waiver.source) {
                    (Some(_), None) => finding.fix(
                        "or add `source`: without it, `package` means the one from crates.io, or from where its \
                         name is bound to",
                    ),
                    _ => finding,
                });
            }
            Some((max, place)) if used.found < *max => sink.push(
                finding(place.clone(), format!("this baseline of `{}` is larger than what is left", waiver.rule.name))
                    .label(format!("{} left", used.found))
                    .paste("lower it", format!("max = {}", used.found)),
            ),
            _ => {}
        }
    }
}
