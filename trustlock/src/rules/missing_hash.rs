use super::{LockfileContext, Sink, tool};
use crate::lockfile::requirements;
use crate::model::{
    ArtifactRef, Declaration, Digest, Ecosystem, Family, Finding, Judge, Level, PackageRef, Source, Subject, WaiverNames,
};

pub(super) static RULE: Declaration = Declaration {
    name: "missing-hash",
    family: Family::Hashes,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A package from a registry has no digest, so any bytes may enter under its name",
    why: "A version names bytes only together with a digest, and every file of a package needs its own: a \
          wheel's does not cover the sdist that is built where no wheel fits. uv installs entries of `uv.lock` \
          that have no `hash`, with `--locked` too; Poetry checks nothing where `files` is empty. Without \
          `--locked`, cargo fills in a missing \
          checksum with whatever the registry, mirror or cache serves that day, and says nothing. A vendored \
          package whose `.cargo-checksum.json` says `\"package\":null` builds even with `--locked` once the \
          lockfile's line is gone.",
    fix: "Restore the digest from a commit that you trust. If there is none, lock the package again from its \
          own registry into an empty cache, compare, and commit the line that the tool writes. An index that \
          serves no digests cannot be verified: mirror what you take from it.",
    accepted_by: "uv 0.13 (`uv lock --check`, `uv sync --locked` and `--frozen`), Poetry 2.5, pip 26.3 without \
                  `--require-hashes`; cargo 1.95 (refills it; with `--locked` too when the package is vendored), cargo-deny 0.20, \
                  cargo-vet 0.10, cargo-audit 0.22",
    incident: None,
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    // What only constrains installs nothing, and what a constraint file gives a digest has one.
    if context.lockfile.constrains {
        return;
    }
    // A file that is downloaded needs a digest, also where the entry names a folder.
    let downloads = |p: &PackageRef<'_>| {
        p.source().is_some_and(Source::has_archives) || p.artifacts().any(|artifact| artifact.url().is_some())
    };
    let packages = context.lockfile.packages().filter(downloads);
    let packages = packages.filter(|p| !p.backing().is_some_and(|backing| backing.digest));
    for artifact in packages.flat_map(crate::model::PackageRef::artifacts) {
        if let Some(finding) = judge(context, artifact) {
            sink.push(finding.chain(artifact.package.chain()));
        }
    }
}

fn judge(context: &LockfileContext<'_>, artifact: ArtifactRef<'_>) -> Option<Finding> {
    let allowed = &context.policy.algorithms.value;
    let digests = artifact.digests();
    let proves = |digest: &Digest| digest.algorithm.is_strong() && !allowed.contains(&digest.algorithm);
    if digests.iter().any(|d| allowed.contains(&d.algorithm)) {
        None
    } else if let Some(digest) = digests.iter().find(|d| proves(d)) {
        Some(not_accepted(context, artifact, digest))
    } else if digests.iter().any(|d| d.algorithm.is_weak()) {
        // What stands there proves nothing, and `weak-hash` says so.
        None
    } else {
        Some(missing(context, artifact))
    }
}

fn not_accepted(context: &LockfileContext<'_>, artifact: ArtifactRef<'_>, digest: &Digest) -> Finding {
    let place = context.policy.algorithms.place.clone();
    let judge = place.map(|place| Judge { place, says: "only these algorithms count".to_owned() });
    Finding::new(
        &RULE,
        Subject::artifact(artifact),
        artifact.package.at(digest.hex.place),
        format!("{} has no digest that the policy accepts", artifact.label()),
    )
    .label(format!("this is {}", digest.algorithm.name()))
    .cause("packages have no digest that the policy accepts")
    .judge(judge)
    .fix(match artifact.package.ecosystem() {
        Ecosystem::Cargo => "`Cargo.lock` knows sha256 alone: allow it in `[hashes] algorithms`".to_owned(),
        Ecosystem::Pypi => format!("allow {} in `[hashes] algorithms`", digest.algorithm.name()),
    })
}

fn missing(context: &LockfileContext<'_>, artifact: ArtifactRef<'_>) -> Finding {
    let package = artifact.package;
    let (word, cause) = match (package.ecosystem(), artifact.artifact) {
        (Ecosystem::Cargo, _) => ("checksum", "packages have no checksum"),
        (Ecosystem::Pypi, None) => ("digest", "packages have no digest"),
        (Ecosystem::Pypi, Some(_)) => ("digest", "files have no digest"),
    };
    let finding = Finding::new(
        &RULE,
        Subject::artifact(artifact),
        artifact.place(),
        format!("{} has no {word}", artifact.label()),
    )
    .label(if artifact.artifact.is_some() {
        "any bytes of that name are accepted"
    } else {
        "any bytes of that name and version are accepted"
    })
    .cause(cause);
    let lockfile = context.lockfile;
    // Only requirements files may never have had any.
    if lockfile.digest_count() > 0 || lockfile.format.name != requirements::READER.name {
        let lost = artifact.filename().unwrap_or(package.name());
        return finding.paste(
            "restore the line from a commit that you trust; to see where it was lost",
            tool::history(package, lost),
        );
    }
    // Nobody has promised digests for this file, unless a compiler wrote it or the policy names it.
    let promised = lockfile.expects_digests || context.policy.governed.names(&lockfile.file.path);
    finding
        .fix(
            "let a compiler write them: `pip-compile --generate-hashes`, or `uv pip compile --generate-hashes`; \
             pip then refuses whatever has none",
        )
        .at_most(if promised { Level::Deny } else { Level::Warn })
}
