use super::settings::{View, finding, folder, git, registry, views};
use super::{ProjectContext, Sink};
use crate::evidence::manifest::Replacement;
use crate::evidence::{Manifest, RequirementSource, Tool};
use crate::model::{
    Declaration, Ecosystem, Family, Finding, Level, Source, Subject, WaiverNames,
};
use crate::policy::SourceVerdict;
use crate::tree::TreePath;
use std::sync::Arc;

pub(super) static RULE: Declaration = Declaration {
    name: "replaced-package",
    family: Family::Settings,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "a package is replaced beside the lockfile: `paths`, `[patch]`, `[replace]`",
    why: "`paths = […]` in `.cargo/config.toml` swaps any package for a folder while the lockfile stays \
          unchanged and `--locked` stays green; `[patch]` there does so without a trace in `Cargo.toml`. \
          Whoever reviews the lockfile reviews something that is not built. A `[patch]` in `Cargo.toml` to a \
          folder of the repository is ordinary and is not reported.",
    fix: "Write the replacement as `[patch]` into the `Cargo.toml` of the workspace, where review expects it \
          and the lockfile records it, from a source that `[sources]` allows.",
    accepted_by: "cargo 1.95 with `--locked --offline` builds a `paths` override with the lockfile unchanged; \
                  cargo-deny, cargo-vet and cargo-audit stay green.",
    incident: None,
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    for view in views(context, Tool::Cargo) {
        if let Some(found) = in_config(context, &view) {
            sink.push(found);
        }
    }
    let workspaces = &context.evidence.workspaces;
    // Cargo obeys the root manifest of a workspace and ignores these tables in all others.
    for root in workspaces.workspaces.iter().filter_map(|w| w.members.first()) {
        let Some(manifest) = workspaces.manifests.get(*root) else { continue };
        for replacement in &manifest.replacements {
            if let Some(found) = in_manifest(context, manifest, replacement) {
                sink.push(found);
            }
        }
    }
}

fn in_config(context: &ProjectContext<'_>, view: &View<'_>) -> Option<Finding> {
    let (title, label) = match view.parts().as_slice() {
        ["paths", ..] => (
            "`paths` replaces locked packages by folders".to_owned(),
            "cargo builds what stands there under a locked name, with the lockfile unchanged".to_owned(),
        ),
        ["patch", source, name, ..] => (
            format!("`{name}` of `{source}` is replaced outside `Cargo.toml`"),
            "cargo builds this instead, and only whoever has this file sees it".to_owned(),
        ),
        ["patch", ..] => (
            format!("`{}` replaces packages in a form that is not understood", view.written),
            "expected `[patch.SOURCE]` with one table for each package".to_owned(),
        ),
        _ => return None,
    };
    let found = finding(context, &RULE, view, title, label)?;
    Some(found.fix("or move it into `[patch]` of the workspace's `Cargo.toml`, so that the lockfile records it"))
}

fn in_manifest(
    context: &ProjectContext<'_>,
    manifest: &Manifest,
    replacement: &Replacement,
) -> Option<Finding> {
    let requirement = &replacement.requirement;
    let table = if replacement.legacy { "replace" } else { "patch" };
    let (source, value): (Option<Source>, &str) = match &requirement.source {
        RequirementSource::Path(path) => {
            let directory = manifest.path.parent().unwrap_or_default();
            if !leads_out(&directory, path) {
                return None;
            }
            (None, path)
        }
        RequirementSource::Git { url, .. } => (Some(git(url)), url),
        RequirementSource::RegistryIndex(url) => (Some(registry(url)), url),
        // Judged where the registry is defined, and again in the lockfile.
        RequirementSource::Registry(_) => return None,
    };
    let judge = match &source {
        None => None,
        // What is locked from there is an `unknown-source` already: one cause, one finding.
        Some(source) if is_locked(context, source) => return None,
        Some(source) => match context.policy.judge_source(Ecosystem::Cargo, Some(source)) {
            SourceVerdict::Allowed => return None,
            SourceVerdict::Refused { judge, .. } => judge,
        },
    };
    let key = if replacement.legacy {
        format!("replace.{:?}", replacement.target)
    } else {
        format!("patch.{}.{}", replacement.target, requirement.key)
    };
    let file = &manifest.file.path;
    let shown = source.as_ref().and_then(|s| s.url.as_ref()).map_or(value.to_owned(), ToString::to_string);
    let title = if source.is_some() {
        format!("`[{table}]` takes `{}` from a source that the policy does not allow", requirement.package)
    } else {
        if context.policy.allows_setting(file, &key, value) {
            return None;
        }
        format!("`[{table}]` takes `{}` from a folder outside the repository", requirement.package)
    };
    let mut subject = Subject::setting(file, key, shown.clone());
    subject.source = source.map(Arc::new);
    let is_folder = subject.source.is_none();
    let found = Finding::new(&RULE, subject, manifest.file.at(requirement.place), title)
        .label(format!("cargo builds `{shown}` in place of the published package"))
        .judge(judge);
    Some(if is_folder {
        found.fix("move the folder into the repository, or use a git source with a full commit")
    } else {
        found.fix("remove the entry, or allow its source under `[sources] cargo`")
    })
}

/// Whether some lockfile names this source.
fn is_locked(context: &ProjectContext<'_>, source: &Source) -> bool {
    let same = |other: &Source| match (&source.url, &other.url) {
        (Some(a), Some(b)) => a.same_place(b),
        _ => false,
    };
    context.lockfiles.iter().flat_map(|lockfile| &lockfile.sources).any(same)
}

/// Whether a path in a manifest of `directory` leaves the repository.
fn leads_out(directory: &TreePath, path: &str) -> bool {
    directory.join(path).is_err() || folder(path) != super::settings::Reach::Checkout
}
