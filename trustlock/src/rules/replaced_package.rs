use std::sync::Arc;

use super::settings::{View, finding, git, is_locked, pdm, registry, uv, views};
use super::{ProjectContext, Sink};
use crate::evidence::manifest::Replacement;
use crate::evidence::settings::dotted;
use crate::evidence::{Manifest, RequirementSource, Tool};
use crate::model::{
    Declaration, Ecosystem, Family, Finding, Level, Lockfile, Subject, WaiverNames,
};
use crate::policy::SourceVerdict;
use crate::tree::TreePath;

pub(super) static RULE: Declaration = Declaration {
    name: "replaced-package",
    family: Family::Settings,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "a package is replaced beside the lockfile, or by a line in it: `paths`, `[patch]`, `[replace]`",
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
    uv::replaced(context, &RULE, sink);
    pdm::replaced(context, &RULE, sink);
    for view in views(context, Tool::Cargo) {
        if let Some(found) = in_config(context, &view) {
            sink.push(found);
        }
    }
    for lockfile in context.lockfiles {
        in_lockfile(context, lockfile, sink);
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

/// A `replace` line for which no `[replace]` asks. Where one does, that is judged in its manifest.
fn in_lockfile(context: &ProjectContext<'_>, lockfile: &Lockfile, sink: &mut Sink<'_>) {
    let workspaces = &context.evidence.workspaces;
    let mut asked: Option<Vec<(&str, Option<&str>)>> = None;
    for package in lockfile.packages() {
        let Some(by) = package.package.replace else { continue };
        let asked = asked.get_or_insert_with(|| {
            let folder = TreePath::new(&lockfile.file.path).ok().and_then(|path| path.parent());
            let root = folder.and_then(|folder| workspaces.at(&folder)?.members.first().copied());
            let root = root.and_then(|root| workspaces.manifests.get(root));
            let replacements = root.into_iter().flat_map(|manifest| &manifest.replacements);
            replacements.filter(|r| r.legacy).map(|r| named(&r.target)).collect()
        });
        let is_asked = |(name, version): &(&str, Option<&str>)| {
            *name == package.name() && (version.is_none() || *version == package.version())
        };
        if asked.iter().any(is_asked) {
            continue;
        }
        let what = package.label();
        let title = format!("the lockfile replaces `{what}`, and no `[replace]` of this workspace asks for it");
        sink.push(
            Finding::new(&RULE, Subject::package(package), package.at(by.place), title)
                .label(format!("`{}` would be built in its place", lockfile.text(by)))
                .chain(package.chain())
                .fix("restore the file from a commit that you trust, or let cargo write it again"),
        );
    }
}

/// The package that a `[replace]` key means: `leaf:1.0.0`, `leaf@1.0.0`, either behind a URL and `#`.
fn named(target: &str) -> (&str, Option<&str>) {
    let target = target.rsplit('#').next().unwrap_or(target);
    match target.split_once([':', '@']) {
        Some((name, version)) => (name, Some(version)),
        None => (target, None),
    }
}

fn in_manifest(
    context: &ProjectContext<'_>,
    manifest: &Manifest,
    replacement: &Replacement,
) -> Option<Finding> {
    let requirement = &replacement.requirement;
    let (source, url) = match &requirement.source {
        RequirementSource::Git { url, .. } => (git(url), url),
        RequirementSource::RegistryIndex(url) => (registry(url), url),
        // A named registry is judged where it is defined, a folder outside the repository by
        // `path-escape`; a folder inside is ordinary.
        RequirementSource::Registry(_) | RequirementSource::Path(_) => return None,
    };
    // What is locked from there is an `unknown-source` already: one cause, one finding.
    if is_locked(context, &source) {
        return None;
    }
    let SourceVerdict::Refused { judge, .. } =
        context.policy.judge_source(Ecosystem::Cargo, Some(&source))
    else {
        return None;
    };
    let table = if replacement.legacy { "replace" } else { "patch" };
    let key = dotted(&[table, &replacement.target, &requirement.key]);
    let shown = source.url.as_ref().map_or_else(|| url.clone(), ToString::to_string);
    let title =
        format!("`[{table}]` takes `{}` from a source that the policy does not allow", requirement.package);
    let mut subject = Subject::setting(&manifest.file.path, key, shown.clone());
    subject.source = Some(Arc::new(source));
    Some(
        Finding::new(&RULE, subject, manifest.file.at(requirement.place), title)
            .label(format!("cargo builds `{shown}` in place of the published package"))
            .judge(judge)
            .fix("remove the entry, or allow its source under `[sources] cargo`"),
    )
}
