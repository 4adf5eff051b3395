use super::{ProjectContext, Sink};
use crate::evidence::{Evidence, Manifest, Workspace};
use crate::model::{Declaration, Family, Finding, Level, Subject, WaiverNames};

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
    fix: "Run `cargo generate-lockfile`, take `Cargo.lock` out of the ignore rules, commit it. For a library \
          that chooses not to, set `[lockfiles] required = false`.",
    accepted_by: "cargo 1.95 without `--locked` (it writes a new one), cargo-deny 0.20 and cargo-audit 0.22 \
                  (they let cargo write one, then judge that)",
    incident: Some(
        "2026-08-20, arrayref 0.3.10 (RUSTSEC-2026-0260): a stolen account added a dependency whose build \
         script fetched a payload; live for 86 minutes.",
    ),
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    let evidence = context.evidence;
    for hidden in &evidence.discovery.hidden {
        let Some(workspace) = hidden.path.parent().and_then(|directory| evidence.workspaces.at(&directory)) else {
            continue;
        };
        if let Some(manifest) = root_manifest(evidence, workspace) {
            judge(evidence, workspace, manifest, Some(&hidden.by), sink);
        }
    }
    if !context.policy.governed.required.value {
        return;
    }
    for workspace in &evidence.workspaces.workspaces {
        let lockfile = workspace.root.child("Cargo.lock");
        let present = evidence.discovery.lockfiles.binary_search(&lockfile).is_ok()
            || evidence.discovery.hidden.iter().any(|hidden| hidden.path == lockfile)
            || evidence.discovery.problems.iter().any(|p| p.path.as_deref() == Some(lockfile.as_str()));
        let governed = context.policy.governed.covers(lockfile.as_str());
        if !present
            && governed
            && let Some(manifest) = root_manifest(evidence, workspace)
        {
            judge(evidence, workspace, manifest, None, sink);
        }
    }
}

fn root_manifest<'a>(evidence: &'a Evidence, workspace: &Workspace) -> Option<&'a Manifest> {
    evidence.workspaces.manifests.iter().find(|m| m.directory() == workspace.root)
}

fn judge(
    evidence: &Evidence,
    workspace: &Workspace,
    manifest: &Manifest,
    hidden_by: Option<&str>,
    sink: &mut Sink<'_>,
) {
    let lockfile = workspace.root.child("Cargo.lock");
    let members = || workspace.members.iter().filter_map(|index| evidence.workspaces.manifests.get(*index));
    let locks_nothing = members().all(|m| m.requirements.is_empty());
    let binary = members().find(|m| evidence.discovery.has_binary(m));
    let private = members().find(|m| m.package.as_ref().is_some_and(|p| p.unpublished));
    let reason = match (binary, private) {
        (Some(_), _) => "it builds a program",
        (None, Some(_)) => "it is not published",
        (None, None) => {
            let text = match hidden_by {
                Some(by) => format!("its lockfile is ignored by git ({by}); common for a library, but nothing pins what its tests run"),
                None => "a library without a lockfile; nothing pins what its tests run".to_owned(),
            };
            if !locks_nothing {
                sink.note(Some(manifest.path.as_str()), text);
            }
            return;
        }
    };
    if locks_nothing {
        return;
    }
    let span = manifest.package.as_ref().map(|p| p.name_span).unwrap_or_default();
    let finding = match hidden_by {
        Some(by) => Finding::new(
            &RULE,
            Subject::lockfile(lockfile.as_str()),
            manifest.file.at(span),
            format!("`{lockfile}` exists, but git ignores it"),
        )
        .label(format!("{reason}, and no other machine has its lockfile"))
        .fix(format!("the rule is `{by}`"))
        .paste("take that rule out, then", format!("git add {lockfile}")),
        None => Finding::new(
            &RULE,
            Subject::lockfile(lockfile.as_str()),
            manifest.file.at(span),
            format!("`{}` has no lockfile", manifest.path),
        )
        .label(format!("{reason}, and every machine resolves its dependencies anew"))
        .paste(
            "write one and commit it",
            format!("cargo generate-lockfile --manifest-path {}\ngit add {lockfile}", manifest.path),
        ),
    };
    sink.push(finding);
}
