#![allow(clippy::indexing_slicing)]

use super::*;
use crate::model::{File, Problem};
use crate::report::sample;

#[test]
fn problems_first_then_what_is_denied_one_annotation_a_cause() {
    let expected = "\
::error file=broken/Cargo.lock,line=1,endLine=1,col=11,endColumn=11,title=could not be checked::lockfile version 9 is not known: known are 3 and 4
::error title=could not be checked::other/Cargo.lock: `other/Cargo.lock` cannot be read%0Ahelp: make it readable
::error file=Cargo.lock,line=9,endLine=9,col=10,endColumn=50,title=unknown-source::`p1` comes from a source that the policy does not allow: this git repository%0Ahelp: allow it in `trustlock.toml`%0A[sources]%0Acargo = [\"crates.io\", \"git+https://git.example/p1\"]
::error file=Cargo.lock,line=4,endLine=4,col=8,endColumn=11,title=missing-hash::12 packages have no checksum: no checksum%0Ahelp: run `cargo update --workspace`, and review what it writes
::warning file=tools/Cargo.lock,title=stale-lockfile::`tools/Cargo.lock` does not fit its manifest
";
    assert_eq!(render(&sample::everything()), expected);
    assert_eq!(render(&sample::clean(&[])), "");
}

#[test]
fn nothing_ends_a_command_or_a_property_early() {
    let file = File::new("a,b::c%0A/Cargo.lock", "one\ntwo\n");
    let problem = Problem::new("100% \r\n::error::x").at(file.at(0..5), "");
    let report = Report { problems: vec![problem], ..Report::default() };
    let expected = "::error file=a%2Cb%3A%3Ac%250A/Cargo.lock,line=1,endLine=2,title=could not be checked::\
        100%25 \\r\\n::error::x\n";
    assert_eq!(render(&report), expected);
}

#[test]
fn no_more_than_github_keeps() {
    let lock = sample::lockfile("Cargo.lock", 60);
    let findings = (0..60).map(|n| sample::unknown_source(&lock, &format!("p{n}"))).collect();
    let problems = vec![Problem::new("this cannot be read")];
    let shown = render(&Report { findings, problems, ..Report::default() });
    let lines: Vec<_> = shown.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(lines.len(), 51);
    assert!(lines[0].ends_with("this cannot be read"), "{}", lines[0]);
    assert_eq!(
        lines[50],
        "::notice title=trustlock::11 more are not shown here; `trustlock check` shows them"
    );
}
