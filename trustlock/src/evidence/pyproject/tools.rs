//! The tables of tools that lock: uv, Poetry, PDM.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Written, written};
use crate::model::{Ecosystem, Span, fold};

/// A tool that locks the projects of which it has a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockTool {
    /// uv: `uv.lock`.
    Uv,
    /// Poetry: `poetry.lock`.
    Poetry,
    /// PDM: `pdm.lock`.
    Pdm,
    /// pipenv: `Pipfile.lock`.
    Pipenv,
}

impl LockTool {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uv => "uv",
            Self::Poetry => "Poetry",
            Self::Pdm => "PDM",
            Self::Pipenv => "pipenv",
        }
    }

    /// The lockfile that it writes.
    pub fn lockfile(self) -> &'static str {
        match self {
            Self::Uv => "uv.lock",
            Self::Poetry => "poetry.lock",
            Self::Pdm => "pdm.lock",
            Self::Pipenv => "Pipfile.lock",
        }
    }

    /// What writes it.
    pub fn command(self) -> &'static str {
        match self {
            Self::Uv => "uv lock",
            Self::Poetry => "poetry lock",
            Self::Pdm => "pdm lock",
            Self::Pipenv => "pipenv lock",
        }
    }
}

/// What the tables of tools say.
#[derive(Clone, Debug, Default)]
pub struct Tools {
    /// The tools that are set up to lock, each with the place of its table.
    pub lock: Vec<(LockTool, Span)>,
    /// Whether one of them is told that the project is never built into a distribution.
    pub unpackaged: bool,
    /// Whether a classifier keeps it from being published.
    pub private: bool,
    /// `[tool.poetry.dependencies]` and the like.
    pub poetry: Vec<PoetryAsked>,
    /// Names that `[tool.uv]` takes from elsewhere, overrides or excludes: what the project asks for under
    /// these is not what is locked.
    pub uv_replaced: BTreeSet<String>,
    /// `tool.uv.dev-dependencies`, which uv takes for the group `dev`.
    pub uv_development: Vec<Written>,
}

/// A requirement in Poetry's own form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoetryAsked {
    /// The name as written, with its place.
    pub name: Written,
    /// The versions, in Poetry's form: `^1.2`. `None` where there are several forms, or another source.
    pub constraint: Option<String>,
    /// Whether it is always installed: no marker, not optional, one form.
    pub always: bool,
}

type Value<'a> = Spanned<DeValue<'a>>;

/// Keys of `[tool.pdm]` that speak to its build back-end, or start programs.
const PDM_OTHER: [&str; 4] = ["build", "version", "scripts", "options"];

/// Keys of `[tool.uv]` that speak to its build back-end, or to `uv pip`.
const UV_OTHER: [&str; 2] = ["build-backend", "pip"];

impl Tools {
    pub(super) fn of(document: &DeTable<'_>) -> Self {
        let mut tools = Self::default();
        let Some(all) = table(document.get("tool")) else { return tools };
        let named = |name: &str| all.get(name).and_then(|value| Some((value, value.get_ref().as_table()?)));
        let other = |table: &DeTable<'_>, keys: &[&str]| {
            table.keys().all(|key| keys.contains(&key.get_ref().as_ref()))
        };
        if let Some((value, uv)) = named("uv") {
            if !other(uv, &UV_OTHER) {
                tools.lock.push((LockTool::Uv, header(document, value, "uv")));
            }
            tools.unpackaged |= is(uv.get("package"), false);
            tools.uv(uv);
        }
        if let Some((value, poetry)) = named("poetry") {
            if poetry.contains_key("dependencies")
                || poetry.contains_key("group")
                || poetry.contains_key("package-mode")
            {
                tools.lock.push((LockTool::Poetry, header(document, value, "poetry")));
            }
            tools.unpackaged |= is(poetry.get("package-mode"), false);
            tools.poetry(poetry);
        }
        if let Some((value, pdm)) = named("pdm") {
            if !other(pdm, &PDM_OTHER) {
                tools.lock.push((LockTool::Pdm, header(document, value, "pdm")));
            }
            tools.unpackaged |= is(pdm.get("distribution"), false);
        }
        tools
    }

    fn uv(&mut self, uv: &DeTable<'_>) {
        let folded = |name: &str| fold(Ecosystem::Pypi, name).into_owned();
        self.uv_replaced
            .extend(table(uv.get("sources")).into_iter().flatten().map(|(name, _)| folded(name.get_ref())));
        let list = |key: &str| {
            uv.get(key).and_then(|v| v.get_ref().as_array()).into_iter().flatten().filter_map(written)
        };
        for key in ["override-dependencies", "exclude-dependencies"] {
            let names = list(key).filter_map(|asked| crate::text::pep508::parse(&asked.text));
            self.uv_replaced.extend(names.map(|asked| folded(&asked.name)));
        }
        self.uv_development = list("dev-dependencies").collect();
    }

    fn poetry(&mut self, poetry: &DeTable<'_>) {
        let groups = table(poetry.get("group")).into_iter().flatten();
        let groups = groups.filter_map(|(_, group)| {
            let group = group.get_ref().as_table()?;
            Some((group.get("dependencies")?, !is(group.get("optional"), true)))
        });
        let own =
            ["dependencies", "dev-dependencies"].into_iter().filter_map(|key| Some((poetry.get(key)?, true)));
        for (list, always) in own.chain(groups) {
            for (name, value) in table(Some(list)).into_iter().flatten() {
                if name.get_ref() == "python" {
                    continue;
                }
                let (constraint, plain) = match value.get_ref() {
                    DeValue::String(text) => (Some(text.to_string()), true),
                    DeValue::Table(table) => {
                        let known = table.keys().all(|key| {
                            matches!(key.get_ref().as_ref(), "version" | "extras" | "allow-prereleases")
                        });
                        let version = table.get("version").and_then(|v| v.get_ref().as_str());
                        (version.map(str::to_owned).filter(|_| known), known)
                    }
                    _ => (None, false),
                };
                let name = Written { text: name.get_ref().to_string(), place: name.span().into() };
                self.poetry.push(PoetryAsked { name, constraint, always: plain && always });
            }
        }
    }
}

fn table<'t, 'a>(value: Option<&'t Value<'a>>) -> Option<&'t DeTable<'a>> {
    value.and_then(|value| value.get_ref().as_table())
}

fn is(value: Option<&Value<'_>>, wanted: bool) -> bool {
    value.and_then(|value| value.get_ref().as_bool()) == Some(wanted)
}

/// The key of a tool's table where it stands, else its first value.
fn header(document: &DeTable<'_>, value: &Value<'_>, name: &str) -> Span {
    let key = table(document.get("tool")).and_then(|tools| tools.keys().find(|key| key.get_ref() == name));
    key.map_or_else(|| value.span().into(), |key| key.span().into())
}
