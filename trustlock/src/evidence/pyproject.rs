//! `pyproject.toml`, as far as lockfiles and tools are judged by it: what a project asks for, and which
//! tools keep settings there.
//!
//! Many repositories keep broken ones as test data, and Python's tools pass over what they cannot read; so
//! does this reader: a text that is no TOML says nothing, and neither does a value of another type.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

mod tools;

pub use self::tools::{LockTool, PoetryAsked, Tools};
use super::ManifestHashes;
use super::settings::followed;
use crate::model::{File, Problem, Span};
use crate::text;
use crate::tree::{Tree, TreePath};

/// A `pyproject.toml` as read.
#[derive(Clone, Debug)]
pub struct Pyproject {
    /// The file.
    pub file: Arc<File>,
    /// Its path.
    pub path: TreePath,
    /// `project.name`.
    pub name: Option<Written>,
    /// `project.version`.
    pub version: Option<Written>,
    /// `project.requires-python`.
    pub requires_python: Option<Written>,
    /// Everything that it asks for by a requirement (PEP 508).
    pub requirements: Vec<Asked>,
    /// The tools that have a table: `uv`, `poetry`.
    pub tools: BTreeSet<String>,
    /// What those among them that lock are told.
    pub locking: Tools,
    /// Whether it has a `[project]` table.
    pub is_project: bool,
    /// Whether it says how it is built into a distribution.
    pub has_build_system: bool,
    /// Whether its dependencies are known only to its build back-end.
    pub dynamic: bool,
    /// What Poetry and PDM would call it in a lockfile.
    pub hashes: ManifestHashes,
}

/// A text and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Its place, quotes included.
    pub place: Span,
}

/// A requirement of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The requirement as written: `flask[async]>=3; python_version > "3.9"`.
    pub requirement: Written,
    /// Which list it stands in.
    pub list: List,
}

/// A list of requirements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List {
    /// `project.dependencies`
    Dependencies,
    /// `project.optional-dependencies`, with the extra.
    Extra(String),
    /// `dependency-groups`, with the group.
    Group(String),
    /// `build-system.requires`
    Build,
}

/// Every `pyproject.toml` that could be read.
#[derive(Clone, Debug, Default)]
pub struct Pyprojects {
    /// In the order of their paths.
    pub all: Vec<Pyproject>,
    /// Those that could not be read.
    pub problems: Vec<Problem>,
}

impl Pyprojects {
    /// Reads the files at `paths`, which are sorted; hands each document to `look` as well.
    pub(super) fn read(
        tree: &dyn Tree,
        paths: &[TreePath],
        mut look: impl FnMut(&Arc<File>, &TreePath, &DeTable<'_>),
    ) -> Self {
        let mut found = Self::default();
        for path in paths {
            let at = followed(tree, path).unwrap_or_else(|| path.clone());
            let file = match tree.text(&at) {
                Ok(text) => File::new(path.as_str(), text),
                Err(error) => {
                    found.problems.push(error.problem(path));
                    continue;
                }
            };
            match text::toml::parse_if_any(&file) {
                Ok(Some(document)) => {
                    look(&file, path, &document);
                    found.all.push(Pyproject::understand(&file, path, &document));
                }
                Ok(None) => {}
                Err(problem) => found.problems.push(problem),
            }
        }
        found
    }

    /// The one that stands in `folder`.
    pub fn at(&self, folder: &TreePath) -> Option<&Pyproject> {
        let path = folder.child("pyproject.toml");
        let index = self.all.binary_search_by(|p| p.path.cmp(&path)).ok()?;
        self.all.get(index)
    }
}

impl Pyproject {
    fn understand(file: &Arc<File>, path: &TreePath, document: &DeTable<'_>) -> Self {
        let table = |key: &str| document.get(key).and_then(|value| value.get_ref().as_table());
        let project = table("project");
        let of_project = |key: &str| project.and_then(|table| table.get(key)).and_then(written);
        let mut requirements = Vec::new();
        let mut ask = |value: Option<&Spanned<DeValue<'_>>>, list: &List| {
            let items = value.and_then(|value| value.get_ref().as_array()).into_iter().flatten();
            // Of a group, an item may be the name of another group: that one is read for itself.
            let asked = items.filter_map(written);
            requirements.extend(asked.map(|requirement| Asked { requirement, list: list.clone() }));
        };
        ask(project.and_then(|table| table.get("dependencies")), &List::Dependencies);
        let extras = project.and_then(|table| table.get("optional-dependencies"));
        for (name, list) in extras.and_then(|value| value.get_ref().as_table()).into_iter().flatten() {
            ask(Some(list), &List::Extra(name.get_ref().to_string()));
        }
        for (name, list) in table("dependency-groups").into_iter().flatten() {
            ask(Some(list), &List::Group(name.get_ref().to_string()));
        }
        ask(table("build-system").and_then(|table| table.get("requires")), &List::Build);
        let listed = |key: &str| {
            let list = project.and_then(|table| table.get(key)).and_then(|value| value.get_ref().as_array());
            list.into_iter().flatten().filter_map(|item| item.get_ref().as_str())
        };
        let dynamic = listed("dynamic").any(|name| matches!(name, "dependencies" | "optional-dependencies"));
        let private = listed("classifiers").any(|name| name.starts_with("Private ::"));
        let tools = table("tool").into_iter().flatten().map(|(name, _)| name.get_ref().to_string());
        Self {
            file: Arc::clone(file),
            path: path.clone(),
            name: of_project("name"),
            version: of_project("version"),
            requires_python: of_project("requires-python"),
            requirements,
            tools: tools.collect(),
            locking: Tools { private, ..Tools::of(document) },
            is_project: project.is_some(),
            has_build_system: document.contains_key("build-system"),
            dynamic,
            hashes: ManifestHashes::of(document),
        }
    }

    /// The directory that it stands in.
    pub fn directory(&self) -> TreePath {
        self.path.parent().unwrap_or_default()
    }
}

fn written(value: &Spanned<DeValue<'_>>) -> Option<Written> {
    let text = value.get_ref().as_str()?.to_owned();
    Some(Written { text, place: value.span().into() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::tree::Memory;

    fn read(text: &str) -> Pyprojects {
        let path = TreePath::new("lib/pyproject.toml").unwrap();
        let tree = Memory::new().with(path.as_str(), text);
        Pyprojects::read(&tree, &[path], |_, _, _| {})
    }

    #[test]
    fn what_a_project_asks_for() {
        let found = read(
            "[project]\nname = \"app\"\ndynamic = [\"version\"]\nrequires-python = \">=3.9\"\ndependencies = [\"flask>=3\"]\n\
             [project.optional-dependencies]\nweb = ['x; os_name == \"nt\"']\n[dependency-groups]\ndev = [\"pytest\", {include-group = \"lint\"}]\n\
             [build-system]\nrequires = [\"hatchling\"]\n[tool.uv]\n[tool.ruff.lint]\n",
        );
        let folder = TreePath::new("lib").unwrap();
        let project = found.at(&folder).unwrap();
        assert_eq!(project.directory(), folder);
        let text = |w: &Option<Written>| {
            w.as_ref().map(|w| (w.text.clone(), project.file.slice(w.place).to_owned()))
        };
        assert_eq!(text(&project.name), Some(("app".to_owned(), "\"app\"".to_owned())));
        assert_eq!(project.version, None);
        assert_eq!(text(&project.requires_python).unwrap().0, ">=3.9");
        let asked: Vec<_> =
            project.requirements.iter().map(|a| (a.requirement.text.as_str(), &a.list)).collect();
        assert_eq!(
            asked,
            [
                ("flask>=3", &List::Dependencies),
                ("x; os_name == \"nt\"", &List::Extra("web".to_owned())),
                ("pytest", &List::Group("dev".to_owned())),
                ("hatchling", &List::Build),
            ]
        );
        assert_eq!(project.tools.iter().collect::<Vec<_>>(), ["ruff", "uv"]);
        assert_eq!(found.at(&TreePath::root()).map(|p| &p.path), None);
    }

    #[test]
    fn what_is_broken_says_nothing() {
        for text in ["[project\n", "name = ", "<<<<<<< HEAD\n"] {
            let found = read(text);
            assert_eq!((found.all.len(), found.problems.len()), (0, 0), "{text}");
        }
        let found =
            read("project = 1\ntool = []\ndependency-groups = { a = 1 }\n[build-system]\nrequires = \"x\"\n");
        assert_eq!(found.all.first().map(|p| p.requirements.len()), Some(0));
        // What cannot be read safely is another matter: tools may read it.
        let deep = format!("a = {}1{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(read(&deep).problems.len(), 1);
    }
}
