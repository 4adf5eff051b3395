//! Workflows and composite actions of GitHub.

use std::sync::Arc;

use super::shell::{self, Setting};
use super::{Command, Directory, Environment, Form, Word, yaml};
use crate::model::{File, Problem};
use crate::text::yaml::{Node, parse};
use crate::tree::TreePath;

/// The commands of a workflow.
pub(super) fn workflow(file: &Arc<File>) -> Result<Vec<Command>, Problem> {
    let mut commands = Vec::new();
    for root in &parse(file)? {
        let outer = Scope::default().inside(root);
        for (_, job) in root.get("jobs").map(Node::entries).unwrap_or_default() {
            outer.inside(job).steps(file, job, &mut commands);
        }
    }
    Ok(commands)
}

/// The commands of a composite action. It runs in the repository that uses it, wherever that is.
pub(super) fn action(file: &Arc<File>) -> Result<Vec<Command>, Problem> {
    let mut commands = Vec::new();
    for runs in parse(file)?.iter().filter_map(|root| root.get("runs")) {
        Scope::default().steps(file, runs, &mut commands);
    }
    Ok(commands)
}

/// What a workflow, a job or a step sets for what is inside it.
#[derive(Clone, Default)]
struct Scope {
    environment: Environment,
    directory: String,
    shell: String,
    /// Folders that hold other repositories.
    elsewhere: Vec<TreePath>,
}

impl Scope {
    fn inside(&self, node: &Node) -> Self {
        let mut scope = self.clone();
        scope.environment.extend(environment(node.get("env")));
        let defaults = node.get("defaults").and_then(|defaults| defaults.get("run"));
        for from in [defaults, Some(node)].into_iter().flatten() {
            if let Some(directory) = from.get("working-directory").and_then(Node::text) {
                directory.clone_into(&mut scope.directory);
            }
            if let Some(shell) = from.get("shell").and_then(Node::text) {
                shell.clone_into(&mut scope.shell);
            }
        }
        scope
    }

    fn steps(mut self, file: &Arc<File>, job: &Node, commands: &mut Vec<Command>) {
        for step in job.get("steps").map(Node::items).unwrap_or_default() {
            let scope = self.inside(step);
            if let Some(uses) = step.get("uses") {
                self.uses(step, uses, &scope, commands);
            }
            let Some(text) = step.get("run").and_then(|run| yaml::snippet(file, run)) else { continue };
            if !is_shell(&scope.shell) {
                continue;
            }
            let directory = scope.directory();
            let mut setting =
                Setting { environment: Arc::new(scope.environment), directory, later: Vec::new() };
            let base = commands.len();
            commands
                .extend(shell::commands(&text, &mut setting).into_iter().map(|command| command.moved(base)));
            self.environment.extend(setting.later);
        }
    }
}

impl Scope {
    /// An action: one of this repository, or the one that checks out a repository.
    fn uses(&mut self, step: &Node, uses: &Node, scope: &Self, commands: &mut Vec<Command>) {
        let name = uses.text().unwrap_or_default();
        if name.starts_with("./") {
            let text = name.to_owned();
            commands.push(Command {
                form: Form::LocalAction,
                words: vec![Word { text, span: uses.span, varies: false }],
                environment: Arc::new(scope.environment.clone()),
                directory: Directory::Unknown,
                into: None,
            });
        } else if name.starts_with("actions/checkout@") {
            let with = |key: &str| step.get("with").and_then(|with| with.get(key)).and_then(Node::text);
            let folder = TreePath::new(with("path").unwrap_or_default()).unwrap_or_default();
            let own = with("repository").is_none_or(|name| name.contains("github.repository"));
            self.elsewhere.retain(|other| *other != folder);
            self.elsewhere.extend((!own).then_some(folder));
        }
    }

    fn directory(&self) -> Directory {
        match TreePath::new(&self.directory) {
            Ok(folder) if self.elsewhere.iter().any(|other| folder.is_within(other)) => Directory::Elsewhere,
            _ if self.directory.contains('$') => Directory::Unknown,
            Ok(folder) => Directory::Here(folder),
            Err(_) => Directory::Unknown,
        }
    }
}

/// `python`, `perl {0}` and others run no shell.
fn is_shell(shell: &str) -> bool {
    let name = shell.split_whitespace().next().unwrap_or_default();
    matches!(name.rsplit('/').next(), Some("" | "bash" | "sh" | "zsh" | "pwsh" | "powershell" | "cmd"))
}

/// A mapping of variables.
pub(super) fn environment(node: Option<&Node>) -> Environment {
    let entries = node.map(Node::entries).unwrap_or_default();
    let pair = |(key, value): &(Node, Node)| Some((key.text()?.to_owned(), value.text()?.to_owned()));
    entries.iter().filter_map(pair).collect()
}
