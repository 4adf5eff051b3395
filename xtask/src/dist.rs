//! `cargo xtask dist`: what a release consists of, with its digests.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::python;
use crate::run::{cargo, step};

const PROGRAMS: [&str; 2] = ["trustlock", "cargo-trustlock"];

pub(crate) fn run() -> Result<(), String> {
    let dist = crate::root().join("target/dist");
    let tools = python::tools()?;
    // The folder holds the wheel alone afterwards.
    python::wheel(&tools, "wheel", &dist)?;
    step("programs", cargo(&["build", "--release", "--locked", "--package", "cargo-trustlock", "--bins"]))?;
    for program in PROGRAMS {
        let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
        let built = crate::root().join("target/release").join(&name);
        fs::copy(&built, dist.join(&name)).map_err(|e| format!("{}: {e}", built.display()))?;
    }
    let sums = sums(&dist).map_err(|e| format!("{}: {e}", dist.display()))?;
    fs::write(dist.join("SHA256SUMS"), &sums).map_err(|e| format!("SHA256SUMS: {e}"))?;
    print!("\n== {}\n{sums}", dist.display());
    Ok(())
}

/// A line a file, as `sha256sum --check` reads it.
fn sums(folder: &Path) -> std::io::Result<String> {
    let mut files = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let mut text = String::new();
    for file in files {
        for byte in Sha256::digest(fs::read(file.path())?) {
            let _ = write!(text, "{byte:02x}");
        }
        let _ = writeln!(text, "  {}", file.file_name().to_string_lossy());
    }
    Ok(text)
}
