//! Cargo: members and their requirements against `Cargo.lock`.

use std::collections::{BTreeMap, HashMap, HashSet};

use semver::{Version, VersionReq};

use super::super::{LockfileContext, Sink, tool};
use super::RULE;
use crate::evidence::{Manifest, Requirement, RequirementSource, Value, Workspace};
use crate::model::{Finding, PackageRef, Source, SourceKind, Span, Subject};
use crate::text::shell::quote;

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let Some(workspace) = context.workspace else {
        return orphaned_roots(context, sink);
    };
    let workspaces = &context.evidence.workspaces;
    // A package that is no member has its own workspace's version, and of it cargo locks neither
    // dev-dependencies nor every feature.
    let members: HashSet<usize> = workspace.members.iter().copied().collect();
    let mut locals: Locals<'_> = BTreeMap::new();
    for index in workspace.locals() {
        let Some(manifest) = workspaces.manifests.get(index) else { continue };
        let Some(package) = &manifest.package else { continue };
        let member = members.contains(&index);
        match version_of(manifest, workspaces.root_of(manifest)) {
            Some(version) => locals.entry(&package.name).or_default().push((manifest, version, member)),
            None => {
                sink.not_judged(format!("the version of `{}` is inherited from nowhere", manifest.path), 1);
            }
        }
    }
    let mut entries: BTreeMap<&str, BTreeMap<&str, PackageRef<'_>>> = BTreeMap::new();
    for package in context.lockfile.packages().filter(|p| p.source().is_none()) {
        entries.entry(package.name()).or_default().insert(package.version().unwrap_or_default(), package);
    }
    let certain = workspace.incomplete.is_empty();
    let outside: HashSet<&str> = workspace.outside.iter().map(|outside| outside.package.as_str()).collect();
    for (name, versions) in &entries {
        for (version, entry) in versions {
            match locals.get(name) {
                Some(found) if found.iter().any(|(_, v, _)| v == version) => {}
                Some(found) => {
                    for (manifest, v, _) in found {
                        sink.push(moved(context, manifest, v, *entry));
                    }
                }
                // Where it is said to be is for `path-escape` to judge.
                None if outside.contains(name) => {}
                None if certain => sink.push(unaccounted(context, *entry)),
                None => {}
            }
        }
    }
    let replaced = replaced(context, workspace);
    for (name, found) in &locals {
        let locked = entries.get(name);
        for (manifest, version, _) in found.iter().filter(|(_, _, member)| *member) {
            match locked.and_then(|versions| versions.get(version.as_str())) {
                Some(entry) => {
                    Member { context, manifest, entry: *entry, locals: &locals, replaced: &replaced, certain }
                        .judge(sink);
                }
                None if certain && locked.is_none() => sink.push(absent(context, manifest, version)),
                None => {}
            }
        }
    }
    if !certain {
        sink.not_judged(workspace.incomplete.join(", "), 1);
    }
}

/// The packages of this repository by name: the manifest, its version, whether it is a member.
type Locals<'a> = BTreeMap<&'a str, Vec<(&'a Manifest, String, bool)>>;

/// The names for which a `[patch]` or `[replace]`, in the root manifest or in cargo's settings, may put
/// another package in place of what a member asks for.
fn replaced<'a>(context: &LockfileContext<'a>, workspace: &Workspace) -> HashSet<&'a str> {
    let evidence = context.evidence;
    let root = workspace.members.first().and_then(|index| evidence.workspaces.manifests.get(*index));
    let by_manifest = root.into_iter().flat_map(|manifest| &manifest.replacements);
    let by_manifest = by_manifest.flat_map(|r| [r.requirement.package.as_str(), r.requirement.key.as_str()]);
    let patches = evidence.settings.settings.iter().filter(|s| s.key.first().is_some_and(|k| k == "patch"));
    let by_setting = patches.flat_map(|setting| {
        let package = match &setting.value {
            Value::Text(text) => Some(text),
            _ => None,
        };
        setting.key.get(2).into_iter().chain(package).map(String::as_str)
    });
    by_manifest.chain(by_setting).collect()
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

const UPDATE: &str = "bring the lockfile up to date and review what changes";

/// Moves what the manifests force to move, and nothing else.
fn update(context: &LockfileContext<'_>) -> String {
    tool::cargo_update(context.lockfile, "--workspace")
}

fn absent(context: &LockfileContext<'_>, manifest: &Manifest, version: &str) -> Finding {
    let (name, span) = manifest.package.as_ref().map_or(("", Span::default()), |p| (&p.name, p.name_span));
    let title = format!("`{name}@{version}` is a member of the workspace, but not in the lockfile");
    Finding::new(&RULE, Subject::lockfile(&context.lockfile.file.path), manifest.file.at(span), title)
        .label("cargo resolves this member anew at the next build")
        .cause("members of the workspace are not in the lockfile")
        .paste(UPDATE, update(context))
}

/// The manifest has another version than the lockfile.
fn moved(
    context: &LockfileContext<'_>,
    manifest: &Manifest,
    version: &str,
    entry: PackageRef<'_>,
) -> Finding {
    let path = &context.lockfile.file.path;
    let title = format!(
        "`{}` is at {version} in its manifest, `{path}` has it as {}",
        entry.name(),
        entry.version().unwrap_or_default()
    );
    let span = manifest.package.as_ref().map_or(Span::default(), |p| p.version_span);
    Finding::new(&RULE, Subject::package(entry), entry.version_place(), title)
        .label("cargo rewrites this entry, and what it resolves with it, at the next build")
        .related(manifest.file.at(span), format!("{version} in the manifest"))
        .cause("packages of this repository are locked at another version than their manifests have")
        .paste(UPDATE, update(context))
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

/// A member of the workspace, and its entry in the lockfile.
struct Member<'a> {
    context: &'a LockfileContext<'a>,
    manifest: &'a Manifest,
    entry: PackageRef<'a>,
    locals: &'a Locals<'a>,
    replaced: &'a HashSet<&'a str>,
    certain: bool,
}

impl Member<'_> {
    fn judge(&self, sink: &mut Sink<'_>) {
        let mut edges: HashMap<&str, Vec<PackageRef<'_>>> = HashMap::new();
        for package in
            self.entry.dependencies().iter().filter_map(|d| self.context.lockfile.package(d.target?))
        {
            edges.entry(package.name()).or_default().push(package);
        }
        let root = self.context.evidence.workspaces.root_of(self.manifest);
        let table = root.and_then(|root| root.workspace.as_ref());
        for written in &self.manifest.requirements {
            let wanted = if written.inherited {
                table.and_then(|t| t.requirement(&written.key))
            } else {
                Some(written)
            };
            let path = &self.manifest.path;
            let Some(wanted) = wanted else {
                sink.not_judged(format!("`{path}` inherits `{}` from nowhere", written.key), 1);
                continue;
            };
            let Some(locked) = edges.get(wanted.package.as_str()) else {
                let title =
                    format!("`{path}` asks for `{}`, which the lockfile does not give it", wanted.package);
                sink.push(self.unmet(written, title, "nothing of that name is locked for this package"));
                continue;
            };
            self.satisfied(written, wanted, locked, sink);
        }
    }

    /// Whether something of the right name is of the right kind of source and of a version that is asked
    /// for. What is replaced is cargo's to say.
    fn satisfied(
        &self,
        written: &Requirement,
        wanted: &Requirement,
        locked: &[PackageRef<'_>],
        sink: &mut Sink<'_>,
    ) {
        let (path, package) = (&self.manifest.path, &wanted.package);
        if !self.certain || self.replaced.contains(package.as_str()) {
            return;
        }
        let (kind, of_kind): (_, Vec<&PackageRef<'_>>) = match wanted.source {
            RequirementSource::Registry(_) | RequirementSource::RegistryIndex(_) => (
                "a registry",
                locked.iter().filter(|p| p.source().is_some_and(Source::is_registry)).collect(),
            ),
            RequirementSource::Git { .. } => ("git", locked.iter().filter(|p| is_git(p)).collect()),
            RequirementSource::Path(_) => {
                ("a folder", locked.iter().filter(|p| p.source().is_none()).collect())
            }
        };
        if let (Some(other), []) = (locked.first(), of_kind.as_slice()) {
            let found = other.source().map_or("a folder", Source::kind_name);
            // One without a source that is nothing of this repository, and one whose source nobody
            // understands, have findings of their own.
            let judged = match other.source() {
                None => !self.locals.contains_key(package.as_str()),
                Some(source) => matches!(source.kind, SourceKind::Unknown | SourceKind::Path),
            };
            if !judged {
                let title =
                    format!("`{path}` asks for `{package}` from {kind}; the lockfile has it from {found}");
                let finding = self.unmet(written, title, "nothing that is locked comes from there");
                sink.push(finding.related(other.source_place(), format!("from {found}")));
            }
            return;
        }
        // The version of a folder is judged as that of its own manifest.
        let Some(asked) = wanted.version.as_deref().filter(|_| kind != "a folder") else { return };
        let Ok(requirement) = VersionReq::parse(asked) else {
            return sink.not_judged(format!("`{asked}` in `{path}` is no version requirement"), 1);
        };
        let versions: Vec<&str> = of_kind.iter().filter_map(|p| p.version()).collect();
        if !versions.iter().any(|v| Version::parse(v).is_ok_and(|v| requirement.matches(&v))) {
            let title =
                format!("`{path}` asks for `{package} {asked}`, the lockfile has {}", versions.join(", "));
            sink.push(self.unmet(written, title, "no locked version satisfies this"));
        }
    }

    fn unmet(&self, written: &Requirement, title: String, label: &str) -> Finding {
        let subject = Subject::lockfile(&self.context.lockfile.file.path);
        Finding::new(&RULE, subject, self.manifest.file.at(written.place), title)
            .label(label)
            .related(self.entry.name_place(), format!("`{}` in the lockfile", self.entry.label()))
            .cause("requirements of manifests are not met by the lockfile")
            .paste(UPDATE, update(self.context))
    }
}

fn is_git(package: &PackageRef<'_>) -> bool {
    package.source().is_some_and(|source| matches!(source.kind, SourceKind::Git { .. }))
}
