//! Pipelines of GitLab CI.

use std::sync::Arc;

use super::shell::{self, Setting};
use super::{Command, Directory, Environment, workflow, yaml};
use crate::model::{File, Problem};
use crate::text::yaml::{Node, parse};
use crate::tree::TreePath;

/// How deep lists of lines are looked into; GitLab joins lists in lists.
const NESTED: usize = 4;

/// The commands of a pipeline.
pub(super) fn read(file: &Arc<File>) -> Result<Vec<Command>, Problem> {
    let mut commands = Vec::new();
    for root in &parse(file)? {
        let outer = workflow::environment(root.get("variables"));
        job(file, root, &outer, &mut commands);
        for (_, node) in root.entries() {
            job(file, node, &outer, &mut commands);
        }
    }
    Ok(commands)
}

/// What a job runs, or everything that stands in its place at the top.
fn job(file: &Arc<File>, node: &Node, outer: &Environment, commands: &mut Vec<Command>) {
    let mut environment = outer.clone();
    environment.extend(workflow::environment(node.get("variables")));
    // All lines before `after_script` share one shell.
    let mut setting = Setting {
        environment: Arc::new(environment),
        directory: Directory::Here(TreePath::root()),
        later: Vec::new(),
    };
    for key in ["before_script", "script", "after_script"] {
        if let Some(lines) = node.get(key) {
            self::lines(file, lines, NESTED, &mut setting, commands);
        }
    }
}

fn lines(file: &Arc<File>, node: &Node, depth: usize, setting: &mut Setting, commands: &mut Vec<Command>) {
    if let Some(text) = yaml::snippet(file, node) {
        let base = commands.len();
        commands.extend(shell::commands(&text, setting).into_iter().map(|command| command.moved(base)));
    } else if depth > 0 {
        for item in node.items() {
            lines(file, item, depth - 1, setting, commands);
        }
    }
}
