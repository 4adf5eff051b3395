//! The JSON Schema of the report.

#![expect(clippy::needless_pass_by_value, reason = "a schema is put together from what it is given")]

use serde_json::{Map, Value, json};

use super::VERSION;
use crate::model::{Family, Level};
use crate::rules::RULES;

/// The schema of the documents that [`super::render`] writes (JSON Schema, draft 2020-12).
pub fn schema() -> Value {
    let mut schema = document();
    if let Some(map) = schema.as_object_mut() {
        map.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        map.insert("title".to_owned(), json!("trustlock report"));
        let definitions = json!({
            "finding": finding(), "problem": problem(), "place": place(), "point": point(),
            "related": related(), "fix": fix(),
        });
        map.insert("$defs".to_owned(), definitions);
    }
    schema
}

fn document() -> Value {
    const DESCRIPTION: &str = "A report of trustlock. Credentials are replaced by `***`, and characters \
        that would not be seen are spelled out as `\\u{1b}`.";
    const VERSION_GROWS: &str = "The version of this shape; it only grows within a version.";
    const EXIT_CODE: &str = "0 clean, 1 findings at `deny`, 2 something could not be checked.";
    object(
        DESCRIPTION,
        [
            ("version", described(VERSION_GROWS, json!({ "const": VERSION }))),
            ("tool", tool()),
            ("exit_code", described(EXIT_CODE, json!({ "enum": [0, 1, 2] }))),
            ("policy", policy()),
            ("summary", summary()),
            ("lockfiles", list("Every lockfile that was judged.", lockfile())),
            ("findings", list("Every broken rule, in the order of places.", reference("finding"))),
            ("waived", list("Every broken rule that a waiver lifts.", waived())),
            ("problems", list("What could not be checked.", reference("problem"))),
            ("not_judged", list("What rules were asked and could not answer.", not_judged())),
            ("not_enforced", list("The rules that the policy does not enforce.", rule())),
            ("notes", list("Facts that are no findings.", note())),
        ],
    )
}

fn tool() -> Value {
    object(
        "What wrote it.",
        [
            ("name", described("Its name.", json!({ "const": "trustlock" }))),
            ("version", string("Its version.")),
        ],
    )
}

fn policy() -> Value {
    object(
        "The policy in force.",
        [
            ("name", string("How people name it.")),
            ("built_in", boolean("Whether there is no policy file, so that the built-in policy judged.")),
            ("contact", or_null(string("Whom to ask after a denial."))),
        ],
    )
}

fn lockfile() -> Value {
    object(
        "A lockfile.",
        [
            ("path", string("Its path, relative to the root.")),
            ("format", string("Its format and version.")),
            ("packages", count("How many packages it locks.")),
            ("digests", count("How many digests stand in it.")),
        ],
    )
}

fn waived() -> Value {
    object(
        "A waived finding.",
        [
            ("finding", reference("finding")),
            ("waiver", reference("place")),
            ("reason", string("Why, as the waiver says.")),
        ],
    )
}

fn not_judged() -> Value {
    object(
        "One rule and one reason.",
        [
            ("rule", rule()),
            ("reason", string("Why.")),
            ("count", count("For how many subjects.")),
            (
                "fatal",
                json!({ "type": "boolean", "description": "Whether the run ends with 2 because of it." }),
            ),
        ],
    )
}

fn note() -> Value {
    object(
        "A fact.",
        [
            ("path", or_null(string("The path it is about."))),
            ("text", string("The fact.")),
            ("verbose", boolean("Whether people see it with `-v` only.")),
        ],
    )
}

fn summary() -> Value {
    object(
        "Counts.",
        [
            ("lockfiles", count("Lockfiles that were judged.")),
            ("packages", count("Packages in them.")),
            ("digests", count("Digests in them.")),
            ("manifests", count("Manifests that were read.")),
            ("settings", count("Settings files that were read.")),
            ("problems", count("Things that could not be checked.")),
            ("denied", count("Findings at `deny`.")),
            ("warned", count("Findings at `warn`.")),
            ("waived", count("Findings that a waiver lifts.")),
        ],
    )
}

fn finding() -> Value {
    let families: Vec<_> = Family::ALL.iter().map(|f| f.name()).collect();
    let levels: Vec<_> = Level::ALL.iter().map(|l| l.name()).collect();
    object(
        "One rule broken by one subject at one place.",
        [
            ("rule", rule()),
            ("family", described("The family of the rule.", json!({ "enum": families }))),
            ("level", described("How it counts in this run.", json!({ "enum": levels }))),
            ("title", string("What is wrong.")),
            (
                "cause",
                or_null(string("What it shares with others of its rule and file; people see those once.")),
            ),
            ("place", reference("place")),
            ("label", string("What stands there.")),
            ("related", list("Other places that belong to it.", reference("related"))),
            ("judge", or_null(reference("related"))),
            ("subject", subject()),
            (
                "chain",
                list("How the package came in, a member of the workspace first.", string("A package.")),
            ),
            ("fixes", list("The ways out, the best first.", reference("fix"))),
            (
                "fingerprint",
                string("Names the finding in later runs too: it does not change when lines move."),
            ),
            ("help", string("The page of the rule.")),
        ],
    )
}

fn subject() -> Value {
    object(
        "What the finding is about, as waivers name it.",
        [
            ("ecosystem", or_null(string("Whose package it is: `cargo`."))),
            ("package", or_null(string("The package's name."))),
            ("version", or_null(string("Its version."))),
            ("source", or_null(string("Where it comes from, as written."))),
            ("artifact", or_null(string("The file in question, where it is about one file of a package."))),
            ("digest", or_null(string("The digest in question."))),
            ("lockfile", or_null(string("The lockfile."))),
            (
                "setting",
                or_null(object(
                    "The setting.",
                    [
                        ("file", string("The settings file.")),
                        ("key", string("The key, dotted.")),
                        ("value", string("The value.")),
                    ],
                )),
            ),
        ],
    )
}

fn problem() -> Value {
    object(
        "Something that could not be read or understood.",
        [
            ("title", string("What.")),
            ("path", or_null(string("The path it is about."))),
            ("place", or_null(reference("place"))),
            ("label", string("What stands there.")),
            ("fixes", list("The ways out, the best first.", reference("fix"))),
        ],
    )
}

fn place() -> Value {
    let span = object("From where to where.", [("start", reference("point")), ("end", reference("point"))]);
    object(
        "A place in a file.",
        [
            ("path", string("The file; relative to the root, with `/`, where it is of the checkout.")),
            (
                "origin",
                described("Where the file is.", json!({ "enum": ["checkout", "outside", "built-in"] })),
            ),
            ("span", or_null(described("`null`: the file as a whole.", span))),
        ],
    )
}

fn point() -> Value {
    object(
        "A position; the end of a span is the first one that is outside.",
        [
            ("line", positive("The line, from 1.")),
            ("column", positive("The column, from 1, in Unicode code points.")),
            ("offset", count("The byte, from 0, not counting a byte order mark.")),
        ],
    )
}

fn related() -> Value {
    object(
        "A place and what it says.",
        [
            ("place", reference("place")),
            ("label", string("What stands there, or what the policy says there.")),
        ],
    )
}

fn fix() -> Value {
    object(
        "A way out.",
        [
            ("text", string("What to do.")),
            ("paste", or_null(string("What to paste; may have several lines."))),
        ],
    )
}

fn rule() -> Value {
    let names: Vec<_> = RULES.iter().map(|r| r.declaration.name).collect();
    described("A rule.", json!({ "type": "string", "examples": names }))
}

/// An object with exactly these properties.
fn object<const N: usize>(description: &str, properties: [(&str, Value); N]) -> Value {
    let required: Vec<_> = properties.iter().map(|(name, _)| *name).collect();
    let required = json!(required);
    let properties: Map<_, _> =
        properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let object = json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties });
    described(description, object)
}

fn list(description: &str, items: Value) -> Value {
    described(description, json!({ "type": "array", "items": items }))
}

fn string(description: &str) -> Value {
    described(description, json!({ "type": "string" }))
}

fn boolean(description: &str) -> Value {
    described(description, json!({ "type": "boolean" }))
}

fn count(description: &str) -> Value {
    described(description, json!({ "type": "integer", "minimum": 0 }))
}

fn positive(description: &str) -> Value {
    described(description, json!({ "type": "integer", "minimum": 1 }))
}

fn or_null(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn described(description: &str, mut schema: Value) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.insert("description".to_owned(), json!(description));
    }
    schema
}
