//! Real lockfiles of cargo, next to cargo-deny where it is installed.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::measure::{Contender, mebibytes, median, times};
use crate::run::{cargo, step};

/// Crates that ship their lockfile: real ones of 50 to 1,000 packages.
const PROJECTS: [(&str, &str); 5] = [
    ("ripgrep", "15.2.0"),
    ("cargo-deny", "0.20.2"),
    ("gitoxide", "0.61.0"),
    ("nu", "0.115.1"),
    ("deno", "2.9.8"),
];

/// Measures each project, then a tree of many, and prints the table.
pub(super) fn run(folder: &Path, runs: usize) -> Result<(), String> {
    let projects = projects(folder)?;
    let deny = Command::new("cargo-deny").arg("--version").output().is_ok_and(|o| o.status.success());
    if !deny {
        println!("cargo-deny is not installed: `cargo install cargo-deny@0.20.2 --locked` adds its column");
    }

    println!(
        "\n| lockfile | packages | measured | check | read and parse with `toml` | ratio | cargo-deny bans sources | ratio | peak memory |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for project in &projects {
        println!("{}", rows(project, runs, deny)?);
    }
    println!("\n{}", many(folder, runs.min(5))?);
    Ok(())
}

/// One project.
fn rows(project: &Path, runs: usize, deny: bool) -> Result<String, String> {
    let mut contenders = vec![Contender::check(), Contender::parse("Cargo.lock")];
    if deny {
        let args = ["deny", "--offline", "--log-level", "off", "check", "bans", "sources"];
        contenders.push(Contender::new("cargo-deny", "cargo-deny", &args));
    }
    let times = times(&contenders, project, runs)?;
    let lock = fs::read_to_string(project.join("Cargo.lock")).map_err(|e| e.to_string())?;
    let what = format!(
        "| {} | {} |",
        project.file_name().unwrap_or_default().to_string_lossy(),
        lock.matches("[[package]]").count()
    );
    let mut rows =
        format!("{what} clock {} {} |", cells(&times.clock), mebibytes(Contender::check().memory(project)));
    if let Some(processor) = times.processor {
        let _ = write!(rows, "\n{what} processor {} – |", cells(&processor));
    }
    Ok(rows)
}

/// The times and their ratios, as cells of the table.
fn cells(times: &[f64]) -> String {
    let [check, parse, rest @ ..] = times else { return String::new() };
    let deny = rest.first().map_or_else(
        || "not installed | –".to_owned(),
        |deny| format!("{deny:.0} ms | {:.0}×", deny / check),
    );
    format!("| {check:.2} ms | {parse:.2} ms | {:.2}× | {deny} |", check / parse)
}

/// Downloads the projects once, each into a git repository of its own.
fn projects(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for (name, version) in PROJECTS {
        let project = folder.join(format!("{name}-{version}"));
        if !project.join("Cargo.lock").exists() {
            unpack(folder, name, version)?;
            let git = |args: &[&str]| Command::new("git").args(args).current_dir(&project).status();
            git(&["init", "--quiet"])
                .and_then(|_| git(&["add", "--all", "--force"]))
                .map_err(|e| e.to_string())?;
            // cargo-deny needs the packages themselves; trustlock does not.
            let mut fetch = cargo(&["fetch", "--locked", "--quiet"]);
            fetch.current_dir(&project);
            step(&format!("fetch the dependencies of {name}"), fetch)?;
        }
        found.push(project);
    }
    Ok(found)
}

/// Lets cargo download a crate by vendoring it alone.
fn unpack(folder: &Path, name: &str, version: &str) -> Result<(), String> {
    let scratch = folder.join("download").join(name);
    fs::create_dir_all(scratch.join("src")).map_err(|e| e.to_string())?;
    let manifest = format!(
        "[package]\nname = \"download\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n[dependencies]\n{name} = {{ version = \"={version}\", default-features = false }}\n"
    );
    fs::write(scratch.join("Cargo.toml"), manifest).map_err(|e| e.to_string())?;
    fs::write(scratch.join("src/lib.rs"), "").map_err(|e| e.to_string())?;
    let mut vendor = cargo(&["vendor", "--quiet", "vendor"]);
    vendor.current_dir(&scratch).stdout(Stdio::null());
    step(&format!("download {name} {version}"), vendor)?;
    let target = folder.join(format!("{name}-{version}"));
    fs::rename(scratch.join("vendor").join(name), &target).map_err(|e| format!("{name}: {e}"))?;
    fs::remove_dir_all(&scratch).map_err(|e| e.to_string())?;
    fs::remove_file(target.join(".cargo-checksum.json")).map_err(|e| e.to_string())
}

/// 10,000 lockfiles of 200 packages in one tree.
fn many(folder: &Path, runs: usize) -> Result<String, String> {
    const FILES: usize = 10_000;
    let tree = folder.join("ten-thousand");
    if !tree.join(".git").exists() {
        for index in 0..FILES {
            let project = tree.join(format!("group-{:03}/project-{index:05}", index / 100));
            fs::create_dir_all(project.join("src")).map_err(|e| e.to_string())?;
            let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\np000 = \"1\"\n[workspace]\n";
            let files = [
                ("Cargo.toml", manifest.to_owned()),
                ("src/main.rs", "fn main() {}\n".to_owned()),
                ("Cargo.lock", synthetic(200)),
            ];
            for (name, text) in files {
                fs::write(project.join(name), text).map_err(|e| e.to_string())?;
            }
        }
        let git = |args: &[&str]| Command::new("git").args(args).current_dir(&tree).status();
        git(&["init", "--quiet"]).and_then(|_| git(&["add", "--all"])).map_err(|e| e.to_string())?;
    }
    let contender = Contender::check();
    let times: Result<Vec<_>, _> = (0..runs).map(|_| contender.time(&tree)).collect();
    Ok(format!(
        "{FILES} lockfiles of 200 packages in one tree: {:.0} ms, {}",
        median(times?),
        mebibytes(contender.memory(&tree))
    ))
}

/// A lockfile of `count` packages, in the form that cargo writes.
fn synthetic(count: usize) -> String {
    let mut text = "# This file is automatically @generated by Cargo.\n# It is not intended for manual editing.\nversion = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"p000\",\n]\n".to_owned();
    for index in 0..count - 1 {
        let _ = write!(
            text,
            "\n[[package]]\nname = \"p{index:03}\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{index:064x}\"\n"
        );
        if index + 2 < count {
            let _ = write!(text, "dependencies = [\n \"p{:03}\",\n]\n", index + 1);
        }
    }
    text
}
