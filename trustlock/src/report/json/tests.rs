#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};

use super::*;
use crate::model::{File, Report};
use crate::report::sample;

fn parsed(report: &Report) -> Value {
    serde_json::from_str(&render(report)).unwrap()
}

#[track_caller]
fn assert_valid(report: &Report) {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let document = parsed(report);
    let errors: Vec<_> =
        validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn what_is_written_obeys_the_schema() {
    assert!(jsonschema::draft202012::meta::is_valid(&schema()));
    assert_valid(&sample::everything());
    assert_valid(&sample::clean(&[]));
}

#[test]
fn the_schema_refuses_what_is_not_written() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let change = |pointer: &str, value: Value| {
        let mut document = parsed(&sample::everything());
        *document.pointer_mut(pointer).unwrap() = value;
        validator.is_valid(&document)
    };
    assert!(change("/exit_code", json!(0)));
    assert!(!change("/version", json!(2)));
    assert!(!change("/findings/0/level", json!("fatal")));
    assert!(!change("/findings/0/place/span/start/line", json!(0)));
    assert!(!change("/policy", json!({ "name": "x", "built_in": false, "contact": null, "extra": 1 })));
}

#[test]
fn every_finding_is_listed_with_its_place() {
    let document = parsed(&sample::everything());
    assert_eq!(document["findings"].as_array().map(Vec::len), Some(14));
    assert_eq!(document["exit_code"], 2);
    assert_eq!(document["summary"]["denied"], 13);
    let expected = json!({
        "rule": "unknown-source",
        "family": "sources",
        "level": "deny",
        "title": "`p1` comes from a source that the policy does not allow",
        "cause": null,
        "place": {
            "path": "Cargo.lock",
            "origin": "checkout",
            "span": {
                "start": { "line": 9, "column": 10, "offset": 122 },
                "end": { "line": 9, "column": 51, "offset": 163 },
            },
        },
        "label": "this git repository",
        "related": [],
        "judge": {
            "place": {
                "path": "trustlock.toml",
                "origin": "checkout",
                "span": {
                    "start": { "line": 4, "column": 9, "offset": 30 },
                    "end": { "line": 4, "column": 22, "offset": 43 },
                },
            },
            "label": "only these sources are allowed",
        },
        "subject": {
            "ecosystem": "cargo",
            "package": "p1",
            "version": "1.0.0",
            "source": "git+https://git.example/p1",
            "artifact": null, "digest": null,
            "lockfile": "Cargo.lock",
            "setting": null,
        },
        "chain": ["app@0.1.0", "a@1.0.0", "p1@1.0.0"],
        "fixes": [{
            "text": "allow it in `trustlock.toml`",
            "paste": "[sources]\ncargo = [\"crates.io\", \"git+https://git.example/p1\"]",
        }],
        "fingerprint": "26913aab89a761af7f9ec510ca6ddcaa",
        "help": sample::UNKNOWN_SOURCE.url(),
    });
    assert_eq!(document["findings"][0], expected);
}

#[test]
fn a_file_as_a_whole_has_no_span() {
    let mut report = sample::everything();
    report.findings.truncate(1);
    report.findings[0].place = File::new("Cargo.lock", "text").at(0..0);
    assert_eq!(parsed(&report)["findings"][0]["place"]["span"], Value::Null);
    assert_valid(&report);
}
