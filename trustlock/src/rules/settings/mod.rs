//! What the rules of the `settings` family share: settings as cargo means them, what a path or a
//! program in them reaches, and the shape of a finding.
//!
//! A rule matches [`View`]s, in which one value has one form however the file spells it: an `[env]`
//! variable that cargo itself reads appears under the configuration key that it stands for, and an
//! entry of `[env]` or `[patch]` is one value even where it is a table.

mod environment;
mod flags;
mod linker;
pub(super) mod pdm;
pub(super) mod pip;
pub(super) mod pipenv;
pub(super) mod poetry;
mod program;
mod python;
mod reach;
pub(super) mod uv;
mod variables;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(super) use self::flags::{rustc_flags, rustdoc_flags};
pub(super) use self::linker::linker_arguments;
pub(super) use self::program::{Care, arguments_reach, program};
pub(super) use self::reach::{Reach, folder};
pub(super) use self::variables::variable;
use super::ProjectContext;
use crate::evidence::settings::dotted;
use crate::evidence::{Setting, Tool, Value};
use crate::model::{Declaration, Finding, Source, SourceKind, Subject, Url};

/// A setting as its tool means it.
pub(super) struct View<'a> {
    /// The key that it acts as.
    pub(super) key: Vec<String>,
    /// The value.
    pub(super) value: Value,
    /// The line to show; of a table, the first.
    pub(super) setting: &'a Setting,
    /// The key as the file has it, for people and for `[settings] allow`.
    pub(super) written: String,
    /// The value as the policy compares it.
    pub(super) text: String,
}

impl View<'_> {
    /// The parts of the key, for matching.
    pub(super) fn parts(&self) -> Vec<&str> {
        self.key.iter().map(String::as_str).collect()
    }

    /// The value's words, as cargo splits a program and its arguments: a string at white space, a list
    /// not at all. `None` where it is neither.
    pub(super) fn words(&self) -> Option<Vec<String>> {
        match &self.value {
            Value::Text(text) => Some(text.split_whitespace().map(str::to_owned).collect()),
            Value::List(items) => Some(items.clone()),
            Value::Bool(_) | Value::Integer(_) | Value::Other(_) => None,
        }
    }

    /// The value, where it is a string.
    pub(super) fn string(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Every setting that `tool` reads.
pub(super) fn views<'a>(context: &ProjectContext<'a>, tool: Tool) -> Vec<View<'a>> {
    let mut views = Vec::new();
    let mut tables: BTreeMap<(&str, &[String]), Vec<&Setting>> = BTreeMap::new();
    for setting in context.evidence.settings.settings.iter().filter(|s| s.tool == tool) {
        let whole = match setting.key.first().map(String::as_str) {
            Some("env") => setting.key.get(..2).filter(|_| setting.key.len() > 2),
            Some("patch") => setting.key.get(..3).filter(|_| setting.key.len() > 3),
            _ => None,
        };
        match whole {
            Some(prefix) => tables.entry((&setting.file.path, prefix)).or_default().push(setting),
            None => views.push(single(setting)),
        }
    }
    views.extend(tables.into_iter().filter_map(|((_, prefix), entries)| table(prefix, &entries)));
    views.sort_by(|a, b| {
        (&a.setting.file.path, a.setting.span.start).cmp(&(&b.setting.file.path, b.setting.span.start))
    });
    views
}

fn single(setting: &Setting) -> View<'_> {
    let key = match setting.key.as_slice() {
        [table, name] if table == "env" => environment::meaning(name),
        // A tool's table in `pyproject.toml` means what its own file means.
        [tool, name, rest @ ..] if tool == "tool" && name.eq_ignore_ascii_case(setting.tool.name()) => {
            Some(rest.to_vec())
        }
        _ => None,
    };
    View {
        key: key.unwrap_or_else(|| setting.key.clone()),
        value: setting.value.clone(),
        setting,
        written: setting.dotted(),
        text: setting.value.to_string(),
    }
}

/// An entry of `[env]` or `[patch]` that is written as a table.
fn table<'a>(prefix: &[String], entries: &[&'a Setting]) -> Option<View<'a>> {
    let first = *entries.iter().min_by_key(|s| s.span.start)?;
    let rest = |s: &Setting| dotted(s.key.get(prefix.len()..).unwrap_or_default());
    let mut fields: Vec<(String, &Value)> = entries.iter().map(|s| (rest(s), &s.value)).collect();
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
    let shown: Vec<String> = fields.iter().map(|(key, value)| format!("{key} = {}", quoted(value))).collect();
    let text = format!("{{ {} }}", shown.join(", "));

    let is_env = prefix.first().is_some_and(|p| p == "env");
    let (key, value) = if is_env {
        let name = prefix.get(1)?;
        let value = match (field("value"), field("relative")) {
            // Relative to the file: a path, however short.
            (Some(Value::Text(text)), Some(Value::Bool(true))) if !text.starts_with('/') => {
                Value::Text(format!("./{text}"))
            }
            (Some(Value::Text(text)), _) => Value::Text(text.clone()),
            _ => Value::Other(text.clone()),
        };
        (environment::meaning(name).unwrap_or_else(|| prefix.to_vec()), value)
    } else {
        (prefix.to_vec(), Value::Other(text.clone()))
    };
    Some(View { key, value, setting: first, written: dotted(prefix), text })
}

fn quoted(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

/// A finding about a setting; `None` where the policy allows exactly this file, key and value.
pub(super) fn finding(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    view: &View<'_>,
    title: impl Into<String>,
    label: impl Into<String>,
) -> Option<Finding> {
    let file = &view.setting.file.path;
    if context.policy.allows_setting(file, &view.written, &view.text) {
        return None;
    }
    let entry = format!(
        "[settings]\nallow = [{{ file = {}, key = {}, value = {} }}]",
        toml_string(file),
        toml_string(&view.written),
        toml_string(&view.text)
    );
    Some(
        Finding::new(rule, Subject::setting(file, &view.written, &view.text), view.setting.place(), title)
            .label(label)
            .fix(format!("remove `{}` from `{file}`", view.written))
            .paste("or, once it is reviewed, allow exactly this value in `trustlock.toml`", entry),
    )
}

/// A TOML string that reads back as `text`.
fn toml_string(text: &str) -> String {
    if !text.contains('\'') && !text.chars().any(char::is_control) {
        let quote = if text.contains(['"', '\\']) { '\'' } else { '"' };
        return format!("{quote}{text}{quote}");
    }
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
            c => c.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

/// The registry that a URL in a settings file means: `sparse+https://…`, or the URL of a git index.
pub(super) fn registry(text: &str) -> Source {
    let (kind, url, raw) = match text.strip_prefix("sparse+") {
        Some(url) => (SourceKind::SparseRegistry, url, text.to_owned()),
        None => (SourceKind::Registry, text, format!("registry+{text}")),
    };
    Source { raw, kind, url: Url::parse(url) }
}

/// The git repository that a URL in a settings file means.
pub(super) fn git(text: &str) -> Source {
    let kind = SourceKind::Git { reference: None, commit: None };
    Source { raw: format!("git+{text}"), kind, url: Url::parse(text) }
}

/// Whether some lockfile names this source: then what is locked from there is judged, and one cause is one
/// finding.
pub(super) fn is_locked(context: &ProjectContext<'_>, source: &Source) -> bool {
    let same = |other: &Source| match (&source.url, &other.url) {
        (Some(a), Some(b)) => a.same_place(b),
        _ => false,
    };
    context.lockfiles.iter().flat_map(|lockfile| &lockfile.sources).any(same)
}
