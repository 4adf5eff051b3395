//! Justfiles: the bodies of recipes.

use std::sync::Arc;

use super::shell::{self, Setting};
use super::{Command, Directory, Snippet, is_shell_script};
use crate::model::File;
use crate::tree::TreePath;

/// The commands of a justfile in `folder`.
pub(super) fn read(file: &Arc<File>, folder: &TreePath) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut body: Vec<(usize, &str)> = Vec::new();
    let mut in_recipe = false;
    let mut at = 0;
    for line in file.text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if content.starts_with([' ', '\t']) || content.trim().is_empty() {
            if in_recipe {
                body.push((at, content));
            }
        } else {
            recipe(&std::mem::take(&mut body), folder, &mut commands);
            in_recipe = is_header(content);
        }
        at += line.len();
    }
    recipe(&body, folder, &mut commands);
    commands
}

/// `name argument='x': dependency`, and not `name := value`.
fn is_header(line: &str) -> bool {
    !line.starts_with(['#', '[']) && line.contains(':') && !line.contains(":=")
        || line
            .split_once(':')
            .is_some_and(|(_, rest)| !rest.starts_with('=') && !line.starts_with(['#', '[']))
}

fn recipe(body: &[(usize, &str)], folder: &TreePath, commands: &mut Vec<Command>) {
    let first = body.iter().map(|(_, line)| line.trim()).find(|line| !line.is_empty()).unwrap_or_default();
    let is_script = first.starts_with("#!");
    if is_script && !is_shell_script(first) {
        return;
    }
    let mut snippet = Snippet::default();
    for (start, line) in body {
        let continues = snippet.text().ends_with("\\\n");
        if !is_script && !continues {
            finish(&mut snippet, folder, commands);
        }
        let trimmed = line.trim_start();
        let shown = if is_script || continues { trimmed } else { trimmed.trim_start_matches(['@', '-']) };
        let shown_at = start + line.len() - shown.len();
        interpolated(&mut snippet, shown, shown_at, ["{{", "}}"]);
        snippet.put("\n", start + line.len()..start + line.len());
    }
    finish(&mut snippet, folder, commands);
}

fn finish(snippet: &mut Snippet, folder: &TreePath, commands: &mut Vec<Command>) {
    let mut setting = Setting { directory: Directory::Here(folder.clone()), ..Setting::default() };
    let base = commands.len();
    let found = shell::commands(&std::mem::take(snippet), &mut setting);
    commands.extend(found.into_iter().map(|command| command.moved(base)));
}

/// Adds `text`; what stands between `marks` is a value that nobody knows.
pub(super) fn interpolated(snippet: &mut Snippet, text: &str, start: usize, [open, close]: [&str; 2]) {
    let mut at = 0;
    while let Some(from) = text.get(at..).and_then(|rest| rest.find(open)).map(|found| at + found) {
        let Some(length) = text.get(from..).and_then(|rest| rest.find(close)) else { break };
        let end = from + length + close.len();
        snippet.push(text.get(at..from).unwrap_or_default(), start + at);
        snippet.put("${value}", start + from..start + end);
        at = end;
    }
    snippet.push(text.get(at..).unwrap_or_default(), start + at);
}
