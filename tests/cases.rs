//! Each file of `tests/cases/` is a project and exactly what `trustlock check` prints about it.
//! `UPDATE_EXPECT=1` writes the expectations anew; read the difference before you commit it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/mod.rs"]
mod support;

use support::case::{Case, outcome};

/// The day of every case: waivers are dated.
const TODAY: &str = "2026-11-24";

#[test]
fn every_case_prints_what_it_says() {
    let files = support::files(&support::repository().join("tests/cases"), "txt");
    assert!(!files.is_empty(), "there are no cases");
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let failed: Vec<String> = files
        .iter()
        .filter_map(|file| {
            let case = Case::read(file);
            let found = run(&case);
            let attack = file.file_stem().unwrap().to_string_lossy().starts_with("attack-");
            let caught =
                found.starts_with("-- expect: exit 1 --") || found.starts_with("-- expect: exit 2 --");
            let healthy = file.file_stem().unwrap().to_string_lossy().starts_with("healthy-");
            let wrong = if attack && !caught && !found.contains("\nwarning[") {
                Some("an attack passes")
            } else if healthy && !found.starts_with("-- expect: exit 0 --") {
                Some("a healthy project is refused")
            } else {
                None
            };
            if update && wrong.is_none() {
                case.write_expected(&found);
                return None;
            }
            (wrong.is_some() || found != case.expected).then(|| {
                let why = wrong.unwrap_or("it prints something else");
                format!(
                    "{}: {why}\n--- found ---\n{found}--- expected ---\n{}",
                    file.display(),
                    case.expected
                )
            })
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} cases:\n\n{}", failed.len(), files.len(), failed.join("\n"));
}

fn run(case: &Case) -> String {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    std::fs::create_dir(&project).unwrap();
    case.lay_out(&project);
    let mut args = vec!["check", "--color", "never", "--now", TODAY];
    args.extend(case.args.iter().map(String::as_str));
    let output = support::trustlock(&project, &args);
    outcome(output.status.code(), &support::seen(&output))
}
