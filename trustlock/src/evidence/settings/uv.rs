//! uv's settings: `uv.toml`, and `[tool.uv]` of `pyproject.toml`.
//!
//! See uv's documentation, "Configuration files" and "Settings". Relative paths start from the folder of
//! the file.

use std::sync::Arc;

use toml::de::DeTable;

use super::{Settings, Tool};
use crate::evidence::toml_settings;
use crate::model::File;
use crate::text;
use crate::tree::{Tree, TreePath};

/// Reads a `uv.toml`.
pub(super) fn read(tree: &dyn Tree, path: &TreePath, settings: &mut Settings) {
    let Some(file) = settings.open(tree, path) else { return };
    match text::toml::parse(&file) {
        Ok(table) => {
            let base = path.parent();
            settings.settings.extend(toml_settings::flatten_items(
                Tool::Uv,
                &file,
                base.as_ref(),
                &[],
                &table,
            ));
        }
        Err(problem) => settings.problems.push(problem),
    }
}

/// Takes what a `pyproject.toml` holds for uv.
pub(in crate::evidence) fn of_pyproject(
    file: &Arc<File>,
    path: &TreePath,
    document: &DeTable<'_>,
    settings: &mut Settings,
) {
    let tool = document.get("tool").and_then(|value| value.get_ref().as_table());
    let Some(table) = tool.and_then(|tool| tool.get("uv")).and_then(|value| value.get_ref().as_table())
    else {
        return;
    };
    let (base, prefix) = (path.parent(), ["tool".to_owned(), "uv".to_owned()]);
    settings.files.push(Arc::clone(file));
    settings.settings.extend(toml_settings::flatten_items(Tool::Uv, file, base.as_ref(), &prefix, table));
}
