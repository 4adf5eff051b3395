//! `.pre-commit-config.yaml`: what hooks install besides themselves, and the revisions that they are of.

use std::sync::Arc;

use super::{Command, Directory, Environment, Form, Word};
use crate::model::{File, Problem};
use crate::text::yaml::{Node, parse};
use crate::tree::TreePath;

/// What a configuration installs.
pub(super) fn read(file: &Arc<File>) -> Result<Vec<Command>, Problem> {
    let mut commands = Vec::new();
    let mut add = |form, words: Vec<Word>| {
        if !words.is_empty() {
            let environment = Arc::new(Environment::new());
            commands.push(Command {
                form,
                words,
                environment,
                directory: Directory::Here(TreePath::root()),
                into: None,
            });
        }
    };
    for root in &parse(file)? {
        for repository in root.get("repos").map(Node::items).unwrap_or_default() {
            add(Form::HookRevision, repository.get("rev").and_then(word).into_iter().collect());
            for hook in repository.get("hooks").map(Node::items).unwrap_or_default() {
                let dependencies = hook.get("additional_dependencies").map(Node::items).unwrap_or_default();
                add(Form::HookDependencies, dependencies.iter().filter_map(word).collect());
            }
        }
    }
    Ok(commands)
}

fn word(node: &Node) -> Option<Word> {
    Some(Word { text: node.text()?.trim().to_owned(), span: node.span, varies: false })
}
