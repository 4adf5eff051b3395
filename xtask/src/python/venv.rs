//! Virtual environments below `target/`, made once for each state of their requirements.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Interpreter;

pub(crate) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// The environment `name` with the pinned `requirements`, made anew where these have changed.
    pub(crate) fn new(name: &str, python: &Interpreter, requirements: &[&str]) -> Result<Self, String> {
        let venv = Self { folder: crate::root().join("target/python").join(name) };
        let files: Vec<PathBuf> =
            requirements.iter().map(|r| super::package().join(format!("requirements/{r}.txt"))).collect();
        let mut state = format!("{python} {}\n", python.path.display());
        for file in &files {
            let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
            state.push_str(&text);
        }
        let stamp = venv.folder.join("state");
        if fs::read_to_string(&stamp).is_ok_and(|now| now == state) {
            return Ok(venv);
        }
        let mut make = Command::new(&python.path);
        make.args(["-I", "-m", "venv", "--clear"]).arg(&venv.folder);
        quietly(make)?;
        let mut install = venv.pip();
        install.arg("--require-hashes").arg("--only-binary=:all:");
        for file in &files {
            install.arg("--requirement").arg(file);
        }
        quietly(install)?;
        fs::write(&stamp, state).map_err(|e| format!("{}: {e}", stamp.display()))?;
        Ok(venv)
    }

    /// Installs a wheel, over one of the same version too.
    pub(super) fn install(&self, wheel: &Path) -> Result<(), String> {
        let mut install = self.pip();
        install.args(["--no-index", "--no-deps", "--force-reinstall"]).arg(wheel);
        quietly(install)
    }

    fn pip(&self) -> Command {
        self.python(&["pip", "--quiet", "--disable-pip-version-check", "install"])
    }

    /// A module of the environment, with arguments.
    pub(crate) fn python(&self, module: &[&str]) -> Command {
        let mut command = Command::new(self.interpreter());
        command.arg("-m").args(module);
        command
    }

    pub(crate) fn interpreter(&self) -> PathBuf {
        self.program("python")
    }

    /// A program of the environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        let folder = if cfg!(windows) { "Scripts" } else { "bin" };
        self.folder.join(folder).join(name)
    }
}

fn quietly(mut command: Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?}: {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}
