use super::{ProjectContext, Sink};
use crate::model::{Declaration, Family, Level, WaiverNames};

mod cargo;
mod python;

pub(super) static RULE: Declaration = Declaration {
    name: "missing-lockfile",
    family: Family::Lockfile,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A project has no lockfile, or one that git ignores",
    why: "Without a committed lockfile each machine resolves for itself: whatever version is newest that \
          minute is what is built and run. Under a tenth of arrayref's downloads in its 86 bad minutes were \
          the bad version, because most projects had a lockfile that named an older one.",
    fix: "Let the project's tool write its lockfile (`cargo generate-lockfile`, `uv lock`, `poetry lock`, `pdm \
          lock`, `pipenv lock`), take it out of the ignore rules, commit it. A library of Cargo or Python gets \
          a note alone; for a program that chooses to have none, set `[lockfiles] required = false`.",
    accepted_by: "cargo 1.95 without `--locked` (it writes a new one), cargo-deny 0.20 and cargo-audit 0.22 \
                  (they let cargo write one, then judge that)",
    incident: Some(
        "2026-08-20, arrayref 0.3.10 (RUSTSEC-2026-0260): a stolen account added a dependency whose build \
         script fetched a payload; live for 86 minutes.",
    ),
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    cargo::check(context, sink);
    python::check(context, sink);
}
