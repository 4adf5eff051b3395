//! `cargo xtask fuzz`: every target for a while, from the committed seeds.

use std::fs;
use std::process::Command;

use crate::run::step;

pub(crate) fn run(seconds: u64) -> Result<(), String> {
    let folder = crate::root().join("fuzz");
    let mut targets: Vec<String> = fs::read_dir(folder.join("fuzz_targets"))
        .map_err(|e| format!("fuzz/fuzz_targets: {e}"))?
        .flatten()
        .filter_map(|entry| entry.path().file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect();
    targets.sort();
    let nightly =
        Command::new("cargo").args(["+nightly", "--version"]).output().is_ok_and(|o| o.status.success());
    for target in targets {
        let corpus = folder.join("corpus").join(&target);
        fs::create_dir_all(&corpus).map_err(|e| e.to_string())?;
        let mut command = Command::new("cargo");
        if nightly {
            command.arg("+nightly");
        } else {
            // The sanitizers and coverage of the stable compiler are the same, behind this door.
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        command
            .args(["fuzz", "run", "--fuzz-dir"])
            .arg(&folder)
            .arg(&target)
            .arg(corpus)
            .arg(folder.join("seeds").join(&target))
            .args(["--", &format!("-max_total_time={seconds}"), "-timeout=10", "-rss_limit_mb=1024"])
            .current_dir(crate::root());
        step(&format!("fuzz {target}"), command)?;
    }
    Ok(())
}
