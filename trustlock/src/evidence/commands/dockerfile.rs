//! Dockerfiles and Containerfiles: `RUN` in its shell form, its list form and with here-documents.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::shell::{self, Setting};
use super::{Command, Directory, Environment, Snippet, is_shell_script, snippet};
use crate::model::File;
use crate::tree::TreePath;

/// The commands of a file in `folder`.
pub(super) fn read(file: &Arc<File>, folder: &TreePath) -> Vec<Command> {
    let mut reader = Reader { text: &file.text, at: 0, escape: escape(&file.text) };
    let mut stages: HashMap<String, Environment> = HashMap::new();
    let mut stage = String::new();
    let mut environment = Environment::new();
    let mut commands = Vec::new();
    while let Some((name, arguments)) = reader.instruction() {
        match name.to_ascii_uppercase().as_str() {
            "FROM" => {
                stages.insert(std::mem::take(&mut stage), std::mem::take(&mut environment));
                let words: Vec<&str> = arguments.text().split_whitespace().collect();
                let base = words.iter().find(|word| !word.starts_with("--"));
                environment =
                    base.and_then(|base| stages.get(&base.to_lowercase())).cloned().unwrap_or_default();
                let named = words.iter().position(|word| word.eq_ignore_ascii_case("as"));
                stage =
                    named.and_then(|at| words.get(at + 1)).map_or(String::new(), |name| name.to_lowercase());
            }
            "ENV" => environment.extend(variables(&arguments)),
            "RUN" => {
                let environment = Arc::new(environment.clone());
                let mut setting =
                    Setting { environment, directory: Directory::Here(folder.clone()), later: Vec::new() };
                let base = commands.len();
                let found = run(&arguments, &mut setting);
                commands.extend(found.into_iter().map(|command| command.moved(base)));
            }
            _ => {}
        }
    }
    commands
}

/// The character that continues a line: `\`, unless a directive at the top names another.
fn escape(text: &str) -> char {
    let directives = text.lines().map_while(|line| line.trim_start().strip_prefix('#'));
    let mut named =
        directives.filter_map(|line| line.split_once('=')).filter(|(name, _)| name.trim() == "escape");
    if named.next().is_some_and(|(_, value)| value.trim() == "`") { '`' } else { '\\' }
}

/// `ENV a=1 b=2`, `ENV a 1`.
fn variables(arguments: &Snippet) -> Environment {
    if let Some((name, value)) = arguments.text().trim().split_once([' ', '\t'])
        && !name.contains('=')
    {
        return vec![(name.to_owned(), value.trim().to_owned())];
    }
    let commands = shell::commands(arguments, &mut Setting::default());
    commands.first().map(|command| command.environment.to_vec()).unwrap_or_default()
}

fn run(arguments: &Snippet, setting: &mut Setting) -> Vec<Command> {
    let text = arguments.text();
    let start = options(text);
    let rest = text.get(start..).unwrap_or_default();
    let mut part = Snippet::default();
    if rest.starts_with('[')
        && let Some(list) = list(arguments, start)
    {
        part = list;
    } else if rest.starts_with("<<") {
        // The shell reads the body, or what its first line names does.
        let body = start + rest.find('\n').map_or(rest.len(), |at| at + 1);
        let end = text.trim_end().rfind('\n').unwrap_or(text.len()).max(body);
        part.take(arguments, body..end);
        if !is_shell_script(part.text()) {
            return Vec::new();
        }
    } else {
        part.take(arguments, start..text.len());
    }
    shell::commands(&part, setting)
}

/// Where the options of `RUN` end: `--mount=…`, `--network=…`.
fn options(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let word = rest.trim_start();
        at += rest.len() - word.len();
        if !word.starts_with("--") {
            return at;
        }
        at += word.find(char::is_whitespace).unwrap_or(word.len());
    }
}

/// `["program", "argument"]` at `start`, as a line of a shell.
fn list(arguments: &Snippet, start: usize) -> Option<Snippet> {
    let text = arguments.text().get(start..)?;
    let mut items: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match (open, byte) {
            (Some(from), b'"') if !escaped => {
                items.push(start + from..start + at);
                open = None;
            }
            (None, b'"') => open = Some(at + 1),
            (None, b']') => return Some(snippet::quoted(arguments, &items)),
            (None, b'[' | b',' | b' ' | b'\t' | b'\n') | (Some(_), _) => {}
            (None, _) => return None,
        }
        escaped = byte == b'\\' && !escaped;
    }
    None
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    escape: char,
}

impl<'a> Reader<'a> {
    /// The next line with its break, and where it begins.
    fn line(&mut self) -> Option<(usize, &'a str)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let start = self.at;
        self.at += length;
        Some((start, rest.get(..length)?))
    }

    /// The next instruction's name and arguments, its here-documents included.
    fn instruction(&mut self) -> Option<(&'a str, Snippet)> {
        let (mut start, mut line) = self.line()?;
        while line.trim().is_empty() || line.trim_start().starts_with('#') {
            (start, line) = self.line()?;
        }
        let mut name = "";
        // `ONBUILD RUN …` runs too, later.
        while name.is_empty() || name.eq_ignore_ascii_case("onbuild") {
            let indented = line.len() - line.trim_start().len();
            let trimmed = line.trim_start();
            if trimmed.is_empty() {
                break;
            }
            let length = trimmed.find(char::is_whitespace).unwrap_or(trimmed.len());
            name = trimmed.get(..length)?;
            start += indented + length;
            line = trimmed.get(length..)?;
        }
        let mut arguments = Snippet::default();
        loop {
            let content = line.trim_end();
            let Some(content) = content.strip_suffix(self.escape) else {
                arguments.push(content, start);
                arguments.put("\n", start + content.len()..start + line.len());
                break;
            };
            arguments.push(content, start);
            loop {
                let Some(next) = self.line() else { return Some((name, arguments)) };
                (start, line) = next;
                // Comments and empty lines between continued lines are dropped.
                if !(line.trim().is_empty() || line.trim_start().starts_with('#')) {
                    break;
                }
            }
        }
        let is_run = name.eq_ignore_ascii_case("run");
        if is_run || name.eq_ignore_ascii_case("copy") || name.eq_ignore_ascii_case("add") {
            for delimiter in delimiters(arguments.text()) {
                while let Some((start, line)) = self.line() {
                    arguments.push(line, start);
                    if line.trim_end().trim_start_matches('\t') == delimiter {
                        break;
                    }
                }
            }
        }
        Some((name, arguments))
    }
}

/// The names behind `<<`.
fn delimiters(text: &str) -> Vec<String> {
    let parts = text.split("<<").skip(1);
    let name = |part: &str| {
        let part = part.strip_prefix('-').unwrap_or(part).trim_start_matches(['"', '\'']);
        let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(part.len());
        part.get(..end).unwrap_or_default().to_owned()
    };
    parts.map(name).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')).collect()
}
