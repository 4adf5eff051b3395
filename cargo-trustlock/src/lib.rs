//! The command line of trustlock: `cargo trustlock …`, `trustlock …` and `pytrustlock …` are the same
//! commands.
//!
//! Everything that decides is in the engine; here are arguments, files outside the checkout, the
//! terminal and exit codes. [`run`] is the whole command line, [`Session`] what each command begins with.

mod args;
mod commands;
mod output;
mod session;

use std::ffi::OsString;
use std::io::Write as _;

use clap::FromArgMatches as _;

pub use self::args::Scope;
pub use self::session::{Failure, Session, check_text};

/// Runs the command line `args`, the program's name first; its exit code.
///
/// `program` is what the user typed to start it, as help and usage show it: `trustlock`, or
/// `cargo trustlock`.
///
/// The exit code is 0 for clean, 1 for findings at `deny`, 2 for anything that could not be checked,
/// wrong arguments included.
pub fn run(program: &str, args: impl IntoIterator<Item = OsString>) -> u8 {
    let mut command = args::command(program);
    let parsed = command
        .try_get_matches_from_mut(args)
        .and_then(|matches| args::Cli::from_arg_matches(&matches).map_err(|e| e.format(&mut command)));
    let code = match parsed {
        Ok(cli) => commands::run(program, cli),
        Err(error) => {
            // Help and version arrive here too, with exit code 0.
            let _ = error.print();
            u8::try_from(error.exit_code()).unwrap_or(output::FAILED)
        }
    };
    // Whoever hosts this code may end without running Rust's own end. What could not be written has
    // been said, or nobody is left to hear it.
    let _ = std::io::stdout().lock().flush();
    code
}
