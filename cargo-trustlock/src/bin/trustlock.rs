//! `trustlock …`: started directly, where no cargo alias of a repository can take its place.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cargo_trustlock::run("trustlock", std::env::args_os()))
}
