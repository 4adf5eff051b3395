//! Flags for rustc and rustdoc: which of them load code.
//!
//! See the rustc book, "Command-line Arguments" and "Codegen Options", and the unstable book for `-Z`.

use super::linker::linker_arguments;
use super::program::program;
use super::reach::{Reach, folder};

/// The first flag that brings a program, a library or an object into the compiler or its output from
/// somewhere else than the machine: the flag, and whose it is.
pub(in crate::rules) fn rustc_flags(flags: &[String]) -> Option<(String, Reach)> {
    let mut linker = Vec::new();
    let mut words = flags.iter().map(String::as_str);
    while let Some(word) = words.next() {
        // `--long value`, `--long=value`; `-S value`, `-Svalue`.
        let mut value_of = |option: &str| -> Option<String> {
            let rest = word.strip_prefix(option)?;
            match rest.strip_prefix('=') {
                _ if rest.is_empty() => Some(words.next().unwrap_or_default().to_owned()),
                Some(value) => Some(value.to_owned()),
                None => (!option.starts_with("--")).then(|| rest.to_owned()),
            }
        };
        let found = if word.starts_with('@') {
            // A file of further flags, which is not read here.
            Some(Reach::Checkout)
        } else if let Some(option) =
            value_of("-C").or_else(|| value_of("-Z")).or_else(|| value_of("--codegen"))
        {
            codegen(&option, &mut linker)
        } else if let Some(value) = value_of("--sysroot") {
            Some(folder(&value))
        } else if let Some(value) = value_of("-L") {
            Some(folder(value.split_once('=').map_or(value.as_str(), |(_, path)| path)))
        } else if let Some(value) = value_of("--extern") {
            value.split_once('=').map(|(_, path)| folder(path))
        } else {
            None
        };
        if let Some(reach) = found.filter(|r| r.is_foreign()) {
            return Some((word.to_owned(), reach));
        }
    }
    linker_arguments(&linker)
}

/// One `-C` or `-Z` option; arguments for the linker are only collected.
fn codegen(option: &str, linker: &mut Vec<String>) -> Option<Reach> {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    match name.replace('_', "-").as_str() {
        "linker" | "dlltool" => Some(program(value)),
        "link-arg" | "pre-link-arg" | "post-link-arg" => {
            linker.push(value.to_owned());
            None
        }
        "link-args" | "pre-link-args" | "post-link-args" => {
            linker.extend(value.split_whitespace().map(str::to_owned));
            None
        }
        // `-Clinker-plugin-lto` alone asks the linker for its own plugin.
        "linker-plugin-lto" => {
            let switch =
                matches!(value, "" | "y" | "yes" | "on" | "true" | "n" | "no" | "off" | "false" | "auto");
            (!switch).then(|| folder(value))
        }
        // A name is one of the toolchain's backends, a file is loaded as it is.
        "codegen-backend" => value.contains(['.', '/', '\\']).then(|| folder(value)),
        "llvm-plugins" => value.split_whitespace().map(folder).find(|r| r.is_foreign()),
        "incremental" => Some(folder(value)),
        "llvm-args" => value
            .split_whitespace()
            .filter_map(|argument| argument.trim_start_matches('-').split_once('='))
            .filter(|(name, _)| name.starts_with("load"))
            .map(|(_, path)| folder(path))
            .find(|r| r.is_foreign()),
        _ => None,
    }
}

/// The same for rustdoc, which also starts programs around the tests in documentation.
pub(in crate::rules) fn rustdoc_flags(flags: &[String]) -> Option<(String, Reach)> {
    const PROGRAMS: [&str; 4] = ["--test-runtool", "--runtool", "--test-builder", "--test-builder-wrapper"];
    let mut words = flags.iter();
    while let Some(word) = words.next() {
        let (name, attached) = word.split_once('=').map_or((word.as_str(), None), |(n, v)| (n, Some(v)));
        if PROGRAMS.contains(&name) {
            let value = attached.or_else(|| words.next().map(String::as_str)).unwrap_or_default();
            let reach = program(value);
            if reach.is_foreign() {
                return Some((word.clone(), reach));
            }
        }
    }
    rustc_flags(flags)
}
