//! The policies that are part of the program.

use std::sync::Arc;

use crate::model::{File, Origin};

/// What every policy builds on.
pub(super) const STRICT: &str = "trustlock:strict";

/// Every preset, as `extends` names it.
pub(super) const NAMES: &[&str] = &[STRICT, "trustlock:paranoid"];

/// The preset of that name.
pub(super) fn named(name: &str) -> Option<Arc<File>> {
    let text = match name {
        STRICT => include_str!("presets/strict.toml"),
        "trustlock:paranoid" => include_str!("presets/paranoid.toml"),
        _ => return None,
    };
    Some(Arc::new(File { path: name.to_owned(), text: text.to_owned(), origin: Origin::BuiltIn }))
}
