#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use crate::model::File;
use crate::policy::keys::FileKind;
use crate::policy::read;

/// Policies that both accept.
const GOOD: &[&str] = &[
    "",
    "schema = 1",
    "extends = [\"trustlock:strict\", { path = \"a.toml\" }]",
    "extends = [{ path = \"../a.toml\", sha256 = \"0000000000000000000000000000000000000000000000000000000000000000\" }]",
    "contact = \"#security\"\nmax-waiver = \"90d\"",
    "final = [\"sources.cargo\", \"rules\", \"rules.unknown-source\", \"lockfiles.include\", \"contact\"]",
    "waivable = true",
    "[lockfiles]\ninclude = [\"**\"]\nexclude = [\"examples/**\", \"a\"]\nrequired = false\ndelegate = [\"*/trustlock.toml\"]",
    "[versions]\ngit-reference = \"tag\"\nban = [{ package = \"cargo:x@>=1,<2\", reason = \"r\", url = \"https://a.b\" }]",
    "[[versions.ban]]\npackage = \"cargo:x\"\nsource = \"path\"\nreason = \"r\"",
    "[sources]\ncargo = [\"crates.io\", \"path\", \"git+https://github.com/acme/*\", \"git+ssh://git@host/x\", \
     \"registry+https://a.b/c\", \"sparse+https://a.b/c/\", \"https://a.b/c\", \"git+file:///srv/git\"]",
    "[sources]\nbind = [{ package = \"cargo:acme-*\", only = \"sparse+https://a.b/\" }]",
    "[sources]\npypi = [\"pypi\", \"path\", \"https://pypi.acme.example/simple\", \"git+https://github.com/acme/*\", \
     { index = \"https://a.b/simple\", files = [\"https://cdn.a.b/*\"] }]",
    "[sources]\nbind = [{ package = \"pypi:acme-*\", only = \"https://a.b/simple\" }]",
    "[versions]\nban = [{ package = \"pypi:litellm@>=1.82.7,<=1.82.8\", reason = \"r\" }, \
     { package = \"pypi:ruamel.yaml@1!2.0rc1.post3\", reason = \"r\" }, { package = \"pypi:acme_*\", reason = \"r\" }]",
    "[hashes]\nalgorithms = [\"sha512\", \"blake2b\"]",
    "[settings]\nallow = [{ file = \".cargo/config.toml\", key = \"a.b\", value = \"c\" }]",
    "[rules]\nunknown-source = \"warn\"\nexpired-waiver = \"warn\"",
    "[[waivers]]\nrule = \"missing-hash\"\npackage = \"cargo:x\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31",
    "[[waivers]]\nrule = \"missing-hash\"\nlockfile = \"Cargo.lock\"\nmax = 2\nreason = \"r\"\nowner = \"o\"\nexpires = \"2027-01-31\"",
];

/// Policies that both refuse.
const BAD: &[&str] = &[
    "schema = 0",
    "schema = 2",
    "schema = \"1\"",
    "unknown = 1",
    "pypi = []",
    "extends = \"trustlock:strict\"",
    "extends = [\"trustlock:lax\"]",
    "extends = [{ sha256 = \"00\" }]",
    "extends = [{ path = \"a\", sha256 = \"00\" }]",
    "contact = \"\"",
    "contact = 5",
    "max-waiver = 90",
    "max-waiver = \"0d\"",
    "max-waiver = \"90\"",
    "max-waiver = \"90 days\"",
    "final = [\"sources.crago\"]",
    "final = [\"versions.ban\"]",
    "lockfiles = []",
    "[lockfiles]\nexclde = []",
    "[lockfiles]\ninclude = \"**\"",
    "[lockfiles]\ninclude = [\"/abs\"]",
    "[lockfiles]\ninclude = [\"folder/\"]",
    "[lockfiles]\nrequired = \"yes\"",
    "[versions]\ngit-reference = \"tags\"",
    "[versions]\nban = [{ package = \"cargo:x\" }]",
    "[versions]\nban = [{ package = \"x\", reason = \"r\" }]",
    "[versions]\nban = [{ package = \"npm:x\", reason = \"r\" }]",
    "[versions]\nban = [\"cargo:x\"]",
    "[sources]\ncargo = [\"crates-io\"]",
    "[sources]\ncargo = [\"github.com/acme\"]",
    "[sources]\ncargo = [\"sparse+ssh://a.b\"]",
    "[sources]\ncargo = [\"git+https://github.com/acme?x\"]",
    "[sources]\ncargo = [\"git+https://github.com/acme*\"]",
    "[sources]\ncargo = [\"git+https://*.example/acme\"]",
    "[sources]\nbind = [{ package = \"cargo:x\" }]",
    "[sources]\ncargo = [\"pypi\"]",
    "[sources]\npypi = [\"crates.io\"]",
    "[sources]\npypi = [\"sparse+https://a.b/\"]",
    "[sources]\npypi = [\"pip\"]",
    "[sources]\npypi = [{ index = \"https://a.b/simple\" }]",
    "[sources]\npypi = [{ index = \"git+https://a.b/simple\", files = [] }]",
    "[sources]\npypi = [{ index = \"https://a.b/simple\", file = [\"https://c.d/*\"] }]",
    "[versions]\nban = [{ package = \"pypi:-x\", reason = \"r\" }]",
    "[versions]\nban = [{ package = \"pypi:x.\", reason = \"r\" }]",
    "[hashes]\nalgorithms = [\"md5\"]",
    "[hashes]\nalgorithms = []",
    "[settings]\nallow = [{ file = \"f\", key = \"k\" }]",
    "[rules]\nunknown-sorce = \"deny\"",
    "[rules]\nunknown-source = \"forbid\"",
    "[rules]\nunknown-source = true",
    "[rules]\nexpired-waiver = \"allow\"",
    "[[waivers]]\nrule = \"missing-hash\"\npackage = \"cargo:x\"\nreason = \"r\"\nowner = \"o\"",
    "[[waivers]]\nrule = \"missing-hash\"\npackage = \"cargo:x\"\nowner = \"o\"\nexpires = 2027-01-31",
    "[[waivers]]\nrule = \"nothing\"\npackage = \"cargo:x\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31",
    "[[waivers]]\nrule = \"unused-waiver\"\npackage = \"cargo:x\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31",
    "[[waivers]]\nrule = \"missing-hash\"\nlockfile = \"a\"\nmax = 0\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31",
    "[[waivers]]\nrule = \"missing-hash\"\npackage = \"cargo:x\"\nreason = \"r\"\nowner = \"o\"\nexpires = \"soon\"",
    "[[waivers]]\nrule = \"missing-hash\"\npackage = \"cargo:x\"\ndigest = \"md5:00\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31",
];

/// Policies that only the reader can refuse: what they say is well-formed and means nothing.
const MEANINGLESS: &[&str] = &[
    "[versions]\nban = [{ package = \"cargo:x@>2,<1\", reason = \"r\" }]",
    "[versions]\nban = [{ package = \"cargo:x@1.0\", reason = \"r\" }]",
    "[sources]\ncargo = [\"git+https://user@github.com/acme\"]",
    "[sources]\nbind = [{ package = \"cargo:x@1.0.0\", only = \"path\" }]",
    "[lockfiles]\ninclude = [\"a/../b\"]",
    "[[waivers]]\nrule = \"unknown-source\"\npackage = \"cargo:x\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31",
    "[[waivers]]\nrule = \"missing-hash\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31",
    "[[waivers]]\nrule = \"missing-hash\"\npackage = \"cargo:*\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31",
    "[[waivers]]\nrule = \"missing-hash\"\nfile = \"f\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31",
    "[[waivers]]\nrule = \"missing-hash\"\npackage = \"cargo:x\"\nmax = 1\nreason = \"r\"\nowner = \"o\"\nexpires = 2027-01-31",
    "[[waivers]]\nrule = \"missing-hash\"\npackage = \"cargo:x\"\nreason = \"r\"\nowner = \"o\"\nexpires = \"2027-02-30\"",
];

/// Whether the reader accepts it as a file of any kind.
fn reads(text: &str) -> bool {
    [FileKind::Policy, FileKind::Overlay]
        .into_iter()
        .any(|kind| read::read(&File::new("trustlock.toml", text), kind).is_ok())
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

/// As an editor sees it: days are texts.
fn json(text: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => json!(text),
            toml::Value::Integer(number) => json!(number),
            toml::Value::Float(number) => json!(number),
            toml::Value::Boolean(flag) => json!(flag),
            toml::Value::Datetime(date) => json!(date.to_string()),
            toml::Value::Array(items) => items.into_iter().map(convert).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(k, v)| (k, convert(v))).collect(),
        }
    }
    convert(toml::Value::Table(toml::from_str(text).unwrap()))
}

#[test]
fn schema_and_reader_accept_the_same_files() {
    let validator = validator();
    for text in GOOD {
        assert!(reads(text), "reader: {text}");
        assert!(validator.is_valid(&json(text)), "schema: {text}");
    }
    for text in BAD {
        assert!(!reads(text), "reader: {text}");
        assert!(!validator.is_valid(&json(text)), "schema: {text}");
    }
    for text in MEANINGLESS {
        assert!(!reads(text), "reader: {text}");
        assert!(validator.is_valid(&json(text)), "schema: {text}");
    }
}

#[test]
fn the_schema_is_one_and_describes_every_key() {
    fn check(value: &Value, path: &str) {
        for (name, property) in value["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{name}");
            assert!(property["description"].as_str().is_some_and(|d| !d.is_empty()), "{path}");
            check(property, &path);
            check(&property["items"], &path);
        }
    }
    assert!(jsonschema::meta::is_valid(&schema()));
    check(&schema(), "");
}

#[test]
fn every_example_is_a_policy_with_a_word_about_whom_it_is_for() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../policy-examples");
    let validator = validator();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# For ") || text.starts_with("# The part "), "{name}");
        assert!(validator.is_valid(&json(&text)), "{name}");
        read::read(&File::new(name.as_str(), text), FileKind::Policy).unwrap();
        names.push(name);
    }
    names.sort();
    assert_eq!(names, ["enterprise.toml", "org.toml", "startup.toml", "strict.toml"]);
}
