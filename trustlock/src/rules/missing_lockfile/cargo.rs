//! Cargo: a workspace without `Cargo.lock`.

use std::collections::HashSet;

use super::super::{ProjectContext, Sink, is_test_data};
use super::RULE;
use crate::evidence::{Hidden, Manifest};
use crate::model::{File, Finding, Lockfile, Span, Subject};
use crate::text::shell::quote;
use crate::tree::TreePath;

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    let evidence = context.evidence;
    let mut without = Vec::new();
    for workspace in &evidence.workspaces.workspaces {
        let lockfile = workspace.root.child("Cargo.lock");
        let hidden = evidence.discovery.hidden.iter().find(|hidden| hidden.path == lockfile);
        let present = evidence.discovery.lockfiles.binary_search(&lockfile).is_ok()
            || evidence.discovery.problems.iter().any(|p| p.path.as_deref() == Some(lockfile.as_str()));
        let policy = context.policy.for_lockfile(lockfile.as_str());
        if present
            || !evidence.discovery.looks_at(&lockfile)
            || !policy.governed.required.value
            || !context.policy.governed.covers(lockfile.as_str())
        {
            continue;
        }
        let members =
            || workspace.members.iter().filter_map(|index| evidence.workspaces.manifests.get(*index));
        let Some(manifest) = members().next() else { continue };
        if members().all(|member| member.requirements.is_empty()) {
            continue;
        }
        let reason = if is_test_data(&workspace.root) {
            None
        } else if members().any(|member| evidence.discovery.has_binary(member)) {
            Some("it builds a program")
        } else if members().any(|member| member.package.as_ref().is_some_and(|p| p.unpublished)) {
            Some("it is not published")
        } else {
            None
        };
        match reason {
            Some(reason) => sink.push(finding(manifest, &lockfile, reason, hidden)),
            None => without.push(manifest.path.as_str()),
        }
    }
    posing_as_vendored(context, sink);
    if let [first, others @ ..] = without.as_slice() {
        let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        sink.note(
            None,
            format!(
                "{first}{more}: a library or test data without a lockfile; nothing pins what it builds with"
            ),
        );
    }
}

/// A `.cargo-checksum.json` keeps a folder from being taken for a project. `cargo vendor` names each
/// folder after the locked package in it; one that is named after none hides a project.
fn posing_as_vendored(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    let folders = &context.evidence.discovery.vendored;
    if folders.is_empty() {
        return;
    }
    let locked = context.lockfiles.iter().flat_map(Lockfile::packages).filter(|p| p.source().is_some());
    let locked: HashSet<String> = locked
        .flat_map(|p| [p.name().to_owned(), format!("{}-{}", p.name(), p.version().unwrap_or_default())])
        .collect();
    for folder in folders.iter().filter(|folder| !locked.contains(folder.name())) {
        let lockfile = folder.child("Cargo.lock");
        let marker = File::new(folder.child(".cargo-checksum.json").as_str(), "");
        let title = format!("`{lockfile}` is not governed: its folder poses as a vendored crate");
        sink.push(
            Finding::new(&RULE, Subject::lockfile(lockfile.as_str()), marker.at(Span::default()), title)
                .label("this file says so, and no lockfile of this repository locks such a crate")
                .cause_everywhere("folders pose as vendored crates, so that their lockfiles are not governed")
                .paste("if it is a project, remove the file", format!("git rm {}", quote(&marker.path)))
                .fix("if it is left over from an earlier `cargo vendor`, remove the folder"),
        );
    }
}

fn finding(manifest: &Manifest, lockfile: &TreePath, reason: &str, hidden: Option<&Hidden>) -> Finding {
    let span = manifest.package.as_ref().map(|p| p.name_span).unwrap_or_default();
    let title = match hidden {
        Some(_) => format!("`{lockfile}` exists, but git ignores it"),
        None => format!("`{}` has no lockfile", manifest.path),
    };
    let finding = Finding::new(&RULE, Subject::lockfile(lockfile.as_str()), manifest.file.at(span), title);
    match hidden {
        Some(hidden) => finding
            .label(format!("{reason}, and no other machine has its lockfile"))
            .cause_everywhere("lockfiles exist, but git ignores them")
            .fix(format!("the rule is `{}`", hidden.by))
            .paste("take that rule out, then", format!("git add {}", quote(lockfile.as_str()))),
        None => finding
            .label(format!("{reason}, and every machine resolves its dependencies anew"))
            .cause_everywhere("projects have no lockfile")
            .paste(
                "write one and commit it",
                format!(
                    "cargo generate-lockfile --manifest-path {}\ngit add {}",
                    quote(manifest.path.as_str()),
                    quote(lockfile.as_str())
                ),
            ),
    }
}
