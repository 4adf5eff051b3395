use super::{LockfileContext, Sink, tool};
use crate::model::{
    Declaration, Ecosystem, Family, Finding, Judge, Level, PackageRef, ReferenceKind, Source, SourceKind, Subject, WaiverNames,
};
use crate::policy::GitReferencePolicy;
use crate::text::shell;

pub(super) static RULE: Declaration = Declaration {
    name: "unpinned-revision",
    family: Family::Versions,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Source,
    summary: "A git dependency is not locked to one full commit, or names less than the policy wants",
    why: "A branch moves, and so does a tag: whoever can push decides what the next build contains. Only a \
          full commit pins anything. The policy may also ask that the manifest itself names a tag or a \
          revision (`[versions] git-reference`), so that an update of the lockfile cannot move it.",
    fix: "Lock the full commit (`cargo update -p NAME --precise COMMIT`), and name it in the manifest as \
          `rev = \"COMMIT\"` where the policy asks for that.",
    accepted_by: "cargo 1.95 without `--locked` (a missing commit is resolved anew)",
    incident: Some(
        "In March 2025 (tj-actions) and March 2026 (trivy-action, 76 tags) existing git tags were moved to \
         commits of an attacker; everything that named a tag took them.",
    ),
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    for package in context.lockfile.packages().chain(context.lockfile.unused()) {
        let Some(source) = package.source() else { continue };
        let SourceKind::Git { commit, .. } = &source.kind else { continue };
        let finding = if commit.as_deref().is_some_and(is_full) {
            loose(context, package, source)
        } else {
            Some(unpinned(package, commit.as_deref()))
        };
        if let Some(finding) = finding {
            sink.push(finding.chain(package.chain()));
        }
    }
}

/// A full SHA-1 or SHA-256 object name.
fn is_full(commit: &str) -> bool {
    matches!(commit.len(), 40 | 64) && commit.bytes().all(|b| b.is_ascii_hexdigit())
}

fn unpinned(package: PackageRef<'_>, commit: Option<&str>) -> Finding {
    let label = match commit {
        Some(commit) => format!("`{commit}` is no full commit: 40 or 64 hex digits"),
        None if package.ecosystem() == Ecosystem::Cargo => "no commit after `#`".to_owned(),
        None => "no commit is locked".to_owned(),
    };
    let finding = Finding::new(
        &RULE,
        Subject::package(package),
        package.source_place(),
        format!("`{}` is not locked to a commit", package.label()),
    )
    .label(label)
    .cause("git packages are not locked to a commit");
    match package.ecosystem() {
        Ecosystem::Cargo => finding.paste(
            "lock one that you have reviewed",
            tool::cargo_update(package.lockfile, &format!("-p {} --precise COMMIT", shell::quote(package.name()))),
        ),
        Ecosystem::Pypi => finding.fix("name a full commit that you have reviewed: `…@COMMIT` or `rev = \"COMMIT\"`"),
    }
}

/// What the manifest asked for is less than the policy wants.
fn loose(context: &LockfileContext<'_>, package: PackageRef<'_>, source: &Source) -> Option<Finding> {
    let wanted = &context.policy.git_reference;
    let named = source.reference();
    let kind = named.map(|r| r.kind);
    let enough = match wanted.value {
        GitReferencePolicy::Any => true,
        GitReferencePolicy::Tag => matches!(kind, Some(ReferenceKind::Tag | ReferenceKind::Rev)),
        GitReferencePolicy::Rev => kind == Some(ReferenceKind::Rev),
    };
    if enough {
        return None;
    }
    let (word, also) = match wanted.value {
        GitReferencePolicy::Rev => ("rev", "a `rev`"),
        _ => ("tag", "a `tag` or a `rev`"),
    };
    let asked = named.map_or_else(|| "nothing".to_owned(), |r| format!("{} `{}`", r.kind.name(), r.value));
    let judge = wanted.place.clone().map(|place| Judge { place, says: format!("git dependencies must name {also}") });
    let commit = source.commit().unwrap_or_default();
    let paste = match wanted.value {
        GitReferencePolicy::Rev => format!("rev = \"{commit}\""),
        _ => "tag = \"…\"".to_owned(),
    };
    Some(
        Finding::new(
            &RULE,
            Subject::package(package),
            package.source_place(),
            format!("`{}` names {asked} where the policy wants {also}", package.label()),
        )
        .label(format!("the next update may take another commit than a {word} would"))
        .judge(judge)
        .cause(format!("git packages name no {word}"))
        .paste("name it in the manifest", paste),
    )
}
