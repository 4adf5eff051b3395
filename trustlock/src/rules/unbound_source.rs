use super::{LockfileContext, Sink};
use crate::model::{Declaration, Family, Finding, Judge, Level, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "unbound-source",
    family: Family::Sources,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Source,
    summary: "A package comes from another place than the one its name is bound to",
    why: "An organisation with a registry of its own uses names there that anybody can register on the public \
          one. A dependency that lost its `registry = …`, or a changed line of the lockfile, then brings in the \
          stranger's package: both registries are allowed, and only the name shows that something is wrong. \
          `[sources] bind` says which names belong where.",
    fix: "Name the registry in the manifest (`registry = \"…\"`) and update the lockfile. If the binding is \
          wrong, change it in the policy.",
    accepted_by: "cargo 1.95 with `--locked`, cargo-deny 0.20, cargo-vet 0.10 and cargo-audit 0.22: none \
                  knows which name belongs to which registry",
    incident: Some(
        "In February 2021 Alex Birsan's dependency confusion ran code inside Apple, Microsoft and some thirty \
         others; in December 2022 a `torchtriton` on PyPI replaced the one of PyTorch's own index.",
    ),
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    if context.policy.binds.is_empty() {
        return;
    }
    for package in context.lockfile.packages().chain(context.lockfile.unused()) {
        // What stands in the repository is the owner's own work, whatever its name.
        let Some(source) = package.source() else { continue };
        let broken = context
            .policy
            .binds_of(package.ecosystem(), package.name())
            .find(|bind| !bind.value.only.matches(Some(source)));
        let Some(bind) = broken else { continue };
        let (names, only) = (bind.value.package.as_str(), bind.value.only.as_str());
        let from = super::shown(source);
        let judge = bind
            .place
            .clone()
            .map(|place| Judge { place, says: format!("`{names}` may come from `{only}` only") });
        sink.push(
            Finding::new(
                &RULE,
                Subject::package(package),
                package.source_place(),
                format!("`{}` comes from `{from}`, but its name is bound to `{only}`", package.label()),
            )
            .label("a stranger may own this name here")
            .judge(judge)
            .chain(package.chain())
            .cause(format!("packages come from `{from}`, but their names are bound to `{only}`"))
            .paste(
                "name its registry in the manifest, by the name that `.cargo/config.toml` gives it",
                format!("{} = {{ version = \"{}\", registry = \"…\" }}", package.name(), package.version().unwrap_or("…")),
            ),
        );
    }
}
