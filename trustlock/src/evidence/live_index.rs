//! Which indexes a tool asks for a package whose lockfile does not record where it comes from
//! ([`crate::model::SourceKind::Unrecorded`]).

use std::sync::Arc;

use super::{Evidence, Setting, Settings, Tool, Value};
use crate::lockfile::python_index;
use crate::model::{Lockfile, Place, Source};
use crate::tree::TreePath;

#[cfg(test)]
mod tests;

/// What pip, PDM and Poetry ask where nothing tells them otherwise.
const PYPI: &str = "https://pypi.org/simple";

/// One index that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveIndex {
    /// Where it is.
    pub source: Arc<Source>,
    /// What names it; `None` for the default that the tool adds by itself.
    pub place: Option<Place>,
    /// The name that the project gives it.
    pub name: Option<String>,
    /// Names of packages, as globs over folded names, that are asked of this index alone.
    pub only: Vec<String>,
    /// Those that it is never asked for.
    pub never: Vec<String>,
}

/// Every index that is asked, in the order of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveIndexes {
    /// All of them.
    pub all: Vec<LiveIndex>,
}

impl LiveIndexes {
    /// Those that are asked for the package of that folded name. With more than one, whoever publishes
    /// on any of them may answer; with none, nothing is known.
    pub fn of(&self, name: &str) -> Vec<&LiveIndex> {
        let any = |patterns: &[String]| patterns.iter().any(|pattern| is_match(pattern, name));
        let own: Vec<_> = self.all.iter().filter(|index| any(&index.only)).collect();
        if !own.is_empty() {
            return own;
        }
        self.all.iter().filter(|index| !any(&index.never)).collect()
    }
}

impl Evidence {
    /// The indexes that are live for packages of `lockfile` that do not record theirs: what the lockfile
    /// names itself (requirements files, `Pipfile.lock`), else what the settings of its tool beside it
    /// name (`poetry.lock`, `pdm.lock`). Empty for formats that record an index for every package, and
    /// where only the machine knows.
    ///
    /// A caller asks once a lockfile, and then [`LiveIndexes::of`] for each package.
    pub fn live_indexes(&self, lockfile: &Lockfile) -> LiveIndexes {
        if !lockfile.indexes.is_empty() {
            let named = lockfile.indexes.iter().filter_map(|index| {
                let source = lockfile.sources.get(index.source.id as usize)?;
                Some(LiveIndex {
                    source: Arc::new(source.clone()),
                    place: Some(lockfile.file.at(index.source.place)),
                    name: index.name.map(|name| lockfile.text(name).to_owned()),
                    only: Vec::new(),
                    never: Vec::new(),
                })
            });
            return LiveIndexes { all: named.collect() };
        }
        let folder = TreePath::new(&lockfile.file.path).ok().and_then(|path| path.parent());
        let Some(folder) = folder else { return LiveIndexes::default() };
        match lockfile.format.name {
            "poetry.lock" => poetry(&self.settings, &folder),
            "pdm.lock" => pdm(&self.settings, &folder),
            _ => LiveIndexes::default(),
        }
    }
}

/// What a project says about one source.
struct Declared<'s> {
    name: String,
    settings: Vec<&'s Setting>,
}

impl<'s> Declared<'s> {
    fn get(&self, key: &str) -> Option<&'s Setting> {
        self.settings.iter().find(|s| s.key.last().is_some_and(|last| last == key)).copied()
    }

    fn text(&self, key: &str) -> Option<&'s str> {
        match &self.get(key)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn is(&self, key: &str, value: bool) -> bool {
        self.get(key).is_some_and(|setting| setting.value == Value::Bool(value))
    }

    fn list(&self, key: &str) -> Vec<String> {
        match self.get(key).map(|setting| &setting.value) {
            Some(Value::List(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    fn index(&self) -> Option<LiveIndex> {
        let setting = self.get("url")?;
        Some(LiveIndex {
            source: Arc::new(python_index(self.text("url")?)),
            place: Some(setting.place()),
            name: Some(self.name.clone()),
            only: self.list("include_packages"),
            never: self.list("exclude_packages"),
        })
    }
}

/// The sources under `prefix` in the file of that name in `folder`, in its order.
fn declared<'s>(
    settings: &'s Settings,
    tool: Tool,
    folder: &TreePath,
    file: &str,
    prefix: &[&str],
) -> Vec<Declared<'s>> {
    let path = folder.child(file);
    let mut all: Vec<Declared<'s>> = Vec::new();
    for setting in settings.settings.iter().filter(|s| s.tool == tool && s.file.path == path.as_str()) {
        let at = prefix.len();
        let below = setting.key.get(..at).is_some_and(|start| start == prefix) && setting.key.len() == at + 2;
        let Some(name) = setting.key.get(at).filter(|_| below) else { continue };
        match all.iter_mut().find(|declared| declared.name == *name) {
            Some(declared) => declared.settings.push(setting),
            None => all.push(Declared { name: name.clone(), settings: vec![setting] }),
        }
    }
    all
}

fn default_index() -> LiveIndex {
    let source = Arc::new(python_index(PYPI));
    LiveIndex { source, place: None, name: Some("pypi".to_owned()), only: Vec::new(), never: Vec::new() }
}

/// Poetry records every index but PyPI; what it does not record it takes from PyPI as long as that is
/// live in any role, else from the first source that is not explicit.
fn poetry(settings: &Settings, folder: &TreePath) -> LiveIndexes {
    let sources = declared(settings, Tool::Poetry, folder, "pyproject.toml", &["tool", "poetry", "source"]);
    let is_pypi = |declared: &Declared<'_>| declared.name.eq_ignore_ascii_case("pypi");
    // Before Poetry 2, `default` was the role that puts PyPI out.
    let rank =
        |declared: &Declared<'_>| match declared.text("priority").map(str::to_ascii_lowercase).as_deref() {
            _ if declared.is("default", true) => Some(0),
            _ if declared.is("secondary", true) => Some(2),
            Some("default") => Some(0),
            None | Some("primary") => Some(1),
            Some("secondary" | "supplemental") => Some(2),
            _ => None,
        };
    let others = || sources.iter().filter(|declared| !is_pypi(declared));
    let puts_out = others().any(|declared| matches!(rank(declared), Some(0 | 1)));
    if sources.iter().any(is_pypi) || !puts_out {
        return LiveIndexes { all: vec![default_index()] };
    }
    let mut ranked: Vec<_> = others().filter_map(|declared| Some((rank(declared)?, declared))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    LiveIndexes { all: ranked.first().and_then(|(_, first)| first.index()).into_iter().collect() }
}

/// PDM asks every source that includes the package, else every one that does not exclude it.
fn pdm(settings: &Settings, folder: &TreePath) -> LiveIndexes {
    let own = declared(settings, Tool::Pdm, folder, "pyproject.toml", &["tool", "pdm", "source"]);
    let stored = declared(settings, Tool::Pdm, folder, "pdm.toml", &["pypi"]);
    let option = |name: &str| {
        let path = folder.child("pdm.toml");
        let mut all =
            settings.settings.iter().filter(|s| s.tool == Tool::Pdm && s.file.path == path.as_str());
        all.find(|s| s.key == ["pypi", name])
    };
    let ignores_stored = option("ignore_stored_index").is_some_and(|s| s.value == Value::Bool(true));
    let mut all: Vec<LiveIndex> = own.iter().filter_map(Declared::index).collect();
    let is_named =
        |all: &[LiveIndex], name: &str| all.iter().any(|index| index.name.as_deref() == Some(name));
    if !ignores_stored {
        let more: Vec<_> =
            stored.iter().filter(|s| !is_named(&all, &s.name)).filter_map(Declared::index).collect();
        all.extend(more);
        if !is_named(&all, "pypi") {
            let stored = option("url").and_then(|setting| match &setting.value {
                Value::Text(url) => Some((python_index(url), setting.place())),
                _ => None,
            });
            let first = match stored {
                Some((source, place)) => {
                    LiveIndex { source: Arc::new(source), place: Some(place), ..default_index() }
                }
                None => default_index(),
            };
            all.insert(0, first);
        }
    }
    LiveIndexes { all }
}

/// Whether a pattern of `fnmatch` covers a folded name.
fn is_match(pattern: &str, name: &str) -> bool {
    let folded = pattern.to_ascii_lowercase().replace(['_', '.'], "-");
    folded == name || globset::Glob::new(&folded).is_ok_and(|glob| glob.compile_matcher().is_match(name))
}
