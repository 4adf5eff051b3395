//! `Cargo.toml`, as far as it decides what a lockfile must hold.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::{File, Problem, Span};
use crate::text;
use crate::tree::{Tree, TreePath};

/// A manifest as read. See the Cargo book, "The Manifest Format".
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file.
    pub file: Arc<File>,
    /// Its path.
    pub path: TreePath,
    /// `[package]`, where there is one.
    pub package: Option<ManifestPackage>,
    /// `[workspace]`, where there is one.
    pub workspace: Option<WorkspaceTable>,
    /// Every dependency of every kind and target, `workspace = true` not yet resolved.
    pub requirements: Vec<Requirement>,
    /// `[patch.*]` and `[replace]` entries.
    pub replacements: Vec<Replacement>,
    /// The files that it compiles, where it names them: `build`, and `path` of each target.
    pub sources: Vec<(String, Span)>,
}

/// `[package]`.
#[derive(Clone, Debug)]
pub struct ManifestPackage {
    /// `name`.
    pub name: String,
    /// Where the name is written.
    pub name_span: Span,
    /// `version`; `None` where it is inherited from the workspace, `0.0.0` where it is absent.
    pub version: Option<String>,
    /// Where the version is written.
    pub version_span: Span,
    /// `publish = false`, or a list of registries that is empty.
    pub unpublished: bool,
    /// `workspace = "…"`: where the workspace root is said to be, as written.
    pub workspace: Option<(String, Span)>,
    /// Whether it declares `[[bin]]`. A `src/main.rs` or `src/bin/` is for discovery to see.
    pub declares_binary: bool,
    /// Whether it declares `[lib]`.
    pub declares_library: bool,
}

/// `[workspace]`.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceTable {
    /// `members`: paths and globs, each with its place.
    pub members: Vec<(String, Span)>,
    /// `exclude`: path prefixes.
    pub exclude: Vec<String>,
    /// `[workspace.package] version`.
    pub version: Option<String>,
    /// `[workspace.dependencies]`, sorted by key.
    pub requirements: Vec<Requirement>,
}

impl WorkspaceTable {
    /// What members inherit under `key`.
    pub fn requirement(&self, key: &str) -> Option<&Requirement> {
        let index = self.requirements.binary_search_by(|r| r.key.as_str().cmp(key)).ok()?;
        self.requirements.get(index)
    }
}

/// One dependency line.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The key in the table: the name in code.
    pub key: String,
    /// The package's name: `package = "…"`, else the key.
    pub package: String,
    /// The version requirement, as written; `None` where there is none.
    pub version: Option<String>,
    /// Where it must come from.
    pub source: RequirementSource,
    /// `workspace = true`.
    pub inherited: bool,
    /// `optional = true`.
    pub optional: bool,
    /// Stands in `[dev-dependencies]`.
    pub dev: bool,
    /// The whole value (or the version text in it, where that is all).
    pub place: Span,
    /// Where the repository, folder or registry is named, else the same.
    pub source_place: Span,
}

/// Where a requirement must be met from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementSource {
    /// crates.io, or whatever `registry = "NAME"` means.
    Registry(Option<String>),
    /// `registry-index = "URL"`.
    RegistryIndex(String),
    /// A git repository.
    Git {
        /// `git`.
        url: String,
        /// `branch`, `tag` or `rev` with its value.
        reference: Option<(&'static str, String)>,
    },
    /// A folder, as written.
    Path(String),
}

/// An entry of `[patch.SOURCE]` or `[replace]`.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// What is patched: `crates-io`, a registry's name, a URL; for `[replace]` the package id.
    pub target: String,
    /// What it is replaced by.
    pub requirement: Requirement,
    /// Whether it stands in `[replace]`.
    pub legacy: bool,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl Manifest {
    /// Reads the manifest at `path`. Keys that do not decide what a lockfile holds are passed over, as
    /// cargo itself warns of and passes over keys that it does not know.
    ///
    /// # Errors
    /// A [`Problem`] where it cannot be read, is not TOML, or has a value of a type that cargo refuses.
    pub fn read(tree: &dyn Tree, path: &TreePath) -> Result<Self, Problem> {
        let text = tree.text(path).map_err(|error| error.problem(path))?;
        let file = File::new(path.as_str(), text);
        let document = text::toml::parse(&file)?;
        let mut manifest = Self {
            file: Arc::clone(&file),
            path: path.clone(),
            package: None,
            workspace: None,
            requirements: Vec::new(),
            replacements: Vec::new(),
            sources: Vec::new(),
        };
        let reader = Reader { file: &file };
        // `[project]` is the name of `[package]` before 2016.
        if let Some(value) = document.get("package").or_else(|| document.get("project")) {
            manifest.package = Some(reader.package(value, &document)?);
        }
        if let Some(value) = document.get("workspace") {
            manifest.workspace = Some(reader.workspace(value)?);
        }
        reader.dependency_tables(&document, &mut manifest.requirements)?;
        if let Some(value) = document.get("target") {
            for (_, target) in reader.table(value)? {
                reader.dependency_tables(reader.table(target)?, &mut manifest.requirements)?;
            }
        }
        if let Some(value) = document.get("patch") {
            for (target, entries) in reader.table(value)? {
                for requirement in reader.requirements(entries, false)? {
                    let target = target.get_ref().clone().into_owned();
                    manifest.replacements.push(Replacement { target, requirement, legacy: false });
                }
            }
        }
        if let Some(value) = document.get("replace") {
            for requirement in reader.requirements(value, false)? {
                let target = requirement.key.clone();
                manifest.replacements.push(Replacement { target, requirement, legacy: true });
            }
        }
        manifest.sources = reader.sources(&document)?;
        drop(document);
        Ok(manifest)
    }

    /// The directory that it stands in.
    pub fn directory(&self) -> TreePath {
        self.path.parent().unwrap_or_default()
    }
}

struct Reader<'f> {
    file: &'f Arc<File>,
}

impl Reader<'_> {
    fn wrong(&self, value: &Value<'_>, wanted: &str) -> Problem {
        Problem::new(format!("`{}` has a value that cargo refuses", self.file.path))
            .at(self.file.at(value.span()), format!("this must be {wanted}"))
    }

    fn table<'a, 'i>(&self, value: &'a Value<'i>) -> Result<&'a DeTable<'i>, Problem> {
        value.get_ref().as_table().ok_or_else(|| self.wrong(value, "a table"))
    }

    fn text<'a>(&self, value: &'a Value<'_>) -> Result<&'a str, Problem> {
        value.get_ref().as_str().ok_or_else(|| self.wrong(value, "a string"))
    }

    fn texts(&self, value: &Value<'_>) -> Result<Vec<(String, Span)>, Problem> {
        let array = value.get_ref().as_array().ok_or_else(|| self.wrong(value, "an array of strings"))?;
        array.iter().map(|item| Ok((self.text(item)?.to_owned(), Span::from(item.span())))).collect()
    }

    fn package(&self, value: &Value<'_>, document: &DeTable<'_>) -> Result<ManifestPackage, Problem> {
        let table = self.table(value)?;
        let name = table.get("name").ok_or_else(|| self.wrong(value, "a table with a `name`"))?;
        let (version, version_span) = match table.get("version") {
            None => (Some("0.0.0".to_owned()), Span::from(name.span())),
            Some(value) if inherits(value) => (None, Span::from(value.span())),
            Some(value) => (Some(self.text(value)?.to_owned()), Span::from(value.span())),
        };
        let unpublished = table.get("publish").is_some_and(|value| match value.get_ref() {
            DeValue::Boolean(publish) => !publish,
            DeValue::Array(registries) => registries.is_empty(),
            _ => false,
        });
        let workspace = match table.get("workspace") {
            Some(value) => Some((self.text(value)?.to_owned(), Span::from(value.span()))),
            None => None,
        };
        Ok(ManifestPackage {
            name: self.text(name)?.to_owned(),
            name_span: Span::from(name.span()),
            version,
            version_span,
            unpublished,
            workspace,
            declares_binary: document.get("bin").is_some(),
            declares_library: document.get("lib").is_some(),
        })
    }

    fn workspace(&self, value: &Value<'_>) -> Result<WorkspaceTable, Problem> {
        let table = self.table(value)?;
        let mut workspace = WorkspaceTable::default();
        if let Some(members) = table.get("members") {
            workspace.members = self.texts(members)?;
        }
        if let Some(exclude) = table.get("exclude") {
            workspace.exclude = self.texts(exclude)?.into_iter().map(|(path, _)| path).collect();
        }
        if let Some(package) = table.get("package")
            && let Some(version) = self.table(package)?.get("version")
        {
            workspace.version = Some(self.text(version)?.to_owned());
        }
        if let Some(dependencies) = table.get("dependencies") {
            workspace.requirements = self.requirements(dependencies, false)?;
            workspace.requirements.sort_by(|a, b| a.key.cmp(&b.key));
        }
        Ok(workspace)
    }

    /// `package.build`, and `path` of `[lib]`, `[[bin]]` and the others.
    fn sources(&self, document: &DeTable<'_>) -> Result<Vec<(String, Span)>, Problem> {
        let package = document.get("package").or_else(|| document.get("project"));
        let mut found: Vec<&Value<'_>> = Vec::new();
        if let Some(build) = package.and_then(|p| p.get_ref().as_table()).and_then(|p| p.get("build")) {
            // `build = false` names no file.
            found.extend(build.get_ref().is_str().then_some(build));
        }
        for kind in ["lib", "bin", "example", "test", "bench"] {
            let tables: Vec<&Value<'_>> = match document.get(kind).map(|value| (value, value.get_ref())) {
                Some((_, DeValue::Array(targets))) => targets.iter().collect(),
                Some((value, _)) => vec![value],
                None => Vec::new(),
            };
            for target in tables {
                found.extend(self.table(target)?.get("path"));
            }
        }
        found.into_iter().map(|value| Ok((self.text(value)?.to_owned(), Span::from(value.span())))).collect()
    }

    fn dependency_tables(&self, table: &DeTable<'_>, into: &mut Vec<Requirement>) -> Result<(), Problem> {
        let kinds = [
            ("dependencies", false),
            ("build-dependencies", false),
            ("build_dependencies", false),
            ("dev-dependencies", true),
            ("dev_dependencies", true),
        ];
        for (key, dev) in kinds {
            if let Some(value) = table.get(key) {
                into.extend(self.requirements(value, dev)?);
            }
        }
        Ok(())
    }

    fn requirements(&self, value: &Value<'_>, dev: bool) -> Result<Vec<Requirement>, Problem> {
        self.table(value)?.iter().map(|(key, value)| self.requirement(key.get_ref(), value, dev)).collect()
    }

    fn requirement(&self, key: &str, value: &Value<'_>, dev: bool) -> Result<Requirement, Problem> {
        let mut requirement = Requirement {
            key: key.to_owned(),
            package: key.to_owned(),
            version: None,
            source: RequirementSource::Registry(None),
            inherited: false,
            optional: false,
            dev,
            place: Span::from(value.span()),
            source_place: Span::from(value.span()),
        };
        if let Some(version) = value.get_ref().as_str() {
            requirement.version = Some(version.to_owned());
            return Ok(requirement);
        }
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong(value, "a version or a table"))?;
        let text = |key: &str| table.get(key).map(|value| self.text(value).map(str::to_owned)).transpose();
        let flag = |key: &str| table.get(key).and_then(|value| value.get_ref().as_bool()).unwrap_or(false);
        requirement.version = text("version")?;
        requirement.inherited = flag("workspace");
        requirement.optional = flag("optional");
        if let Some(package) = text("package")? {
            requirement.package = package;
        }
        let reference = ["branch", "tag", "rev"]
            .into_iter()
            .find_map(|kind| text(kind).transpose().map(|value| value.map(|value| (kind, value))))
            .transpose()?;
        let named = ["git", "path", "registry-index", "registry"].into_iter().find_map(|key| table.get(key));
        requirement.source_place = named.map_or(requirement.place, |value| Span::from(value.span()));
        requirement.source = if let Some(url) = text("git")? {
            RequirementSource::Git { url, reference }
        } else if let Some(path) = text("path")? {
            RequirementSource::Path(path)
        } else if let Some(index) = text("registry-index")? {
            RequirementSource::RegistryIndex(index)
        } else {
            RequirementSource::Registry(text("registry")?)
        };
        Ok(requirement)
    }
}

/// `{ workspace = true }`
fn inherits(value: &Value<'_>) -> bool {
    let flag = value.get_ref().as_table().and_then(|table| table.get("workspace"));
    flag.is_some_and(|flag| flag.get_ref().as_bool() == Some(true))
}
