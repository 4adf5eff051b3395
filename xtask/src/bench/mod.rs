//! `cargo xtask bench`: whole processes, interleaved with their peers, as tables of medians and ratios, by
//! the clock and by the processor.

mod cargo;
mod locks;
mod measure;
mod python;

use std::path::PathBuf;

use crate::run::{cargo as run_cargo, step};

/// What is measured.
#[derive(Clone, Copy)]
pub(crate) struct Choice {
    /// How often each command is timed.
    pub(crate) runs: usize,
    /// Leave the micro-benchmarks out.
    pub(crate) whole: bool,
    /// Leave everything out but Python's lockfiles.
    pub(crate) python: bool,
}

pub(crate) fn run(choice: Choice) -> Result<(), String> {
    if !choice.whole && !choice.python {
        step("micro-benchmarks", run_cargo(&["bench", "--package", "trustlock"]))?;
    }
    step("build", run_cargo(&["build", "--release", "--quiet", "--package", "cargo-trustlock"]))?;
    step(
        "build the baseline",
        run_cargo(&["build", "--release", "--quiet", "--package", "xtask", "--example", "parse_only"]),
    )?;
    let folder = crate::root().join("target/bench");
    if !choice.python {
        cargo::run(&folder, choice.runs)?;
    }
    python::run(&folder.join("python"), choice.runs)
}

fn release(name: &str) -> PathBuf {
    crate::root().join("target/release").join(name)
}
