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
    let mut settings = Vec::new();
    // A stack of its own, so that nesting costs no call depth.
    let mut tables = vec![(Vec::<String>::new(), document)];
    while let Some((prefix, table)) = tables.pop() {
        for (name, value) in table {
            let mut key = prefix.clone();
            key.push(name.get_ref().to_string());
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
