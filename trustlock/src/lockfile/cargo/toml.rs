//! Any `Cargo.lock` that is TOML: the general reader.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::build::{Build, KEYS, TOP};
use crate::model::{File, Lockfile, Problem, Span};
use crate::text;

type Value<'a> = Spanned<DeValue<'a>>;

/// Reads a `Cargo.lock`.
///
/// # Errors
/// A [`Problem`] where it is not TOML, where cargo itself could not read it, or where its version is
/// unknown.
pub(super) fn read(file: &Arc<File>) -> Result<Lockfile, Problem> {
    let document = text::toml::parse(file)?;
    let version = version(file, &document)?;
    let mut build = Build::new(file, version);
    for (key, value) in &document {
        match key.get_ref().as_ref() {
            "version" => {}
            "package" => packages(&mut build, value)?,
            "root" => package(&mut build, value, false)?,
            "metadata" => metadata(&mut build, value)?,
            "patch" => unused(&mut build, value)?,
            other => build.unknown_key(Span::from(key.span()), other, TOP),
        }
    }
    build.finish()
}

fn version(file: &Arc<File>, document: &DeTable<'_>) -> Result<Option<u32>, Problem> {
    let Some(value) = document.get("version") else { return Ok(None) };
    let text = match value.get_ref() {
        DeValue::Integer(integer) => integer.as_str().parse().ok(),
        _ => None,
    };
    match text {
        Some(version @ 1..=4) => Ok(Some(version)),
        _ => {
            let found = file.slice(Span::from(value.span()));
            Err(Problem::new(format!("`{}` is of version {found}, which is not known", file.path))
                .at(file.at(value.span()), "versions 1 to 4 are known")
                .fix("a newer trustlock may know it; else let cargo write the lockfile again"))
        }
    }
}

fn packages(build: &mut Build, value: &Value<'_>) -> Result<(), Problem> {
    let array = value.get_ref().as_array().ok_or_else(|| build.shape(value.span(), "an array of tables"))?;
    array.iter().try_for_each(|entry| package(build, entry, false))
}

fn unused(build: &mut Build, value: &Value<'_>) -> Result<(), Problem> {
    let table = value.get_ref().as_table().ok_or_else(|| build.shape(value.span(), "a table"))?;
    for (key, value) in table {
        if key.get_ref() != "unused" {
            build.unknown_key(Span::from(key.span()), key.get_ref(), &["unused"]);
            continue;
        }
        let array =
            value.get_ref().as_array().ok_or_else(|| build.shape(value.span(), "an array of tables"))?;
        array.iter().try_for_each(|entry| package(build, entry, true))?;
    }
    Ok(())
}

fn package(build: &mut Build, value: &Value<'_>, unused: bool) -> Result<(), Problem> {
    let table = value.get_ref().as_table().ok_or_else(|| build.shape(value.span(), "a table"))?;
    let name = required(build, table, "name", value)?;
    let version = required(build, table, "version", value)?;
    let mut package = build.entry(Span::from(value.span()), name, version);
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "name" | "version" => {}
            "source" => {
                let (place, text) = string(build, value)?;
                build.source(&mut package, place, text);
            }
            "checksum" => {
                let (place, text) = string(build, value)?;
                build.checksum(&mut package, place, text);
            }
            "replace" => {
                let (place, text) = string(build, value)?;
                package.replace = Some(build.atom(place, text));
            }
            "dependencies" => {
                let array =
                    value.get_ref().as_array().ok_or_else(|| build.shape(value.span(), "an array"))?;
                for edge in array {
                    let (place, text) = string(build, edge)?;
                    build.dependency(&mut package, place, text);
                }
            }
            other => build.unknown_key(Span::from(key.span()), other, KEYS),
        }
    }
    build.push(package, unused);
    Ok(())
}

fn metadata(build: &mut Build, value: &Value<'_>) -> Result<(), Problem> {
    let table = value.get_ref().as_table().ok_or_else(|| build.shape(value.span(), "a table"))?;
    for (key, value) in table {
        // Cargo ignores every other key, and tools may keep things there.
        if let Some(id) = key.get_ref().strip_prefix("checksum ") {
            let (place, text) = string(build, value)?;
            build.metadata_checksum(Span::from(key.span()), id, place, text);
        }
    }
    Ok(())
}

type Text<'a> = (Span, &'a str);

fn required<'a>(
    build: &Build,
    table: &'a DeTable<'_>,
    key: &str,
    entry: &Value<'_>,
) -> Result<Text<'a>, Problem> {
    match table.get(key) {
        Some(value) => string(build, value),
        None => {
            Err(build.problem(entry.span(), &format!("a package without `{key}`"), "cargo cannot read this"))
        }
    }
}

/// A string's text and the place between its quotes.
fn string<'a>(build: &Build, value: &'a Value<'_>) -> Result<Text<'a>, Problem> {
    let text = value.get_ref().as_str().ok_or_else(|| build.shape(value.span(), "a string"))?;
    let span = value.span();
    let raw = build.file().text.get(span.clone()).unwrap_or_default();
    let quotes = if raw.len() >= 6 && (raw.starts_with("\"\"\"") || raw.starts_with("'''")) { 3 } else { 1 };
    Ok((Span::new(span.start + quotes, span.end.saturating_sub(quotes)), text))
}
