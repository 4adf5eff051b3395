use super::{ProjectContext, Sink};
use crate::model::{Declaration, Family, Finding, Level, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "path-escape",
    family: Family::Sources,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A manifest reaches out of the repository by path",
    why: "What lies outside the repository is reviewed by nobody and differs on every machine. With \
          `package.workspace = \"../outside\"` even the lockfile does: the one that people review is a decoy, \
          and another one, outside, decides what is built.",
    fix: "Move the folder into the repository, or take the package from a registry or a git commit that the \
          policy allows.",
    accepted_by: "cargo 1.95 with `--locked`, cargo-deny 0.20 (packages by path are skipped), cargo-vet 0.10, \
                  cargo-audit 0.22",
    incident: None,
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
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
