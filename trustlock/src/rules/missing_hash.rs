use super::{LockfileContext, Sink};
use crate::model::{Declaration, Family, Finding, Judge, Level, PackageRef, Source, Subject, WaiverNames};
use crate::text::shell;

pub(super) static RULE: Declaration = Declaration {
    name: "missing-hash",
    family: Family::Hashes,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A package from a registry has no digest, so any bytes may enter under its name",
    why: "A version names bytes only together with a digest. Without `--locked`, cargo fills in a missing \
          checksum with whatever the registry, mirror or cache serves that day, and says nothing. A vendored \
          package whose `.cargo-checksum.json` says `\"package\":null` builds even with `--locked` once the \
          lockfile's line is gone.",
    fix: "Restore the checksum from a commit that you trust. If there is none, let cargo fetch the package \
          from its registry into an empty cargo home, compare, and commit the line it writes.",
    accepted_by: "cargo 1.95 (refills it; with `--locked` too when the package is vendored), cargo-deny 0.20, \
                  cargo-vet 0.10, cargo-audit 0.22",
    incident: None,
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let allowed = &context.policy.algorithms;
    let unproven = |package: &PackageRef<'_>| {
        package.source().is_some_and(Source::is_registry)
            && !package.digests().iter().any(|d| allowed.value.contains(&d.algorithm))
    };
    for package in context.lockfile.packages().filter(unproven) {
        let finding = match package.digests() {
            [] => missing(package),
            [digest, ..] => {
                let title = format!("`{}` has no digest that the policy accepts", package.label());
                let says = || "only these algorithms count".to_owned();
                let judge = allowed.place.clone().map(|place| Judge { place, says: says() });
                Finding::new(&RULE, Subject::package(package), package.at(digest.hex.place), title)
                    .label(format!("this is {}", digest.algorithm.name()))
                    .cause("packages have no digest that the policy accepts")
                    .judge(judge)
                    .fix("`Cargo.lock` knows sha256 alone: allow it in `[hashes] algorithms`")
            }
        };
        sink.push(finding.chain(package.chain()));
    }
}

fn missing(package: PackageRef<'_>) -> Finding {
    let title = format!("`{}` has no checksum", package.label());
    let (name, file) = (shell::quote(package.name()), shell::quote(&package.lockfile.file.path));
    Finding::new(&RULE, Subject::package(package), package.name_place(), title)
        .label("any bytes of that name and version are accepted")
        .cause("packages have no checksum")
        .paste(
            "restore the line from a commit that you trust; to see where it was lost",
            format!("git log -p -S {name} -- {file}"),
        )
}
