//! tox: what its environments install and run, in `tox.ini`, `setup.cfg`, `tox.toml` and `pyproject.toml`.

use std::ops::Range;
use std::sync::Arc;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::shell::{self, Setting};
use super::{Command, Directory, Environment, Form, Snippet, Word, ini, justfile, snippet};
use crate::model::{File, Problem, Span};
use crate::text::toml::parse;
use crate::tree::TreePath;

/// `tox.ini`, `setup.cfg`.
pub(super) fn ini(file: &Arc<File>, folder: &TreePath) -> Vec<Command> {
    read_ini(&file.text, 0, folder)
}

/// The ini text that begins at `offset` of a file.
fn read_ini(text: &str, offset: usize, folder: &TreePath) -> Vec<Command> {
    let sections = ini::sections(text);
    let mut commands = Vec::new();
    let base = environment(text, sections.iter().find(|section| section.name == "testenv"));
    for section in sections.iter().filter(|s| s.name == "testenv" || s.name.starts_with("testenv:")) {
        let mut environment = base.clone();
        environment.extend(self::environment(text, Some(section)));
        let environment = Arc::new(environment);
        let words: Vec<Word> =
            section.lines("deps").iter().flat_map(|line| requirement(text, line.clone(), offset)).collect();
        if !words.is_empty() {
            commands.push(Command {
                form: Form::ToxDependencies,
                words,
                environment: Arc::clone(&environment),
                directory: Directory::Here(folder.clone()),
                into: None,
            });
        }
        for key in ["commands_pre", "commands", "commands_post"] {
            let mut line = Snippet::default();
            for range in section.lines(key) {
                let range =
                    if line.is_empty() { without_factors(text, range.clone()) } else { range.clone() };
                let content = text.get(range.clone()).unwrap_or_default();
                justfile::interpolated(&mut line, content, offset + range.start, ["{", "}"]);
                if line.text().ends_with('\\') {
                    line.put("\n", offset + range.end..offset + range.end);
                    continue;
                }
                let environment = Arc::clone(&environment);
                let mut setting =
                    Setting { environment, directory: Directory::Here(folder.clone()), later: Vec::new() };
                let base = commands.len();
                let found = shell::commands(&std::mem::take(&mut line), &mut setting);
                commands.extend(found.into_iter().map(|command| command.moved(base)));
            }
        }
    }
    commands
}

/// What a section sets; an `install_command` that demands digests counts as the variable that does.
fn environment(text: &str, section: Option<&ini::Section<'_>>) -> Environment {
    let Some(section) = section else { return Environment::new() };
    let lines = |key| section.lines(key).iter().filter_map(|range| text.get(range.clone()));
    let set = ["setenv", "set_env"].into_iter().flat_map(lines).filter_map(|line| line.split_once('='));
    let mut environment: Environment =
        set.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect();
    if lines("install_command").any(|line| line.contains("--require-hashes")) {
        environment.push(("PIP_REQUIRE_HASHES".to_owned(), "1".to_owned()));
    }
    environment
}

/// Leaves out conditions (`py38,lint: …`) and the signs that say what tox does with an exit code.
fn without_factors(text: &str, range: Range<usize>) -> Range<usize> {
    let line = text.get(range.clone()).unwrap_or_default();
    let is_factor =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ',' | '{' | '}' | '!');
    let mut start = range.start;
    if let Some((factors, rest)) = line.split_once(':')
        && factors.chars().all(is_factor)
        && rest.starts_with([' ', '\t'])
    {
        start = range.end - rest.trim_start().len();
    }
    let rest = text.get(start..range.end).unwrap_or_default();
    // An option of pip is no sign: it follows without a space.
    let signs = rest.len() - rest.trim_start_matches("- ").trim_start_matches(['!', ' ']).len();
    start + signs..range.end
}

/// A line of `deps`: a requirement, or options of pip.
fn requirement(text: &str, range: Range<usize>, offset: usize) -> Vec<Word> {
    let range = without_factors(text, range);
    let line = text.get(range.clone()).unwrap_or_default();
    let line = line.split_once(" #").map_or(line, |(line, _)| line).trim_end();
    let word = |part: &str, at: usize| Word {
        text: part.to_owned(),
        span: Span::new(offset + at, offset + at + part.len()),
        varies: part.contains('{'),
    };
    if line.starts_with('-') {
        let mut words = Vec::new();
        let mut at = 0;
        for part in line.split_inclusive(char::is_whitespace) {
            if !part.trim().is_empty() {
                words.push(word(part.trim_end(), range.start + at));
            }
            at += part.len();
        }
        return words;
    }
    let name = line.split(';').next().unwrap_or_default().trim_end();
    if name.is_empty() { Vec::new() } else { vec![word(name, range.start)] }
}

/// `tox.toml`, and `[tool.tox]` of `pyproject.toml`.
pub(super) fn toml(file: &Arc<File>, folder: &TreePath) -> Result<Vec<Command>, Problem> {
    let is_project = file.path.ends_with("pyproject.toml");
    // Most projects say nothing to tox here.
    if is_project && !file.text.contains("tool.tox") {
        return Ok(Vec::new());
    }
    let document = parse(file)?;
    let root = if is_project {
        match table(&document, "tool").and_then(|tool| table(&tool, "tox")) {
            Some(tox) => tox,
            None => return Ok(Vec::new()),
        }
    } else {
        document
    };
    let mut commands = Vec::new();
    if let Some(legacy) = root.get("legacy_tox_ini") {
        let raw = file.slice(legacy.span().into());
        let inner = raw.trim_start_matches(['"', '\'']);
        let start = legacy.span().start + (raw.len() - inner.len());
        commands.extend(read_ini(inner.trim_end_matches(['"', '\'']), start, folder));
    }
    let environments = table(&root, "env").into_iter().flat_map(|envs| envs.into_iter().collect::<Vec<_>>());
    let environments = environments.filter_map(|(_, value)| value.get_ref().as_table().cloned());
    for section in environments.chain(table(&root, "env_run_base")) {
        let words: Vec<Word> =
            section.get("deps").into_iter().flat_map(items).filter_map(self::word).collect();
        let environment = Arc::new(Environment::new());
        let directory = Directory::Here(folder.clone());
        if !words.is_empty() {
            let form = Form::ToxDependencies;
            commands.push(Command { form, words, environment, directory: directory.clone(), into: None });
        }
        for line in
            ["commands_pre", "commands", "commands_post"].into_iter().filter_map(|key| section.get(key))
        {
            for line in items(line) {
                let source = Snippet::whole(&file.text);
                let ranges: Vec<_> = items(line).iter().filter_map(|item| inside(file, item)).collect();
                let mut setting = Setting { directory: directory.clone(), ..Setting::default() };
                let base = commands.len();
                let found = shell::commands(&snippet::quoted(&source, &ranges), &mut setting);
                commands.extend(found.into_iter().map(|command| command.moved(base)));
            }
        }
    }
    Ok(commands)
}

fn table<'i>(table: &DeTable<'i>, key: &str) -> Option<DeTable<'i>> {
    table.get(key)?.get_ref().as_table().cloned()
}

fn items<'a, 'i>(value: &'a Spanned<DeValue<'i>>) -> &'a [Spanned<DeValue<'i>>] {
    value.get_ref().as_array().map(|array| &**array).unwrap_or_default()
}

fn word(item: &Spanned<DeValue<'_>>) -> Option<Word> {
    let text = item.get_ref().as_str()?;
    let varies = text.contains('{');
    Some(Word { text: text.split(';').next()?.trim().to_owned(), span: item.span().into(), varies })
}

/// The text of a string without its quotes.
fn inside(file: &File, item: &Spanned<DeValue<'_>>) -> Option<Range<usize>> {
    item.get_ref().as_str()?;
    let raw = file.slice(item.span().into());
    let inner = raw.trim_start_matches(['"', '\'']);
    let start = item.span().start + (raw.len() - inner.len());
    Some(start..start + inner.trim_end_matches(['"', '\'']).len())
}
