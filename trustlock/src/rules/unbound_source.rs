use std::collections::BTreeSet;
use std::sync::Arc;

use super::{LockfileContext, Sink};
use crate::model::{
    Declaration, Ecosystem, Family, Finding, Index, IndexRole, Judge, Level, PackageRef, Source, SourceKind,
    Subject, WaiverNames,
};

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
    several_indexes(context, sink);
    if context.policy.binds.is_empty() {
        return;
    }
    for package in context.lockfile.packages().chain(context.lockfile.unused()) {
        // What stands in the repository is the owner's own work, whatever its name.
        let Some(source) = package.source() else { continue };
        if source.is_folder() {
            continue;
        }
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
        let (comes, come) = if source.kind == SourceKind::Unrecorded {
            ("comes from an index that this file does not name".to_owned(), "come from an index that this file does not name".to_owned())
        } else {
            (format!("comes from `{from}`"), format!("come from `{from}`"))
        };
        let finding = Finding::new(
            &RULE,
            Subject::package(package),
            package.source_place(),
            format!("`{}` {comes}, but its name is bound to `{only}`", package.label()),
        )
        .label("a stranger may own this name here")
        .judge(judge)
        .chain(package.chain())
        .cause(format!("packages {come}, but their names are bound to `{only}`"));
        sink.push(match package.ecosystem() {
            Ecosystem::Cargo => finding.paste(
                "name its registry in the manifest, by the name that `.cargo/config.toml` gives it",
                format!("{} = {{ version = \"{}\", registry = \"…\" }}", package.name(), package.version().unwrap_or("…")),
            ),
            Ecosystem::Pypi => finding.fix(
                "name its index in the manifest (an explicit index in `[tool.uv.sources]`, `source` in Poetry, \
                 `index` in a Pipfile), or serve everything from one index, and lock again",
            ),
        });
    }
}

/// Where the tool asks several indexes for every name and the file does not say which one served a
/// package, whoever registers the name on the other one can supply it. Digests hold the bytes that were
/// locked, not those of the next update.
fn several_indexes(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let lockfile = context.lockfile;
    let source = |index: &&Index| lockfile.sources.get(index.source.id as usize);
    let live = lockfile.indexes.iter().filter(|index| index.role != IndexRole::Links);
    let Some(extra) = live.clone().find(|index| index.role == IndexRole::Extra) else { return };
    let places: BTreeSet<String> = live.filter_map(|i| source(&i)).map(Source::key).collect();
    let bound = |p: &PackageRef<'_>| context.policy.binds_of(p.ecosystem(), p.name()).next().is_some();
    let unclear = || {
        let unrecorded = |p: &PackageRef<'_>| p.source().is_some_and(|s| s.kind == SourceKind::Unrecorded);
        lockfile.packages().filter(move |p| unrecorded(p) && !bound(p))
    };
    let count = unclear().count();
    // The default index is live beside an extra one, unless the file replaces it.
    let primary = lockfile.indexes.iter().any(|index| index.role == IndexRole::Primary);
    if count == 0 || places.len() + usize::from(!primary) < 2 {
        return;
    }
    let proven = unclear().all(|p| p.artifacts().all(|a| a.digests().iter().any(|d| d.algorithm.is_strong())));
    let mut subject = Subject::lockfile(&lockfile.file.path);
    subject.source = source(&extra).cloned().map(Arc::new);
    let finding = Finding::new(
        &RULE,
        subject,
        lockfile.file.at(extra.source.place),
        format!("`{}` asks several indexes for every name", lockfile.file.path),
    )
    .label(format!("{count} packages may come from here or from another index, and the file does not say which"))
    .fix("serve everything from one index that mirrors the others, or bind each name to its index: `[sources] bind`");
    sink.push(if proven { finding.at_most(Level::Warn) } else { finding });
}
