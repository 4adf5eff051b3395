use super::{LockfileContext, Sink, tool};
use crate::model::{
    Declaration, Family, Finding, Judge, Level, PackageRef, Source, SourceKind, Subject, WaiverNames,
};
use crate::policy::{Ban, Set};

pub(super) static RULE: Declaration = Declaration {
    name: "banned-version",
    family: Family::Versions,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A package is locked to a version that the policy bans",
    why: "When a release turns out to be malicious, the registry takes it down, but mirrors, caches and \
          lockfiles keep it. One line in the policy, or in an overlay that a machine's owner gives to every \
          run, keeps it out everywhere at once. A ban without `source` holds wherever the package comes from, \
          forks and mirrors included; pre-releases within its bounds are banned too.",
    fix: "Lock another version. If code of the banned one may have run, follow the link in the finding first.",
    accepted_by: "cargo 1.95 with `--locked`, for versions that were not yanked and those that were",
    incident: Some(
        "arrayref 0.3.10 (August 2026) was live for 86 minutes, pulled in a typosquat that ran a payload at \
         build time, and reached committed lockfiles.",
    ),
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    if context.policy.bans.is_empty() {
        return;
    }
    for package in context.lockfile.packages() {
        let mut bans = context.policy.bans_of(package.ecosystem(), package.name(), package.version());
        if let Some(ban) = bans.find(|ban| reaches(&ban.value, package.source())) {
            sink.push(finding(package, ban));
        }
    }
}

/// Without a source it means third-party code from anywhere; the workspace's own is the owner's.
fn reaches(ban: &Ban, source: Option<&Source>) -> bool {
    match &ban.source {
        Some(pattern) => pattern.matches(source),
        None => source.is_some_and(|s| s.kind != SourceKind::Path && !s.is_folder()),
    }
}

fn finding(package: PackageRef<'_>, set: &Set<Ban>) -> Finding {
    let ban = &set.value;
    let says = format!("banned: {}", ban.reason);
    let finding = Finding::new(
        &RULE,
        Subject::package(package),
        package.version_place(),
        format!("`{}` is banned: {}", package.label(), ban.reason),
    )
    .label(format!("`{}` must not enter", ban.package.as_str()))
    .judge(set.place.clone().map(|place| Judge { place, says }))
    .chain(package.chain());
    let finding = match &ban.url {
        Some(url) => finding.fix(format!("read {url}")),
        None => finding,
    };
    let fix = "lock another version";
    match tool::lock_version(package) {
        Some(paste) => finding.paste(fix, paste),
        None => finding.fix(fix),
    }
}
