use super::{LockfileContext, Sink, tool};
use crate::model::{Declaration, Family, Finding, Level, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "unenforced-hash",
    family: Family::Hashes,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Digest,
    summary: "A digest stands in the lockfile, but the tool that reads the file never compares it",
    why: "A digest that nobody compares looks like protection in every review and is none. PDM reads files of \
          lock version 4.0 and loads no digest from their `[metadata.files]`; pipenv drops the digests of \
          `file`, `path` and git entries when it hands them to pip; uv ignores digests in `pylock.toml` whose \
          algorithm is spelt in a way that it does not know.",
    fix: "Let a current version of the tool write the lockfile again, or name the package so that its digest \
          counts: from an index in place of a URL, for instance.",
    accepted_by: "PDM 2.29, pipenv 2026.10, uv 0.13: each installs whatever bytes it gets",
    incident: None,
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    for artifact in context.lockfile.packages().flat_map(crate::model::PackageRef::artifacts) {
        for digest in artifact.digests() {
            let Some(why) = digest.idle else { continue };
            let owner = tool::owner(context.lockfile);
            sink.push(
                Finding::new(
                    &RULE,
                    Subject::digest(artifact, digest),
                    artifact.package.at(digest.hex.place),
                    format!("{owner} never compares this digest of {}", artifact.label()),
                )
                .label(why)
                .cause(format!("digests are never compared: {why}"))
                .chain(artifact.package.chain())
                .fix(RULE.fix),
            );
        }
    }
}
