use super::{LockfileContext, Sink};
use crate::model::{Declaration, Ecosystem, Family, Level, WaiverNames};

mod cargo;
mod python;

pub(super) static RULE: Declaration = Declaration {
    name: "stale-lockfile",
    family: Family::Lockfile,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A lockfile cannot satisfy the manifests beside it, so the next build resolves anew",
    why: "Where a manifest asks for something that the lockfile does not hold, the tool resolves it on the \
          spot: what is built is not what was reviewed. The same holds for an entry of `Cargo.lock` without a \
          source that no manifest accounts for: with its `source` and `checksum` lines removed, a registry \
          package looks like one of the repository's own. Python's tools install from a lockfile that holds \
          an older version than the manifest allows, and say nothing.",
    fix: "Let the tool bring the lockfile up to date (`cargo update --workspace`, `uv lock`, `poetry lock`, `pdm \
          lock`, `pipenv lock`), review what changed, commit it with the manifest.",
    accepted_by: "cargo 1.95 without `--locked` (it rewrites the lockfile), cargo-audit 0.22; `pipenv sync` and \
                  `uv sync --frozen`, which do not look at the manifest",
    incident: None,
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    match context.lockfile.format.ecosystem {
        Ecosystem::Cargo => cargo::check(context, sink),
        Ecosystem::Pypi => python::check(context, sink),
    }
}
