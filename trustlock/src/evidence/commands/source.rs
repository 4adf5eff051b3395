//! Which files hold commands.

use crate::tree::TreePath;

/// The kind of file that commands stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A workflow of GitHub Actions.
    Workflow,
    /// `action.yml`: steps that workflows share.
    Action,
    /// A pipeline of GitLab CI.
    GitLab,
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A makefile.
    Makefile,
    /// A justfile.
    Justfile,
    /// A shell script.
    Script,
    /// `tox.ini`, `setup.cfg`.
    ToxIni,
    /// `tox.toml`, `pyproject.toml`.
    ToxToml,
    /// `noxfile.py`.
    Nox,
    /// `.pre-commit-config.yaml`.
    PreCommit,
}

impl Source {
    /// What the file at `path` is.
    pub fn of(path: &TreePath) -> Option<Self> {
        let name = path.name();
        let is_workflow =
            || path.parent().is_some_and(|parent| parent.as_str() == ".github/workflows") && is_yaml(name);
        Some(match name {
            "action.yml" | "action.yaml" => Self::Action,
            ".pre-commit-config.yaml" | ".pre-commit-config.yml" => Self::PreCommit,
            "tox.ini" | "setup.cfg" => Self::ToxIni,
            "tox.toml" | "pyproject.toml" => Self::ToxToml,
            "noxfile.py" => Self::Nox,
            "Makefile" | "makefile" | "GNUmakefile" => Self::Makefile,
            "Justfile" | "justfile" | ".justfile" => Self::Justfile,
            "Dockerfile" | "Containerfile" => Self::Dockerfile,
            _ if name.ends_with(".gitlab-ci.yml") => Self::GitLab,
            _ if is_workflow() => Self::Workflow,
            _ if ["Dockerfile.", "Containerfile."].iter().any(|start| name.starts_with(start)) => {
                Self::Dockerfile
            }
            _ => match name.rsplit_once('.')?.1 {
                "sh" | "bash" => Self::Script,
                "mk" => Self::Makefile,
                "just" => Self::Justfile,
                "dockerfile" | "Dockerfile" => Self::Dockerfile,
                _ => return None,
            },
        })
    }

    /// Whether it runs by itself, on a machine where nobody sees what a command changes: there a lockfile
    /// that a command writes anew is reviewed by no one.
    pub fn is_unattended(self) -> bool {
        matches!(self, Self::Workflow | Self::Action | Self::GitLab | Self::Dockerfile)
    }
}

fn is_yaml(name: &str) -> bool {
    matches!(name.rsplit_once('.'), Some((_, "yml" | "yaml")))
}

/// Lockfiles that the commands of their tools may write anew.
pub fn is_lock(name: &str) -> bool {
    matches!(name, "Cargo.lock" | "uv.lock" | "poetry.lock" | "pdm.lock" | "Pipfile.lock")
}

/// Whether the file at `path` may be of a [`Source`], or is a lock.
pub fn is_named(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    is_lock(name) || is_yaml(name) || Source::of(&TreePath::root().child(name)).is_some()
}
/// Folders that hold other people's projects, or examples of projects as test data: nothing there is run.
const FOREIGN: [&str; 12] = [
    "testdata",
    "test-data",
    "test_data",
    "fixtures",
    "fixture",
    "testsuite",
    "snapshots",
    "vendor",
    "third_party",
    "third-party",
    "node_modules",
    "site-packages",
];

/// Whether `path` stands in a folder of that kind.
pub(super) fn is_foreign(path: &TreePath) -> bool {
    let mut folders = path.as_str().split('/').rev().skip(1);
    folders.any(|part| FOREIGN.contains(&part) || part.ends_with("_vendor"))
}
