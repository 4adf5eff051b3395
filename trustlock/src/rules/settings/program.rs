//! Programs that settings start.

use super::reach::{Reach, folder};

/// The program that cargo starts for `name`: without a separator it is looked up on `PATH`.
pub(in crate::rules) fn program(name: &str) -> Reach {
    if !name.is_empty() && !name.contains(['/', '\\']) { Reach::Machine } else { folder(name) }
}

/// Programs that run whatever file or text they are given.
const INTERPRETERS: [&str; 17] = [
    "sh",
    "bash",
    "dash",
    "zsh",
    "fish",
    "ksh",
    "env",
    "python",
    "python3",
    "perl",
    "ruby",
    "node",
    "deno",
    "cmd",
    "powershell",
    "pwsh",
    "cargo",
];

/// Endings of files that are run.
const SCRIPTS: [&str; 12] =
    [".sh", ".bash", ".py", ".pl", ".rb", ".js", ".ts", ".ps1", ".bat", ".cmd", ".exe", ".so"];

/// The first argument that makes a program of the machine run something of the checkout: a script, or
/// anything that is handed to an interpreter.
pub(in crate::rules) fn arguments_reach(words: &[String]) -> Option<(&str, Reach)> {
    let (program, arguments) = words.split_first()?;
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let interpreter = INTERPRETERS.contains(&name);
    arguments.iter().map(String::as_str).find_map(|argument| {
        let is_option = argument.starts_with('-');
        let is_script = SCRIPTS.iter().any(|ending| argument.to_ascii_lowercase().ends_with(ending));
        let is_path = argument.contains(['/', '\\']) && !argument.contains("://");
        // `sh -c "…"` and `python -m module` start what the text says.
        let is_text = interpreter && is_option && matches!(argument, "-c" | "-e" | "-m" | "/c" | "-Command");
        let is_run = !is_option && (is_script || (interpreter && is_path));
        let reach = if is_text { Reach::Checkout } else { folder(argument) };
        ((is_text || is_run) && reach.is_foreign()).then_some((argument, reach))
    })
}
