//! The command line of trustlock: `cargo trustlock …` and `trustlock …` are the same commands.
//!
//! Everything that decides is in the engine; here are arguments, files outside the checkout, the
//! terminal and exit codes.

mod args;
mod commands;
mod output;
mod session;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

pub use self::args::Cli;

/// Runs the command line `args`, the program's name first.
///
/// The exit code is 0 for clean, 1 for findings at `deny`, 2 for anything that could not be checked,
/// wrong arguments included.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Cli::try_parse_from(args) {
        Ok(cli) => ExitCode::from(commands::run(cli)),
        Err(error) => {
            // Help and version arrive here too, with exit code 0.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _ = error.print();
            ExitCode::from(code)
        }
    }
}
