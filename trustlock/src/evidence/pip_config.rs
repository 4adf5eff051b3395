//! Reading `pip.conf` and `pip.ini`, as Python's `configparser` takes them for pip: sections, keys before
//! `=` or `:`, values that go on in indented lines, comments on lines of their own.

use std::sync::Arc;

use super::settings::{Setting, Settings, Tool, Value};
use crate::model::{File, Problem, Span};
use crate::tree::{Tree, TreePath};

/// Options that hold several values, parted by white space.
const LISTS: [&str; 3] = ["extra-index-url", "find-links", "trusted-host"];

/// Reads the file at `path`.
pub(super) fn read(tree: &dyn Tree, path: &TreePath, settings: &mut Settings) {
    let Some(file) = settings.open(tree, path) else { return };
    let base = path.parent();
    match entries(&file) {
        Ok(entries) => settings.settings.extend(entries.into_iter().map(|entry| Setting {
            tool: Tool::Pip,
            file: Arc::clone(&file),
            base: base.clone(),
            value: entry.value(),
            key: vec![entry.section, entry.key],
            span: entry.span,
        })),
        Err(problem) => settings.broken.push(problem),
    }
}

struct Entry {
    section: String,
    key: String,
    lines: Vec<String>,
    span: Span,
}

impl Entry {
    fn value(&self) -> Value {
        let text = self.lines.join("\n").trim().to_owned();
        if LISTS.contains(&self.key.as_str()) {
            return Value::List(text.split_whitespace().map(str::to_owned).collect());
        }
        Value::Text(text)
    }
}

fn entries(file: &Arc<File>) -> Result<Vec<Entry>, Problem> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut section: Option<String> = None;
    // Whether an indented line goes on with the value above it.
    let mut open = false;
    let mut start = 0;
    for line in file.text.split_inclusive('\n') {
        let span = Span::new(start, start + line.trim_end().len());
        start += line.len();
        let text = line.trim();
        let indented = line.starts_with([' ', '\t']);
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        if let Some(entry) = entries.last_mut().filter(|_| open && indented) {
            entry.lines.push(text.to_owned());
            entry.span.end = span.end;
        } else if let Some(name) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            section = Some(name.0.to_owned());
            open = false;
        } else if let (Some(section), Some((key, value))) = (&section, text.split_once(['=', ':'])) {
            open = true;
            entries.push(Entry {
                section: section.clone(),
                key: key.trim().trim_start_matches("--").to_lowercase().replace('_', "-"),
                lines: vec![value.trim().to_owned()],
                span: Span::new(span.end as usize - line.trim_end().trim_start().len(), span.end as usize),
            });
        } else {
            let title = format!("`{}` is not a configuration file that pip can read", file.path);
            return Err(Problem::new(title).at(file.at(span), "neither a section nor a key with a value"));
        }
    }
    Ok(entries)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn keys_values_and_places() {
        let file = File::new(
            "pip.conf",
            "# x\n[global]\nindex_url = https://a\nextra-index-url =\n    https://b\n    # no\n    https://c\n\n[install]\n--Trusted-Host: h\n",
        );
        let entries = entries(&file).unwrap();
        let all: Vec<(String, String, String, &str)> = entries
            .iter()
            .map(|e| (e.section.clone(), e.key.clone(), e.value().to_string(), file.slice(e.span)))
            .collect();
        assert_eq!(
            all[0],
            ("global".into(), "index-url".into(), "https://a".into(), "index_url = https://a")
        );
        assert_eq!(all[1].2, "[\"https://b\", \"https://c\"]");
        assert_eq!(all[2], ("install".into(), "trusted-host".into(), "[\"h\"]".into(), "--Trusted-Host: h"));
        assert!(super::entries(&File::new("pip.conf", "index-url = x\n")).is_err());
    }
}
