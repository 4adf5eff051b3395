use std::collections::{BTreeSet, HashMap};

use semver::{Version, VersionReq};

use super::{LockfileContext, Sink};
use crate::evidence::{Manifest, Requirement, RequirementSource};
use crate::model::{Declaration, Family, Finding, Level, PackageRef, Span, Subject, WaiverNames};
use crate::text::shell::quote;

pub(super) static RULE: Declaration = Declaration {
    name: "stale-lockfile",
    family: Family::Lockfile,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A lockfile cannot satisfy the manifests beside it, so the next build resolves anew",
    why: "Where a manifest asks for something that the lockfile does not hold, cargo resolves it on the spot \
          and rewrites the lockfile: what is built is not what was reviewed. The same holds for an entry \
          without a source that no manifest accounts for: with its `source` and `checksum` lines removed, a \
          registry package looks like one of the repository's own.",
    fix: "Run `cargo update --workspace`, review what changed, commit the lockfile with the manifest.",
    accepted_by: "cargo 1.95 without `--locked` (it rewrites the lockfile), cargo-audit 0.22",
    incident: None,
};

/// Moves what the manifests force to move, and nothing else.
const UPDATE: &str = "cargo update --workspace";

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let Some(workspace) = context.workspace else {
        return orphaned_roots(context, sink);
    };
    let workspaces = &context.evidence.workspaces;
    // A package that is no member has its own workspace's version, and of it cargo locks neither
    // dev-dependencies nor every feature.
    let mut locals: HashMap<&str, Vec<(&Manifest, String, bool)>> = HashMap::new();
    for index in workspace.locals() {
        let Some(manifest) = workspaces.manifests.get(index) else { continue };
        let Some(package) = &manifest.package else { continue };
        let member = workspace.members.contains(&index);
        match version_of(manifest, workspaces.root_of(manifest)) {
            Some(version) => locals.entry(&package.name).or_default().push((manifest, version, member)),
            None => sink.not_judged(format!("the version of `{}` is inherited from nowhere", manifest.path), 1),
        }
    }
    let mut entries: HashMap<(&str, &str), PackageRef<'_>> = HashMap::new();
    for package in context.lockfile.packages().filter(|p| p.source().is_none()) {
        entries.insert((package.name(), package.version().unwrap_or_default()), package);
    }
    let certain = workspace.incomplete.is_empty();
    for (name, version) in entries.keys().copied().collect::<BTreeSet<_>>() {
        let Some(entry) = entries.get(&(name, version)) else { continue };
        match locals.get(name) {
            Some(found) if found.iter().any(|(_, v, _)| v == version) => {}
            Some(found) => {
                for (manifest, v, _) in found {
                    sink.push(moved(context, manifest, v, *entry));
                }
            }
            // Where it is said to be is for `path-escape` to judge.
            None if workspace.outside.iter().any(|outside| outside.package == name) => {}
            None if certain => sink.push(unaccounted(context, *entry)),
            None => {}
        }
    }
    for (manifest, version, member) in locals.values().flatten().filter(|(_, _, member)| *member) {
        let name = manifest.package.as_ref().map_or("", |p| p.name.as_str());
        match entries.get(&(name, version.as_str())) {
            Some(entry) => {
                for requirement in &manifest.requirements {
                    requirement_met(context, manifest, *entry, requirement, certain, sink);
                }
            }
            None if *member && certain && !entries.keys().any(|(n, _)| *n == name) => {
                sink.push(absent(context, manifest, version));
            }
            None => {}
        }
    }
    if !certain {
        sink.not_judged(workspace.incomplete.join(", "), 1);
    }
}

/// No manifest stands beside the lockfile. Even so, a package of a registry or of git cannot depend on
/// one without a source.
fn orphaned_roots(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let sourced = context.lockfile.packages().filter(|p| p.source().is_some());
    let mut targets: Vec<u32> = sourced.flat_map(PackageRef::dependencies).filter_map(|d| d.target).collect();
    targets.sort_unstable();
    targets.dedup();
    for package in targets.into_iter().filter_map(|index| context.lockfile.package(index)) {
        if package.source().is_none() {
            sink.push(unaccounted(context, package));
        }
    }
    sink.not_judged("no `Cargo.toml` stands beside the lockfile", 1);
}

fn version_of(manifest: &Manifest, root: Option<&Manifest>) -> Option<String> {
    let package = manifest.package.as_ref()?;
    package.version.clone().or_else(|| root?.workspace.as_ref()?.version.clone())
}

fn absent(context: &LockfileContext<'_>, manifest: &Manifest, version: &str) -> Finding {
    let (name, span) = manifest.package.as_ref().map_or(("", Span::default()), |p| (&p.name, p.name_span));
    let title = format!("`{name}@{version}` is a member of the workspace, but not in the lockfile");
    Finding::new(&RULE, Subject::lockfile(&context.lockfile.file.path), manifest.file.at(span), title)
        .label("cargo resolves this member anew at the next build")
        .cause("members of the workspace are not in the lockfile")
        .paste("bring the lockfile up to date and review what changes", UPDATE)
}

/// The manifest has another version than the lockfile.
fn moved(context: &LockfileContext<'_>, manifest: &Manifest, version: &str, entry: PackageRef<'_>) -> Finding {
    let path = &context.lockfile.file.path;
    let title = format!("`{}` is at {version} in its manifest, `{path}` has it as {}", entry.name(), entry.version().unwrap_or_default());
    let span = manifest.package.as_ref().map_or(Span::default(), |p| p.version_span);
    Finding::new(&RULE, Subject::package(entry), entry.version_place(), title)
        .label("cargo rewrites this entry, and what it resolves with it, at the next build")
        .related(manifest.file.at(span), format!("{version} in the manifest"))
        .cause("packages of this repository are locked at another version than their manifests have")
        .paste("bring the lockfile up to date and review what changes", UPDATE)
}

fn unaccounted(context: &LockfileContext<'_>, package: PackageRef<'_>) -> Finding {
    let title = format!("`{}` has no source, and no manifest of this repository is it", package.label());
    Finding::new(&RULE, Subject::package(package), package.name_place(), title)
        .label("it poses as a package of this repository")
        .chain(package.chain())
        .cause("packages have no source, and no manifest of this repository is any of them")
        .paste(
            "if it comes from a registry, its `source` and `checksum` lines were removed: find out when",
            format!("git log -p -S {} -- {}", quote(package.name()), quote(&context.lockfile.file.path)),
        )
}

fn requirement_met(
    context: &LockfileContext<'_>,
    manifest: &Manifest,
    entry: PackageRef<'_>,
    written: &Requirement,
    certain: bool,
    sink: &mut Sink<'_>,
) {
    let root = context.evidence.workspaces.root_of(manifest);
    let inherited = if written.inherited {
        let table = root.and_then(|r| r.workspace.as_ref());
        match table.and_then(|t| t.requirements.iter().find(|r| r.key == written.key)) {
            Some(requirement) => requirement,
            None => return sink.not_judged(format!("`{}` inherits `{}` from nowhere", manifest.path, written.key), 1),
        }
    } else {
        written
    };
    let patched = |name: &str| {
        let all = root.into_iter().chain(std::iter::once(manifest));
        all.flat_map(|m| &m.replacements).any(|r| r.requirement.package == name || r.requirement.key == name)
    };
    let mut named = entry.dependencies().iter().filter_map(|d| context.lockfile.package(d.target?)).filter(|p| p.name() == inherited.package).peekable();
    if named.peek().is_none() {
        let title = format!("`{}` asks for `{}`, which the lockfile does not give it", manifest.path, inherited.package);
        sink.push(unmet(context, manifest, entry, written, title, "nothing of that name is locked for this package"));
        return;
    }
    let Some(wanted) = inherited.version.as_deref() else { return };
    let Ok(req) = VersionReq::parse(wanted) else {
        return sink.not_judged(format!("`{wanted}` in `{}` is no version requirement", manifest.path), 1);
    };
    let by_path = matches!(inherited.source, RequirementSource::Path(_));
    let versions: Vec<&str> = named.filter_map(PackageRef::version).collect();
    let met = versions.iter().any(|v| Version::parse(v).is_ok_and(|v| req.matches(&v)));
    // What is patched, or taken from a folder whose version is judged as a member, is cargo's to say.
    if !met && !by_path && !patched(&inherited.package) && certain {
        let title = format!("`{}` asks for `{} {wanted}`, the lockfile has {}", manifest.path, inherited.package, versions.join(", "));
        sink.push(unmet(context, manifest, entry, written, title, "no locked version satisfies this"));
    }
}

fn unmet(
    context: &LockfileContext<'_>,
    manifest: &Manifest,
    entry: PackageRef<'_>,
    written: &Requirement,
    title: String,
    label: &str,
) -> Finding {
    Finding::new(&RULE, Subject::lockfile(&context.lockfile.file.path), manifest.file.at(written.place), title)
        .label(label)
        .related(entry.name_place(), format!("`{}` in the lockfile", entry.label()))
        .cause("requirements of manifests are not met by the lockfile")
        .paste("bring the lockfile up to date and review what changes", UPDATE)
}
