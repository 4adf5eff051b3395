#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use super::*;
use crate::model::{File, Finding, Subject};
use crate::report::sample;

/// The official schema, out of the package of a crate that this one only names (see `Cargo.toml`):
/// a copy here would be one that nobody compares with the original.
static OFFICIAL: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let package =
        metadata["packages"].as_array().unwrap().iter().find(|p| p["name"] == "serde-sarif").unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let schema = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema["properties"]["version"]["enum"], json!(["2.1.0"]));
    // Their pattern has a stray bracket, which only some dialects of expressions allow.
    for owner in ["run", "toolComponent"] {
        schema["definitions"][owner]["properties"]["language"]["pattern"] = json!("^[a-zA-Z]{2}");
    }
    jsonschema::draft7::options().should_validate_formats(true).build(&schema).unwrap()
});

fn parsed(report: &Report) -> Value {
    serde_json::from_str(&render(report)).unwrap()
}

/// The specification, and what GitHub demands beyond it.
#[track_caller]
fn assert_valid(log: &Value) {
    let errors: Vec<_> = OFFICIAL.iter_errors(log).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() <= 25_000);
    let mut fingerprints = HashSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        assert!(fingerprints.insert(result["partialFingerprints"]["trustlock/v1"].as_str().unwrap()));
        let location = &result["locations"][0]["physicalLocation"];
        assert!(location["region"]["startLine"].as_u64().unwrap() >= 1);
        assert_relative(location["artifactLocation"]["uri"].as_str().unwrap());
    }
}

#[track_caller]
fn assert_relative(uri: &str) {
    let base = url::Url::parse("file:///root/").unwrap();
    assert!(
        url::Url::parse(uri).is_err() && base.join(uri).unwrap().as_str().starts_with("file:///root/"),
        "{uri}"
    );
}

#[test]
fn what_is_written_is_valid() {
    assert_valid(&parsed(&sample::everything()));
    assert_valid(&parsed(&sample::clean(&[])));
}

#[test]
fn the_official_schema_is_really_asked() {
    let mut log = parsed(&sample::everything());
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = json!(0);
    assert!(!OFFICIAL.is_valid(&log));
}

#[test]
fn a_finding() {
    let lock = sample::lockfile("a b/Cargo.lock", 2);
    let report = Report { findings: vec![sample::unknown_source(&lock, "p1")], ..Report::default() };
    let expected = json!({
        "ruleId": "unknown-source",
        "ruleIndex": 0,
        "level": "error",
        "message": { "text": "`p1` comes from a source that the policy does not allow\n\
            this git repository\n\
            brought in by app@0.1.0 → a@1.0.0 → p1@1.0.0\n\
            help: allow it in `trustlock.toml`\n\
            [sources]\ncargo = [\"crates.io\", \"git+https://git.example/p1\"]" },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": "a%20b/Cargo.lock", "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": 9, "startColumn": 10, "endLine": 9, "endColumn": 51 },
        }}],
        "relatedLocations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": "trustlock.toml", "uriBaseId": "%SRCROOT%" },
                "region": { "startLine": 4, "startColumn": 9, "endLine": 4, "endColumn": 22 },
            },
            "message": { "text": "only these sources are allowed" },
        }],
        "partialFingerprints": {
            "trustlock/v1": "3c3038b27071ec429788fc2b44709237",
        },
    });
    assert_eq!(parsed(&report)["runs"][0]["results"][0], expected);
}

#[test]
fn problems_and_waivers_have_their_places() {
    let log = parsed(&sample::everything());
    let run = &log["runs"][0];
    let invocation = &run["invocations"][0];
    assert_eq!((&invocation["executionSuccessful"], &invocation["exitCode"]), (&json!(false), &json!(2)));
    let told: Vec<_> = invocation["toolExecutionNotifications"].as_array().unwrap().iter().collect();
    let texts: Vec<_> = told.iter().map(|n| n["message"]["text"].as_str().unwrap()).collect();
    let expected = [
        "lockfile version 9 is not known: known are 3 and 4",
        "other/Cargo.lock: `other/Cargo.lock` cannot be read",
        "stale-lockfile not judged for 1: a member is outside of the repository",
    ];
    assert_eq!(texts, expected);
    assert_eq!(told[0]["locations"][0]["physicalLocation"]["region"]["startColumn"], 11);
    let waived = run["results"].as_array().unwrap().last().unwrap();
    assert_eq!(waived["level"], "note");
    assert_eq!(waived["suppressions"][0]["justification"], "fork until upstream merges");
}

#[test]
fn files_elsewhere_are_named_and_not_located() {
    for (path, origin, uri) in [
        ("/home/me/org policy.toml", Origin::Outside, "org%20policy.toml"),
        ("C:\\Users\\me\\org.toml", Origin::Outside, "org.toml"),
        ("trustlock:strict", Origin::BuiltIn, "trustlock%3Astrict"),
        ("", Origin::Outside, "-"),
    ] {
        let file = Arc::new(File { path: path.to_owned(), text: "schema = 1\n".to_owned(), origin });
        let finding = Finding::new(&sample::UNKNOWN_SOURCE, Subject::default(), file.at(0..6), "a title");
        let log = parsed(&Report { findings: vec![finding], ..Report::default() });
        assert_valid(&log);
        let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"], json!({ "uri": uri }));
    }
}

#[test]
fn names_do_not_become_links() {
    let lock = sample::lockfile("Cargo.lock", 1);
    let mut finding = sample::unknown_source(&lock, "p0");
    finding.title = "`[click here](https://evil.example)`".to_owned();
    let log = parsed(&Report { findings: vec![finding], ..Report::default() });
    let text = log["runs"][0]["results"][0]["message"]["text"].as_str().unwrap();
    assert!(text.starts_with("`[click here\\](https://evil.example)`\n"), "{text}");
}

#[test]
fn too_many_results_keep_what_is_denied_and_say_so() {
    let lock = sample::lockfile("Cargo.lock", 1);
    let denied = sample::unknown_source(&lock, "p0");
    let mut warned = sample::missing_hash(&lock, "p0");
    warned.level = Level::Warn;
    let mut findings = vec![warned; MOST_RESULTS];
    findings.push(denied);
    let log = parsed(&Report { findings, ..Report::default() });
    let run = &log["runs"][0];
    assert_eq!(run["results"].as_array().map(Vec::len), Some(MOST_RESULTS));
    assert_eq!(run["results"][0]["ruleId"], "unknown-source");
    let text = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(text, "25000 of 25001 results are listed here, what is denied first");
}
