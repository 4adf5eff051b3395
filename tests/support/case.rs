//! Case files: the files of a project, the arguments, and exactly what a user sees.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One file of a case.
#[derive(Debug)]
pub struct Section {
    pub path: String,
    pub tracked: bool,
    pub bytes: Vec<u8>,
}

/// A case as read from its file.
#[derive(Debug)]
pub struct Case {
    pub file: PathBuf,
    pub prose: String,
    pub sections: Vec<Section>,
    pub args: Vec<String>,
    /// Everything before the expectation, to be written back unchanged.
    head: String,
    pub expected: String,
}

/// What a run printed and its exit code, as the expectation writes it.
pub fn outcome(code: Option<i32>, text: &str) -> String {
    let code = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
    format!("-- expect: exit {code} --\n{text}")
}

impl Case {
    pub fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let (head, expected) = match text.find("\n-- expect: ") {
            Some(at) => (text[..=at].to_owned(), text[at + 1..].to_owned()),
            None => (text.clone(), String::new()),
        };
        let mut prose = String::new();
        let mut sections: Vec<Section> = Vec::new();
        let mut args = Vec::new();
        let mut title: Option<String> = None;
        let mut body = String::new();
        let mut finish = |title: Option<String>, body: &str| match title.as_deref() {
            None => body.trim().clone_into(&mut prose),
            Some("args") => args = body.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect(),
            Some(title) => sections.push(section(title, body)),
        };
        for line in head.split_inclusive('\n') {
            let trimmed = line.trim_end();
            if let Some(inner) = trimmed.strip_prefix("-- ").and_then(|l| l.strip_suffix(" --")) {
                finish(title.take(), &body);
                body.clear();
                title = Some(inner.to_owned());
            } else {
                body.push_str(line);
            }
        }
        finish(title, &body);
        assert!(!prose.is_empty(), "{}: say in a sentence what the case shows", file.display());
        Self { file: file.to_owned(), prose, sections, args, head, expected }
    }

    /// Puts the project into `folder`, a fresh git repository.
    pub fn lay_out(&self, folder: &Path) {
        git(folder, &["init", "--quiet"]);
        for section in &self.sections {
            let path = folder.join(&section.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &section.bytes).unwrap();
        }
        let tracked: Vec<&str> =
            self.sections.iter().filter(|s| s.tracked).map(|s| s.path.as_str()).collect();
        if !tracked.is_empty() {
            git(folder, &[&["add", "--force", "--"], tracked.as_slice()].concat());
        }
    }

    pub fn write_expected(&self, outcome: &str) {
        std::fs::write(&self.file, format!("{}\n\n{outcome}", self.head.trim_end())).unwrap();
    }
}

fn section(title: &str, body: &str) -> Section {
    let (path, flags) = match title.split_once(" (") {
        Some((path, flags)) => (path, flags.trim_end_matches(')')),
        None => (title, ""),
    };
    // The blank line before the next title is for people.
    let body = body.strip_suffix("\n\n").map_or(body, |kept| &body[..=kept.len()]);
    // `(policy-examples/…)` stands for what that file says.
    let example = super::repository().join(flags);
    let bytes = if flags.starts_with("policy-examples/") {
        assert!(body.trim().is_empty(), "{path} is given twice");
        std::fs::read(&example).unwrap_or_else(|e| panic!("{}: {e}", example.display()))
    } else if flags.contains("escaped") {
        unescape(body)
    } else {
        body.as_bytes().to_vec()
    };
    Section { path: path.to_owned(), tracked: !flags.contains("untracked"), bytes }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            bytes.extend(c.to_string().as_bytes());
            continue;
        }
        match rest.next() {
            Some('n') => bytes.push(b'\n'),
            Some('r') => bytes.push(b'\r'),
            Some('0') => bytes.push(0),
            Some('\\') => bytes.push(b'\\'),
            Some('x') => {
                let hex: String = rest.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
            }
            Some('u') => {
                let hex: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                let c = char::from_u32(u32::from_str_radix(&hex, 16).unwrap()).unwrap();
                bytes.extend(c.to_string().as_bytes());
            }
            other => panic!("unknown escape {other:?}"),
        }
    }
    bytes
}

/// Runs git as a test does: without the machine's configuration.
pub fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "init.defaultBranch=main", "-c", "user.name=test", "-c", "user.email=test@example.com"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}
