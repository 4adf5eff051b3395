//! Finding Pythons.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The minor versions of Python 3 that are supported.
const SUPPORTED: std::ops::RangeInclusive<u32> = 9..=13;

/// A Python that answers.
pub(crate) struct Interpreter {
    pub(super) path: PathBuf,
    minor: u32,
    micro: u32,
}

impl fmt::Display for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}.{}", self.minor, self.micro)
    }
}

impl Interpreter {
    /// The `python3` of this machine.
    pub(crate) fn default() -> Result<Self, String> {
        let found = Self::at(Path::new("python3"))?;
        if SUPPORTED.contains(&found.minor) || found.minor > *SUPPORTED.end() {
            Ok(found)
        } else {
            Err(format!("{found} is too old"))
        }
    }

    /// Every other supported version, and where it is or why it is not there.
    pub(super) fn others(default: &Self) -> Vec<(u32, Result<Self, String>)> {
        SUPPORTED
            .filter(|minor| *minor != default.minor)
            .map(|minor| {
                let found = candidates(minor).into_iter().find_map(|path| Self::at(&path).ok());
                (minor, found.filter(|f| f.minor == minor).ok_or_else(|| "not on this machine".to_owned()))
            })
            .collect()
    }

    /// As folders are named after it.
    pub(super) fn name(&self) -> String {
        format!("3.{}", self.minor)
    }

    fn at(path: &Path) -> Result<Self, String> {
        const ASK: &str =
            "import sys, venv, ensurepip; print(sys.executable, *sys.version_info[1:3], sep='\\n')";
        let output = Command::new(path)
            .args(["-I", "-c", ASK])
            .output()
            .map_err(|error| format!("it cannot be started: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut lines = text.lines();
        let mut next = || lines.next().filter(|_| output.status.success());
        match (next(), next().and_then(|n| n.parse().ok()), next().and_then(|n| n.parse().ok())) {
            (Some(path), Some(minor), Some(micro)) => Ok(Self { path: path.into(), minor, micro }),
            _ => {
                let said = String::from_utf8_lossy(&output.stderr);
                Err(format!("it does not work: {}", said.trim().lines().last().unwrap_or_default()))
            }
        }
    }
}

/// Where Python 3.`minor` may be: on the path, or among those of pyenv.
fn candidates(minor: u32) -> Vec<PathBuf> {
    let mut paths = vec![PathBuf::from(format!("python3.{minor}"))];
    let pyenv = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".pyenv")));
    let versions = pyenv.and_then(|root| std::fs::read_dir(root.join("versions")).ok());
    let prefix = format!("3.{minor}.");
    paths.extend(
        versions
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
            .map(|entry| entry.path().join("bin/python")),
    );
    paths
}
