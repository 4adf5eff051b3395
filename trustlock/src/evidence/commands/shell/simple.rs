//! From what a shell splits to what is started: without keywords, assignments and the programs that only
//! start another one (`sudo`, `env`, `bash -c`, `uv run`).

use std::sync::Arc;

use super::super::{Command, Directory, Environment, Form, Word};
use super::{Feed, Raw, RawWord, Snippet, split};

/// Where commands run.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Setting {
    /// The variables that are known to be set.
    pub(in super::super) environment: Arc<Environment>,
    /// The directory.
    pub(in super::super) directory: Directory,
    /// Variables that a step of a workflow sets for those after it.
    pub(in super::super) later: Environment,
}

/// How often `bash -c "bash -c …"` is looked into.
const NESTED: usize = 4;

/// The commands of `source`. What it exports and where it goes is in `setting` afterwards.
pub(in super::super) fn commands(source: &Snippet, setting: &mut Setting) -> Vec<Command> {
    let mut commands = Vec::new();
    read(source, setting, NESTED, &mut commands);
    commands
}

fn read(source: &Snippet, setting: &mut Setting, depth: usize, commands: &mut Vec<Command>) {
    let raw = split(source);
    let base = commands.len();
    // One for each, so that who feeds whom stays right; the scripts that some of them carry come behind.
    commands.extend(raw.iter().map(|raw| one(source, raw, setting, base)));
    for raw in &raw {
        for script in carried(&raw.words) {
            if depth > 0 {
                read(script, &mut setting.clone(), depth - 1, commands);
            }
        }
    }
    let mut inner = Vec::new();
    for command in commands.iter().skip(base) {
        inner.extend(behind_run(command));
    }
    commands.extend(inner);
}

fn one(source: &Snippet, raw: &Raw, setting: &mut Setting, base: usize) -> Command {
    let (assigned, start) = program(&raw.words);
    let rest = raw.words.get(start..).unwrap_or_default();
    note(raw, rest, setting);
    let mut environment = Arc::clone(&setting.environment);
    if !assigned.is_empty() {
        Arc::make_mut(&mut environment).extend(assigned);
    }
    let word = |word: &RawWord| Word {
        text: word.text.text().to_owned(),
        span: source.span(word.raw.clone()),
        varies: word.varies,
    };
    Command {
        form: Form::Line,
        words: rest.iter().map(word).collect(),
        environment,
        directory: setting.directory.clone(),
        into: raw.into.map(|(index, feed)| (base + index, feed)),
    }
}

/// `name=value`.
fn assignment(word: &RawWord) -> Option<(String, String)> {
    let (name, value) = word.text.text().split_once('=')?;
    let mut bytes = name.bytes();
    let is_name = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then(|| (name.to_owned(), value.to_owned()))
}

/// Words before which, and not after which, a command begins.
const KEYWORDS: [&str; 14] =
    ["if", "then", "elif", "else", "while", "until", "do", "{", "}", "!", "time", "try", "&", "@"];

/// Programs that start another one, with those of their options that take a value.
const STARTERS: [(&str, &str); 21] = [
    ("sudo", "-u -g -h -p -C -r -t -D -R -T -U"),
    ("doas", "-u -C"),
    ("env", "-u -C -S --unset --chdir"),
    ("nice", "-n"),
    ("ionice", "-c -n -p"),
    ("nohup", ""),
    ("exec", "-a"),
    ("builtin", ""),
    ("command", ""),
    ("time", "-f -o"),
    ("timeout", "-s -k --signal --kill-after"),
    ("stdbuf", "-i -o -e"),
    ("xargs", "-n -P -I -L -d -a -E -s -i"),
    ("gosu", ""),
    ("su-exec", ""),
    ("chroot", ""),
    ("arch", ""),
    ("retry", "-t -d -r -c"),
    ("travis_retry", ""),
    ("xvfb-run", "-s -n -e -f --server-args"),
    ("call", ""),
];

/// The variables that are set for it alone, and the position at which the program itself stands.
fn program(words: &[RawWord]) -> (Environment, usize) {
    let mut assigned = Vec::new();
    let mut at = 0;
    let mut started = false;
    while let Some(word) = words.get(at) {
        let text = word.text.text();
        if !started && KEYWORDS.contains(&text) {
            at += 1;
        } else if let Some(set) = assignment(word) {
            assigned.push(set);
            at += 1;
        } else if let Some((name, valued)) = STARTERS.iter().find(|(name, _)| base_name(text) == *name) {
            started = true;
            at += 1;
            let is_lookup = |word: &RawWord| matches!(word.text.text(), "-v" | "-V");
            if *name == "command" && words.get(at).is_some_and(is_lookup) {
                return (assigned, words.len());
            }
            while let Some(option) = words.get(at).map(|w| w.text.text()).filter(|t| t.starts_with('-')) {
                at += if valued.split(' ').any(|known| known == option) { 2 } else { 1 };
            }
            // A duration, a user, a folder.
            at += usize::from(matches!(*name, "timeout" | "gosu" | "su-exec" | "chroot"));
        } else {
            break;
        }
    }
    (assigned, at)
}

/// Whether a word may stand before a program.
#[cfg(test)]
pub(super) fn is_starter(word: &str) -> bool {
    let name = base_name(word);
    KEYWORDS.contains(&word) || STARTERS.iter().any(|(starter, _)| name == *starter)
}

/// The last part of a path, without `.exe`.
fn base_name(text: &str) -> &str {
    /// Longer than any path of a program.
    const LONGEST: usize = 1024;
    if text.len() > LONGEST {
        return "";
    }
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
    name.strip_suffix(".exe").unwrap_or(name)
}

/// What a command changes for those after it.
fn note(raw: &Raw, rest: &[RawWord], setting: &mut Setting) {
    let Some((first, arguments)) = rest.split_first() else { return };
    let first = first.text.text();
    match first {
        "export" | "declare" | "typeset" | "set" | "setx" => {
            let set = arguments.iter().filter_map(assignment);
            Arc::make_mut(&mut setting.environment).extend(set);
        }
        "cd" | "pushd" | "popd" | "Set-Location" => {
            let to = arguments.first().filter(|word| !word.varies && first != "popd");
            setting.directory = match (std::mem::take(&mut setting.directory), to) {
                (Directory::Elsewhere, _) => Directory::Elsewhere,
                (Directory::Here(from), Some(to)) => {
                    from.join(to.text.text()).map_or(Directory::Unknown, Directory::Here)
                }
                _ => Directory::Unknown,
            };
        }
        "echo" | "printf" if raw.redirects.iter().any(|to| to.contains("GITHUB_ENV")) => {
            setting.later.extend(arguments.iter().filter_map(assignment));
        }
        _ => {
            if let Some(name) = first.strip_prefix("$env:") {
                let value = arguments.last().map_or("", |word| word.text.text());
                let (name, value) = name.split_once('=').unwrap_or((name, value));
                Arc::make_mut(&mut setting.environment).push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

/// Programs that take a script.
const SHELLS: [&str; 8] = ["sh", "bash", "dash", "zsh", "ksh", "ash", "pwsh", "powershell"];

/// The texts that a command gives to a shell: `bash -c "…"`, also behind `docker run` or `ssh`; `eval "…"`.
fn carried(words: &[RawWord]) -> impl Iterator<Item = &Snippet> {
    let text = |index: usize| words.get(index).map_or("", |word| word.text.text());
    let is_script = move |at: usize| {
        let option = text(at.wrapping_sub(1));
        let by_option = option.starts_with('-')
            && !option.starts_with("--")
            && (option.ends_with('c') || option.eq_ignore_ascii_case("-command"));
        // Options may stand between the shell and its `-c`, in PowerShell with values of their own.
        let before = || (0..at.saturating_sub(1)).rev().take(8).map(text);
        let shell = before().find(|word| !word.starts_with(['-', '+'])).unwrap_or_default();
        let is_powershell = || before().any(|word| matches!(base_name(word), "pwsh" | "powershell"));
        by_option && (SHELLS.contains(&base_name(shell)) || shell == "su" || is_powershell())
            || (at == 1 && text(0) == "eval")
    };
    (1..words.len()).filter(move |at| is_script(*at)).filter_map(|at| words.get(at).map(|word| &word.text))
}

/// Whether a command runs what it reads: a shell without a script of its own, also as the last words of
/// another command (`docker exec -i box bash`).
pub(super) fn reads_script(raw: &Raw) -> bool {
    let texts: Vec<&str> = raw.words.iter().map(|word| word.text.text()).collect();
    let shell = texts.iter().rposition(|text| SHELLS.contains(&base_name(text)));
    shell.is_some_and(|at| {
        let rest = texts.get(at + 1..).unwrap_or_default();
        let reads =
            rest.iter().take_while(|text| **text != "-s" && **text != "--").all(|t| t.starts_with('-'));
        reads && !rest.iter().any(|text| text.starts_with('-') && text.ends_with('c'))
    })
}

/// Tools that start a program in an environment of theirs, with the options that take a value.
const RUNNERS: [(&str, &str); 8] = [
    (
        "uv",
        "--with --with-requirements --with-editable --extra --group --only-group --no-group --python -p --package \
         --env-file --directory --project --index --default-index --config-file --refresh-package --reinstall-package \
         --upgrade-package -P --color --cache-dir --no-extra",
    ),
    ("poetry", "-C --directory -P --project"),
    ("pipenv", ""),
    ("pdm", "-p --project -G"),
    ("hatch", "-e --env"),
    ("rye", "-p --pyproject"),
    ("conda", "-n -p --name --prefix"),
    ("micromamba", "-n -p --name --prefix"),
];

/// The command behind `uv run …`.
fn behind_run(command: &Command) -> Option<Command> {
    let first = command.words.first()?;
    let (_, valued) = RUNNERS.iter().find(|(name, _)| base_name(&first.text) == *name)?;
    let mut at = 1;
    let mut running = false;
    while let Some(word) = command.words.get(at) {
        if !running && word.text == "run" {
            running = true;
            at += 1;
        } else if word.text == "--" {
            at += 1;
            break;
        } else if word.text.starts_with('-') {
            at += if valued.split(' ').any(|known| known == word.text) { 2 } else { 1 };
        } else if running {
            break;
        } else {
            return None;
        }
    }
    let words = command.words.get(at..).filter(|rest| running && !rest.is_empty())?;
    Some(Command { words: words.to_vec(), into: None, ..command.clone() })
}

impl Feed {
    /// Whether the output becomes the input.
    pub fn is_input(self) -> bool {
        matches!(self, Self::Pipe | Self::Input)
    }
}
