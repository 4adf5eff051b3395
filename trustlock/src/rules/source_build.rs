use super::{LockfileContext, Sink};
use crate::model::{
    ArtifactKind, Declaration, Ecosystem, Family, Finding, Judge, Level, PackageRef, SourceKind, Subject,
    WaiverNames,
};
use crate::policy::quote;

pub(super) static RULE: Declaration = Declaration {
    name: "source-build",
    family: Family::Permissions,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A Python package must be built from source, and the policy does not let it",
    why: "Installing a wheel unpacks files; building an sdist or a git checkout runs the package's own code \
          (`setup.py`, a build back-end and whatever that asks for) as the user who installs, before anybody \
          has imported anything. A digest proves which code it is, and not that it may run. An entry that has \
          a wheel for some platform is not reported: this rule speaks of those that nobody can install \
          without a build.",
    fix: "Take a version that has wheels, or build the wheel once in a place that has no secrets and serve it \
          from your own index. A package that was reviewed is listed in `[permissions] sdist`.",
    accepted_by: "pip 26.3, uv 0.13, Poetry 2.5, PDM 2.29 and pipenv 2026.10 build whatever has no wheel \
                  unless they are told not to",
    incident: None,
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let policy = context.policy;
    if context.lockfile.format.ecosystem != Ecosystem::Pypi || policy.sdist.is_empty() {
        return;
    }
    for package in context.lockfile.packages() {
        let Some(what) = builds(package) else { continue };
        let Some(list) = policy.refuses_build(package.ecosystem(), package.name(), package.version()) else {
            continue;
        };
        let file = package.artifacts().find(|a| a.artifact.is_some());
        let place = file.map_or(package.source_place(), crate::model::ArtifactRef::place);
        let judge = list.place.clone().map(|place| Judge { place, says: "only these may be built".to_owned() });
        let selector = format!("{}:{}", package.ecosystem(), package.label());
        let all: Vec<_> =
            list.value.iter().map(|s| s.value.as_str()).chain([selector.as_str()]).map(quote).collect();
        sink.push(
            Finding::new(
                &RULE,
                Subject::package(package),
                place,
                format!("`{}` must be built from source, which runs its code", package.label()),
            )
            .label(what)
            .judge(judge)
            .chain(package.chain())
            .cause("packages must be built from source, which runs their code")
            .fix("take a version that has wheels, or serve a wheel of it from an index of your own")
            .paste(
                "if its build was reviewed, let it",
                format!("[permissions]\nsdist = [{}]", all.join(", ")),
            ),
        );
    }
}

/// Why nobody can install it without a build. What lies in the repository is the owner's own work.
fn builds(package: PackageRef<'_>) -> Option<&'static str> {
    let source = package.source()?;
    if matches!(source.kind, SourceKind::Git { .. } | SourceKind::Unknown) {
        return Some("a checkout is built where it is installed");
    }
    let files = package.files();
    let sdists = files.iter().filter(|f| f.kind == ArtifactKind::Sdist).count();
    (sdists > 0 && sdists == files.len() && !source.is_folder()).then_some("no wheel stands beside it")
}
