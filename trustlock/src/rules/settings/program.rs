//! Programs that settings start, and what their arguments make them run.

use super::reach::{Reach, folder};
use crate::evidence::settings::{Named, argument_path};

/// The program that cargo starts for `name`: without a separator it is looked up on `PATH`.
pub(in crate::rules) fn program(name: &str) -> Reach {
    if !name.is_empty() && !name.contains(['/', '\\']) { Reach::Machine } else { folder(name) }
}

/// Programs that take the text of a program, or the name of a module, as an argument. A file that is
/// handed to a program is found without this list.
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

/// Endings of files that are run, or loaded into what runs.
const CODE: [&str; 22] = [
    "sh", "bash", "zsh", "fish", "py", "pl", "rb", "js", "mjs", "cjs", "ts", "lua", "tcl", "ps1", "bat",
    "cmd", "exe", "so", "dylib", "dll", "jar", "mk",
];

/// Programs that run what a file in the folder says in which they are started, whatever their arguments.
const OBEDIENT: [&str; 22] = [
    "make", "gmake", "just", "task", "ninja", "rake", "invoke", "npm", "npx", "pnpm", "yarn", "bun", "cargo",
    "go", "dotnet", "mvn", "gradle", "bazel", "tox", "nox", "uv", "poetry",
];

/// How closely arguments are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Care {
    /// Nothing of the checkout has a place here.
    Full,
    /// What a runner of `cargo run` is told about a board has: `-T partitions.csv`, `-x openocd.gdb`. The
    /// value of an option is data where it ends like some file and not like code, and so is a folder.
    Data,
}

/// The first argument that makes a program of the machine run something of the checkout: a path into
/// it, or what is `named` there; the text of a program, where the program is known to take one.
pub(in crate::rules) fn arguments_reach(
    words: &[String],
    named: impl Fn(&str) -> Option<Named>,
    care: Care,
) -> Option<(&str, Reach)> {
    let (program, arguments) = words.split_first()?;
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let interpreter = INTERPRETERS.contains(&name);
    if care == Care::Full && OBEDIENT.contains(&name) {
        return Some((program, Reach::Checkout));
    }
    let mut before = "";
    for argument in arguments {
        if interpreter && matches!(&**argument, "-c" | "-e" | "-m" | "/c" | "-Command") {
            return Some((argument, Reach::Checkout));
        }
        let path = argument_path(argument);
        let value = argument.starts_with('-') || (before.starts_with('-') && !before.contains('='));
        let reach = match named(path) {
            Some(Named::File) => Reach::Checkout,
            Some(Named::Folder) if path.contains(['/', '\\']) || (value && care == Care::Full) => {
                Reach::Checkout
            }
            _ => written(path, interpreter || care == Care::Full),
        };
        let data = care == Care::Data && value && !interpreter && is_data(path, named(path), reach);
        if reach.is_foreign() && !data {
            return Some((argument, reach));
        }
        before = argument;
    }
    None
}

/// Where an argument leads, as far as it says itself that it is a path.
fn written(path: &str, any_path: bool) -> Reach {
    let begins = ["./", "../", "/", ".\\", "..\\", "~/"].iter().any(|begin| path.starts_with(begin));
    let drive = matches!(path.get(1..3), Some(":\\" | ":/"));
    let local = is_code(path) || (any_path && path.contains(['/', '\\']));
    // `/c` is an option on Windows, `/dev/ttyUSB0` a board.
    let option = path.len() <= 2;
    if (begins || drive || (local && !path.contains("://"))) && !option && !is_device(path) {
        folder(path)
    } else {
        Reach::Machine
    }
}

fn is_device(path: &str) -> bool {
    const FILES: [&str; 6] = ["fd", "shm", "std", "tcp", "udp", "mqueue"];
    path.strip_prefix("/dev/")
        .is_some_and(|name| !FILES.iter().any(|file| name.starts_with(file)) && !name.contains(".."))
}

fn ending(path: &str) -> Option<String> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())
}

fn is_code(path: &str) -> bool {
    ending(path).is_some_and(|ending| CODE.contains(&&*ending))
}

fn is_data(path: &str, named: Option<Named>, reach: Reach) -> bool {
    let data = named == Some(Named::Folder) || reach == Reach::Elsewhere || ending(path).is_some();
    data && !is_code(path)
}
