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
    for target in targets {
        let corpus = folder.join("corpus").join(&target);
        fs::create_dir_all(&corpus).map_err(|e| e.to_string())?;
        let mut command = Command::new("cargo");
        command
            .args(["+nightly", "fuzz", "run", "--fuzz-dir"])
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
