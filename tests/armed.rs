//! One checkout armed with every trigger that starts programs in other tools. Every command of
//! trustlock runs in it: no program may start, and no byte may change.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/mod.rs"]
mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const COMMANDS: &[&[&str]] = &[
    &["check"],
    &["check", "--verbose"],
    &["check", "--format", "json"],
    &["check", "--format", "sarif"],
    &["check", "--format", "github"],
    &["check", "Cargo.lock"],
    &["check", "--manifest-path", "Cargo.toml"],
    &["list"],
    &["list", "--format", "json"],
    &["policy"],
    &["rules"],
    &["explain", "unknown-source"],
    &["schema"],
    &["completions", "bash"],
];

/// Programs that a tool would look for; each stands on PATH and leaves a mark.
const BAIT: &[&str] = &[
    "cargo", "rustc", "rustup", "git", "sh", "bash", "cc", "env", "ssh", "less", "pager", "gpg", "python",
    "python3", "pip", "uv", "poetry", "curl",
];

struct Armed {
    folder: tempfile::TempDir,
}

impl Armed {
    fn new() -> Self {
        let armed = Self { folder: tempfile::tempdir().unwrap() };
        for bait in BAIT {
            armed.trap(&format!("bait/{bait}"));
        }
        for trap in [
            "wrap.sh",
            "rustc.sh",
            "link.sh",
            "credential.sh",
            "fsmonitor.sh",
            "filter.sh",
            "promisor.sh",
            "pager.sh",
        ] {
            armed.trap(&format!("project/tools/{trap}"));
        }
        for tool in ["cargo", "rustc"] {
            armed.trap(&format!("project/toolchain/bin/{tool}"));
        }
        armed.file(
            "project/Cargo.toml",
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\nbuild = \"build.rs\"\n",
        );
        armed.file("project/build.rs", "fn main() { std::fs::write(\"MARK\", \"build.rs\").unwrap() }\n");
        armed.file("project/src/main.rs", "fn main() {}\n");
        armed.file("project/Cargo.lock", "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n");
        armed.file(
            "project/.cargo/config.toml",
            "[build]\nrustc-wrapper = \"tools/wrap.sh\"\nrustc = \"tools/rustc.sh\"\n\
             [target.'cfg(all())']\nlinker = \"tools/link.sh\"\nrunner = \"tools/link.sh\"\n\
             [alias]\ntrustlock = \"run\"\n\
             [registry]\nglobal-credential-providers = [\"tools/credential.sh\"]\n",
        );
        armed.file("project/rust-toolchain.toml", "[toolchain]\npath = \"toolchain\"\n");
        armed.python();
        armed.file("project/.gitattributes", "* filter=evil diff=evil\n");
        support::case::git(&armed.path("project"), &["init", "--quiet"]);
        let config = fs::read_to_string(armed.path("project/.git/config")).unwrap();
        let tool = |name: &str| armed.path(&format!("project/tools/{name}")).display().to_string();
        armed.file(
            "project/.git/config",
            &format!(
                "{config}\tfsmonitor = {}\n\tpager = {}\n\tsshCommand = {}\n[filter \"evil\"]\n\tclean = {filter}\n\tsmudge = {filter}\n\trequired = true\n[diff \"evil\"]\n\ttextconv = {filter}\n[extensions]\n\tpartialClone = origin\n[remote \"origin\"]\n\turl = ext::{} %S\n\tpromisor = true\n[credential]\n\thelper = {}\n",
                tool("fsmonitor.sh"), tool("pager.sh"), tool("promisor.sh"), tool("promisor.sh"), tool("credential.sh"),
                filter = tool("filter.sh"),
            ),
        );
        // A bare repository inside the tree, which git would find by walking.
        armed.file("project/nested/HEAD", "ref: refs/heads/main\n");
        armed.file(
            "project/nested/config",
            &format!("[core]\n\tbare = true\n\tfsmonitor = {}\n", tool("fsmonitor.sh")),
        );
        fs::create_dir_all(armed.path("project/nested/objects")).unwrap();
        fs::create_dir_all(armed.path("project/nested/refs")).unwrap();
        fs::create_dir_all(armed.path("project/.git/hooks")).unwrap();
        armed.trap("project/.git/hooks/post-index-change");
        armed
    }

    /// What Python's tools would build, import, fetch or follow.
    fn python(&self) {
        let mark = format!("open({:?}, 'a').write(__file__)\n", self.path("MARK").display().to_string());
        for module in ["setup", "sitecustomize", "usercustomize", "conftest", "noxfile", "backend", "toml"] {
            self.file(&format!("project/{module}.py"), &mark);
        }
        self.file(
            "project/pyproject.toml",
            "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n\
             [project]\nname = \"app\"\nversion = \"0.1.0\"\ndynamic = [\"dependencies\"]\n\
             [tool.uv]\nindex-url = \"http://127.0.0.1:9/simple\"\n[tool.poetry.requires-plugins]\nevil = \"*\"\n",
        );
        self.file(
            "project/requirements.txt",
            "--index-url http://127.0.0.1:9/simple\n-r http://127.0.0.1:9/more.txt\n-r ../outside.txt\n\
             -e .\n./evil\napp @ git+file:///tmp/evil@main\nsix==1.17.0 --hash=sha256:00\n",
        );
        self.file("outside.txt", "outside==1\n");
        self.file("project/evil/setup.py", &mark);
        self.file(
            "project/uv.lock",
            "version = 1\nrequires-python = \">=3.12\"\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n\
             source = { editable = \"../outside\" }\n",
        );
        self.file("project/Pipfile", "[[source]]\nurl = \"$(touch MARK)\"\nname = \"x\"\n");
        self.file("project/Makefile", "all:\n\t$(shell touch MARK)\n\tcurl http://127.0.0.1:9 | sh\n");
        self.file("project/.env", "PIP_INDEX_URL=$(touch MARK)\n");
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A program that leaves a mark.
    fn trap(&self, path: &str) {
        self.file(path, &format!("#!/bin/sh\necho {path} >> '{}'\n", self.path("MARK").display()));
        fs::set_permissions(self.path(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn marks(&self) -> String {
        fs::read_to_string(self.path("MARK")).unwrap_or_default()
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path("project"))
            .env("PATH", self.path("bait"))
            .env("HOME", self.path("home"));
        command
    }

    /// Every path of the checkout with its size and the time of its last change.
    fn snapshot(&self) -> Vec<(PathBuf, u64, std::time::SystemTime)> {
        let mut found = Vec::new();
        let mut folders = vec![self.path("project")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let data = fs::symlink_metadata(&path).unwrap();
                found.push((path.clone(), data.len(), data.modified().unwrap()));
                if data.is_dir() {
                    folders.push(path);
                }
            }
        }
        found.sort();
        found
    }
}

#[test]
fn the_traps_are_real() {
    let armed = Armed::new();
    armed.command(&armed.path("bait/git")).status().unwrap();
    assert_eq!(armed.marks(), "bait/git\n");
}

#[test]
fn nothing_of_an_armed_checkout_runs_and_nothing_changes() {
    let armed = Armed::new();
    let before = armed.snapshot();
    for args in COMMANDS {
        let output = armed.command(&support::program()).args(*args).output().unwrap();
        assert!(output.status.code().is_some_and(|code| code < 3), "{args:?}: {output:?}");
        assert_eq!(armed.marks(), "", "{args:?} started a program of the checkout");
        assert_eq!(armed.snapshot(), before, "{args:?} changed the checkout");
    }
}

/// The kernel's own word: not one `execve` after the first, not one file of the checkout opened for
/// writing, not one socket.
#[test]
fn the_system_call_trace_of_every_command_is_clean() {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("skipped: strace is not installed");
        return;
    }
    let armed = Armed::new();
    for args in COMMANDS {
        let trace = armed.path("trace");
        let status = Command::new("strace")
            .args([
                "-f",
                "-qq",
                "-e",
                "trace=execve,execveat,fork,vfork,openat,openat2,socket,connect,unlink,rename,mkdir",
                "-o",
            ])
            .arg(&trace)
            .arg(support::program())
            .args(*args)
            .current_dir(armed.path("project"))
            .env("HOME", armed.path("home"))
            .output()
            .unwrap();
        assert!(status.status.code().is_some_and(|code| code < 3), "{args:?}");
        let trace = fs::read_to_string(&trace).unwrap();
        let started = trace.lines().filter(|l| l.contains("execve")).count();
        assert_eq!(started, 1, "{args:?} started a program:\n{trace}");
        let wrong =
            ["O_WRONLY", "O_RDWR", "O_CREAT", "socket(", "connect(", "fork(", "unlink", "rename", "mkdir"];
        for line in trace.lines() {
            assert!(!wrong.iter().any(|w| line.contains(w)), "{args:?}: {line}");
        }
    }
}
