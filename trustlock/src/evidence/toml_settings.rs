//! From a TOML document to flat settings.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::settings::{Setting, Tool, Value};
use crate::model::{File, Span};
use crate::tree::TreePath;

/// Every value of the document under its whole key, in the order of the file.
pub(super) fn flatten(
    tool: Tool,
    file: &Arc<File>,
    base: Option<&TreePath>,
    document: &DeTable<'_>,
) -> Vec<Setting> {
    walk(tool, file, base, (Vec::new(), document), |_| None)
}

/// As [`flatten`], for a table that stands under `prefix`; tables in a list count as keys of the list, under
/// their `name` where they have one, else under their number.
pub(super) fn flatten_items(
    tool: Tool,
    file: &Arc<File>,
    base: Option<&TreePath>,
    prefix: &[String],
    table: &DeTable<'_>,
) -> Vec<Setting> {
    walk(tool, file, base, (prefix.to_vec(), table), |value| {
        let items = value.as_array().filter(|items| !items.is_empty())?;
        let named = |(number, item): (usize, &'_ Spanned<DeValue<'_>>)| {
            let name = item.get_ref().as_table()?.get("name").and_then(|name| name.get_ref().as_str());
            Some(name.map_or_else(|| number.to_string(), str::to_owned))
        };
        items.iter().enumerate().map(named).collect()
    })
}

/// `names` gives each table of a list its part of the key, where the list counts as a table.
fn walk<'t>(
    tool: Tool,
    file: &Arc<File>,
    base: Option<&TreePath>,
    from: (Vec<String>, &'t DeTable<'t>),
    names: impl Fn(&'t DeValue<'t>) -> Option<Vec<String>>,
) -> Vec<Setting> {
    let mut settings = Vec::new();
    // A stack of its own, so that nesting costs no call depth.
    let mut tables = vec![from];
    while let Some((prefix, table)) = tables.pop() {
        for (name, value) in table {
            let mut key = prefix.clone();
            key.push(name.get_ref().to_string());
            if let Some(names) = names(value.get_ref()) {
                let items = value.get_ref().as_array().into_iter().flatten();
                let items = items.filter_map(|item| item.get_ref().as_table());
                tables.extend(
                    names.into_iter().zip(items).map(|(name, item)| ([&*key, &[name]].concat(), item)),
                );
                continue;
            }
            match value.get_ref() {
                DeValue::Table(table) if !table.is_empty() => tables.push((key, table)),
                _ => settings.push(Setting {
                    tool,
                    file: Arc::clone(file),
                    base: base.cloned(),
                    key,
                    value: understand(file, value),
                    span: around(&name.span(), &value.span()),
                }),
            }
        }
    }
    settings.sort_by_key(|s| s.span.start);
    settings
}

fn around(name: &std::ops::Range<usize>, value: &std::ops::Range<usize>) -> Span {
    Span::new(name.start.min(value.start), name.end.max(value.end))
}

fn understand(file: &File, value: &Spanned<DeValue<'_>>) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| as_written(file, value), Value::Integer),
        DeValue::Array(items) => strings(items).map_or_else(|| as_written(file, value), Value::List),
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => as_written(file, value),
    }
}

fn strings(items: &[Spanned<DeValue<'_>>]) -> Option<Vec<String>> {
    items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
}

fn as_written(file: &File, value: &Spanned<DeValue<'_>>) -> Value {
    Value::Other(file.slice(value.span().into()).to_owned())
}
