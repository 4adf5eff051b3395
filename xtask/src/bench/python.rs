//! Python's lockfiles: large ones, made here, in the form of the tools that write them.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::locks::{self, LOCKS, Lock};
use super::measure::{Contender, mebibytes, times};
use crate::python::{Interpreter, Venv};

/// Measures each lockfile and prints the table.
pub(super) fn run(folder: &Path, runs: usize) -> Result<(), String> {
    let tools = Interpreter::default().and_then(|python| Venv::new("bench", &python, &["bench"]));
    if let Err(why) = &tools {
        println!("the columns of Python and uv are left out: {why}");
    }
    println!(
        "\n| lockfile | size | packages | measured | check | read and parse | ratio | Python reads it | ratio | `uv lock --check` | ratio | peak memory | × the file |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for lock in LOCKS {
        println!("{}", rows(lock, folder, tools.as_ref().ok(), runs)?);
    }
    Ok(())
}

fn rows(lock: &Lock, folder: &Path, tools: Option<&Venv>, runs: usize) -> Result<String, String> {
    let folder = folder.join(lock.file);
    let size = write(lock, &folder)?;
    let mut contenders = vec![Contender::check(), Contender::parse(lock.file)];
    if let Some(tools) = tools {
        let reader = crate::root().join("xtask/src/bench/read.py");
        let args = ["-I", &reader.to_string_lossy(), lock.file];
        contenders.push(Contender::new("Python", tools.interpreter(), &args));
        if lock.file == "uv.lock" {
            let interpreter = tools.interpreter();
            let python = interpreter.to_string_lossy();
            let args = ["lock", "--check", "--offline", "--quiet", "--no-cache", "--python"];
            let args = [args.as_slice(), &[&*python]].concat();
            contenders.push(Contender::new("uv", tools.program("uv"), &args));
        }
    }
    for contender in &contenders {
        if !contender.succeeds(&folder) {
            return Err(format!(
                "{} refuses the healthy {}",
                contender.name,
                folder.join(lock.file).display()
            ));
        }
    }
    let times = times(&contenders, &folder, runs)?;
    let memory = Contender::check().memory(&folder);
    let share = memory.map_or_else(|| "–".to_owned(), |memory| format!("{:.1}×", memory / size));
    let what = format!("| {} | {size:.2} MiB | {} |", lock.file, lock.packages);
    let mut rows = format!("{what} clock {} {} | {share} |", cells(&times.clock), mebibytes(memory));
    if let Some(processor) = times.processor {
        let _ = write!(rows, "\n{what} processor {} – | – |", cells(&processor));
    }
    Ok(rows)
}

/// The times and their ratios, as cells of the table.
fn cells(times: &[f64]) -> String {
    let [check, parse, peers @ ..] = times else { return String::new() };
    let mut cells = format!("| {check:.1} ms | {parse:.1} ms | {:.2}× |", check / parse);
    for peer in [peers.first(), peers.get(1)] {
        match peer {
            Some(peer) => {
                let _ = write!(cells, " {peer:.0} ms | {:.1}× |", peer / check);
            }
            None => cells.push_str(" – | – |"),
        }
    }
    cells
}

/// Writes the lockfile into a repository of its own; its size in MiB.
fn write(lock: &Lock, folder: &Path) -> Result<f64, String> {
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let text = (lock.text)(lock.packages);
    for (name, text) in [(lock.file, text.as_str()), ("pyproject.toml", lock.manifest)] {
        if !text.is_empty() {
            fs::write(folder.join(name), text).map_err(|e| format!("{name}: {e}"))?;
        }
    }
    for args in [["init", "--quiet"], ["add", "--all"]] {
        Command::new("git").args(args).current_dir(folder).status().map_err(|e| format!("git: {e}"))?;
    }
    Ok(locks::mebibytes(text.len()))
}
