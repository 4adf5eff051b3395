//! Makefiles: the lines of recipes.

use std::sync::Arc;

use super::shell::{self, Setting};
use super::{Command, Directory, Snippet};
use crate::model::File;
use crate::tree::TreePath;

/// The commands of a makefile in `folder`.
pub(super) fn read(file: &Arc<File>, folder: &TreePath) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut recipe = Snippet::default();
    // The line before is continued: by a recipe, or by something else that this line belongs to.
    let (mut in_recipe, mut elsewhere) = (false, false);
    let mut at = 0;
    for line in file.text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let continued = content.ends_with('\\');
        let start = at;
        at += line.len();
        if !in_recipe && (elsewhere || !content.starts_with('\t')) {
            elsewhere = continued;
            continue;
        }
        let body = content.strip_prefix('\t').unwrap_or(content);
        let shown = if in_recipe { body } else { body.trim_start_matches(['@', '-', '+', ' ', '\t']) };
        expanded(&mut recipe, shown, start + content.len() - shown.len());
        recipe.put("\n", start + content.len()..at);
        in_recipe = continued;
        if !continued {
            // Each line has a shell of its own.
            finish(&mut recipe, folder, &mut commands);
        }
    }
    finish(&mut recipe, folder, &mut commands);
    commands
}

fn finish(recipe: &mut Snippet, folder: &TreePath, commands: &mut Vec<Command>) {
    let mut setting = Setting { directory: Directory::Here(folder.clone()), ..Setting::default() };
    let base = commands.len();
    let found = shell::commands(&std::mem::take(recipe), &mut setting);
    commands.extend(found.into_iter().map(|command| command.moved(base)));
}

/// Adds a line as the shell gets it: `$$` is its `$`, and what make expands is a value that nobody knows.
fn expanded(recipe: &mut Snippet, line: &str, start: usize) {
    let (mut at, mut run) = (0, 0);
    let bytes = line.as_bytes();
    while at < line.len() {
        let (text, length) = match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'$'), Some(b'$')) => ("$".to_owned(), 2),
            (Some(b'$'), Some(b'(')) => match closing(line.get(at..).unwrap_or_default()) {
                Some(length) => (variable(line.get(at + 2..at + length - 1).unwrap_or_default()), length),
                None => break,
            },
            _ => {
                at += 1;
                continue;
            }
        };
        recipe.push(line.get(run..at).unwrap_or_default(), start + run);
        recipe.put(&text, start + at..start + at + length);
        at += length;
        run = at;
    }
    recipe.push(line.get(run..).unwrap_or_default(), start + run);
}

/// The length of `$(…)`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at + 1),
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn variable(name: &str) -> String {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    format!("${{{}}}", if plain { name } else { "make" })
}
