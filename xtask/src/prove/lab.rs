//! A project, a registry and a cargo home in a scratch folder, with nothing of this machine in them.

use std::fmt::Write;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A fresh laboratory. `project/` is the checkout; `vendor/` stands for crates.io; `outside/` is a
/// folder that no project may reach.
pub(crate) struct Lab {
    folder: tempfile::TempDir,
}

/// What a program did.
pub(crate) struct Outcome {
    /// Whether it ended well.
    pub(crate) accepted: bool,
    /// Everything it printed.
    pub(crate) printed: String,
}

const PACKAGE: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\npublish = false\n";

/// The text of an attack's own code: it must never appear where trustlock is obeyed.
pub(crate) const PWNED: &str = "PWNED";

impl Lab {
    /// A laboratory with an empty project.
    pub(crate) fn empty() -> Result<Self, String> {
        let lab = Self { folder: tempfile::tempdir().map_err(|e| e.to_string())? };
        fs::create_dir_all(lab.path("project")).map_err(|e| e.to_string())?;
        Ok(lab)
    }

    /// A healthy project: `app` asks for `leaf` 1.0.0 from crates.io, and says hello through it.
    pub(crate) fn healthy() -> Result<Self, String> {
        let lab = Self::empty()?;
        lab.vendored("vendor", "leaf", "hello", "1");
        lab.write(
            "home/config.toml",
            &format!(
                "[source.crates-io]\nreplace-with = \"lab\"\n[source.lab]\ndirectory = \"{}\"\n",
                lab.path("vendor").display()
            ),
        );
        lab.write("project/Cargo.toml", &format!("{PACKAGE}[dependencies]\nleaf = \"1\"\n"));
        lab.write("project/src/main.rs", "fn main() { leaf::say() }\n");
        lab.write("project/.gitignore", "/target\n");
        lab.succeed("cargo", &["generate-lockfile", "--offline"])?;
        lab.succeed("git", &["init", "--quiet"])?;
        lab.commit()?;
        Ok(lab)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_default()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        if let Some(parent) = path.parent() {
            // A failure shows at once: the attack that needs the file does not succeed.
            let _ = fs::create_dir_all(parent);
        }
        let _ = fs::write(path, text);
    }

    pub(crate) fn append(&self, path: &str, text: &str) {
        self.write(path, &(self.read(path) + text));
    }

    pub(crate) fn replace(&self, path: &str, from: &str, to: &str) {
        self.write(path, &self.read(path).replace(from, to));
    }

    /// A script of the repository that leaves a mark and then does what was asked.
    pub(crate) fn script(&self, path: &str, then: &str) {
        let mark = self.path(PWNED);
        self.write(path, &format!("#!/bin/sh\necho {PWNED} >> {:?}\n{then}\n", mark.display()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let _ = fs::set_permissions(self.path(path), fs::Permissions::from_mode(0o755));
        }
    }

    /// Whether a script of the repository ran.
    pub(crate) fn marked(&self) -> bool {
        self.path(PWNED).exists()
    }

    /// A crate in a directory source; `mark` (any text) decides its digest.
    pub(crate) fn vendored(&self, registry: &str, name: &str, says: &str, mark: &str) {
        let folder = format!("{registry}/{name}");
        self.write(
            &format!("{folder}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n"),
        );
        self.write(&format!("{folder}/src/lib.rs"), &library(says));
        self.write(
            &format!("{folder}/.cargo-checksum.json"),
            &format!("{{\"files\":{{}},\"package\":\"{}\"}}", digest(mark)),
        );
    }

    /// A crate in a plain folder.
    pub(crate) fn plain(&self, folder: &str, name: &str, says: &str) {
        self.write(
            &format!("{folder}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n"),
        );
        self.write(&format!("{folder}/src/lib.rs"), &library(says));
    }

    /// Everything that is not ignored becomes tracked.
    pub(crate) fn commit(&self) -> Result<(), String> {
        self.succeed("git", &["add", "--all"]).map(|_| ())
    }

    /// Runs a program in the project.
    pub(crate) fn run(&self, program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Outcome {
        self.run_in("project", program, args)
    }

    /// Runs a program in a folder of the laboratory.
    pub(crate) fn run_in(
        &self,
        folder: &str,
        program: impl AsRef<std::ffi::OsStr>,
        args: &[&str],
    ) -> Outcome {
        let mut command = self.command(folder, program);
        command.args(args);
        outcome(command)
    }

    /// A program in a folder of the laboratory, which hears nothing of what this machine prefers.
    pub(crate) fn command(&self, folder: &str, program: impl AsRef<std::ffi::OsStr>) -> Command {
        const PREFERENCES: [&str; 6] = ["CARGO", "RUST", "GIT_", "PIP_", "UV_", "PYTHON"];
        let mut command = Command::new(program);
        command.current_dir(self.path(folder)).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if PREFERENCES.iter().any(|prefix| name.starts_with(prefix)) && name != "RUSTUP_HOME" {
                command.env_remove(&*name);
            }
        }
        command.env("CARGO_HOME", self.path("home")).env("GIT_CONFIG_GLOBAL", "/dev/null");
        command
    }

    /// Runs a program that must succeed.
    pub(crate) fn succeed(&self, program: &str, args: &[&str]) -> Result<Outcome, String> {
        let outcome = self.run(program, args);
        if outcome.accepted { Ok(outcome) } else { Err(format!("{program} {args:?}: {}", outcome.printed)) }
    }

    /// Every file of the checkout with its bytes, to see that a run changed nothing.
    pub(crate) fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.path("project"), &mut files);
        files.sort();
        files
    }
}

/// Runs it to its end.
pub(crate) fn outcome(mut command: Command) -> Outcome {
    match command.output() {
        Ok(Output { status, stdout, stderr }) => Outcome {
            accepted: status.success(),
            printed: String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned(),
        },
        Err(error) => Outcome { accepted: false, printed: error.to_string() },
    }
}

fn library(says: &str) -> String {
    format!("pub fn say() {{ println!(\"{says}\"); }}\n")
}

/// A digest for a mark: any 64 hex digits do, since a directory source is not an archive.
pub(crate) fn digest(mark: &str) -> String {
    let mut hex = String::new();
    for byte in mark.bytes() {
        let _ = write!(hex, "{byte:02x}");
    }
    format!("{hex:0>64}").chars().take(64).collect()
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                collect(&path, files);
            }
        } else {
            let mut bytes = Vec::new();
            let _ = fs::File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes));
            files.push((path, bytes));
        }
    }
}
