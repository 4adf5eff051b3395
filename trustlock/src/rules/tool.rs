//! What the tool that wrote a lockfile is called, and the commands that its people type.

use crate::model::{Lockfile, PackageRef};
use crate::text::shell;

/// The tool that owns a lockfile of that format, as a sentence names it.
pub(super) fn owner(lockfile: &Lockfile) -> &'static str {
    match lockfile.format.name {
        "Cargo.lock" => "cargo",
        "uv.lock" => "uv",
        "poetry.lock" => "poetry",
        "pdm.lock" => "pdm",
        "Pipfile.lock" => "pipenv",
        "requirements.txt" => "pip",
        _ => "its tool",
    }
}

/// The command that locks this one package anew, where its tool has one; typed at the root of the
/// repository.
pub(super) fn relock(package: PackageRef<'_>) -> Option<String> {
    let name = shell::quote(package.name());
    let lockfile = package.lockfile;
    Some(match lockfile.format.name {
        "Cargo.lock" => cargo_update(lockfile, &format!("-p {name}")),
        "uv.lock" => format!("uv lock{} --upgrade-package {name}", folder(lockfile, "--directory")),
        "poetry.lock" => format!("poetry update{} --lock {name}", folder(lockfile, "--directory")),
        "pdm.lock" => format!("pdm update{} --no-sync {name}", folder(lockfile, "--project")),
        "Pipfile.lock" => format!("pipenv upgrade --lock-only {name}"),
        _ => return None,
    })
}

/// The command that locks one version of this package.
pub(super) fn lock_version(package: PackageRef<'_>) -> Option<String> {
    let name = package.name();
    let version = shell::quote(&format!("{name}==VERSION")).into_owned();
    let lockfile = package.lockfile;
    Some(match lockfile.format.name {
        "Cargo.lock" => {
            let label = shell::quote(&package.label()).into_owned();
            cargo_update(lockfile, &format!("-p {label} --precise VERSION"))
        }
        "uv.lock" => format!("uv lock{} --upgrade-package {version}", folder(lockfile, "--directory")),
        "poetry.lock" => format!("poetry add{} --lock {version}", folder(lockfile, "--directory")),
        "pdm.lock" => format!("pdm add{} --no-sync {version}", folder(lockfile, "--project")),
        "Pipfile.lock" => format!("pipenv upgrade --lock-only {version}"),
        _ => return None,
    })
}

/// The option that sends a tool to the folder of the lockfile; nothing at the root.
fn folder(lockfile: &Lockfile, option: &str) -> String {
    match lockfile.file.path.rsplit_once('/') {
        Some((folder, _)) => format!(" {option} {}", shell::quote(folder)),
        None => String::new(),
    }
}

/// `cargo update` for that lockfile, typed at the root of the repository.
pub(super) fn cargo_update(lockfile: &Lockfile, arguments: &str) -> String {
    match lockfile.file.path.strip_suffix("Cargo.lock") {
        None | Some("") => format!("cargo update {arguments}"),
        Some(folder) => {
            let manifest = format!("{folder}Cargo.toml");
            format!("cargo update {arguments} --manifest-path {}", shell::quote(&manifest))
        }
    }
}

/// The command that shows where a text was lost or came in.
pub(super) fn history(package: PackageRef<'_>, text: &str) -> String {
    format!("git log -p -S {} -- {}", shell::quote(text), shell::quote(&package.lockfile.file.path))
}
