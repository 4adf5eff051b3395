//! pip, and `uv pip`, which takes the same words; tox's `deps` and nox's `session.install` go the same way.

use super::call::{Arguments, Call};
use super::door::{Cause, Door, Site, shown};
use super::requirement::{Asked, asked, name};
use crate::evidence::commands::{Form, Word};
use crate::text::shell::quote;

/// Options of `pip install` and `uv pip install` that take a value.
const VALUED: [&str; 68] = [
    "-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints", "-e", "--editable", "-t", "--target",
    "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--platform", "--python-version",
    "--implementation", "--abi", "--root", "--prefix", "--src", "--upgrade-strategy", "-C", "--config-settings",
    "--config-setting", "--global-option", "--build-option", "--no-binary", "--only-binary", "--progress-bar",
    "--root-user-action", "--report", "--log", "--proxy", "--retries", "--timeout", "--exists-action",
    "--trusted-host", "--cert", "--client-cert", "--cache-dir", "--use-feature", "--use-deprecated",
    "--keyring-provider", "-p", "--python", "--group", "--uploaded-prior-to", "--build-constraint",
    "--build-constraints", "-b", "--index", "--default-index", "--override", "--overrides", "--exclude-newer",
    "--resolution", "--prerelease", "--index-strategy", "--link-mode", "--refresh-package", "--reinstall-package", "-P",
    "--upgrade-package", "--extra", "--torch-backend", "--python-platform",
];

/// Options before the subcommand that take a value.
const GLOBAL: [&str; 10] = [
    "--python", "--proxy", "--log", "--cache-dir", "--cert", "--timeout", "--directory", "--project", "--config-file",
    "-p",
];

/// Files that describe a project; installing what they ask for is developing it.
const PROJECT_FILES: [&str; 3] = ["pyproject.toml", "setup.py", "setup.cfg"];

/// What one call installs past the lockfiles.
#[derive(Default)]
pub(super) struct Found {
    pub(super) doors: Vec<Door>,
    /// Installs that depend on what only the shell knows.
    pub(super) unknown: usize,
}

/// `pip install`, `uv pip install`, `uv pip sync`.
pub(super) fn judge(site: &Site<'_>, call: &Call<'_>) -> Found {
    let install = match call.tool.as_str() {
        "pip" => call.behind(&["install"], &GLOBAL).map(|found| (found, false)),
        "uv" => call
            .behind(&["pip", "install"], &GLOBAL)
            .map(|found| (found, false))
            .or_else(|| call.behind(&["pip", "sync"], &GLOBAL).map(|found| (found, true))),
        _ => None,
    };
    let Some(((sub, words), is_sync)) = install else { return Found::default() };
    let head = [call.head, sub].concat();
    installed(site, &head, words, is_sync)
}

/// The words of tox's `deps` and nox's `session.install`.
pub(super) fn listed(site: &Site<'_>) -> Found {
    installed(site, &[], &site.command.words, false)
}

fn installed(site: &Site<'_>, head: &[Word], words: &[Word], is_sync: bool) -> Found {
    let mut found = Found::default();
    let arguments = Arguments::new(words, &VALUED);
    if arguments.has(&["--require-hashes", "--no-index", "--dry-run", "--help", "-h"])
        || site.is_set(&["PIP_REQUIRE_HASHES", "PIP_NO_INDEX", "UV_REQUIRE_HASHES", "UV_NO_INDEX"])
    {
        return found;
    }
    let constraints = arguments.values(&["-c", "--constraint", "--constraints"]);
    let is_locked = |name: &str| site.requirements(name).is_some_and(|(file, locked)| file.hashed || locked);
    if constraints.into_iter().any(|(name, _)| is_locked(name)) {
        return found;
    }
    let mut files: Vec<(&str, bool)> = arguments.values(&["-r", "--requirement", "--requirements"]).collect();
    if is_sync {
        files.extend(arguments.names.iter().map(|word| (&*word.text, word.varies)));
    }
    // One digest, and pip demands one of everything.
    if files.iter().any(|(name, _)| site.requirements(name).is_some_and(|(file, _)| file.hashed)) {
        return found;
    }
    let mut open: Vec<&str> = Vec::new();
    for (file, varies) in files {
        match site.requirements(file) {
            _ if PROJECT_FILES.contains(&file.rsplit('/').next().unwrap_or_default()) => {}
            Some((file, locked)) if locked || file.foreign == 0 => {}
            Some(_) => open.push(file),
            None if varies || !file.is_empty() => found.unknown += 1,
            None => {}
        }
    }
    if !open.is_empty() {
        found.doors.push(from_file(site, head, words, &open));
    }
    if !is_sync {
        names(site, &arguments, head, words, &mut found);
    }
    found
}

fn from_file(site: &Site<'_>, head: &[Word], words: &[Word], files: &[&str]) -> Door {
    let names = files.iter().map(|file| format!("`{file}`")).collect::<Vec<_>>().join(" and ");
    let file = files.first().copied().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let title = if head.is_empty() {
        format!("{} installs from {names} without digests", owner(site))
    } else {
        format!("`{}` installs from {names} without digests", shown(&[head, words].concat()))
    };
    // Of a list, the word that names the file.
    let word = words.iter().find(|word| head.is_empty() && word.text.contains(file));
    let span = word.map_or_else(|| site.command.span(), |word| word.span);
    let locked = format!("{stem}.lock.txt");
    let (from, to) = (quote(file), quote(&locked));
    let door = Door::new(Cause::File, span, title, "whatever the index serves under these names gets in").paste(
        "lock it with digests, and install the result",
        format!("uv pip compile --universal --generate-hashes {from} -o {to}"),
    );
    if head.is_empty() {
        return door;
    }
    let line = format!("{} --require-hashes {}", site.written(head), site.written(words));
    door.paste("then refuse everything else", line.replace(file, &locked))
}

fn names(site: &Site<'_>, arguments: &Arguments<'_>, head: &[Word], words: &[Word], found: &mut Found) {
    let named = arguments.names.iter().map(|word| (&*word.text, word.varies));
    // What is editable is a folder, unless it is a repository to be cloned.
    let editable: Vec<_> = arguments.values(&["-e", "--editable"]).filter(|(text, _)| text.contains("://")).collect();
    let (mut open, mut all_exact) = (Vec::new(), true);
    for (text, varies) in named.chain(editable) {
        match asked(text, varies) {
            Asked::Local | Asked::Fixed => {}
            Asked::Unknown => found.unknown += 1,
            Asked::Exact => open.push(text),
            Asked::Open => {
                open.push(text);
                all_exact = false;
            }
        }
    }
    if open.is_empty() {
        return;
    }
    let is_bootstrap = open.iter().all(|text| matches!(name(text), "pip" | "setuptools" | "wheel"));
    // Neither needs another package: what is named is all that enters.
    if all_exact && (is_bootstrap || arguments.has(&["--no-deps"])) {
        return;
    }
    let span = site.command.span();
    let command = shown(&[head, words].concat());
    if is_bootstrap {
        let pinned = open.iter().map(|text| format!("{}==VERSION", name(text))).collect::<Vec<_>>().join(" ");
        let title = if head.is_empty() {
            format!("{} installs whatever `{}` is newest", owner(site), open.join(" "))
        } else {
            format!("`{command}` installs whatever is newest")
        };
        let door =
            Door::new(Cause::Bootstrap, span, title, "the installer itself is taken unpinned, before anything is checked")
                .fix("leave the line out: the Python that is there brings a pip");
        found.doors.push(if head.is_empty() {
            door.paste("or name the version", pinned)
        } else {
            door.paste("or name the version", format!("{} {pinned}", site.written(head)))
        });
        return;
    }
    let label = if all_exact {
        "the versions are exact; what they depend on and every digest are not"
    } else {
        "no lockfile says which version and which bytes"
    };
    let title = match site.command.form {
        Form::Line => format!("`{command}` installs what no lockfile pins"),
        _ => format!("{} installs what no lockfile pins: `{}`", owner(site), shown(words)),
    };
    let door = Door::new(Cause::Names, span, title, label);
    let door = if site.lock("uv.lock", None).is_some() {
        door.paste("add it to a group of the project, so that `uv.lock` pins it", {
            let names = open.iter().filter(|text| !text.contains("://")).map(|text| name(text));
            format!("uv add --group tools {}\nuv sync --locked --only-group tools", names.collect::<Vec<_>>().join(" "))
        })
    } else {
        let names = open.iter().map(|text| quote(text)).collect::<Vec<_>>().join(" ");
        let install = match site.command.form {
            Form::ToxDependencies => {
                "install_command = python -m pip install --require-hashes {opts} {packages}\ndeps = -r tools.txt".to_owned()
            }
            Form::NoxInstall => "session.install(\"--require-hashes\", \"-r\", \"tools.txt\")".to_owned(),
            _ => format!("{} --require-hashes -r tools.txt", site.written(head)),
        };
        door.paste(
            "lock what it asks for with digests, and install that file",
            format!(
                "printf '%s\\n' {names} > tools.in\nuv pip compile --universal --generate-hashes tools.in -o tools.txt\n{install}"
            ),
        )
    };
    found.doors.push(door);
}

fn owner(site: &Site<'_>) -> &'static str {
    match site.command.form {
        Form::ToxDependencies => "tox",
        Form::NoxInstall => "nox",
        _ => "this",
    }
}
