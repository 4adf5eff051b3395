//! `uv.lock`: what its copy of each project's metadata says, and what the project says.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::Sink;
use super::super::RULE;
use super::{Lock, requirements};
use crate::evidence::pyproject::{List, Written};
use crate::evidence::{LockTool, Pyproject};
use crate::model::{Atom, Ecosystem, Finding, PackageRef, Request, SourceKind, Subject, fold};
use crate::text::pep508::{self, Specifiers};
use crate::tree::TreePath;

pub(super) fn check(lock: &Lock<'_>, folder: &TreePath, sink: &mut Sink<'_>) {
    let evidence = lock.context.evidence;
    let mut judged = 0;
    for package in lock.context.lockfile.packages() {
        let Some(SourceKind::Local { inside: Some(inside), .. }) = package.source().map(|source| &source.kind)
        else {
            continue;
        };
        let Some(project) = TreePath::new(inside).ok().and_then(|inside| evidence.pyprojects.at(&inside))
        else {
            continue;
        };
        judged += 1;
        if project.is_project && !project.dynamic {
            Member { lock, package, project, replaced: replaced(lock, project) }.judge(sink);
        }
    }
    if judged == 0 && evidence.pyprojects.at(folder).is_none() {
        let of_script = !lock.path().ends_with("uv.lock");
        let reason =
            if of_script { "scripts are not read" } else { "no `pyproject.toml` stands beside the lockfile" };
        sink.not_judged(reason, 1);
    }
}

/// The names that uv takes from elsewhere for this project: by its own table, or that of a workspace above.
fn replaced<'a>(lock: &Lock<'a>, project: &Pyproject) -> BTreeSet<&'a str> {
    let above = project.directory().ancestors().collect::<Vec<_>>();
    let projects = &lock.context.evidence.pyprojects;
    let names = above.iter().filter_map(|folder| projects.at(folder)).flat_map(|p| &p.locking.uv_replaced);
    names.map(String::as_str).collect()
}

/// A project of the lockfile.
struct Member<'a> {
    lock: &'a Lock<'a>,
    package: PackageRef<'a>,
    project: &'a Pyproject,
    replaced: BTreeSet<&'a str>,
}

/// What is asked for under one name.
#[derive(Default)]
struct Asked<'a> {
    written: Vec<&'a Written>,
    specifiers: Vec<Specifiers>,
    /// Whether one of them has no condition.
    always: bool,
}

impl Member<'_> {
    fn judge(&self, sink: &mut Sink<'_>) {
        let before = sink.findings.len();
        self.metadata(sink);
        if sink.findings.len() == before {
            requirements(self.lock, self.project, LockTool::Uv, |name| self.replaced.contains(name), sink);
        }
    }

    /// The copy that the lockfile keeps, against the project. A lockfile may keep none.
    fn metadata(&self, sink: &mut Sink<'_>) {
        let lockfile = self.lock.context.lockfile;
        let of_this = lockfile.requests.iter().filter(|request| request.package == Some(self.package.index));
        let (grouped, plain): (Vec<&Request>, Vec<&Request>) =
            of_this.partition(|request| request.group.is_some());
        if plain.is_empty() && grouped.is_empty() {
            return;
        }
        let mut copies: BTreeMap<String, Vec<(Atom, Option<Atom>)>> = BTreeMap::new();
        for request in &plain {
            let name = fold(Ecosystem::Pypi, lockfile.text(request.name)).into_owned();
            copies.entry(name).or_default().push((request.name, request.specifier));
        }
        let asked = self.asked(|list| matches!(list, List::Dependencies | List::Extra(_)));
        let own = fold(Ecosystem::Pypi, self.package.name()).into_owned();
        for (name, asked) in asked.iter().filter(|(name, _)| **name != own) {
            match copies.get(name) {
                None if asked.always => sink.extend(asked.written.first().map(|w| self.unknown(name, w))),
                Some(copies) if !self.replaced.contains(name.as_str()) => {
                    sink.extend(self.differs(name, asked, copies));
                }
                _ => {}
            }
        }
        for (name, copies) in copies.iter().filter(|(name, _)| **name != own && !asked.contains_key(*name)) {
            sink.extend(copies.first().map(|(atom, _)| self.gone(name, *atom)));
        }
        // A group includes others under their own names, so names alone are compared.
        let groups = self.asked(|list| matches!(list, List::Group(_)));
        let development = &self.project.locking.uv_development;
        let development: BTreeSet<String> = development
            .iter()
            .filter_map(|asked| Some(fold(Ecosystem::Pypi, &pep508::parse(&asked.text)?.name).into_owned()))
            .collect();
        for request in grouped {
            let name = fold(Ecosystem::Pypi, lockfile.text(request.name)).into_owned();
            if !groups.contains_key(&name) && !development.contains(&name) {
                sink.push(self.gone(&name, request.name));
            }
        }
    }

    fn asked(&self, of: impl Fn(&List) -> bool) -> BTreeMap<String, Asked<'_>> {
        let mut all: BTreeMap<String, Asked<'_>> = BTreeMap::new();
        for asked in self.project.requirements.iter().filter(|asked| of(&asked.list)) {
            let Some(requirement) = pep508::parse(&asked.requirement.text) else { continue };
            let entry = all.entry(fold(Ecosystem::Pypi, &requirement.name).into_owned()).or_default();
            entry.written.push(&asked.requirement);
            entry.specifiers.push(requirement.specifiers);
            entry.always |= requirement.marker.is_none() && asked.list == List::Dependencies;
        }
        all
    }

    fn differs(&self, name: &str, asked: &Asked<'_>, copies: &[(Atom, Option<Atom>)]) -> Option<Finding> {
        let lockfile = self.lock.context.lockfile;
        let read = |specifier: Option<Atom>| match specifier {
            Some(atom) => Specifiers::parse(lockfile.text(atom)),
            None => Some(Specifiers::default()),
        };
        let known: Vec<Specifiers> = copies.iter().map(|(_, specifier)| read(*specifier)).collect::<Option<_>>()?;
        let at = asked.specifiers.iter().position(|asked| !known.iter().any(|known| known.same(asked)))?;
        let written = asked.written.get(at)?;
        let (place, locked) = copies.first().map(|(name, specifier)| {
            (specifier.unwrap_or(*name).place, specifier.map_or("any version", |atom| lockfile.text(atom)))
        })?;
        let path = &self.project.path;
        let title = format!("`{path}` asks for `{}`, `{}` was made for `{name}` {locked}", written.text, self.lock.path());
        Some(self.stale(written, title, "this changed after the lockfile was made").related(lockfile.file.at(place), "what the lockfile was made for"))
    }

    fn unknown(&self, name: &str, written: &Written) -> Finding {
        let title = format!("`{}` asks for `{name}`, which its copy in `{}` does not", self.project.path, self.lock.path());
        self.stale(written, title, "this was added after the lockfile was made")
    }

    fn stale(&self, written: &Written, title: String, label: &str) -> Finding {
        Finding::new(&RULE, Subject::lockfile(self.lock.path()), self.project.file.at(written.place), title)
            .label(label)
            .cause("manifests changed after the lockfile was made")
            .paste("bring the lockfile up to date and review what changes", self.lock.command(LockTool::Uv))
    }

    fn gone(&self, name: &str, copy: Atom) -> Finding {
        let path = &self.project.path;
        let title = format!("`{}` was made for `{name}`, which `{path}` does not ask for", self.lock.path());
        let place = self.lock.context.lockfile.file.at(copy.place);
        Finding::new(&RULE, Subject::lockfile(self.lock.path()), place, title)
            .label("no requirement of the project is this one")
            .cause("manifests changed after the lockfile was made")
            .paste("bring the lockfile up to date and review what changes", self.lock.command(LockTool::Uv))
    }
}
