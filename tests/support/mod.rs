//! What the tests of the commands share.
#![allow(
    dead_code,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub
)]

pub mod case;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The repository of trustlock itself.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The command line: the built `trustlock`, or the face that `TRUSTLOCK_FACE` names.
pub fn program() -> PathBuf {
    std::env::var_os("TRUSTLOCK_FACE").unwrap_or_else(|| env!("CARGO_BIN_EXE_trustlock").into()).into()
}

/// It runs away from the machine's own settings.
pub fn trustlock(folder: &Path, args: &[&str]) -> Output {
    let home = folder.parent().unwrap_or(folder);
    Command::new(program())
        .args(args)
        .current_dir(folder)
        .env("HOME", home.join("no-home"))
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("GITHUB_ACTIONS")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap()
}

/// What a user saw: standard output, then standard error, with times made equal.
pub fn seen(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8(text).expect("output is UTF-8");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "raw control character in {text:?}");
    text.lines().map(|line| steady(line) + "\n").collect()
}

/// ` in 1.2 ms` reads ` in [time]`.
fn steady(line: &str) -> String {
    if let Some((before, after)) = line.split_once(" in ")
        && let Some((number, rest)) = after.split_once(' ')
        && number.parse::<f64>().is_ok()
        && let Some(rest) = ["ms", "s", "µs"].iter().find_map(|unit| rest.strip_prefix(unit))
    {
        return format!("{before} in [time]{rest}");
    }
    line.to_owned()
}

/// Every file below `folder` with that extension, sorted.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
