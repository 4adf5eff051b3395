//! The rule, and what the finders of the different tools share; a file each in the folder beside this one.

mod call;
mod cargo;
mod door;
mod download;
mod hooks;
mod pip;
mod requirement;
mod rewrite;
mod tools;

use std::collections::BTreeMap;

use self::call::Call;
use self::door::{Door, Site};
use self::pip::Found;
use super::{ProjectContext, Sink};
use crate::evidence::commands::{Command, Form, Script};
use crate::model::{Declaration, Family, Finding, Level, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "unlocked-install",
    family: Family::Lockfile,
    level: Level::Warn,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A workflow, Dockerfile, script or hook installs past every lockfile",
    why: "A lockfile guards only what is installed through it. `pip install black` in a workflow, `uvx` in a \
          makefile, a `uv sync` or `cargo build` that may write the lockfile anew where nobody sees it, \
          `curl … | sh` in a Dockerfile: each brings in what is newest that minute, with the credentials of \
          the machine it runs on. Where commands run unattended (workflows, pipelines, images) every tool is \
          held to its lockfile; elsewhere only what no lockfile could hold is named.",
    fix: "Install through a lockfile and let the tool refuse the rest: `pip install --require-hashes -r`, \
          `uv sync --locked`, `pdm install --frozen-lockfile`, `pipenv install --deploy`, \
          `cargo … --locked`; name the exact version of tools that are fetched to be run. `[lockfiles] exclude` \
          leaves folders out; a waiver names `file`, `key` (`run`, `deps`, …) and the command as `value`, or the file as `lockfile`.",
    accepted_by: "pip 26.3, uv 0.9, pipx, tox, nox, pre-commit and cargo 1.95: each installs what is newest \
                  unless the line says otherwise",
    incident: Some(
        "2026-03-24, litellm 1.82.7 and 1.82.8 (PYSEC-2026-2): 40 to 50 % of all installs in the bad hours were \
         unpinned and took the credential stealer; the project's own image, built from pinned requirements, did not.",
    ),
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    let mut unknown: Vec<&str> = Vec::new();
    for script in &context.commands.scripts {
        for command in script.commands.iter().filter(|command| !command.words.is_empty()) {
            let found = judge(&Site { context, script, command });
            unknown.extend(std::iter::repeat_n(script.file.path.as_str(), found.unknown));
            for door in found.doors {
                sink.push(finding(script, command, door));
            }
        }
    }
    if let Some(first) = unknown.first() {
        let mut files = unknown.clone();
        files.dedup();
        let more = if files.len() > 1 { format!(" and {} more", files.len() - 1) } else { String::new() };
        let reason = format!("{first}{more}: what is installed stands in variables, or in files that are made later");
        sink.not_judged(reason, unknown.len());
    }
    let mut unread: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, reason) in &context.commands.unread {
        unread.entry(reason).or_default().push(path.as_str());
    }
    for (reason, paths) in unread {
        let first = paths.first().copied().unwrap_or_default();
        let more = if paths.len() > 1 { format!(" and {} more", paths.len() - 1) } else { String::new() };
        sink.not_judged(format!("{first}{more}: {reason}"), paths.len());
    }
}

fn judge(site: &Site<'_>) -> Found {
    let one = |door: Option<Door>| Found { doors: door.into_iter().collect(), unknown: 0 };
    match site.command.form {
        Form::HookDependencies => return one(hooks::dependencies(site)),
        Form::HookRevision => return one(hooks::revision(site)),
        Form::ToxDependencies | Form::NoxInstall => return pip::listed(site),
        Form::LocalAction => return Found::default(),
        Form::Line => {}
    }
    let Some(call) = Call::of(&site.command.words) else { return Found::default() };
    let mut found = pip::judge(site, &call);
    found.doors.extend(tools::judge(site, &call));
    found.doors.extend(rewrite::judge(site, &call));
    found.doors.extend(cargo::judge(site, &call));
    found.doors.extend(download::judge(site));
    found
}

fn finding(script: &Script, command: &Command, door: Door) -> Finding {
    let path = script.file.path.as_str();
    // A waiver names the file and the command, or the file alone, as if it were a lockfile.
    let subject =
        Subject { lockfile: Some(path.to_owned()), ..Subject::setting(path, key(command.form), text(command)) };
    let mut finding = Finding::new(&RULE, subject, script.file.at(door.span), door.title)
        .label(door.label);
    finding = if door.cause.is_habit() {
        finding.cause_everywhere(door.cause.of_many())
    } else {
        finding.cause(door.cause.of_many())
    };
    for (text, paste) in door.fixes {
        finding = match paste {
            Some(paste) => finding.paste(text, paste),
            None => finding.fix(text),
        };
    }
    finding
}

/// What a waiver calls `key`.
fn key(form: Form) -> &'static str {
    match form {
        Form::Line | Form::LocalAction => "run",
        Form::ToxDependencies => "deps",
        Form::NoxInstall => "session.install",
        Form::HookDependencies => "additional_dependencies",
        Form::HookRevision => "rev",
    }
}

/// The command in words, which a waiver calls `value`.
fn text(command: &Command) -> String {
    let words = command.words.iter().flat_map(|word| word.text.split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}
