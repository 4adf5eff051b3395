#![allow(clippy::unwrap_used)]

use super::*;
use crate::report::sample;

#[track_caller]
fn assert_looks(report: &Report, style: Style, expected: &str) {
    let shown = render(report, &style);
    assert!(shown == expected, "shown:\n{shown}\nexpected:\n{expected}");
}

#[test]
fn everything_that_a_run_can_say() {
    let style = Style { verbose: true, unicode: true, ..Style::default() };
    assert_looks(&sample::everything(), style, EVERYTHING);
}

const EVERYTHING: &str = r#"waived[unknown-source]: `p0` comes from a source that the policy does not allow
 --> tools/Cargo.lock:5:10
  |
5 | source = "git+https://git.example/p0?rev=abc#0123"
  |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this git repository
  |
 ::: trustlock.toml:4:9
  |
4 | cargo = ["crates.io"]
  |         ------------- only these sources are allowed
  |
 ::: trustlock.toml:2:1
  |
2 | [[waivers]]
  | ----------- fork until upstream merges

warning[stale-lockfile]: `tools/Cargo.lock` does not fit its manifest
--> tools/Cargo.lock

error[unknown-source]: `p1` comes from a source that the policy does not allow
 --> Cargo.lock:9:10
  |
9 | source = "git+https://git.example/p1?rev=abc#0123"
  |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this git repository
  |
 ::: trustlock.toml:4:9
  |
4 | cargo = ["crates.io"]
  |         ------------- only these sources are allowed
  |
  = note: brought in by app@0.1.0 → a@1.0.0 → p1@1.0.0
  = help: allow it in `trustlock.toml`
            [sources]
            cargo = ["crates.io", "git+https://git.example/p1"]

error[missing-hash]: 12 packages have no checksum
  --> Cargo.lock:4:8
   |
 4 | name = "p0"
   |        ^^^^ no checksum
...
 8 | name = "p1"
   |        ^^^^ no checksum
...
12 | name = "p2"
   |        ^^^^ no checksum
   |
   = note: … and 9 more
   = help: run `cargo update --workspace`, and review what it writes

error: lockfile version 9 is not known
 --> broken/Cargo.lock:1:11
  |
1 | version = 9
  |           ^ known are 3 and 4

error: `other/Cargo.lock` cannot be read
--> other/Cargo.lock
 = help: make it readable

Cargo.lock: 10 packages, 10 digests: 13 denied
tools/Cargo.lock: 10 packages, 10 digests: 1 warned, 1 waived
checked 2 lockfiles, 20 packages, 20 digests in 2.1 ms: 2 could not be checked, 13 denied, 1 warned, 1 waived
policy: trustlock.toml
not enforced: stale-lockfile, missing-hash
not judged: stale-lockfile (1): a member is outside of the repository
note: vendor: vendored crates
note: a library without a lockfile
for more: trustlock explain missing-hash stale-lockfile unknown-source
contact: security@acme.example
"#;

#[test]
fn a_clean_run_is_calm() {
    let report = sample::clean(&[&sample::lockfile("Cargo.lock", 3)]);
    let expected = "checked Cargo.lock, 10 packages, 10 digests in 2.1 ms: clean\npolicy: trustlock.toml\n";
    assert_looks(&report, Style::default(), expected);
    assert_looks(&report, Style { quiet: true, ..Style::default() }, "");
}

#[test]
fn without_a_policy_file_it_says_so() {
    let lock = sample::lockfile("Cargo.lock", 3);
    let report = Report { built_in: true, ..sample::clean(&[&lock, &lock]) };
    let expected = "checked 2 lockfiles, 20 packages, 20 digests in 2.1 ms: clean\n\
        policy: built-in (there is no `trustlock.toml`); to write one: trustlock init\n";
    assert_looks(&report, Style::default(), expected);
}
