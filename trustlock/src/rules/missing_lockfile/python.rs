//! Python: a project that is set up for a tool that locks, and has no lockfile of any tool.
//!
//! Of a library the tools themselves leave it open whether its lockfile is committed, and many good ones
//! ignore it; so only what is never built into a distribution is held to it. A table that speaks to a
//! build back-end alone sets up no tool.

use std::collections::BTreeSet;

use super::super::{ProjectContext, Sink, is_test_data};
use super::RULE;
use crate::evidence::pyproject::List;
use crate::evidence::{Hidden, LockTool, Pipfile, Pyproject};
use crate::lockfile::{self, Claim};
use crate::model::{Ecosystem, Finding, Place, Subject};
use crate::text::shell::quote;
use crate::tree::TreePath;

/// A project without a lockfile.
struct Missing {
    tool: LockTool,
    folder: TreePath,
    /// Where its manifest sets up the tool.
    place: Place,
    /// Why it should have one; `None` for a library.
    reason: Option<&'static str>,
}

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    let evidence = context.evidence;
    let locked = locked(context);
    let pyprojects = evidence.pyprojects.all.iter().filter_map(of_pyproject);
    let pipfiles = evidence.pipfiles.all.iter().filter_map(|pipfile| of_pipfile(context, pipfile));
    let mut libraries = Vec::new();
    for missing in pyprojects.chain(pipfiles) {
        let lockfile = missing.folder.child(missing.tool.lockfile());
        // The lockfile of a workspace stands at its root.
        if missing.folder.ancestors().any(|folder| locked.contains(&folder))
            || is_test_data(&missing.folder)
            || !evidence.discovery.looks_at(&lockfile)
            || !context.policy.for_lockfile(lockfile.as_str()).governed.required.value
            || !context.policy.governed.covers(lockfile.as_str())
        {
            continue;
        }
        let hidden = evidence.discovery.hidden.iter().find(|hidden| hidden.path == lockfile);
        match missing.reason {
            Some(reason) => sink.push(finding(&missing, &lockfile, reason, hidden)),
            None => libraries.push(missing.place.file.path.clone()),
        }
    }
    if let [first, others @ ..] = libraries.as_slice() {
        let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        sink.note(None, format!("{first}{more}: a library without a lockfile; nothing pins what it is tested with"));
    }
}

/// The folders that hold a lockfile of any tool of Python, one that could not be read included.
fn locked(context: &ProjectContext<'_>) -> BTreeSet<TreePath> {
    let read = context.lockfiles.iter().filter(|l| l.format.ecosystem == Ecosystem::Pypi && l.loose.is_none());
    let read = read.filter_map(|lockfile| TreePath::new(&lockfile.file.path).ok());
    let discovery = &context.evidence.discovery;
    let unread = discovery.problems.iter().filter_map(|p| TreePath::new(p.path.as_deref()?).ok());
    let named = discovery.lockfiles.iter().cloned().chain(unread);
    let named = named.filter(|path| lockfile::claim(path.as_str()) == Claim::Yes && path.name() != "Cargo.lock");
    read.chain(named).filter_map(|path| path.parent()).collect()
}

fn of_pyproject(project: &Pyproject) -> Option<Missing> {
    let (tool, span) = *project.locking.lock.first()?;
    let asks = project.requirements.iter().any(|asked| asked.list != List::Build)
        || !project.locking.poetry.is_empty()
        || !project.locking.uv_development.is_empty();
    // Of a `pyproject.toml` that is no project, tools take settings alone.
    let is_project = project.is_project || tool == LockTool::Poetry;
    if !asks || !is_project || is_template(&project.path) {
        return None;
    }
    let reason = if project.locking.unpackaged {
        Some("it is told that the project is no package")
    } else if project.locking.private {
        Some("a classifier keeps the project from being published")
    } else if !project.has_build_system && project.is_project && tool == LockTool::Uv {
        Some("without a build system the project is a program, not a library")
    } else {
        None
    };
    Some(Missing { tool, folder: project.directory(), place: project.file.at(span), reason })
}

/// pipenv is for programs; a library keeps a `Pipfile` for its own development.
fn of_pipfile(context: &ProjectContext<'_>, pipfile: &Pipfile) -> Option<Missing> {
    let first = pipfile.asked.iter().map(|asked| asked.name.place).min()?;
    if is_template(&pipfile.path) {
        return None;
    }
    let folder = pipfile.directory();
    let beside = context.evidence.pyprojects.at(&folder).is_some_and(|project| project.has_build_system);
    let library = beside || context.evidence.discovery.setups.binary_search(&folder).is_ok();
    let reason = (!library).then_some("a `Pipfile` is for a program");
    Some(Missing { tool: LockTool::Pipenv, folder, place: pipfile.file.at(first), reason })
}

/// Whether a path is that of a template of projects, in which names are still to be filled in.
fn is_template(path: &TreePath) -> bool {
    path.as_str().contains("{{")
}

fn finding(missing: &Missing, lockfile: &TreePath, reason: &str, hidden: Option<&Hidden>) -> Finding {
    let manifest = &missing.place.file.path;
    let title = match hidden {
        Some(_) => format!("`{lockfile}` exists, but git ignores it"),
        None => format!("`{manifest}` is set up for {}, and has no lockfile", missing.tool.name()),
    };
    let finding = Finding::new(&RULE, Subject::lockfile(lockfile.as_str()), missing.place.clone(), title);
    let within = |command: &str| {
        let folder = quote(missing.folder.as_str());
        if missing.folder.is_root() { command.to_owned() } else { format!("(cd {folder} && {command})") }
    };
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
                format!("{}\ngit add {}", within(missing.tool.command()), quote(lockfile.as_str())),
            ),
    }
}
