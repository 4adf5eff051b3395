//! Timing processes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A command that is timed.
pub(super) struct Contender {
    pub(super) name: &'static str,
    pub(super) program: PathBuf,
    pub(super) args: Vec<String>,
}

impl Contender {
    pub(super) fn new(name: &'static str, program: impl Into<PathBuf>, args: &[&str]) -> Self {
        Self { name, program: program.into(), args: args.iter().map(|&arg| arg.to_owned()).collect() }
    }

    /// `trustlock check`.
    pub(super) fn check() -> Self {
        Self::new("check", super::release("trustlock"), &["check", "--quiet"])
    }

    /// Reading the lockfile and building its tree.
    pub(super) fn parse(lockfile: &str) -> Self {
        Self::new("parse", super::release("examples/parse_only"), &[lockfile])
    }

    fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Whether it ends well.
    pub(super) fn succeeds(&self, folder: &Path) -> bool {
        self.command(folder).status().is_ok_and(|status| status.success())
    }

    pub(super) fn time(&self, folder: &Path) -> Result<Duration, String> {
        let mut command = self.command(folder);
        let started = Instant::now();
        let status = command.status().map_err(|e| format!("{}: {e}", self.name))?;
        let elapsed = started.elapsed();
        // cargo-deny ends with a set of bits; only a crash says that nothing was measured.
        status.code().map(|_| elapsed).ok_or_else(|| format!("{} was killed", self.name))
    }

    /// Mean milliseconds on the processor, where `perf` tells: on a busy machine the clock flatters what is
    /// short, for whoever waits little is seldom made to wait.
    fn processor_time(&self, folder: &Path, runs: usize) -> Option<f64> {
        let output = Command::new("perf")
            .args(["stat", "-x,", "-e", "task-clock", "-r", &runs.to_string(), "--"])
            .arg(&self.program)
            .args(&self.args)
            .current_dir(folder)
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&output.stderr);
        text.lines().find(|line| line.contains(",task-clock,"))?.split(',').next()?.parse().ok()
    }

    /// Peak resident memory in MiB, where GNU time tells.
    pub(super) fn memory(&self, folder: &Path) -> Option<f64> {
        let output = Command::new("/usr/bin/time")
            .args(["-f", "%M"])
            .arg(&self.program)
            .args(&self.args)
            .current_dir(folder)
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&output.stderr);
        let kib = text.lines().rev().find_map(|line| line.trim().parse::<f64>().ok())?;
        Some(kib / 1024.0)
    }
}

/// Milliseconds of each contender: by the clock, and by the processor where it can be told.
pub(super) struct Times {
    pub(super) clock: Vec<f64>,
    pub(super) processor: Option<Vec<f64>>,
}

/// The commands run in turn, so that what disturbs one disturbs all.
pub(super) fn times(contenders: &[Contender], folder: &Path, runs: usize) -> Result<Times, String> {
    let mut clock: Vec<Vec<Duration>> = contenders.iter().map(|_| Vec::new()).collect();
    for _ in 0..runs {
        for (contender, times) in contenders.iter().zip(&mut clock) {
            times.push(contender.time(folder)?);
        }
    }
    Ok(Times {
        clock: clock.into_iter().map(median).collect(),
        processor: contenders.iter().map(|contender| contender.processor_time(folder, runs)).collect(),
    })
}

pub(super) fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

/// As a cell of a table.
pub(super) fn mebibytes(memory: Option<f64>) -> String {
    memory.map_or_else(|| "needs GNU time".to_owned(), |mebibytes| format!("{mebibytes:.1} MiB"))
}
