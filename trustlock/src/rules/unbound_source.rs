use std::collections::BTreeSet;

use super::{LockfileContext, Sink};
use crate::evidence::{LiveIndex, LiveIndexes};
use crate::model::{
    Declaration, Ecosystem, Family, Finding, IndexRole, Judge, Level, Lockfile, PackageRef, Source, SourceKind,
    Subject, WaiverNames,
};
use crate::policy::Bind;

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
                  knows which name belongs to which registry. pip 26.3 takes the highest version that any of its \
                  indexes has",
    incident: Some(
        "In February 2021 Alex Birsan's dependency confusion ran code inside Apple, Microsoft and some thirty \
         others; in December 2022 a `torchtriton` on PyPI replaced the one of PyTorch's own index.",
    ),
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let lockfile = context.lockfile;
    let live = context.evidence.live_indexes(lockfile);
    several_indexes(context, &live, sink);
    if context.policy.binds.is_empty() {
        return;
    }
    for package in lockfile.packages().chain(lockfile.unused()) {
        // What stands in the repository is the owner's own work, whatever its name.
        let Some(source) = package.source().filter(|source| !source.is_folder()) else { continue };
        let mut binds = context.policy.binds_of(package.ecosystem(), package.name());
        let Some(bind) = binds.find(|bind| !is_at_home(&bind.value, package, source, &live)) else { continue };
        let (names, only) = (bind.value.package.as_str(), bind.value.only.as_str());
        let says = format!("`{names}` may come from `{only}` only");
        let judge = bind.place.clone().map(|place| Judge { place, says });
        let from = match source.kind {
            SourceKind::Unrecorded => "an index that this file does not name".to_owned(),
            _ => format!("`{}`", super::shown(source)),
        };
        let finding = Finding::new(
            &RULE,
            Subject::package(package),
            package.source_place(),
            format!("`{}` comes from {from}, but its name is bound to `{only}`", package.label()),
        )
        .label("a stranger may own this name here")
        .judge(judge)
        .chain(package.chain())
        .cause(format!("packages come from {from}, but their names are bound to `{only}`"));
        sink.push(match package.ecosystem() {
            Ecosystem::Cargo => finding.paste(
                "name its registry in the manifest, by the name that `.cargo/config.toml` gives it",
                format!(
                    "{} = {{ version = \"{}\", registry = \"…\" }}",
                    package.name(),
                    package.version().unwrap_or("…")
                ),
            ),
            Ecosystem::Pypi => finding.fix(
                "name its index in the manifest (an explicit index in `[tool.uv.sources]`, `source` in Poetry, \
                 `index` in a Pipfile), or serve everything from one index, and lock again",
            ),
        });
    }
}

/// Whether a package comes from where its name is bound to. What the file does not record comes from
/// whichever index is live for it.
fn is_at_home(bind: &Bind, package: PackageRef<'_>, source: &Source, live: &LiveIndexes) -> bool {
    if source.kind != SourceKind::Unrecorded {
        return bind.only.matches(Some(source));
    }
    match live.of(&package.folded()).as_slice() {
        [] => bind.only.matches(Some(source)),
        all => all.iter().all(|index| bind.only.matches(Some(&index.source))),
    }
}

/// Where the tool asks several indexes for a name and the file does not say which one served the
/// package, whoever registers the name on the other one can supply it. Digests hold the bytes that were
/// locked, not those of the next update.
fn several_indexes(context: &LockfileContext<'_>, live: &LiveIndexes, sink: &mut Sink<'_>) {
    let lockfile = context.lockfile;
    // A page of links is no index that answers for names.
    let links = lockfile.indexes.iter().filter(|index| index.role == IndexRole::Links);
    let links: Vec<_> = links.filter_map(|index| lockfile.sources.get(index.source.id as usize)).collect();
    let is_index = |i: &&LiveIndex| i.source.kind == SourceKind::Index && !links.contains(&&*i.source);
    let indexes: Vec<_> = live.all.iter().filter(is_index).collect();
    // Beside an extra index the default one is live, unless the file replaces it.
    let implied = usize::from(extends_the_default(lockfile));
    if indexes.len() + implied < 2 {
        return;
    }
    let unclear: Vec<_> = lockfile
        .packages()
        .filter(|p| p.source().is_some_and(|s| s.kind == SourceKind::Unrecorded))
        .filter(|p| context.policy.binds_of(p.ecosystem(), p.name()).next().is_none())
        .filter(|p| {
            let asked = live.of(&p.folded());
            let asked = asked.iter().filter(|i| is_index(i));
            asked.map(|i| i.source.key()).collect::<BTreeSet<_>>().len() + implied > 1
        })
        .collect();
    let Some(extra) = indexes.last().filter(|_| !unclear.is_empty()) else { return };
    let proven =
        unclear.iter().all(|p| p.artifacts().all(|a| a.digests().iter().any(|d| d.algorithm.is_strong())));
    let mut subject = Subject::lockfile(&lockfile.file.path);
    subject.source = Some(extra.source.clone());
    let place = extra.place.clone().unwrap_or_else(|| lockfile.file.at(0..0));
    let finding =
        Finding::new(&RULE, subject, place, format!("`{}` asks several indexes for a name", lockfile.file.path))
            .label(match unclear.len() {
                1 => "a package may come from here or from another index, and the file does not say".to_owned(),
                n => format!("{n} packages may come from here or from another index, and the file does not say"),
            })
            .fix(
                "serve everything from one index that mirrors the others, or bind each name to its index: \
                 `[sources] bind`",
            );
    sink.push(if proven { finding.at_most(Level::Warn) } else { finding });
}

fn extends_the_default(lockfile: &Lockfile) -> bool {
    let has = |role| lockfile.indexes.iter().any(|index| index.role == role);
    has(IndexRole::Extra) && !has(IndexRole::Primary)
}
