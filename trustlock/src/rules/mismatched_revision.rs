use super::{LockfileContext, Sink, tool};
use crate::model::{Declaration, Ecosystem, Family, Finding, Level, ReferenceKind, Subject, WaiverNames};
use crate::text::shell;

pub(super) static RULE: Declaration = Declaration {
    name: "mismatched-revision",
    family: Family::Versions,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Source,
    summary: "A git source asks for one commit and locks another",
    why: "`rev = \"GOOD\"` in the manifest looks like the strictest pin there is. Cargo builds the commit after \
          the `#` in the lockfile, and compares neither: with `?rev=GOOD#EVIL` the evil one is built, with \
          `--locked`, and the manifest that people review never changes.",
    fix: "Find out who changed the lockfile. Then lock the commit that the manifest names: \
          `cargo update -p NAME --precise REV`.",
    accepted_by: "cargo 1.95 with `--locked`, cargo-deny 0.20 with `required-git-spec = \"rev\"`, cargo-vet \
                  0.10, cargo-audit 0.22",
    incident: None,
};

/// As few digits as git itself shows; a shorter `rev` may as well be the name of a tag.
const SHORTEST: usize = 7;

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    for package in context.lockfile.packages() {
        let Some(source) = package.source() else { continue };
        let (Some(reference), Some(commit)) = (source.reference(), source.commit()) else { continue };
        let rev = reference.value.to_ascii_lowercase();
        let is_commit = rev.len() >= SHORTEST && rev.bytes().all(|b| b.is_ascii_hexdigit());
        if reference.kind != ReferenceKind::Rev || !is_commit || commit.to_ascii_lowercase().starts_with(&rev) {
            continue;
        }
        let finding = Finding::new(
            &RULE,
            Subject::package(package),
            package.source_place(),
            format!("`{}` asks for one commit and locks another", package.label()),
        )
        .label(format!("asks for `{rev}`, builds `{commit}`"))
        .chain(package.chain());
        let fix = "find out who changed this line; then lock the commit that was asked for";
        let paste = match package.ecosystem() {
            Ecosystem::Cargo => {
                let name = shell::quote(package.name());
                Some(tool::cargo_update(package.lockfile, &format!("-p {name} --precise {rev}")))
            },
            Ecosystem::Pypi => tool::relock(package),
        };
        sink.push(match paste {
            Some(paste) => finding.paste(fix, paste),
            None => finding.fix(fix),
        });
    }
}
