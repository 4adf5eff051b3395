#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use std::path::Path;

use super::*;
use crate::policy::{Outside, load};
use crate::tree::Memory;

fn policy(text: &str) -> Policy {
    let tree = Memory::new().with("trustlock.toml", text);
    load(&tree, &Outside { root: Path::new("/nowhere"), limit: 0 }, None, &[]).unwrap()
}

const WRITTEN: &str = r##"contact = "#security"

[versions]
ban = [
    { package = "cargo:x@<2", reason = "say \"no\"", url = "https://a.b" },
]

[sources]
cargo = ["path"]
bind = [{ package = "cargo:acme-*", only = "path" }]

[rules]
unknown-source = "warn"

[[waivers]]
rule = "missing-hash"
package = "cargo:x"
reason = "r"
owner = "o"
expires = 2027-01-31
"##;

#[test]
fn every_value_has_its_origin() {
    let shown = effective(&policy(WRITTEN));
    for line in [
        "# the policy in force, from trustlock:strict, trustlock.toml",
        "contact = \"#security\"  # trustlock.toml:1",
        "max-waiver = \"180d\"  # trustlock:strict",
        "exclude = []  # trustlock:strict",
        "    { package = \"cargo:x@<2\", reason = \"say \\\"no\\\"\", url = \"https://a.b\" },  # trustlock.toml:5",
        "    \"path\",  # trustlock.toml:9",
        "    { package = \"cargo:acme-*\", only = \"path\" },  # trustlock.toml:10",
        "unknown-source = \"warn\"  # trustlock.toml:13",
        "missing-hash = \"deny\"  # trustlock:strict",
        "[[waivers]]  # trustlock.toml:16",
        "expires = 2027-01-31",
    ] {
        assert!(shown.lines().any(|l| l == line), "{line}\n{shown}");
    }
}

#[test]
fn what_is_shown_is_a_policy_that_means_the_same() {
    let shown = effective(&policy(WRITTEN));
    let again = effective(&policy(&shown));
    let bare = |text: &str| {
        text.lines()
            .map(|l| l.split("  # ").next().unwrap().to_owned())
            .filter(|l| !l.starts_with('#'))
            .collect::<Vec<_>>()
    };
    assert_eq!(bare(&shown), bare(&again));
}

#[test]
fn no_text_commands_a_terminal() {
    assert_eq!(quote("a\u{1b}[31m\u{202e}\"\\\u{7f}\n"), "\"a\\u001B[31m\\u202E\\\"\\\\\\u007F\\n\"");
}
