//! The floor that `check` is measured against: read a lockfile and parse it with the `toml` crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    let path = std::env::args().nth(1).unwrap_or_else(|| "Cargo.lock".to_owned());
    let Ok(text) = std::fs::read_to_string(path) else { return ExitCode::FAILURE };
    match toml::from_str::<toml::Table>(&text) {
        Ok(table) => {
            println!("{}", table.len());
            ExitCode::SUCCESS
        }
        Err(_) => ExitCode::FAILURE,
    }
}
