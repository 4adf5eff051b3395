#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::model::{Ecosystem, File, Judge, Source, SourceKind, Subject, Url};
use crate::policy::{Outside, load};
use crate::rules::named;
use crate::tree::Memory;

const GIT: &str = "git+https://github.com/acme/lib";

fn policy(text: &str) -> Policy {
    let tree = Memory::new().with("trustlock.toml", text);
    load(&tree, &Outside { root: Path::new("/nowhere"), limit: 0 }, None, &[]).unwrap()
}

fn waiver(rest: &str) -> String {
    format!("[[waivers]]\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31\n{rest}\n")
}

fn git() -> Source {
    Source {
        raw: GIT.to_owned(),
        kind: SourceKind::Git { reference: None, commit: None },
        url: Url::parse("https://github.com/acme/lib"),
    }
}

fn crates_io() -> Source {
    Source {
        raw: String::new(),
        kind: SourceKind::Registry,
        url: Url::parse("https://github.com/rust-lang/crates.io-index"),
    }
}

/// A finding about the `n`th package of a lockfile.
fn finding(rule: &str, name: &str, source: Option<Source>, lockfile: &str) -> Finding {
    let subject = Subject {
        package: Some((Ecosystem::Cargo, name.to_owned(), Some("1.0.0".to_owned()))),
        source: source.map(Arc::new),
        artifact: None,
        digest: Some("sha256:AB".to_owned() + &"0".repeat(62)),
        lockfile: Some(lockfile.to_owned()),
        setting: None,
    };
    Finding::new(named(rule).unwrap().declaration, subject, File::new(lockfile, "").at(0..0), name)
}

fn hash(name: &str) -> Finding {
    finding("missing-hash", name, Some(crates_io()), "Cargo.lock")
}

const TODAY: Date = date(2026, 11, 24);

/// The names of what holds, by rule, and how many were lifted.
fn run(
    text: &str,
    findings: Vec<Finding>,
    today: Date,
    complete: bool,
) -> (Vec<(&'static str, String)>, usize) {
    let applied = apply(findings, &policy(text), today, complete);
    assert!(applied.problems.is_empty(), "{:?}", applied.problems);
    (applied.findings.into_iter().map(|f| (f.rule.name, f.title)).collect(), applied.waived.len())
}

#[test]
fn everything_a_waiver_names_must_fit() {
    let one = |rest: &str, finding: Finding| {
        let (left, lifted) = run(&waiver(rest), vec![finding], TODAY, false);
        assert_eq!(left.len() + lifted, 1);
        lifted == 1
    };
    let rule = "rule = \"missing-hash\"\n";
    let fits = |rest: &str| one(&format!("{rule}{rest}"), hash("a"));
    assert!(
        fits("package = \"cargo:a\"") && fits("package = \"cargo:a@1.0.0\"") && fits("lockfile = \"*.lock\"")
    );
    assert!(fits("package = \"cargo:a\"\nlockfile = \"Cargo.lock\"\nsource = \"crates.io\""));
    assert!(
        !fits("package = \"cargo:b\"")
            && !fits("package = \"cargo:a@1.0.1\"")
            && !fits("lockfile = \"x/*.lock\"")
    );
    assert!(
        !fits("package = \"cargo:a\"\nlockfile = \"x\"") && !fits("package = \"cargo:a\"\nsource = \"path\"")
    );
    assert!(!fits("file = \"a\"\nkey = \"b\"\nvalue = \"c\""));
    let digest = |hex: &str| format!("package = \"cargo:a\"\ndigest = \"sha256:{hex}{}\"", "0".repeat(62));
    assert!(fits(&digest("ab")) && !fits(&digest("cd")));
    assert!(!one("rule = \"stale-lockfile\"\npackage = \"cargo:a\"", hash("a")));

    let mut setting = Finding::new(
        named("hijacked-tool").unwrap().declaration,
        Subject::setting(".cargo/config.toml", "build.rustc", "x"),
        File::new("f", "").at(0..0),
        "t",
    );
    let names =
        "rule = \"hijacked-tool\"\nfile = \".cargo/config.toml\"\nkey = \"build.rustc\"\nvalue = \"x\"";
    assert!(one(names, setting.clone()));
    let file = ".cargo/config.toml";
    for (file, key, value) in
        [("other", "build.rustc", "x"), (file, "build.rustdoc", "x"), (file, "build.rustc", "y")]
    {
        setting.subject.setting = Some((file.into(), key.into(), value.into()));
        assert!(!one(names, setting.clone()), "{file} {key} {value}");
    }
}

#[test]
fn a_package_without_a_source_is_the_one_at_home() {
    let lifted = |text: &str, source| {
        run(text, vec![finding("missing-hash", "acme-a", source, "Cargo.lock")], TODAY, false).1 == 1
    };
    let plain = waiver("rule = \"missing-hash\"\npackage = \"cargo:acme-a\"");
    assert!(lifted(&plain, Some(crates_io())) && lifted(&plain, None) && !lifted(&plain, Some(git())));
    let bound = format!("{plain}[sources]\nbind = [{{ package = \"cargo:acme-*\", only = \"{GIT}\" }}]\n");
    assert!(!lifted(&bound, Some(crates_io())) && lifted(&bound, Some(git())));
    let named = waiver(&format!("rule = \"missing-hash\"\npackage = \"cargo:acme-a\"\nsource = \"{GIT}\""));
    assert!(lifted(&named, Some(git())) && !lifted(&named, Some(crates_io())) && !lifted(&named, None));
}

#[test]
fn the_last_day_counts_and_people_are_warned_before_it() {
    let text = waiver("rule = \"missing-hash\"\npackage = \"cargo:a\"");
    let on = |today, findings: Vec<Finding>| {
        let applied = apply(findings, &policy(&text), today, true);
        let shown = applied.findings.iter().map(|f| (f.rule.name, f.level, &*f.label)).collect::<Vec<_>>();
        (format!("{shown:?}"), applied.waived.len())
    };
    assert_eq!(on(date(2027, 1, 16), vec![hash("a")]), ("[]".to_owned(), 1));
    assert_eq!(
        on(date(2027, 1, 17), vec![hash("a")]),
        (r#"[("expired-waiver", Warn, "14 days are left")]"#.into(), 1)
    );
    assert_eq!(
        on(date(2027, 1, 30), vec![hash("a")]),
        (r#"[("expired-waiver", Warn, "tomorrow is its last day")]"#.into(), 1)
    );
    assert_eq!(
        on(date(2027, 1, 31), vec![hash("a")]),
        (r#"[("expired-waiver", Warn, "its last day")]"#.into(), 1)
    );
    assert_eq!(
        on(date(2027, 2, 1), vec![hash("a")]),
        (r#"[("missing-hash", Deny, ""), ("expired-waiver", Deny, "it lifts nothing any more")]"#.into(), 0)
    );
    assert_eq!(on(date(2027, 2, 1), vec![]).0, r#"[("expired-waiver", Deny, "it lifts nothing any more")]"#);
    // Nearly over and no longer needed is one thing to do, not two.
    assert_eq!(
        on(date(2027, 1, 30), vec![]).0,
        r#"[("unused-waiver", Warn, "nothing that was looked at needs it")]"#
    );
}

#[test]
fn a_waiver_that_holds_too_long_lifts_nothing() {
    let text = waiver("rule = \"missing-hash\"\npackage = \"cargo:a\"");
    let at = |today| apply(vec![hash("a")], &policy(&text), today, false);
    let edge = at(date(2026, 8, 4));
    assert_eq!((edge.problems.len(), edge.waived.len()), (0, 1));
    let beyond = at(date(2026, 8, 3));
    assert_eq!((beyond.problems.len(), beyond.waived.len(), beyond.findings.len()), (1, 0, 1));
}

#[test]
fn unused_is_said_only_by_a_complete_run_over_a_rule_that_is_looked_at() {
    let text = waiver("rule = \"missing-hash\"\npackage = \"cargo:gone\"");
    assert_eq!(run(&text, vec![], TODAY, false).0, []);
    assert_eq!(run(&text, vec![], TODAY, true).0[0].0, "unused-waiver");
    let off = format!("[rules]\nmissing-hash = \"allow\"\n{text}");
    assert_eq!(run(&off, vec![], TODAY, true).0, []);
    // Two waivers of one finding are both used.
    let twice = format!("{0}{0}", waiver("rule = \"missing-hash\"\npackage = \"cargo:a\""));
    assert_eq!(run(&twice, vec![hash("a")], TODAY, true), (vec![], 1));
}

#[test]
fn a_baseline_lifts_as_many_as_it_counted_and_no_more() {
    let baseline = waiver("rule = \"missing-hash\"\nlockfile = \"Cargo.lock\"\nmax = 2");
    let titles = |names: &[&str], text: &str| {
        let (left, lifted) = run(text, names.iter().copied().map(hash).collect(), TODAY, true);
        (left.into_iter().map(|(rule, _)| rule).collect::<Vec<_>>(), lifted)
    };
    assert_eq!(titles(&["a", "b"], &baseline), (vec![], 2));
    assert_eq!(titles(&["a", "b", "c"], &baseline), (vec!["missing-hash"; 3], 0));
    assert_eq!(titles(&["a"], &baseline), (vec!["unused-waiver"], 1));
    assert_eq!(titles(&[], &baseline), (vec!["unused-waiver"], 0));
    // What another waiver lifts is not counted, wherever that stands.
    let other = waiver("rule = \"missing-hash\"\npackage = \"cargo:c\"");
    for text in [format!("{baseline}{other}"), format!("{other}{baseline}")] {
        assert_eq!(titles(&["a", "b", "c"], &text), (vec![], 3));
        assert_eq!(titles(&["b", "c"], &text), (vec!["unused-waiver"], 2));
    }
    let over = apply(vec![hash("a"), hash("b"), hash("c")], &policy(&baseline), TODAY, true);
    assert_eq!(over.findings[0].related[0].1, "lifts at most 2 of these, and there are 3");
}

#[test]
fn what_an_overlay_forbids_stays_forbidden() {
    let folder = tempfile::tempdir().unwrap();
    let load = |overlay: &str| {
        let path = folder.path().join("overlay.toml");
        std::fs::write(&path, overlay).unwrap();
        let tree =
            Memory::new().with("trustlock.toml", waiver("rule = \"missing-hash\"\npackage = \"cargo:a\""));
        crate::policy::load(&tree, &Outside { root: Path::new("/nowhere"), limit: 4096 }, None, &[path])
            .unwrap()
    };
    let lifted = |policy: &Policy, finding: Finding| {
        let applied = apply(vec![finding], policy, TODAY, true);
        // It is not called unused either: it names something that exists.
        assert!(applied.findings.iter().all(|f| f.rule.name == "missing-hash"));
        applied.waived.len()
    };
    // By the level of the rule, written once more or made stricter.
    assert_eq!(lifted(&load("[rules]\nmissing-hash = \"deny\""), hash("a")), 0);
    assert_eq!(lifted(&load("waivable = true\n[rules]\nmissing-hash = \"deny\""), hash("a")), 1);
    // By the value that it holds everything against.
    assert_eq!(lifted(&load("[hashes]\nalgorithms = [\"sha256\"]"), hash("a")), 0);
    assert_eq!(lifted(&load("[settings]\nallow = []"), hash("a")), 1);
    // By the line that judges.
    for (waivable, expected) in [("", 0), ("waivable = true\n", 1)] {
        let policy = load(&format!("{waivable}[versions]\ngit-reference = \"rev\""));
        let judge = Judge { place: policy.git_reference.place.clone().unwrap(), says: String::new() };
        assert_eq!(lifted(&policy, hash("a").judge(Some(judge))), expected);
    }
    assert_eq!(lifted(&load("[rules]\nunknown-source = \"deny\""), hash("a")), 1);
}
