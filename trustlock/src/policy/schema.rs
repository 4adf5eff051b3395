//! The JSON Schema of the policy, made from [`KEYS`]: editors complete and check policies with it.

use serde_json::{Map, Value, json};

use super::keys::{self, KEYS, Key, Kind, SCHEMA};
use crate::model::{Ecosystem, Level, WaiverNames};
use crate::rules::RULES;

/// The schema (JSON Schema, draft 2020-12) of policies of every kind. It is as strict as JSON Schema can
/// say; that a selector's range is not empty, or that a waiver's rule wants a source, only the reader
/// knows.
pub fn schema() -> Value {
    let mut schema = table(KEYS);
    if let Some(object) = schema.as_object_mut() {
        object.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        object.insert("title".to_owned(), json!("trustlock.toml"));
        object.insert(
            "description".to_owned(),
            json!("What third-party code may enter: a policy of trustlock."),
        );
    }
    schema
}

fn table(keys: &[Key]) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| {
            let mut value = of(&key.kind);
            if let Some(object) = value.as_object_mut() {
                object.insert("description".to_owned(), json!(key.doc));
            }
            (key.name.to_owned(), value)
        })
        .collect();
    let required: Vec<_> = keys.iter().filter(|k| k.required).map(|k| k.name).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": required,
    })
}

fn of(kind: &Kind) -> Value {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match kind {
        Kind::Schema => json!({ "type": "integer", "minimum": 1, "maximum": SCHEMA }),
        Kind::Text | Kind::Link => json!({ "type": "string", "minLength": 1 }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Count => json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX }),
        Kind::Days => text("^[0-9]*[1-9][0-9]*d$"),
        Kind::Date => text("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        Kind::Word(words) => json!({ "enum": words }),
        Kind::Rule => rules(),
        Kind::KeyPath => json!({ "enum": keys::finals().collect::<Vec<_>>() }),
        Kind::Selector => text(
            r"^(cargo:([\p{L}\p{N}_-]+\*?|\*)|pypi:([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[A-Za-z0-9][A-Za-z0-9._-]*\*|\*))(@.+)?$",
        ),
        Kind::Source => text(&source(r"crates\.io|pypi|path", &[GIT, REGISTRY, SPARSE, HTTP])),
        Kind::SourceOf(Ecosystem::Cargo) => text(&source(r"crates\.io|path", &[GIT, REGISTRY, SPARSE, HTTP])),
        Kind::SourceOf(Ecosystem::Pypi) => text(&source("pypi|path", &[GIT, HTTP])),
        Kind::Index => text(&source("pypi", &[HTTP])),
        Kind::Glob => text(r"^[^/\\].*[^/]$|^[^/\\]$"),
        Kind::Sha256 => text("^(sha256:)?[0-9a-fA-F]{64}$"),
        Kind::Digest => text(
            "^(md5:[0-9a-fA-F]{32}|sha1:[0-9a-fA-F]{40}|sha224:[0-9a-fA-F]{56}|blake2b:([0-9a-fA-F]{64}){1,2}|sha256:[0-9a-fA-F]{64}|sha384:[0-9a-fA-F]{96}|sha512:[0-9a-fA-F]{128})$",
        ),
        // A choice of nothing would leave nothing that counts.
        Kind::List(kind @ Kind::Word(_)) => json!({ "type": "array", "items": of(kind), "minItems": 1 }),
        Kind::List(kind) => json!({ "type": "array", "items": of(kind) }),
        Kind::Table(keys) => table(keys),
        Kind::Either(first, second) => json!({ "anyOf": [of(first), of(second)] }),
        Kind::Levels => levels(),
    }
}

const GIT: &str = r"git\+(https?|ssh|git|file)";
const REGISTRY: &str = r"registry\+(https?|ssh|file)";
const SPARSE: &str = r"sparse\+https?";
const HTTP: &str = "https?";

/// One of `names`, or a URL that begins with one of `schemes`.
fn source(names: &str, schemes: &[&str]) -> String {
    format!(r"^({names}|({})://[^\s?#*\\]*(/(\*|[^\s?#*\\]*))*)$", schemes.join("|"))
}

/// The rules that can be waived.
fn rules() -> Value {
    let one = RULES
        .iter()
        .map(|r| r.declaration)
        .filter(|rule| rule.waiver != WaiverNames::Never)
        .map(|rule| json!({ "const": rule.name, "description": rule.summary }));
    json!({ "oneOf": one.collect::<Vec<_>>() })
}

fn levels() -> Value {
    let properties: Map<String, Value> = RULES
        .iter()
        .map(|rule| {
            let rule = rule.declaration;
            let levels: Vec<_> =
                Level::ALL.into_iter().filter(|l| *l >= rule.floor).map(Level::name).collect();
            let schema = json!({ "enum": levels, "default": rule.level.name(), "description": rule.summary });
            (rule.name.to_owned(), schema)
        })
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

#[cfg(test)]
mod tests;
