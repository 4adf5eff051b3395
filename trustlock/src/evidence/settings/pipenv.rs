//! pipenv's settings: the sources of a `Pipfile`, and its `[pipenv]` table.

use std::sync::Arc;

use toml::de::DeTable;

use super::{Settings, Tool};
use crate::evidence::toml_settings;
use crate::model::File;
use crate::tree::TreePath;

/// Takes what a `Pipfile` holds besides packages.
pub(super) fn of_pipfile(file: &Arc<File>, path: &TreePath, document: &DeTable<'_>, settings: &mut Settings) {
    let base = path.parent();
    let all = toml_settings::flatten_items(Tool::Pipenv, file, base.as_ref(), &[], document);
    settings.files.push(Arc::clone(file));
    settings.settings.extend(all.into_iter().filter(|setting| {
        setting.key.first().is_some_and(|section| matches!(section.as_str(), "source" | "pipenv"))
    }));
}
