//! Custom target descriptions, `build.target = "x86_64-os.json"`: they name a linker and its arguments.
//!
//! See the rustc book, "Custom Targets".

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::settings::{Setting, Settings, Tool, Value};
use crate::model::{File, Problem, Span};
use crate::tree::{Tree, TreePath};

/// More than any description has, and little enough for a document of small values.
const MOST: usize = 1 << 20;

/// Reads every description that a setting names and that stands in the tree. One that is not there yet
/// cannot be obeyed yet.
pub(super) fn read(tree: &dyn Tree, settings: &mut Settings) {
    let named = |setting: &Setting| -> Vec<TreePath> {
        let base = setting.base.clone().unwrap_or_default();
        names(setting).filter_map(|name| base.join(name).ok()).collect()
    };
    let paths: BTreeSet<TreePath> =
        settings.settings.iter().filter(|s| s.tool == Tool::Cargo).flat_map(named).collect();
    for path in paths.iter().filter(|path| tree.kind(path).is_some()) {
        let Some(file) = settings.open(tree, path) else { continue };
        if file.text.len() > MOST {
            let problem = Problem::new(format!("`{path}` is too large for the description of a target"));
            settings.problems.push(problem.path(path.as_str()));
            continue;
        }
        match serde_json::from_str::<Map<String, Json>>(&file.text) {
            Ok(fields) => settings.settings.extend(flatten(&file, path, &fields)),
            Err(error) => settings.broken.push(
                Problem::new(format!("`{path}` is no description of a target"))
                    .at(file.at(0..0), error.to_string())
                    .fix("rustc refuses it; remove the file, or what names it"),
            ),
        }
    }
}

/// Whether a target is no triple but the path of a description.
#[expect(clippy::case_sensitive_file_extension_comparisons, reason = "cargo compares it so")]
pub(crate) fn is_description(target: &str) -> bool {
    target.ends_with(".json")
}

/// The descriptions that a setting hands to rustc.
fn names(setting: &Setting) -> impl Iterator<Item = &str> {
    let key: Vec<&str> = setting.key.iter().map(String::as_str).collect();
    let is_target =
        matches!(key.as_slice(), ["build", "target"] | ["env", "CARGO_BUILD_TARGET", ..] | ["alias", _]);
    let words: Vec<&str> = match &setting.value {
        Value::Text(text) => text.split_whitespace().collect(),
        Value::List(items) => items.iter().map(String::as_str).collect(),
        Value::Bool(_) | Value::Integer(_) | Value::Other(_) => Vec::new(),
    };
    let paths = words.into_iter().map(|word| word.strip_prefix("--target=").unwrap_or(word));
    paths.filter(move |path| is_target && is_description(path))
}

fn flatten(file: &Arc<File>, path: &TreePath, fields: &Map<String, Json>) -> Vec<Setting> {
    let setting = |key: Vec<String>, value: &Json| {
        let quoted = format!("{:?}", key.first().map(String::as_str).unwrap_or_default());
        let start = file.text.find(&quoted).unwrap_or_default();
        Setting {
            tool: Tool::Rustc,
            file: Arc::clone(file),
            base: path.parent(),
            key,
            value: understand(value),
            span: Span::new(start, start + quoted.len().min(file.text.len())),
        }
    };
    let mut settings = Vec::new();
    for (name, value) in fields {
        match value {
            // By the kind of linker: `{ "ld.lld": ["-Tlayout.ld"] }`.
            Json::Object(inner) => settings
                .extend(inner.iter().map(|(kind, value)| setting(vec![name.clone(), kind.clone()], value))),
            value => settings.push(setting(vec![name.clone()], value)),
        }
    }
    settings
}

fn understand(value: &Json) -> Value {
    match value {
        Json::String(text) => Value::Text(text.clone()),
        Json::Bool(value) => Value::Bool(*value),
        Json::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .map_or_else(|| Value::Other(value.to_string()), Value::List),
        other => Value::Other(other.to_string()),
    }
}
