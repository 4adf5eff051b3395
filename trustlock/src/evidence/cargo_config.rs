//! Reading `.cargo/config.toml`, its legacy twin `.cargo/config` and what they include.
//!
//! See the Cargo book, "Configuration": hierarchical structure, `include`, config-relative paths.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::settings::{Setting, Settings, Tool, Value};
use super::toml_settings;
use crate::model::{File, Place, Problem};
use crate::text;
use crate::tree::{Tree, TreePath};

/// Reads cargo's settings files, each once however often it is included.
pub(super) struct Reader<'t> {
    tree: &'t dyn Tree,
    read: BTreeSet<TreePath>,
}

/// A file that another one asks cargo to read.
struct Include {
    path: String,
    optional: bool,
    place: Place,
}

impl<'t> Reader<'t> {
    pub(super) fn new(tree: &'t dyn Tree) -> Self {
        Self { tree, read: BTreeSet::new() }
    }

    /// Reads a discovered file and all that it includes.
    pub(super) fn read(&mut self, path: &TreePath, settings: &mut Settings) {
        let mut open = vec![path.clone()];
        while let Some(path) = open.pop() {
            if !self.read.insert(path.clone()) {
                continue;
            }
            let Some(file) = settings.open(self.tree, &path) else { continue };
            match text::toml::parse(&file) {
                Ok(table) => {
                    let found = self.understand(&file, &path, &table, settings);
                    open.extend(found);
                }
                Err(problem) => settings.refuse(&file, problem),
            }
        }
    }

    /// Records a document's settings; the files inside the tree that it includes.
    fn understand(
        &self,
        file: &Arc<File>,
        path: &TreePath,
        table: &DeTable<'_>,
        settings: &mut Settings,
    ) -> Vec<TreePath> {
        let directory = path.parent().unwrap_or_default();
        let base = directory.parent();
        let mut includes = Vec::new();
        for setting in toml_settings::flatten(Tool::Cargo, file, base.as_ref(), table) {
            match setting.key.as_slice() {
                [include, ..] if include == "include" => {}
                [alias, _] if alias == "alias" => {
                    let from = base.clone().unwrap_or_default();
                    for argument in config_arguments(&setting.value) {
                        match from_argument(&setting, &argument) {
                            Ok(derived) => settings.settings.extend(derived),
                            Err(path) => {
                                let include = Include { path, optional: false, place: setting.place() };
                                includes.extend(self.locate(&from, include, settings));
                            }
                        }
                    }
                    settings.settings.push(setting);
                }
                _ => settings.settings.push(setting),
            }
        }
        match includes_of(file, table) {
            Ok(found) => {
                for include in found {
                    if !include.path.to_ascii_lowercase().ends_with(".toml") {
                        settings.problems.push(refused(&include.place, "only files that end in `.toml`"));
                    }
                    includes.extend(self.locate(&directory, include, settings));
                }
            }
            Err(problem) => settings.problems.push(problem),
        }
        includes
    }

    /// Where an include leads. One that leads out of the tree is a setting of its own, for a rule to
    /// judge: what stands there is the machine's, and so is not known.
    fn locate(&self, from: &TreePath, include: Include, settings: &mut Settings) -> Option<TreePath> {
        let Ok(path) = from.join(&include.path) else {
            settings.settings.push(Setting {
                tool: Tool::Cargo,
                file: Arc::clone(&include.place.file),
                base: None,
                key: vec!["include".to_owned()],
                value: Value::Text(include.path),
                span: include.place.span,
            });
            return None;
        };
        if self.tree.kind(&path).is_none() {
            if !include.optional {
                let title = format!("`{}` includes `{path}`, which does not exist", include.place.file.path);
                settings.problems.push(
                    Problem::new(title).at(include.place, "cargo refuses to start without it").fix(
                        "commit the file, remove the line, or write `{ path = \"…\", optional = true }`",
                    ),
                );
            }
            return None;
        }
        Some(path)
    }
}

/// What `include` names. Cargo takes a list of strings or of tables; before it was stable it took a
/// single string as well, which is read here too.
fn includes_of(file: &Arc<File>, table: &DeTable<'_>) -> Result<Vec<Include>, Problem> {
    let Some((_, value)) = table.iter().find(|(name, _)| name.get_ref() == "include") else {
        return Ok(Vec::new());
    };
    match value.get_ref() {
        DeValue::Array(items) => each_include(file, items),
        DeValue::String(path) => {
            Ok(vec![Include { path: path.to_string(), optional: false, place: file.at(value.span()) }])
        }
        _ => Err(refused(&file.at(value.span()), "a list of paths")),
    }
}

fn each_include(file: &Arc<File>, items: &DeArray<'_>) -> Result<Vec<Include>, Problem> {
    items
        .iter()
        .map(|item| {
            let place = file.at(item.span());
            match item.get_ref() {
                DeValue::String(path) => Ok(Include { path: path.to_string(), optional: false, place }),
                DeValue::Table(table) => {
                    let get = |name| table.get(name).map(Spanned::get_ref);
                    let optional = match get("optional") {
                        None => Some(false),
                        Some(DeValue::Boolean(optional)) => Some(*optional),
                        Some(_) => None,
                    };
                    match (get("path"), optional) {
                        (Some(DeValue::String(path)), Some(optional)) => {
                            Ok(Include { path: path.to_string(), optional, place })
                        }
                        _ => Err(refused(&place, "`path`, a string, and `optional`, a boolean")),
                    }
                }
                _ => Err(refused(&place, "a string or a table")),
            }
        })
        .collect()
}

fn refused(place: &Place, wanted: &str) -> Problem {
    Problem::new(format!("cannot tell what `{}` includes", place.file.path))
        .at(place.clone(), format!("cargo takes {wanted} here"))
        .fix("write `include = [\"other.toml\"]`, or remove the line")
}

/// What an alias hands to `--config`.
fn config_arguments(alias: &Value) -> Vec<String> {
    let words: Vec<&str> = match alias {
        Value::Text(text) => text.split_whitespace().collect(),
        Value::List(items) => items.iter().map(String::as_str).collect(),
        Value::Bool(_) | Value::Integer(_) | Value::Other(_) => Vec::new(),
    };
    // What stands after `--` is for the program that is run.
    let mut words = words.into_iter().take_while(|word| *word != "--");
    let mut arguments = Vec::new();
    while let Some(word) = words.next() {
        if word == "--config" {
            arguments.extend(words.next().map(str::to_owned));
        } else if let Some(argument) = word.strip_prefix("--config=") {
            arguments.push(argument.to_owned());
        }
    }
    arguments
}

/// `--config KEY=VALUE` sets that key wherever the alias is used; anything else is a file's path.
fn from_argument(alias: &Setting, argument: &str) -> Result<Vec<Setting>, String> {
    let as_file = File::new(alias.file.path.clone(), argument);
    let table = text::toml::parse(&as_file).map_err(|_| argument.to_owned())?;
    let mut derived = toml_settings::flatten(Tool::Cargo, &as_file, alias.base.as_ref(), &table);
    for setting in &mut derived {
        setting.file = Arc::clone(&alias.file);
        setting.span = alias.span;
    }
    Ok(derived)
}
