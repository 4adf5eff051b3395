//! A way past the lockfiles that was found, and what the finders know.

use crate::evidence::commands::{Command, Directory, Requirements, Script, Word};
use crate::evidence::{Evidence, Manifest};
use crate::model::Span;
use crate::rules::ProjectContext;
use crate::tree::TreePath;

/// Why a command passes the lockfiles by; people see each cause once a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Names that no lockfile holds.
    Names,
    /// A requirements file without digests.
    File,
    /// pip, setuptools or wheel themselves.
    Bootstrap,
    /// A tool in its newest version.
    Tool,
    /// A lockfile that the command may write anew.
    Rewrite,
    /// A Rust program built without its lockfile.
    CargoInstall,
    /// Cargo without `--locked`.
    CargoBuild,
    /// A script that is run as it comes from the network.
    Download,
    /// What hooks install.
    Hook,
    /// A branch of a repository of hooks.
    Branch,
}

impl Cause {
    /// Whether one decision is behind all of them, in whatever file they stand.
    pub(super) fn is_habit(self) -> bool {
        matches!(self, Self::Rewrite | Self::CargoBuild)
    }

    /// What is said of several, behind their number.
    pub(super) fn of_many(self) -> &'static str {
        match self {
            Self::Names => "commands install Python packages that no lockfile pins",
            Self::File => "commands install from requirements without digests",
            Self::Bootstrap => "commands install whatever pip, setuptools or wheel is newest",
            Self::Tool => "commands run tools in whatever version is newest",
            Self::Rewrite => "commands may write their lockfile anew and install that",
            Self::CargoInstall => "commands build Rust programs from unpinned dependencies",
            Self::CargoBuild => "cargo commands may write `Cargo.lock` anew and build that",
            Self::Download => "scripts are run as they come from the network",
            Self::Hook => "hooks install packages without exact versions",
            Self::Branch => "repositories of hooks are taken from a branch",
        }
    }
}

/// A way past the lockfiles.
pub(super) struct Door {
    pub(super) cause: Cause,
    pub(super) title: String,
    pub(super) label: &'static str,
    pub(super) span: Span,
    /// What to do, and what to paste.
    pub(super) fixes: Vec<(String, Option<String>)>,
}

impl Door {
    pub(super) fn new(cause: Cause, span: Span, title: impl Into<String>, label: &'static str) -> Self {
        Self { cause, title: title.into(), label, span, fixes: Vec::new() }
    }

    pub(super) fn fix(mut self, text: impl Into<String>) -> Self {
        self.fixes.push((text.into(), None));
        self
    }

    pub(super) fn paste(mut self, text: impl Into<String>, paste: impl Into<String>) -> Self {
        self.fixes.push((text.into(), Some(paste.into())));
        self
    }
}

/// A command with what surrounds it.
pub(super) struct Site<'a> {
    pub(super) context: &'a ProjectContext<'a>,
    pub(super) script: &'a Script,
    pub(super) command: &'a Command,
}

impl<'a> Site<'a> {
    fn evidence(&self) -> &'a Evidence {
        self.context.evidence
    }

    /// The words as the file has them, for a line to paste.
    pub(super) fn written(&self, words: &[Word]) -> String {
        let words = words.iter().map(|word| self.script.file.slice(word.span));
        // A word that goes on over lines (a list form, a substitution) is no line to paste.
        words.map(|word| word.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(" ")
    }

    /// Whether one of the variables is set to something that means yes. One whose value only the shell
    /// knows counts as set.
    pub(super) fn is_set(&self, names: &[&str]) -> bool {
        let mut values = names.iter().filter_map(|name| self.command.variable(name));
        values.any(|value| !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off"))
    }

    /// The directory that the command works in, when it says `to` as well.
    fn directory(&self, to: Option<&str>) -> Option<TreePath> {
        let here = match &self.command.directory {
            Directory::Here(folder) => folder.clone(),
            Directory::Unknown => TreePath::root(),
            Directory::Elsewhere => return None,
        };
        Some(to.and_then(|to| here.join(to).ok()).unwrap_or(here))
    }

    /// The lockfile of that name that the command would use, seen from the directory `to`.
    pub(super) fn lock(&self, name: &str, to: Option<&str>) -> Option<TreePath> {
        let locks = &self.evidence().discovery.locks;
        let here = self.directory(to)?;
        here.ancestors().map(|folder| folder.child(name)).find(|path| locks.binary_search(path).is_ok())
    }

    /// The `Cargo.lock` of the workspace around the directory `to`.
    pub(super) fn cargo_lock(&self, to: Option<&str>) -> Option<TreePath> {
        let workspaces = &self.evidence().workspaces;
        let here = self.directory(to)?;
        let nearest = workspaces
            .manifests
            .iter()
            .filter(|manifest| here.is_within(&manifest.directory()))
            .max_by_key(|manifest| manifest.directory().as_str().len())?;
        let root = workspaces.root_of(nearest).map_or_else(|| nearest.directory(), Manifest::directory);
        let lock = root.child("Cargo.lock");
        self.evidence().discovery.locks.binary_search(&lock).is_ok().then_some(lock)
    }

    /// The requirements file that the command calls `name`; whether it is a governed lockfile, which other
    /// rules judge.
    pub(super) fn requirements(&self, name: &str) -> Option<(&'a Requirements, bool)> {
        let (path, found) = self.context.commands.requirements(self.script, self.command, name)?;
        let is_lockfile = self.context.lockfiles.iter().any(|lockfile| lockfile.file.path == path.as_str());
        Some((found, is_lockfile))
    }
}

/// The start of a command for a title.
pub(super) fn shown(words: &[Word]) -> String {
    const LONGEST: usize = 60;
    let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}
