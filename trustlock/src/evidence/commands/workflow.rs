//! Workflows and composite actions of GitHub.

use std::sync::Arc;

use super::shell::{self, Setting};
use super::{Command, Environment, yaml};
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
            let Some(text) = step.get("run").and_then(|run| yaml::snippet(file, run)) else { continue };
            if !is_shell(&scope.shell) {
                continue;
            }
            let directory = if scope.directory.contains('$') { None } else { TreePath::new(&scope.directory).ok() };
            let mut setting = Setting { environment: Arc::new(scope.environment), directory, later: Vec::new() };
            let base = commands.len();
            commands.extend(shell::commands(&text, &mut setting).into_iter().map(|command| command.moved(base)));
            self.environment.extend(setting.later);
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
