//! `cargo trustlock …`.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Cargo starts a subcommand with the subcommand's name as first argument.
    let mut args: Vec<_> = std::env::args_os().collect();
    if args.get(1).is_some_and(|arg| arg == "trustlock") {
        args.remove(1);
    }
    ExitCode::from(cargo_trustlock::run("cargo trustlock", args))
}
