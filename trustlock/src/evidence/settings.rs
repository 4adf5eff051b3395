//! What the files beside the lockfiles set: one flat list of keys and values, each with its place.
//!
//! Every settings file of the checkout is read, in whichever directory it stands: which of them cargo
//! obeys depends on where it is started, and a check cannot know that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use toml::de::DeTable;

use super::{cargo_config, pip_config, target_spec, toml_settings, toolchain_file};
use crate::evidence::discovery::folded;
use crate::model::{File, Place, Problem, Span};
use crate::policy::{Glob, quote};
use crate::text;
use crate::tree::{Kind, Tree, TreePath};

mod pipenv;
#[cfg(test)]
mod tests;
mod uv;

/// A settings file's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A boolean.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A list of strings.
    List(Vec<String>),
    /// Anything else, as written: empty tables, floats, dates, mixed lists.
    Other(String),
}

impl fmt::Display for Value {
    /// As one text, the form that `[settings] allow` compares. Two different values never share it: a
    /// list is written as TOML writes it, and so is a string that is empty or could be taken for a list.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) if text.is_empty() || text.starts_with(['[', '"', '{']) => write!(f, "{text:?}"),
            Self::Text(text) | Self::Other(text) => f.write_str(text),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::List(items) => write!(f, "{items:?}"),
        }
    }
}

/// The tool that reads a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Cargo, from `.cargo/config.toml` and what it includes.
    Cargo,
    /// Rustup, from `rust-toolchain.toml`.
    Rustup,
    /// uv, from `uv.toml` and `[tool.uv]` of `pyproject.toml`.
    Uv,
    /// pip, from `pip.conf`, and from the options of requirements files.
    Pip,
    /// Poetry, from `poetry.toml` and `[tool.poetry]` of `pyproject.toml`.
    Poetry,
    /// PDM, from `pdm.toml` and `[tool.pdm]` of `pyproject.toml`.
    Pdm,
    /// Rustc, from the description of a target.
    Rustc,
    /// pipenv, from a `Pipfile`.
    Pipenv,
}

impl Tool {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cargo => "cargo",
            Self::Rustup => "rustup",
            Self::Uv => "uv",
            Self::Pip => "pip",
            Self::Poetry => "Poetry",
            Self::Pdm => "PDM",
            Self::Rustc => "rustc",
            Self::Pipenv => "pipenv",
        }
    }
}

/// One key of one settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Who reads it.
    pub tool: Tool,
    /// The file.
    pub file: Arc<File>,
    /// The directory that relative paths in the file start from; `None` where that is above the root.
    /// For cargo it is the parent of the directory in which the file stands.
    pub base: Option<TreePath>,
    /// The key, one part each: `["source", "crates-io", "replace-with"]`.
    pub key: Vec<String>,
    /// The value.
    pub value: Value,
    /// The key and its value.
    pub span: Span,
}

impl Setting {
    /// The key with dots: `source.crates-io.replace-with`. Parts that are no bare keys are quoted.
    pub fn dotted(&self) -> String {
        dotted(&self.key)
    }

    /// By file, then by place; equal only for one line that is reached in two ways.
    fn order(&self) -> (&str, Span, &[String], Option<&TreePath>) {
        (&self.file.path, self.span, &self.key, self.base.as_ref())
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        self.file.at(self.span)
    }
}

/// A key with dots, as TOML writes it.
pub fn dotted(key: &[impl AsRef<str>]) -> String {
    let quote = |part: &str| {
        let bare =
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        if bare {
            part.to_owned()
        } else if part.contains(|c: char| c == '\'' || c.is_control()) {
            format!("{part:?}")
        } else {
            format!("'{part}'")
        }
    };
    key.iter().map(|part| quote(part.as_ref())).collect::<Vec<_>>().join(".")
}

/// A settings file that its tool ignores because another stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadowed {
    /// The file that people read.
    pub file: Arc<File>,
    /// The file that the tool obeys instead.
    pub by: Arc<File>,
    /// The tool.
    pub tool: Tool,
}

/// What a word of a command names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A file, or a link.
    File,
    /// A folder.
    Folder,
}

/// Every setting that was found.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// In the order of files and places.
    pub settings: Vec<Setting>,
    /// The files that were read.
    pub files: Vec<Arc<File>>,
    /// Files that another file beside them takes the place of.
    pub shadowed: Vec<Shadowed>,
    /// Directories that a `[source]` names and that are, or stand behind, a symbolic link.
    pub links: BTreeSet<TreePath>,
    /// What the words of commands name in the folders where such a command may be started.
    pub named: BTreeMap<String, Named>,
    /// Files that could not be read.
    pub problems: Vec<Problem>,
    /// Files that are no TOML: a template, or a mistake.
    pub broken: Vec<Problem>,
}

impl Settings {
    /// Reads the settings files at `paths` and everything that they include.
    pub fn read(tree: &dyn Tree, paths: &[TreePath]) -> Self {
        let mut settings = Self::default();
        let mut cargo = cargo_config::Reader::new(tree);
        for path in paths {
            match &*folded(path.name()) {
                "rust-toolchain.toml" | "rust-toolchain" => {
                    toolchain_file::read(tree, path, &mut settings);
                }
                "uv.toml" => uv::read(tree, path, &mut settings),
                "pip.conf" | "pip.ini" => pip_config::read(tree, path, &mut settings),
                "poetry.toml" => settings.whole_file(Tool::Poetry, tree, path),
                "pdm.toml" => settings.whole_file(Tool::Pdm, tree, path),
                _ => cargo.read(path, &mut settings),
            }
        }
        target_spec::read(tree, &mut settings);
        settings.arrange();
        settings.find_shadowed();
        settings.find_links(tree);
        settings
    }

    /// Takes what a `pyproject.toml` holds for the tools whose settings are judged.
    pub(super) fn of_pyproject(&mut self, file: &Arc<File>, path: &TreePath, document: &DeTable<'_>) {
        uv::of_pyproject(file, path, document, self);
        // Their other tables decide what is locked, not from where.
        self.table_of_tool(Tool::Poetry, file, path, document, &["source"]);
        self.table_of_tool(Tool::Pdm, file, path, document, &["source", "resolution"]);
    }

    /// Takes every key of a file that belongs to one tool.
    fn whole_file(&mut self, tool: Tool, tree: &dyn Tree, path: &TreePath) {
        let Some(file) = self.open(tree, path) else { return };
        match text::toml::parse(&file) {
            Ok(table) => {
                let base = path.parent();
                let found = toml_settings::flatten_items(tool, &file, base.as_ref(), &[], &table);
                self.settings.extend(found);
            }
            Err(problem) => self.refuse(&file, problem),
        }
    }

    /// Takes these keys of a tool's table in a `pyproject.toml`.
    fn table_of_tool(
        &mut self,
        tool: Tool,
        file: &Arc<File>,
        path: &TreePath,
        document: &DeTable<'_>,
        keys: &[&str],
    ) {
        let name = tool.name().to_ascii_lowercase();
        let Some(table) = document
            .get("tool")
            .and_then(|value| value.get_ref().as_table()?.get(name.as_str())?.get_ref().as_table())
        else {
            return;
        };
        let prefix = ["tool".to_owned(), name.clone()];
        let base = path.parent();
        let found = toml_settings::flatten_items(tool, file, base.as_ref(), &prefix, table);
        let wanted = |s: &Setting| s.key.get(2).is_some_and(|key| keys.contains(&key.as_str()));
        let before = self.settings.len();
        self.settings.extend(found.into_iter().filter(wanted));
        let counted = self.files.last().is_some_and(|last| Arc::ptr_eq(last, file));
        if self.settings.len() > before && !counted {
            self.files.push(Arc::clone(file));
        }
    }

    /// Takes what a `Pipfile` holds for pipenv.
    pub(super) fn of_pipfile(&mut self, file: &Arc<File>, path: &TreePath, document: &DeTable<'_>) {
        pipenv::of_pipfile(file, path, document, self);
    }

    /// Puts everything in order.
    pub(super) fn arrange(&mut self) {
        self.settings.sort_by(|a, b| a.order().cmp(&b.order()));
        // A file and a link to it beside it are one.
        self.settings.dedup_by(|a, b| a.order() == b.order());
    }

    /// Opens a settings file; what stands in the way becomes a problem.
    pub(super) fn open(&mut self, tree: &dyn Tree, path: &TreePath) -> Option<Arc<File>> {
        let at = followed(tree, path).unwrap_or_else(|| path.clone());
        match tree.text(&at) {
            Ok(text) => {
                let file = File::new(at.as_str(), text);
                self.files.push(Arc::clone(&file));
                Some(file)
            }
            Err(error) => {
                self.problems.push(error.problem(path));
                None
            }
        }
    }

    /// Notes that a file was not understood.
    pub(super) fn refuse(&mut self, file: &Arc<File>, problem: Problem) {
        if !text::toml::is_broken(file) {
            return self.problems.push(problem);
        }
        let template = ["{{", "{%"].iter().any(|mark| file.text.contains(mark));
        self.broken.push(if template {
            problem.paste(
                "if it is a template that no tool obeys before it is filled in, say so in `trustlock.toml`",
                format!("[settings]\ntemplates = [{}]", quote(&Glob::exactly(&file.path))),
            )
        } else {
            problem
        });
    }

    /// Both tools prefer the old name without an extension to `.toml` beside it. Twins that say the
    /// same are harmless.
    fn find_shadowed(&mut self) {
        let by_path: BTreeMap<&str, &Arc<File>> = self.files.iter().map(|f| (f.path.as_str(), f)).collect();
        let shadowed = by_path.iter().filter_map(|(path, by)| {
            let file = by_path.get(format!("{path}.toml").as_str()).filter(|f| f.text != by.text)?;
            let tool = if path.ends_with("rust-toolchain") { Tool::Rustup } else { Tool::Cargo };
            Some(Shadowed { file: Arc::clone(file), by: Arc::clone(by), tool })
        });
        self.shadowed = shadowed.collect();
    }

    /// Looks for the words of commands in the tree. Cargo starts a runner in the folder of a package, and
    /// other programs wherever it was started itself: beneath the folder of the settings.
    pub(super) fn find_named(&mut self, tree: &dyn Tree, packages: &[TreePath]) {
        /// More lookups than any real command needs; what is not looked for counts as there.
        const MOST: usize = 50_000;
        let mut left = MOST;
        for setting in self.settings.iter().filter(|s| s.tool == Tool::Cargo && is_command(&s.key)) {
            let base = setting.base.clone().unwrap_or_default();
            let env = setting.key.first().is_some_and(|table| table == "env");
            let packages = packages.iter().filter(|package| !env && package.is_within(&base));
            let folders: BTreeSet<&TreePath> = packages.chain([&base]).collect();
            let words: Vec<&str> = match &setting.value {
                Value::Text(text) => text.split_whitespace().collect(),
                Value::List(items) => items.iter().flat_map(|item| item.split_whitespace()).collect(),
                Value::Bool(_) | Value::Integer(_) | Value::Other(_) => Vec::new(),
            };
            for word in words.into_iter().map(argument_path).filter(|word| !word.is_empty()) {
                if self.named.get(word) == Some(&Named::File) {
                    continue;
                }
                let Some(rest) = left.checked_sub(folders.len()) else {
                    self.named.insert(word.to_owned(), Named::File);
                    continue;
                };
                left = rest;
                let kinds = folders.iter().filter_map(|folder| tree.kind(&folder.join(word).ok()?));
                let found =
                    kinds.map(|kind| if kind == Kind::Directory { Named::Folder } else { Named::File });
                if let Some(found) = found.min_by_key(|named| *named == Named::Folder) {
                    self.named.insert(word.to_owned(), found);
                }
            }
        }
    }

    fn find_links(&mut self, tree: &dyn Tree) {
        let directories = self.settings.iter().filter_map(|s| match (s.key.as_slice(), &s.value) {
            ([table, _, kind], Value::Text(path)) if table == "source" && is_folder(kind) => {
                s.base.as_ref()?.join(path).ok()
            }
            _ => None,
        });
        let linked = |path: &TreePath| path.ancestors().any(|part| tree.kind(&part) == Some(Kind::Symlink));
        self.links = directories.filter(linked).collect();
    }
}

/// Whether a key holds a command with arguments.
fn is_command(key: &[String]) -> bool {
    let ends = ["runner", "browser", "credential-provider", "global-credential-providers"];
    let first = key.first().map(String::as_str);
    matches!(first, Some("env" | "credential-alias"))
        || key.last().is_some_and(|last| ends.contains(&&**last))
}

/// The part of an argument that may be a path: without the `--file=` or `-f` before it.
pub(crate) fn argument_path(argument: &str) -> &str {
    let value = argument.split_once('=').map_or(argument, |(_, value)| value);
    match value.strip_prefix('-') {
        None => value,
        // A long option on its own holds no path, `-f./evil` does.
        Some(rest) if rest.starts_with('-') => "",
        Some(rest) => {
            let mut rest = rest.chars();
            rest.next();
            rest.as_str()
        }
    }
}

/// Whether that key of a `[source]` names a folder.
pub(crate) fn is_folder(kind: &str) -> bool {
    matches!(kind, "directory" | "local-registry")
}

/// The file of the tree that a link leads to. Only a text is read here, nothing is followed: `..` counts
/// at its start alone, where it cannot stand behind another link.
pub(super) fn followed(tree: &dyn Tree, link: &TreePath) -> Option<TreePath> {
    let target = tree.target(link)?;
    let climbs_late = target.split('/').skip_while(|part| *part == "..").any(|part| part == "..");
    let path = link.parent()?.join(&target).ok()?;
    (!climbs_late && tree.kind(&path) == Some(Kind::File)).then_some(path)
}
