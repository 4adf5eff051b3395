//! `rust-toolchain.toml` and the older `rust-toolchain`, which rustup reads before cargo starts.
//!
//! See the rustup book, "The toolchain file".

use super::settings::{Setting, Settings, Tool, Value};
use super::toml_settings;
use crate::text;
use crate::tree::{Tree, TreePath};

/// Reads a toolchain file. The old name holds TOML or, in a single line, a toolchain's name or path.
pub(super) fn read(tree: &dyn Tree, path: &TreePath, settings: &mut Settings) {
    let Some(file) = settings.open(tree, path) else { return };
    if path.name() == "rust-toolchain" && file.text.lines().count() == 1 {
        let text = file.text.trim();
        let start = file.text.find(text).unwrap_or_default();
        settings.settings.push(Setting {
            tool: Tool::Rustup,
            base: path.parent(),
            key: vec!["toolchain".to_owned(), "channel".to_owned()],
            value: Value::Text(text.to_owned()),
            span: (start..start + text.len()).into(),
            file,
        });
        return;
    }
    match text::toml::parse(&file) {
        Ok(table) => {
            settings.settings.extend(toml_settings::flatten(
                Tool::Rustup,
                &file,
                path.parent().as_ref(),
                &table,
            ));
        }
        Err(problem) => settings.refuse(&file, problem),
    }
}
