use super::{ProjectContext, Sink};
use crate::model::{Declaration, Family, Finding, Leads, Level, Lockfile, Source, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "path-escape",
    family: Family::Sources,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A manifest or a lockfile reaches out of the repository by path",
    why: "What lies outside the repository is reviewed by nobody and differs on every machine. With \
          `package.workspace = \"../outside\"` even the lockfile does: the one that people review is a decoy, \
          and another one, outside, decides what is built.",
    fix: "Move the folder into the repository, or take the package from a registry or a git commit that the \
          policy allows.",
    accepted_by: "cargo 1.95 with `--locked`, cargo-deny 0.20 (packages by path are skipped), cargo-vet 0.10, \
                  cargo-audit 0.22; uv 0.13, pip 26.3 and Poetry 2.5 follow any path",
    incident: None,
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    for lockfile in context.lockfiles.iter().filter(|l| l.sources.iter().any(Source::leads_out)) {
        for package in lockfile.packages().filter(|p| p.source().is_some_and(Source::leads_out)) {
            let path = package.source().map_or("", |source| source.raw.as_str());
            sink.push(
                Finding::new(
                    &RULE,
                    Subject::package(package),
                    package.source_place(),
                    format!("`{}` comes from a path outside the repository: `{path}`", package.label()),
                )
                .label("nobody reviews what lies there, and it differs on every machine")
                .chain(package.chain())
                .cause("packages come from paths outside the repository")
                .fix("move it into the repository, or take it from an index or a git commit that the policy allows"),
            );
        }
    }
    for lockfile in context.lockfiles {
        files(lockfile, sink);
    }
    for workspace in &context.evidence.workspaces.workspaces {
        let lockfile = workspace.root.child("Cargo.lock");
        if !context.policy.governed.covers(lockfile.as_str())
            || !context.evidence.discovery.looks_at(&lockfile)
        {
            continue;
        }
        for outside in &workspace.outside {
            let mut subject = Subject::setting(&outside.place.file.path, outside.what, &outside.path);
            subject.lockfile = Some(workspace.root.child("Cargo.lock").as_str().to_owned());
            let title = format!("a {} leads out of the repository: `{}`", outside.what, outside.path);
            let label = match outside.what {
                "package.workspace" => "the lockfile there decides, and the one here is a decoy",
                _ => "nobody reviews what lies there",
            };
            sink.push(
                Finding::new(&RULE, subject, outside.place.clone(), title)
                    .label(label)
                    .fix("move the folder into the repository, and name it by a path without a link"),
            );
        }
    }
}

/// Files and folders that a lockfile itself tells its tool to read.
fn files(lockfile: &Lockfile, sink: &mut Sink<'_>) {
    let outside = lockfile.includes.iter().filter(|include| include.leads == Leads::Outside);
    let outside = outside.map(|include| (include.place, "includes a file", include.target.as_str()));
    let source = |index: &crate::model::Index| {
        let source = lockfile.sources.get(index.source.id as usize)?;
        Some((index.source.place, "takes packages from a folder", source.raw.as_str())).filter(|_| source.leads_out())
    };
    for (place, what, path) in outside.chain(lockfile.indexes.iter().filter_map(source)) {
        let file = &lockfile.file;
        let mut subject = Subject::setting(&file.path, what, path);
        subject.lockfile = Some(file.path.clone());
        sink.push(
            Finding::new(
                &RULE,
                subject,
                file.at(place),
                format!("`{}` {what} outside the repository: `{path}`", file.path),
            )
            .label("nobody reviews what lies there, and it differs on every machine")
            .fix("move it into the repository, and name it by a relative path"),
        );
    }
}
