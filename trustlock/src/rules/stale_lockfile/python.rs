//! Python: a lockfile against the manifest beside it.
//!
//! Three questions, each only where its answer is certain: does the lockfile repeat the digest of its
//! manifest; does it repeat what the manifest asks for; and is there, for everything that the manifest
//! asks for without a condition, a locked version that satisfies it. The third is asked of every format:
//! tools trust the other two.

use std::collections::BTreeMap;

use super::super::{LockfileContext, Sink};
use super::RULE;
use crate::evidence::pyproject::Written;
use crate::evidence::{LockTool, Pipfile, Pyproject};
use crate::model::{Ecosystem, File, Finding, PackageRef, Source, SourceKind, Subject, fold};
use crate::text::pep508::Specifiers;
use crate::text::shell::quote;
use crate::tree::TreePath;

mod compiled;
mod poetry;
mod uv;

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let path = TreePath::new(&context.lockfile.file.path).ok();
    let Some(folder) = path.and_then(|path| path.parent()) else { return };
    let lock = Lock::new(context);
    match context.lockfile.format.name {
        "uv.lock" => uv::check(&lock, &folder, sink),
        "poetry.lock" => hashed(&lock, LockTool::Poetry, &folder, sink),
        "pdm.lock" => hashed(&lock, LockTool::Pdm, &folder, sink),
        "Pipfile.lock" => pipfile(&lock, &folder, sink),
        "requirements.txt" => compiled::check(&lock, &folder, sink),
        _ => {}
    }
}

/// A lockfile, its packages by folded name.
struct Lock<'a> {
    context: &'a LockfileContext<'a>,
    packages: BTreeMap<String, Vec<PackageRef<'a>>>,
}

/// What a manifest asks for without a condition.
struct Wanted<'a> {
    manifest: &'a std::sync::Arc<File>,
    name: &'a str,
    /// The requirement as people read it.
    written: &'a Written,
    /// Any of these will do; none where every version will.
    versions: &'a [Specifiers],
}

impl<'a> Lock<'a> {
    fn new(context: &'a LockfileContext<'a>) -> Self {
        let mut packages: BTreeMap<String, Vec<PackageRef<'a>>> = BTreeMap::new();
        for package in context.lockfile.packages() {
            packages.entry(package.folded().into_owned()).or_default().push(package);
        }
        Self { context, packages }
    }

    fn path(&self) -> &str {
        &self.context.lockfile.file.path
    }

    /// Whether a locked version satisfies what is asked for.
    fn satisfies(&self, wanted: &Wanted<'_>, tool: LockTool, sink: &mut Sink<'_>) {
        self.satisfies_by(wanted, &self.command(tool), sink);
    }

    /// As [`Self::satisfies`]; `command` brings the lockfile up to date.
    fn satisfies_by(&self, wanted: &Wanted<'_>, command: &str, sink: &mut Sink<'_>) {
        let name = fold(Ecosystem::Pypi, wanted.name);
        let manifest = &wanted.manifest.path;
        let Some(locked) = self.packages.get(&*name) else {
            let title = format!("`{manifest}` asks for `{}`, which is not in the lockfile", wanted.name);
            return sink.push(self.unmet(wanted, command, title, "nothing of that name is locked"));
        };
        // What is not from an index has whatever version it has.
        let from_index = |p: &&PackageRef<'_>| p.source().is_some_and(|s| is_index(s) && p.version().is_some());
        let indexed: Vec<_> = locked.iter().filter(from_index).collect();
        if indexed.is_empty() || indexed.len() < locked.len() || wanted.versions.is_empty() {
            return;
        }
        let allows = |p: &&PackageRef<'_>| {
            let version = p.version().unwrap_or_default();
            wanted.versions.iter().any(|specifiers| specifiers.allow(version) != Some(false))
        };
        if !indexed.iter().any(allows) {
            let versions: Vec<&str> = indexed.iter().filter_map(|p| p.version()).collect();
            let title = format!(
                "`{manifest}` asks for `{}`, the lockfile has {}",
                wanted.written.text,
                versions.join(", ")
            );
            let finding = self.unmet(wanted, command, title, "no locked version satisfies this");
            let place = indexed.first().map(|p| p.version_place());
            sink.push(match place {
                Some(place) => finding.related(place, "in the lockfile"),
                None => finding,
            });
        }
    }

    fn unmet(&self, wanted: &Wanted<'_>, command: &str, title: String, label: &str) -> Finding {
        let place = wanted.manifest.at(wanted.written.place);
        Finding::new(&RULE, Subject::lockfile(self.path()), place, title)
            .label(label)
            .cause("requirements of manifests are not met by the lockfile")
            .paste("bring the lockfile up to date and review what changes", command)
    }

    /// What brings the lockfile up to date, from the root of the repository.
    fn command(&self, tool: LockTool) -> String {
        // A script has a lockfile of its own.
        if let Some(script) = self.path().strip_suffix(".lock").filter(|_| !self.path().ends_with("uv.lock"))
            && tool == LockTool::Uv
        {
            return format!("uv lock --script {}", quote(script));
        }
        match self.path().rsplit_once('/') {
            Some((folder, _)) => format!("(cd {} && {})", quote(folder), tool.command()),
            None => tool.command().to_owned(),
        }
    }

    /// The manifest is not the one from which the lockfile was made.
    fn changed(&self, manifest: &std::sync::Arc<File>, tool: LockTool) -> Finding {
        let lockfile = self.context.lockfile;
        let title = format!("`{}` changed after `{}` was made from it", manifest.path, self.path());
        let place = lockfile.manifest_hash.map(|hash| hash.place).unwrap_or_default();
        Finding::new(&RULE, Subject::lockfile(self.path()), lockfile.file.at(place), title)
            .label(format!("the digest that {} would write for it is another", tool.name()))
            .cause("lockfiles were made from other manifests")
            .paste("bring the lockfile up to date and review what changes", self.command(tool))
    }
}

fn is_index(source: &Source) -> bool {
    matches!(source.kind, SourceKind::Index | SourceKind::Unrecorded)
}

/// A lockfile that repeats the digest of its `pyproject.toml`.
fn hashed(lock: &Lock<'_>, tool: LockTool, folder: &TreePath, sink: &mut Sink<'_>) {
    let Some(project) = lock.context.evidence.pyprojects.at(folder) else {
        return sink.not_judged("no `pyproject.toml` stands beside the lockfile", 1);
    };
    match project.hashes.fresh(lock.context.lockfile) {
        Some(false) => return sink.push(lock.changed(&project.file, tool)),
        Some(true) => {}
        None => sink.not_judged(format!("{} keeps no digest that can be compared", lock.path()), 1),
    }
    if tool == LockTool::Poetry {
        poetry::check(lock, project, sink);
    }
    requirements(lock, project, tool, |_| false, sink);
}

/// What `project` asks for by requirements of the standard form, except what `skip` names.
fn requirements(
    lock: &Lock<'_>,
    project: &Pyproject,
    tool: LockTool,
    skip: impl Fn(&str) -> bool,
    sink: &mut Sink<'_>,
) {
    use crate::evidence::pyproject::List;
    let own = project.name.as_ref().map(|name| fold(Ecosystem::Pypi, &name.text).into_owned());
    // Whether extras and groups are locked is for the user of Poetry and PDM to say.
    let always = |list: &List| match list {
        List::Dependencies => true,
        List::Extra(_) | List::Group(_) => tool == LockTool::Uv,
        List::Build => false,
    };
    for asked in project.requirements.iter().filter(|asked| always(&asked.list)) {
        let Some(requirement) = crate::text::pep508::parse(&asked.requirement.text) else {
            continue;
        };
        let folded = fold(Ecosystem::Pypi, &requirement.name);
        if requirement.marker.is_some() || own.as_deref() == Some(&*folded) || skip(&folded) {
            continue;
        }
        let versions = match requirement.url {
            Some(_) => &[][..],
            None => std::slice::from_ref(&requirement.specifiers),
        };
        let wanted =
            Wanted { manifest: &project.file, name: &requirement.name, written: &asked.requirement, versions };
        lock.satisfies(&wanted, tool, sink);
    }
}

fn pipfile(lock: &Lock<'_>, folder: &TreePath, sink: &mut Sink<'_>) {
    let Some(pipfile) = lock.context.evidence.pipfiles.at(folder) else {
        return sink.not_judged("no `Pipfile` stands beside the lockfile", 1);
    };
    let lockfile = lock.context.lockfile;
    match lockfile.manifest_hash.and_then(|hash| pipfile.made(lockfile.text(hash))) {
        Some(false) => return sink.push(lock.changed(&pipfile.file, LockTool::Pipenv)),
        Some(true) => {}
        None => sink.not_judged(format!("{} keeps no digest that can be compared", lock.path()), 1),
    }
    let locked: std::collections::BTreeSet<&str> = lockfile.packages().flat_map(PackageRef::groups).collect();
    satisfied(lock, pipfile, &locked, sink);
}

/// What installs packages, and is itself not always locked.
const UNLOCKED: [&str; 4] = ["distribute", "pip", "setuptools", "wheel"];

/// Whether the categories that are locked hold what the `Pipfile` asks for.
fn satisfied(
    lock: &Lock<'_>,
    pipfile: &Pipfile,
    locked: &std::collections::BTreeSet<&str>,
    sink: &mut Sink<'_>,
) {
    for asked in &pipfile.asked {
        let category = asked.category.as_str();
        let Some(versions) = &asked.versions else { continue };
        // Older pipenvs left these to the environment.
        if UNLOCKED.contains(&&*fold(Ecosystem::Pypi, &asked.name.text)) {
            continue;
        }
        if !locked.contains(category) && category != "default" {
            continue;
        }
        let specifiers = match versions.trim() {
            "*" | "" => Some(Specifiers::default()),
            versions => Specifiers::parse(versions),
        };
        let Some(specifiers) = specifiers else { continue };
        let written = match versions.as_str() {
            "*" => asked.name.clone(),
            versions => Written { text: format!("{} {versions}", asked.name.text), place: asked.name.place },
        };
        let wanted = Wanted {
            manifest: &pipfile.file,
            name: &asked.name.text,
            written: &written,
            versions: &[specifiers],
        };
        lock.satisfies(&wanted, LockTool::Pipenv, sink);
    }
}
