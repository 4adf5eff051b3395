use std::collections::HashMap;

use super::{ProjectContext, Sink};
use crate::model::{Algorithm, Declaration, Digest, Family, Finding, Level, PackageRef, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "conflicting-hash",
    family: Family::Hashes,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Digest,
    summary: "Two lockfiles disagree on the digest of one artifact",
    why: "A registry never replaces a published artifact, so one file of one version has one digest. If two \
          lockfiles of a repository record different ones, one of them was written against altered bytes, or \
          was altered itself. Each on its own looks healthy.",
    fix: "Stop, and keep both files. Compare both digests with the registry's own index, find out when the \
          wrong one came in, and treat every machine that built with it as suspect. Locking again would only \
          hide the evidence.",
    accepted_by: "cargo 1.95 with `--locked` (each lockfile is looked at alone), cargo-deny 0.20, cargo-vet \
                  0.10, cargo-audit 0.22",
    incident: None,
};

/// One artifact; two spellings of its source are one.
#[derive(PartialEq, Eq, Hash)]
struct Artifact<'a> {
    source: &'a str,
    name: &'a str,
    version: &'a str,
    algorithm: Algorithm,
}

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    let keys: Vec<Vec<String>> =
        context.lockfiles.iter().map(|l| l.sources.iter().map(crate::model::Source::key).collect()).collect();
    let mut first: HashMap<Artifact<'_>, (PackageRef<'_>, &str)> = HashMap::new();
    for (lockfile, keys) in context.lockfiles.iter().zip(&keys) {
        for package in lockfile.packages() {
            let Some(source) = package.package.source.and_then(|s| keys.get(s.id as usize)) else { continue };
            let Some(version) = package.version() else { continue };
            for digest in package.digests() {
                let artifact =
                    Artifact { source, name: package.name(), version, algorithm: digest.algorithm };
                let hex = lockfile.text(digest.hex);
                let (other, known) = *first.entry(artifact).or_insert((package, hex));
                // Upper case is another oddity, not another digest.
                if !known.eq_ignore_ascii_case(hex) {
                    sink.push(finding(package, digest, hex, other, known));
                }
            }
        }
    }
}

fn finding(
    package: PackageRef<'_>,
    digest: &Digest,
    hex: &str,
    other: PackageRef<'_>,
    known: &str,
) -> Finding {
    let mut subject = Subject::package(package);
    subject.digest = Some(format!("{}:{hex}", digest.algorithm.name()));
    let elsewhere = other.digests().first().map_or(other.package.name.place, |d| d.hex.place);
    Finding::new(
        &RULE,
        subject,
        package.at(digest.hex.place),
        format!("`{}` has another checksum here than in `{}`", package.label(), other.lockfile.file.path),
    )
    .label(format!("`{hex}` here"))
    .related(other.at(elsewhere), format!("`{known}` there"))
    .chain(package.chain())
    .fix("stop and keep both lockfiles: one of them records altered bytes; compare both with the registry's index")
}
