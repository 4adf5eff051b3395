use super::{LockfileContext, Sink, tool};
use crate::model::{
    Algorithm, ArtifactRef, Declaration, Digest, Family, Finding, Judge, Level, Subject, WaiverNames,
};

pub(super) static RULE: Declaration = Declaration {
    name: "weak-hash",
    family: Family::Hashes,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Digest,
    summary: "A digest is of an algorithm that proves nothing",
    why: "Two files with one md5 or sha1 can be made to order, so such a digest does not say which bytes were \
          reviewed. Beside a strong digest it does harm: pip, and uv for `pylock.toml`, take a file as soon as \
          any one of the digests fits. An entry whose md5 is right and whose sha256 is wrong is installed by \
          both, and everybody who reads the file sees a sha256.",
    fix: "Lock the package again from an index that serves sha256, and remove the weak digest. If the index \
          serves nothing better, mirror the package to one that does.",
    accepted_by: "pip 26.3 (`#md5=…&sha256=…` in a URL, `pylock.toml` with both), uv 0.13 (the same, and \
                  `--hash=md5:…` beside `--hash=sha256:…`), Poetry 2.5 (entries that have md5 alone)",
    incident: None,
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let allowed = &context.policy.algorithms;
    let counts = |digest: &Digest| allowed.value.contains(&digest.algorithm);
    for artifact in context.lockfile.packages().flat_map(crate::model::PackageRef::artifacts) {
        let strong = artifact.digests().iter().find(|d| counts(d));
        for digest in artifact.digests().iter().filter(|d| !counts(d)) {
            // One that is strong and not accepted weakens only what stands beside it.
            if digest.algorithm.is_weak() || (strong.is_some() && digest.algorithm.is_strong()) {
                let place = allowed.place.clone();
                let judge =
                    place.map(|place| Judge { place, says: "only these algorithms count".to_owned() });
                sink.push(finding(artifact, digest, strong).judge(judge));
            }
        }
    }
}

fn finding(artifact: ArtifactRef<'_>, digest: &Digest, beside: Option<&Digest>) -> Finding {
    let name = digest.algorithm.name();
    let title = format!("{} is locked by {name}, which the policy does not accept", artifact.label());
    let label = match beside {
        // Poetry compares the strongest of several.
        Some(_) if tool::owner(artifact.package.lockfile) == "poetry" => "it proves nothing".to_owned(),
        Some(strong) => format!("a file that fits this {name} is taken, whatever its {}", strong.algorithm.name()),
        None if digest.algorithm == Algorithm::Md5 => "two files of one md5 are made in seconds".to_owned(),
        None => "it proves nothing".to_owned(),
    };
    let finding =
        Finding::new(&RULE, Subject::digest(artifact, digest), artifact.package.at(digest.hex.place), title)
            .label(label)
            .cause(format!("digests are of {name}, which the policy does not accept"))
            .chain(artifact.package.chain());
    match (beside, tool::relock(artifact.package)) {
        (Some(_), _) => finding.fix(format!("remove the {name}: the strong digest is enough")),
        (None, Some(relock)) => finding.paste("lock it again from an index that serves sha256", relock),
        (None, None) => finding.fix("lock it again from an index that serves sha256"),
    }
}
