//! Commands that people and machines run in this repository, as far as its text tells: workflows,
//! Dockerfiles, makefiles, scripts, tox, nox and pre-commit. Read as text; nothing is expanded, nothing runs.
//!
//! One file a kind of source: it finds the pieces of shell text ([`snippet`]) and where they run, and
//! [`shell`] splits them. What a command means is for [`crate::rules`] to say. A file that cannot be read is
//! recorded in [`Commands::unread`]: these are no lockfiles, so a run goes on without it.

mod dockerfile;
mod gitlab;
mod ini;
mod justfile;
mod makefile;
mod nox;
mod pre_commit;
mod program;
mod requirements;
mod shell;
mod snippet;
mod source;
mod tox;
mod workflow;
mod yaml;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::program::Program;
pub use self::requirements::Requirements;
pub use self::shell::Feed;
use self::shell::Setting;
use self::snippet::Snippet;
pub use self::source::{Source, is_lock, is_named};
use crate::model::{File, Problem, Span};
use crate::parallel;
use crate::tree::{ReadError, Tree, TreePath};

/// A file with more than this is no script that somebody wrote.
const FILE_LIMIT: usize = 1 << 18;

/// How many files are looked into, and how much text they may have together.
const FILES: usize = 10_000;
const TEXT: usize = 16 << 20;

/// Variables that are known to be set, in their order; the last of a name counts.
pub type Environment = Vec<(String, String)>;

/// A word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Without quotes; variables as they are written.
    pub text: String,
    /// Where it stands, quotes and all.
    pub span: Span,
    /// It holds something that only a shell would know.
    pub varies: bool,
}

impl Word {
    /// Whether it names a Python program.
    pub fn is_program(&self) -> bool {
        self.text.rsplit_once('.').is_some_and(|(_, extension)| extension == "py")
    }
}

/// Where a command runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Directory {
    /// In this folder of the repository.
    Here(TreePath),
    /// Nobody can tell from the text.
    #[default]
    Unknown,
    /// In another repository, which a workflow has checked out.
    Elsewhere,
}

/// What kind of command stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line of a shell.
    Line,
    /// What tox installs: `deps`; the words are requirements.
    ToxDependencies,
    /// The words that `session.install` of nox takes.
    NoxInstall,
    /// `additional_dependencies` of a hook; the words are requirements.
    HookDependencies,
    /// The `rev` of a repository of hooks; the one word is the revision.
    HookRevision,
    /// A workflow uses an action of this repository; the one word is its folder.
    LocalAction,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What it is.
    pub form: Form,
    /// The program and its arguments; none for a bare assignment.
    pub words: Vec<Word>,
    /// What is set for it.
    pub environment: Arc<Environment>,
    /// Where it runs.
    pub directory: Directory,
    /// The command of the same [`Script`] that gets its output.
    pub into: Option<(usize, Feed)>,
}

impl Command {
    /// The whole of it.
    pub fn span(&self) -> Span {
        let start = self.words.iter().map(|word| word.span.start).min().unwrap_or_default();
        let end = self.words.iter().map(|word| word.span.end).max().unwrap_or_default();
        Span { start, end }
    }

    /// What the variable `name` is set to.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The commands of one file.
#[derive(Clone, Debug)]
pub struct Script {
    /// The file.
    pub file: Arc<File>,
    /// Its path.
    pub path: TreePath,
    /// Its kind.
    pub source: Source,
    /// Its commands.
    pub commands: Vec<Command>,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub struct Commands {
    /// The files, sorted by path.
    pub scripts: Vec<Script>,
    /// Files that could not be read, and why; sorted by reason.
    pub unread: Vec<(TreePath, String)>,
    /// Requirements files that commands name.
    requirements: BTreeMap<TreePath, Requirements>,
    /// Python programs that commands run.
    programs: BTreeMap<TreePath, Program>,
}

impl Commands {
    /// Reads the files at `paths`; those that `excluded` names are left out.
    pub fn read(tree: &dyn Tree, paths: &[TreePath], excluded: &(dyn Fn(&TreePath) -> bool + Sync)) -> Self {
        let wanted: Vec<&TreePath> =
            paths.iter().filter(|path| !source::is_foreign(path) && !excluded(path)).collect();
        let mut commands = Self::default();
        let read =
            parallel::map(wanted.get(..FILES.min(wanted.len())).unwrap_or_default(), |path| open(tree, path));
        let mut text = 0_usize;
        for read in read {
            match read {
                Ok(Some(script)) if text + script.file.text.len() > TEXT => {
                    commands.unread.push((script.path, "there is more text than is looked into".to_owned()));
                }
                Ok(Some(script)) => {
                    text += script.file.text.len();
                    commands.scripts.push(script);
                }
                Ok(None) => {}
                Err(unread) => commands.unread.push(unread),
            }
        }
        let rest = wanted.into_iter().skip(FILES);
        commands
            .unread
            .extend(rest.map(|path| (path.clone(), format!("there are more than {FILES} such files"))));
        commands.unread.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
        commands.lend_environments();
        commands.read_requirements(tree);
        commands.read_programs(tree);
        commands
    }

    /// What the requirements file holds that `command` calls `name`; `None` where the repository has no
    /// such file.
    pub fn requirements(
        &self,
        script: &Script,
        command: &Command,
        name: &str,
    ) -> Option<(&TreePath, &Requirements)> {
        candidates(script, command, name).into_iter().find_map(|path| self.requirements.get_key_value(&path))
    }

    /// An action runs with what its users set: what all of them set is known.
    fn lend_environments(&mut self) {
        let mut lent: BTreeMap<String, Environment> = BTreeMap::new();
        let uses = self.scripts.iter().flat_map(|script| &script.commands);
        for command in uses.filter(|command| command.form == Form::LocalAction) {
            let Some(folder) = command.words.first().and_then(|word| TreePath::new(&word.text).ok()) else {
                continue;
            };
            let known =
                lent.entry(folder.as_str().to_owned()).or_insert_with(|| command.environment.to_vec());
            known.retain(|pair| command.environment.contains(pair));
        }
        for script in self.scripts.iter_mut().filter(|script| script.source == Source::Action) {
            let folder = script.path.parent().unwrap_or_default();
            let Some(lent) = lent.get(folder.as_str()) else { continue };
            for command in &mut script.commands {
                let own = std::mem::take(&mut command.environment);
                command.environment = Arc::new(lent.iter().chain(own.iter()).cloned().collect());
            }
        }
    }

    /// The Python program that `command` calls `name`; `None` where the repository has none.
    pub fn program(&self, script: &Script, command: &Command, name: &str) -> Option<Program> {
        candidates(script, command, name).iter().find_map(|path| self.programs.get(path)).copied()
    }

    fn read_programs(&mut self, tree: &dyn Tree) {
        for script in &self.scripts {
            for command in
                script.commands.iter().filter(|command| command.words.iter().any(|word| word.text == "run"))
            {
                for word in command.words.iter().filter(|word| word.is_program()) {
                    for path in candidates(script, command, &word.text) {
                        if !self.programs.contains_key(&path) {
                            self.programs.extend(Program::read(tree, &path).map(|program| (path, program)));
                        }
                    }
                }
            }
        }
    }

    fn read_requirements(&mut self, tree: &dyn Tree) {
        let mut found = BTreeMap::new();
        for script in &self.scripts {
            for command in script.commands.iter().filter(|command| command.may_install()) {
                for name in command
                    .words
                    .iter()
                    .filter(|word| !word.varies)
                    .filter_map(|w| requirements::named(&w.text))
                {
                    for path in candidates(script, command, name) {
                        if found.contains_key(&path) {
                            break;
                        }
                        if let Some(read) = Requirements::read(tree, &path) {
                            found.insert(path, read);
                            break;
                        }
                    }
                }
            }
        }
        self.requirements = found;
    }
}

impl Command {
    /// The same, where its snippet's commands come behind `base` others.
    fn moved(mut self, base: usize) -> Self {
        self.into = self.into.map(|(index, feed)| (base + index, feed));
        self
    }

    fn may_install(&self) -> bool {
        self.form != Form::Line
            || self.words.iter().any(|word| matches!(&*word.text, "install" | "sync" | "wheel"))
    }
}

/// Where the file may be that a command calls `name`. A container sees the files of its context in another
/// place, and a script may be started from anywhere.
fn candidates(script: &Script, command: &Command, name: &str) -> Vec<TreePath> {
    let own = script.path.parent().unwrap_or_default();
    let root = TreePath::root();
    let folders = match &command.directory {
        Directory::Here(folder) => [Some(folder), Some(&own), Some(&root)],
        Directory::Unknown => [None, Some(&own), Some(&root)],
        Directory::Elsewhere => return Vec::new(),
    };
    let mut candidates: Vec<TreePath> = Vec::new();
    let file = name.rsplit('/').next().unwrap_or_default();
    for name in [name, file] {
        candidates.extend(folders.iter().flatten().filter_map(|folder| folder.join(name).ok()));
    }
    candidates
}

fn open(tree: &dyn Tree, path: &TreePath) -> Result<Option<Script>, (TreePath, String)> {
    let unread = |why: String| Err((path.clone(), why));
    let Some(source) = Source::of(path) else { return Ok(None) };
    let text = match tree.text(path) {
        Ok(text) => text,
        // What a link leads to has a name of its own; what git tracks may be gone.
        Err(ReadError::Missing | ReadError::Symlink | ReadError::NotAFile) => return Ok(None),
        Err(ReadError::NotUtf8(_)) => return unread("it is not UTF-8".to_owned()),
        Err(error) => return unread(error.problem(path).title),
    };
    if text.len() > FILE_LIMIT {
        return unread(format!("it has more than {FILE_LIMIT} bytes"));
    }
    let file = File::new(path.as_str(), text);
    match commands_of(&file, path, source) {
        Ok(commands) if commands.is_empty() => Ok(None),
        Ok(commands) => Ok(Some(Script { file, path: path.clone(), source, commands })),
        Err(problem) => unread(reason(&problem)),
    }
}

/// The commands of a file of that kind.
///
/// # Errors
/// A [`Problem`] where the file is not what its name says.
pub fn commands_of(file: &Arc<File>, path: &TreePath, source: Source) -> Result<Vec<Command>, Problem> {
    let folder = path.parent().unwrap_or_default();
    Ok(match source {
        Source::Workflow => workflow::workflow(file)?,
        Source::Action => workflow::action(file)?,
        Source::GitLab => gitlab::read(file)?,
        Source::Dockerfile => dockerfile::read(file, &folder),
        Source::Makefile => makefile::read(file, &folder),
        Source::Justfile => justfile::read(file, &folder),
        Source::Script => script(file),
        Source::ToxIni => tox::ini(file, &folder),
        Source::ToxToml => tox::toml(file, &folder)?,
        Source::Nox => nox::read(file, &folder),
        Source::PreCommit => pre_commit::read(file)?,
    })
}

/// A script of the shell; one of another interpreter has none of its commands.
fn script(file: &Arc<File>) -> Vec<Command> {
    if !is_shell_script(&file.text) {
        return Vec::new();
    }
    shell::commands(&Snippet::whole(&file.text), &mut Setting::default())
}

/// Whether a text has no `#!` line, or one that names a shell.
fn is_shell_script(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.strip_prefix("#!").is_none_or(|interpreter| {
        let mut words =
            interpreter.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or_default());
        words.any(|word| matches!(word, "sh" | "bash" | "dash" | "zsh" | "ksh" | "ash"))
    })
}

/// Why, in one line.
fn reason(problem: &Problem) -> String {
    let title = problem.title.split_once("` ").map_or(&*problem.title, |(_, rest)| rest);
    if problem.label.is_empty() { title.to_owned() } else { format!("{title}: {}", problem.label) }
}

#[cfg(test)]
mod tests;
