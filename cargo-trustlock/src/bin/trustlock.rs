//! `trustlock …`: started directly, where no cargo alias of a repository can take its place.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_trustlock::run(std::env::args_os())
}
