use super::{LockfileContext, Sink};
use crate::model::{Declaration, Family, Finding, Level, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "malformed-lockfile",
    family: Family::Lockfile,
    level: Level::Deny,
    floor: Level::Deny,
    waiver: WaiverNames::Never,
    summary: "A lockfile can be read, but its tool reads it otherwise than people do",
    why: "A lockfile is reviewed as text and obeyed as data. Where the two differ, a review sees protection \
          that is not there: one `\"checksum …\"` key under `[metadata]` makes cargo discard every checksum of \
          the file, a misspelt `checksun` is ignored, a package that stands there twice is taken from either \
          entry, and one that nothing asks for is dropped.",
    fix: "Restore the file from a commit that you trust, or let the tool that owns it write it again and \
          review the difference. A character that a terminal does not show is an attack until proven \
          otherwise.",
    accepted_by: "cargo 1.95 without `--locked` (unknown keys, orphans and `[metadata]` checksums are dropped \
                  in silence), cargo-audit 0.22 (duplicates, `version = 2`), pip 26.3 (a comment \
                  or U+2028 ends a line of a requirements file where nobody sees it), uv 0.13 (`Hash` in \
                  `uv.lock`; `hashes = {}`, and a `name` that is not that of the `url`, in `pylock.toml`)",
    incident: None,
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let lockfile = context.lockfile;
    for oddity in &lockfile.oddities {
        let package = oddity.package.and_then(|index| lockfile.package(index));
        let subject = package.map_or_else(|| Subject::lockfile(&lockfile.file.path), Subject::package);
        let mut finding = Finding::new(&RULE, subject, lockfile.file.at(oddity.place), &oddity.what)
            .label(&oddity.effect)
            .fix(&oddity.help)
            .chain(package.map(crate::model::PackageRef::chain).unwrap_or_default());
        finding.cause = oddity.cause.map(str::to_owned);
        sink.push(finding);
    }
}
