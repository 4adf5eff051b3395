#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use super::*;
use crate::model::{File, Finding, Judge, Report, Subject};
use crate::report::{human, sample};

fn show(finding: Finding) -> String {
    let report = Report { findings: vec![finding], ..Report::default() };
    human::render(&report, &Style { quiet: true, ..Style::default() })
}

fn finding(file: &Arc<File>, what: &str) -> Finding {
    Finding::new(&sample::UNKNOWN_SOURCE, Subject::default(), sample::place(file, what), "a title")
}

#[test]
fn the_column_is_the_one_in_the_file_and_the_caret_the_one_on_the_screen() {
    let file = File::new("Cargo.lock", "x = [\"\u{1b}[2J\", \"https://me:S3CRET@host/\", \"bad\"]\n");
    let shown = show(finding(&file, "\"bad\"").label("this"));
    let expected = r#"error[unknown-source]: a title
 --> Cargo.lock:1:41
  |
1 | x = ["\u{1b}[2J", "https://***@host/", "bad"]
  |                                        ^^^^^ this
"#;
    assert_eq!(shown, expected);
}

#[test]
fn windows_line_ends_tabs_and_wide_letters() {
    let file = File::new("Cargo.lock", "a = 1\r\n\tb = \"日本\" # here\r\n");
    let shown = show(finding(&file, "here").label("this"));
    let expected = "error[unknown-source]: a title\n --> Cargo.lock:2:13\n  |\n2 |     b = \"日本\" # here\n  |                  ^^^^ this\n";
    assert_eq!(shown, expected);
}

#[test]
fn places_far_apart_have_a_snippet_each() {
    let lock = sample::lockfile("Cargo.lock", 30);
    let finding =
        finding(&lock, "\"p1\"").label("locked twice").related(sample::place(&lock, "\"p25\""), "here too");
    let expected = r#"error[unknown-source]: a title
   --> Cargo.lock:8:8
    |
  8 | name = "p1"
    |        ^^^^ locked twice
    |
   ::: Cargo.lock:104:8
    |
104 | name = "p25"
    |        ----- here too
"#;
    assert_eq!(show(finding), expected);
}

#[test]
fn places_on_one_line_share_it() {
    let file = File::new("Cargo.lock", "source = \"git+https://host/x?rev=aaa#bbb\"\n");
    let finding = finding(&file, "bbb")
        .label("this is locked")
        .related(sample::place(&file, "aaa"), "this was asked for");
    let expected = r#"error[unknown-source]: a title
 --> Cargo.lock:1:38
  |
1 | source = "git+https://host/x?rev=aaa#bbb"
  |                                  --- ^^^ this is locked
  |                                  |
  |                                  this was asked for
"#;
    assert_eq!(show(finding), expected);
}

#[test]
fn the_built_in_policy_has_no_line_to_show() {
    let lock = sample::lockfile("Cargo.lock", 1);
    let built_in = Arc::new(File {
        path: "trustlock:strict".to_owned(),
        text: "cargo = []".to_owned(),
        origin: model::Origin::BuiltIn,
    });
    let judge = Judge { place: built_in.at(0..5), says: "only crates.io is allowed".to_owned() };
    let shown = show(finding(&lock, "\"p0\"").judge(Some(judge)));
    assert!(shown.ends_with("  |\n  = note: trustlock:strict: only crates.io is allowed\n"), "{shown}");
}

#[test]
fn a_file_as_a_whole_has_no_line() {
    let lock = sample::lockfile("Cargo.lock", 1);
    let mut finding = finding(&lock, "\"p0\"").label("git ignores it").fix("commit it");
    finding.place = lock.at(0..0);
    let expected =
        "error[unknown-source]: a title\n--> Cargo.lock\n = note: git ignores it\n = help: commit it\n";
    assert_eq!(show(finding), expected);
}

#[test]
fn long_chains_lose_their_middle() {
    let lock = sample::lockfile("Cargo.lock", 1);
    let chain = (0..20).map(|n| format!("c{n}@1.0.0")).collect();
    let shown = show(finding(&lock, "\"p0\"").chain(chain));
    let expected = "= note: brought in by c0@1.0.0 -> c1@1.0.0 -> c2@1.0.0 -> c3@1.0.0 -> ... 12 more ... \
        -> c16@1.0.0 -> c17@1.0.0 -> c18@1.0.0 -> c19@1.0.0\n";
    assert!(shown.ends_with(expected), "{shown}");
}

#[test]
fn a_fix_for_one_of_many_says_so() {
    let lock = sample::lockfile("Cargo.lock", 2);
    let of = |name: &str| {
        sample::missing_hash(&lock, name)
            .paste("or waive it", format!("[[waivers]]\npackage = \"cargo:{name}\""))
    };
    let report = Report { findings: vec![of("p0"), of("p1")], ..Report::default() };
    let shown = human::render(&report, &Style { quiet: true, ..Style::default() });
    let expected = "  = help: run `cargo update --workspace`, and review what it writes
  = help: for the first: or waive it
            [[waivers]]
            package = \"cargo:p0\"
";
    assert!(shown.ends_with(expected), "{shown}");
}

#[test]
fn a_narrow_terminal_cuts_the_line_and_not_the_place() {
    let file =
        File::new("Cargo.lock", format!("a = \"{}\", \"bad\", \"{}\"\n", "x".repeat(150), "y".repeat(150)));
    let report = Report { findings: vec![finding(&file, "\"bad\"")], ..Report::default() };
    let shown = human::render(&report, &Style { quiet: true, width: Some(10), ..Style::default() });
    assert!(shown.starts_with("error[unknown-source]: a title\n --> Cargo.lock:1:159\n"), "{shown}");
    assert!(shown.lines().all(|line| line.len() <= 70), "{shown}");
}
