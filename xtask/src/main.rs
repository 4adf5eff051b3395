//! Everything a contributor runs, as `cargo xtask …`.

mod bench;
mod dist;
mod docs;
mod fuzz;
mod prove;
mod python;
mod run;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Everything a contributor of trustlock runs")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Format, lints, every test, documents: what CI runs.
    Test,
    /// The Python part of `test` alone.
    Python,
    /// Write the generated documents anew.
    Docs {
        /// Write nothing; fail where a document is not current.
        #[arg(long)]
        check: bool,
    },
    /// Run each attack against the real cargo, pip and uv, which must accept it, and against trustlock,
    /// which must name it.
    Prove {
        /// Only attacks whose name holds this text.
        only: Option<String>,
    },
    /// Measure: micro-benchmarks, then whole processes over lockfiles, next to cargo-deny where it is
    /// installed, and to what Python has.
    Bench {
        /// How often each command is timed.
        #[arg(long, default_value_t = 15)]
        runs: usize,
        /// Leave the micro-benchmarks out.
        #[arg(long)]
        whole: bool,
        /// Leave everything out but Python's lockfiles.
        #[arg(long)]
        python: bool,
    },
    /// Build what a release consists of into target/dist: the programs, the wheel, their digests.
    Dist,
    /// Run the fuzz targets (needs cargo-fuzz; takes the nightly toolchain where there is one).
    Fuzz {
        /// Seconds for each target.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Test => test::all(),
        Task::Python => python::test(),
        Task::Docs { check } => docs::run(check),
        Task::Prove { only } => prove::run(only.as_deref()),
        Task::Bench { runs, whole, python } => bench::run(bench::Choice { runs, whole, python }),
        Task::Dist => dist::run(),
        Task::Fuzz { seconds } => fuzz::run(seconds),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The root of this repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}
