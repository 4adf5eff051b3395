use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::{LockfileContext, Sink};
use crate::model::{
    ArtifactRef, Declaration, Family, Finding, Judge, Level, PackageRef, Source, Subject, WaiverNames,
};

pub(super) static RULE: Declaration = Declaration {
    name: "too-new",
    family: Family::Time,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A release has not been public for as long as the policy asks",
    why: "A poisoned release is taken down within hours or days, once somebody looks. Whoever waits a week \
          lets others find it: LiteLLM's two bad releases of March 2026 and arrayref's of August 2026 were all \
          gone the same day. The tools' own cooldowns hold while they resolve; what stands in a lockfile already \
          passes them.",
    fix: "Wait until the day that the finding names, or lock an older version. A release that fixes a hole \
          that concerns you is let in by a waiver. The times are those that the lockfile claims: uv and \
          `pylock.toml` record them.",
    accepted_by: "uv 0.13 (`exclude-newer` is not asked again of a locked version), cargo 1.100 \
                  (`min-publish-age` neither), pip 26.3",
    incident: Some(
        "2026-03-24, LiteLLM 1.82.7 and 1.82.8: public for some hours. 2026-08-20, arrayref 0.3.10: 86 minutes.",
    ),
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let policy = context.policy;
    let Some(age) = &policy.min_age else { return };
    let mut unknown = Vec::new();
    for package in context.lockfile.packages().filter(|p| p.source().is_some_and(Source::has_archives)) {
        if policy.is_age_exempt(package.ecosystem(), package.name(), package.version()) {
            continue;
        }
        let published = |a: ArtifactRef<'_>| Some((day(a.uploaded()?)?, a.artifact?.uploaded?.place));
        let dated: Vec<_> = package.artifacts().filter_map(published).collect();
        if let Some((newest, place)) = dated.iter().max_by_key(|(day, _)| *day) {
            // The day of the upload is not over when it begins.
            let passes = newest.saturating_add(i64::from(age.value).days()).saturating_add(1.day());
            if passes > context.today {
                let judge = judge(context, format!("a release must be {} days old", age.value));
                sink.push(finding(package, *newest, passes, package.at(*place)).judge(judge));
                continue;
            }
        }
        if dated.len() < package.artifacts().count() {
            unknown.push(package);
        }
    }
    match policy.unknown_age.as_ref().map(|set| set.value) {
        Some(Level::Allow) => {}
        None if unknown.is_empty() => {}
        None => sink.cannot_judge(
            format!(
                "`{}` does not record when its files were published; `[freshness] unknown` says what that means",
                context.lockfile.file.path
            ),
            unknown.len(),
        ),
        Some(level) => {
            for package in unknown {
                sink.push(undated(context, package).at_most(level));
            }
        }
    }
}

/// The day in UTC on which a file was published. A time without a zone is taken for UTC.
fn day(text: &str) -> Option<Date> {
    let utc = |at: Timestamp| jiff::tz::Offset::UTC.to_datetime(at).date();
    text.parse::<Timestamp>()
        .map(utc)
        .or_else(|_| text.parse::<jiff::civil::DateTime>().map(jiff::civil::DateTime::date))
        .ok()
}

fn judge(context: &LockfileContext<'_>, says: String) -> Option<Judge> {
    let place = context.policy.min_age.as_ref()?.place.clone()?;
    Some(Judge { place, says })
}

fn finding(package: PackageRef<'_>, published: Date, passes: Date, place: crate::model::Place) -> Finding {
    Finding::new(
        &RULE,
        Subject::package(package),
        place,
        format!("`{}` was published on {published}, too lately for the policy", package.label()),
    )
    .label(format!("passes on {passes}"))
    .chain(package.chain())
    .cause("releases are too new for the policy")
    .fix(format!("wait until {passes}, or lock an older version"))
}

fn undated(context: &LockfileContext<'_>, package: PackageRef<'_>) -> Finding {
    Finding::new(
        &RULE,
        Subject::package(package),
        package.version_place(),
        format!("nothing says when `{}` was published", package.label()),
    )
    .label("a file of it has no publish time in the lockfile")
    .judge(judge(context, "an age is asked for here".to_owned()))
    .chain(package.chain())
    .cause("packages have files without a publish time")
    .fix("lock again with a tool and an index that record the times, or set `[freshness] unknown`")
}
