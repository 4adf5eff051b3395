//! A Python project, a server on this machine, and an environment to install into.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::Fooled;
use crate::prove::lab::{Lab, Outcome, PWNED, outcome};
use crate::python::Venv;

pub(super) struct PythonLab<'a> {
    pub(super) lab: Lab,
    tools: &'a Venv,
    server: Child,
    /// What stands for `{…}` in a text.
    words: Vec<(String, String)>,
}

impl Fooled {
    /// Its program and arguments; `{site}` is a folder to install into.
    pub(super) fn command(self, file: &str) -> Vec<String> {
        let words: &[&str] = match self {
            Self::Pip => &["pip", "install", "--quiet", "--target", "{site}", "-r", file],
            Self::Uv => {
                &["uv", "pip", "install", "--preview-features", "pylock", "--target", "{site}", "-r", file]
            }
            Self::Locked => &["uv", "sync", "--locked"],
            Self::Frozen => &["uv", "sync", "--frozen"],
        };
        words.iter().map(|&word| word.to_owned()).collect()
    }
}

impl<'a> PythonLab<'a> {
    /// A laboratory for the lockfile `file`.
    pub(super) fn new(tools: &'a Venv, file: &str, policy: &str) -> Result<Self, String> {
        let lab = Lab::empty()?;
        lab.write("served/README", "");
        let (server, port) = serve(&lab, tools)?;
        let mut words = vec![
            ("{index}".to_owned(), format!("http://127.0.0.1:{port}")),
            ("{other}".to_owned(), format!("http://localhost:{port}")),
        ];
        for (key, folder, version, says) in [
            ("", "served/acme/files", "1.0.0", "hello"),
            ("evil.", "served/evil", "1.0.0", PWNED),
            ("newer.", "served/public/files", "9.9.9", PWNED),
        ] {
            let wheel = wheel(&lab, tools, folder, version, says)?;
            for (name, value) in ["md5", "sha256", "size"].into_iter().zip(wheel.split_whitespace()) {
                words.push((format!("{{{key}{name}}}"), value.to_owned()));
            }
        }
        let copy =
            |to: &str| std::fs::copy(lab.path("served/evil/leaf-1.0.0-py3-none-any.whl"), lab.path(to));
        copy("served/evil/stray-9.9.9-py3-none-any.whl").map_err(|e| e.to_string())?;
        for (index, files, version) in [
            ("acme", "acme/files", "1.0.0"),
            ("stolen", "evil", "1.0.0"),
            ("public", "public/files", "9.9.9"),
        ] {
            let file = format!("leaf-{version}-py3-none-any.whl");
            let page = format!("<!DOCTYPE html><a href=\"/{files}/{file}\">{file}</a>");
            lab.write(&format!("served/{index}/simple/leaf/index.html"), &page);
        }
        lab.succeed("git", &["init", "--quiet"])?;
        let lab = Self { lab, tools, server, words };
        lab.write(
            "trustlock.toml",
            &format!(
                "schema = 1\n[sources]\npypi = [\"path\", \"{{index}}/acme/simple\", \"{{index}}/stolen/simple\", \"{{index}}/public/simple\", \"{{index}}/*\"]\n{policy}"
            ),
        )?;
        if file == "uv.lock" {
            lab.write("pyproject.toml", PROJECT)?;
        }
        Ok(lab)
    }

    /// Writes a file of the project, and lets git track it.
    pub(super) fn write(&self, file: &str, text: &str) -> Result<(), String> {
        let text = self.words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value));
        self.lab.write(&format!("project/{file}"), &text);
        self.lab.succeed("git", &["add", "--all"]).map(|_| ())
    }

    pub(super) fn check(&self, trustlock: &std::path::Path) -> Outcome {
        self.lab.run(trustlock, &["check", "--color", "never"])
    }

    /// What `leaf` is after the tool has run in a fresh place, and what the tool said.
    pub(super) fn install(&self, tool: Fooled, file: &str) -> (String, String) {
        let site = self.lab.path("site");
        // What is not there need not go.
        let _ = std::fs::remove_dir_all(&site);
        let words = tool.command(file);
        let mut words = words.iter().map(String::as_str);
        let mut command = self.lab.command("project", self.tools.program(words.next().unwrap_or_default()));
        for word in words {
            if word == "{site}" {
                command.arg(&site)
            } else {
                command.arg(word)
            };
        }
        command
            .env("HOME", self.lab.path("home"))
            .env("PIP_CONFIG_FILE", "/dev/null")
            .env("PIP_NO_CACHE_DIR", "1")
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .env("UV_NO_CACHE", "1")
            .env("UV_PYTHON", self.tools.interpreter())
            .env("UV_PYTHON_DOWNLOADS", "never")
            .env("UV_PROJECT_ENVIRONMENT", &site)
            .env("XDG_CONFIG_HOME", self.lab.path("home"));
        let printed = outcome(command).printed;
        (installed(&site), printed)
    }
}

impl Drop for PythonLab<'_> {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The project asks for `leaf` from the index of its company.
const PROJECT: &str = "[project]
name = \"app\"
version = \"0.1.0\"
requires-python = \">=3.9\"
dependencies = [\"leaf\"]

[[tool.uv.index]]
url = \"{index}/acme/simple\"
default = true
";

/// The text of `leaf.py` anywhere below.
fn installed(folder: &std::path::Path) -> String {
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == "leaf.py") {
                return std::fs::read_to_string(path).unwrap_or_default();
            }
        }
    }
    String::new()
}

/// Makes a wheel of `leaf`; its md5, sha256 and size.
fn wheel(lab: &Lab, tools: &Venv, folder: &str, version: &str, says: &str) -> Result<String, String> {
    let made = lab.run_in(
        "",
        tools.interpreter(),
        &["-I", "-c", include_str!("wheels.py"), folder, "leaf", version, says],
    );
    if made.accepted { Ok(made.printed) } else { Err(format!("making a wheel: {}", made.printed)) }
}

/// Serves a folder of the laboratory on a port that the system chooses.
fn serve(lab: &Lab, tools: &Venv) -> Result<(Child, u16), String> {
    let mut command: Command = lab.command("served", tools.interpreter());
    command.args(["-I", "-u", "-m", "http.server", "--bind", "127.0.0.1", "0"]);
    let mut server = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("the server: {error}"))?;
    let mut line = String::new();
    let said = server.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
    let port = line.split(" port ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
    if let (Some(Ok(_)), Some(port)) = (said, port) {
        Ok((server, port))
    } else {
        let _ = server.kill();
        Err(format!("the server does not say where it listens: {line:?}"))
    }
}
