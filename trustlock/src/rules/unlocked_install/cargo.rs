//! `cargo install`, and the commands of cargo that may write `Cargo.lock` anew.

use super::call::{Arguments, Call};
use super::door::{Cause, Door, Site, shown};
use super::requirement::{Asked, asked};
use super::tools::is_version;
use crate::evidence::commands::Word;

/// Commands of cargo that read the lockfile, and build or run what it names.
const BUILDS: [&str; 19] = [
    "build", "b", "check", "c", "test", "t", "run", "r", "clippy", "doc", "d", "bench", "rustc", "rustdoc", "fix",
    "nextest", "rustc", "fetch", "miri",
];

/// Options before the command that take a value.
const GLOBAL: [&str; 4] = ["--config", "-Z", "--color", "-C"];

/// What a command of cargo builds past the lockfile.
pub(super) fn judge(site: &Site<'_>, call: &Call<'_>) -> Option<Door> {
    if !matches!(call.tool.as_str(), "cargo" | "cross") {
        return None;
    }
    if let Some((head, rest)) = call.behind(&["install"], &GLOBAL) {
        return install(site, call, head, rest);
    }
    let name = BUILDS.iter().find(|name| call.behind(&[name], &GLOBAL).is_some())?;
    let (head, rest) = call.behind(&[name], &GLOBAL)?;
    if !site.script.source.is_unattended() {
        return None;
    }
    let (before, arguments) = (Arguments::new(head, &GLOBAL), Arguments::new(rest, &["--manifest-path"]));
    let keeps = ["--locked", "--frozen", "--offline", "--help", "-h", "--version", "-V"];
    if before.has(&keeps) || arguments.has(&keeps) || site.is_set(&["CARGO_NET_OFFLINE"]) {
        return None;
    }
    // `cargo nextest --version` and the like build nothing.
    if *name == "nextest" && !arguments.names.first().is_some_and(|word| matches!(&*word.text, "run" | "r" | "list" | "archive")) {
        return None;
    }
    if *name == "miri" && arguments.names.first().is_some_and(|word| word.text == "setup") {
        return None;
    }
    let manifest = arguments.values(&["--manifest-path"]).find(|(_, varies)| !varies);
    let to = manifest.map(|(path, _)| path.rsplit_once('/').map_or("", |(folder, _)| folder));
    let lock = site.cargo_lock(to)?;
    let shown = shown(&[call.head, head, rest].concat());
    let title = format!("`{shown}` writes `{lock}` anew where it does not fit");
    let label = "what it then builds was reviewed by nobody";
    let line = format!("{} --locked {}", site.written(&[call.head, head].concat()), site.written(rest));
    let line = if matches!(*name, "nextest" | "miri") {
        // The flag belongs behind the subcommand's own command.
        let (own, rest) = rest.split_at(rest.len().min(1));
        let start = site.written(&[call.head, head, own].concat());
        format!("{start} --locked {}", site.written(rest))
    } else {
        line
    };
    Some(
        Door::new(Cause::CargoBuild, site.command.span(), title, label)
            .paste("add `--locked`, so that it fails instead", line.trim_end()),
    )
}

fn install(
    site: &Site<'_>,
    call: &Call<'_>,
    head: &[Word],
    rest: &[Word],
) -> Option<Door> {
    let valued = [
        "--version", "--vers", "--git", "--branch", "--tag", "--rev", "--path", "--root", "--registry", "--index", "--bin",
        "--example", "--features", "-F", "--profile", "--target", "--target-dir", "-j", "--jobs", "--config", "-Z",
        "--color", "--message-format", "-C",
    ];
    let arguments = Arguments::new(rest, &valued);
    let before = Arguments::new(head, &GLOBAL);
    let locked = ["--locked", "--frozen"];
    let is_locked = arguments.has(&locked) || before.has(&locked);
    if arguments.has(&["--list", "--help", "-h", "--offline", "--dry-run"]) {
        return None;
    }
    let path = arguments.values(&["--path"]).next();
    let git = arguments.values(&["--git"]).next();
    let names_version = if let Some((path, varies)) = path {
        let has_lock = varies || site.cargo_lock(Some(path)).is_some();
        if is_locked || !has_lock {
            return None;
        }
        true
    } else if git.is_some() {
        arguments.values(&["--rev"]).any(|(rev, varies)| varies || rev.len() >= 7)
    } else {
        let by_option = arguments.values(&["--version", "--vers"]).any(|(text, varies)| is_version(text, varies));
        arguments.names.iter().all(|word| by_option || asked(&word.text, word.varies) != Asked::Open)
    };
    if path.is_none() && git.is_none() && arguments.names.is_empty() || is_locked && names_version {
        return None;
    }
    let shown = shown(&site.command.words);
    let (title, label) = if is_locked {
        (format!("`{shown}` installs whatever version is newest"), "no version stands here, so each run may get another")
    } else {
        (
            format!("`{shown}` builds with whatever versions of its dependencies are newest"),
            "without `--locked` cargo ignores the lockfile that the program comes with",
        )
    };
    let mut words: Vec<String> = vec![site.written(&[call.head, head].concat())];
    if !is_locked {
        words.push("--locked".to_owned());
    }
    if !names_version {
        words.push(if git.is_some() { "--rev COMMIT".to_owned() } else { "--version VERSION".to_owned() });
    }
    words.push(site.written(rest));
    let what = match (is_locked, names_version) {
        (true, _) => "name the version",
        (false, true) => "use its lockfile",
        (false, false) => "use its lockfile, and name the version",
    };
    Some(
        Door::new(Cause::CargoInstall, site.command.span(), title, label)
            .paste(what, words.join(" ").trim_end()),
    )
}
