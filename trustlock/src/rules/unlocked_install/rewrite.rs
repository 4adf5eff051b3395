//! Tools that write their lockfile anew where it does not fit the manifest, and install that: harmless on
//! a developer's machine, where the change is seen and reviewed, and unseen where nobody looks.

use super::call::{Arguments, Call};
use super::door::{Cause, Door, Site, shown};
use super::tools::uv_project;
use crate::evidence::commands::{Program, Word};
use crate::text::shell::quote;

/// The command that may install something else than the lockfile of its tool.
pub(super) fn judge(site: &Site<'_>, call: &Call<'_>) -> Option<Door> {
    if !site.script.source.is_unattended() {
        return None;
    }
    match call.tool.as_str() {
        "uv" => uv(site, call),
        "pdm" => pdm(site, call),
        "pipenv" => pipenv(site, call),
        "poetry" => resolves(site, call, "poetry.lock", &["update", "add"], "poetry install"),
        _ => None,
    }
}

fn uv(site: &Site<'_>, call: &Call<'_>) -> Option<Door> {
    let valued = uv_project();
    let (head, rest) = call.behind(&["sync"], &valued).or_else(|| call.behind(&["run"], &valued))?;
    let is_run = head.last().is_some_and(|word| word.text == "run");
    let arguments = if is_run { Arguments::up_to_a_name(rest, &valued) } else { Arguments::new(rest, &valued) };
    let before = Arguments::new(head, &valued);
    let keeps =
        ["--locked", "--frozen", "--no-sync", "--no-project", "--script", "-s", "--check", "--dry-run", "--offline", "--help"];
    if arguments.has(&keeps)
        || before.has(&["--offline", "--no-project"])
        || site.is_set(&["UV_LOCKED", "UV_FROZEN", "UV_NO_SYNC", "UV_NO_PROJECT", "UV_OFFLINE"])
        || is_run && arguments.names.is_empty() && !arguments.has(&["-m", "--module"])
    {
        return None;
    }
    let to = ["--project", "--directory"];
    let to = arguments.values(&to).chain(before.values(&to)).find(|(_, varies)| !varies).map(|(to, _)| to);
    if let Some(program) = arguments.names.first().filter(|word| is_run && word.is_program())
    {
        match site.context.commands.program(site.script, site.command, &program.text) {
            Some(Program::OfProject) => {}
            Some(Program::Open) => return Some(inline(site, call, &[head, rest].concat(), &program.text)),
            Some(Program::Closed) | None => return None,
        }
    }
    site.lock("uv.lock", to)?;
    Some(rewrites(site, call, head, rest, "uv.lock", "--locked"))
}

/// A program that names its own requirements (PEP 723).
fn inline(site: &Site<'_>, call: &Call<'_>, words: &[Word], program: &str) -> Door {
    let title = format!("`{}` installs what `{program}` asks for", shown(&[call.head, words].concat()));
    let label = "its requirements stand in the program, and no lockfile beside it pins them";
    Door::new(Cause::Names, site.command.span(), title, label)
        .paste("lock them, and commit the lockfile", format!("uv lock --script {}", quote(program)))
}

fn pdm(site: &Site<'_>, call: &Call<'_>) -> Option<Door> {
    let valued = ["-p", "--project", "-G", "--group", "-L", "--lockfile", "--with", "--without", "-g", "-c", "--config"];
    let Some((head, rest)) = call.behind(&["install"], &valued) else {
        return resolves(site, call, "pdm.lock", &["update", "add"], "pdm install --frozen-lockfile");
    };
    let arguments = Arguments::new(rest, &valued);
    let keeps = arguments.has(&["--check", "--frozen-lockfile", "--no-lock", "--dry-run", "--plugins", "--help"])
        || site.is_set(&["PDM_FROZEN_LOCKFILE", "PDM_NO_LOCK"]);
    if keeps || site.lock("pdm.lock", None).is_none() {
        return None;
    }
    Some(rewrites(site, call, head, rest, "pdm.lock", "--frozen-lockfile"))
}

fn pipenv(site: &Site<'_>, call: &Call<'_>) -> Option<Door> {
    let valued = ["--python", "--pypi-mirror", "-i", "--index", "-c", "--categories", "-r", "--requirements", "-e", "--editable"];
    let Some((head, rest)) = call.behind(&["install"], &valued) else {
        return resolves(site, call, "Pipfile.lock", &["update", "upgrade"], "pipenv sync");
    };
    let arguments = Arguments::new(rest, &valued);
    let keeps = arguments.has(&["--deploy", "--ignore-pipfile", "--help"])
        || site.is_set(&["PIPENV_DEPLOY", "PIPENV_IGNORE_PIPFILE"]);
    if keeps || site.lock("Pipfile.lock", None).is_none() {
        return None;
    }
    if arguments.names.is_empty() {
        return Some(rewrites(site, call, head, rest, "Pipfile.lock", "--deploy"));
    }
    resolves(site, call, "Pipfile.lock", &["install"], "pipenv sync")
}

fn rewrites(site: &Site<'_>, call: &Call<'_>, head: &[Word], rest: &[Word], lock: &str, flag: &str) -> Door {
    let shown = shown(&[call.head, head, rest].concat());
    let title = format!("`{shown}` writes `{lock}` anew where it does not fit");
    let start = site.written(&[call.head, head].concat());
    let line = format!("{start} {flag} {}", site.written(rest));
    let door = Door::new(
        Cause::Rewrite,
        site.command.span(),
        title,
        "what it then installs was reviewed by nobody",
    );
    let door = door.paste(format!("add `{flag}`, so that it {}", if lock == "pdm.lock" { "keeps to the lockfile" } else { "fails instead" }), line.trim_end());
    if lock == "uv.lock" { door.fix("or set `UV_LOCKED: 1` for the whole job") } else { door }
}

/// Commands that resolve anew, by intention.
fn resolves(site: &Site<'_>, call: &Call<'_>, lock: &str, names: &[&str], instead: &str) -> Option<Door> {
    let behind = names.iter().find_map(|name| call.behind(&[name], &["-C", "--directory", "-P", "--project", "-p"]));
    let (_, rest) = behind?;
    let lists = ["--dry-run", "--lock", "--no-sync", "--help", "--frozen-lockfile"];
    if rest.iter().any(|word| lists.contains(&&*word.text)) || site.lock(lock, None).is_none() {
        return None;
    }
    let title = format!("`{}` resolves anew and installs that, whatever `{lock}` says", shown(&site.command.words));
    let door = Door::new(Cause::Rewrite, site.command.span(), title, "what it installs was reviewed by nobody");
    Some(door.paste(format!("commit the change of `{lock}`, and install what it says"), instead))
}
