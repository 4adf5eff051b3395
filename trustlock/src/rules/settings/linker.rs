//! Arguments for the linker, or for the compiler driver in front of it: which of them load code.
//!
//! A linker script (`-Tlink.x`) lays out a program and is text, like the source beside it: healthy. An
//! object, a library, a plugin or another linker is not.

use super::program::program;
use super::reach::{Reach, folder};

/// Options whose value is a folder in which programs or libraries are looked up, or a file with code.
const LOADS: [&str; 33] = [
    "L",
    "B",
    "F",
    "library-path",
    "rpath",
    "sysroot",
    "isysroot",
    "syslibroot",
    "iframework",
    "plugin",
    "fplugin",
    "fpass-plugin",
    "specs",
    "wrapper",
    "dynamic-linker",
    "I",
    "force_load",
    "load_hidden",
    "reexport_library",
    "weak_library",
    "upward_library",
    "lto_library",
    "just-symbols",
    "R",
    "bundle_loader",
    "gcc-toolchain",
    "gcc-install-dir",
    "prefix",
    "resource-dir",
    "dyld-prefix",
    // Flags of clang in a file or in files of a folder, which are not read here.
    "config",
    "config-user-dir",
    "config-system-dir",
];

/// Options whose value names a linker.
const LINKERS: [&str; 2] = ["fuse-ld", "ld-path"];

/// Options whose value is the next argument and loads no code: how many there are.
const VALUES: [(&str, usize); 43] = [
    ("T", 1),
    ("script", 1),
    ("default-script", 1),
    ("dT", 1),
    ("z", 1),
    ("u", 1),
    ("undefined", 1),
    ("e", 1),
    ("entry", 1),
    ("framework", 1),
    ("weak_framework", 1),
    ("arch", 1),
    ("target", 1),
    ("Map", 1),
    ("map", 1),
    ("m", 1),
    ("h", 1),
    ("soname", 1),
    ("install_name", 1),
    ("current_version", 1),
    ("init", 1),
    ("fini", 1),
    ("compatibility_version", 1),
    ("platform_version", 3),
    ("sectcreate", 3),
    ("segprot", 3),
    ("o", 1),
    ("exported_symbols_list", 1),
    ("unexported_symbols_list", 1),
    ("order_file", 1),
    ("version-script", 1),
    ("dynamic-list", 1),
    ("mllvm", 1),
    ("stack_size", 1),
    ("pagezero_size", 1),
    ("headerpad", 1),
    ("image_base", 1),
    ("seg1addr", 1),
    ("macosx_version_min", 1),
    ("defsym", 1),
    ("section-start", 1),
    ("exported_symbol", 1),
    ("Xassembler", 1),
];

/// The first argument that loads a program, a library or an object from somewhere else than the machine.
pub(in crate::rules) fn linker_arguments(arguments: &[String]) -> Option<(String, Reach)> {
    let words = unwrapped(arguments);
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        if let Some(reach) = judge(word, &mut words).filter(|r| r.is_foreign()) {
            return Some((word.to_owned(), reach));
        }
    }
    None
}

/// `-Wl,a,b` and `-Xlinker a` without their wrapping.
fn unwrapped(arguments: &[String]) -> Vec<&str> {
    arguments
        .iter()
        .flat_map(|argument| match argument.strip_prefix("-Wl,") {
            Some(list) => list.split(',').collect::<Vec<_>>(),
            None => vec![argument.as_str()],
        })
        .filter(|word| !matches!(*word, "" | "-Xlinker" | "-Xclang"))
        .collect()
}

fn judge<'a>(word: &'a str, rest: &mut dyn Iterator<Item = &'a str>) -> Option<Reach> {
    if word.starts_with('@') {
        // A file of further arguments, which is not read here.
        return Some(Reach::Checkout);
    }
    if let Some(value) = windows_option(word) {
        return value;
    }
    let Some(option) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else {
        return Some(folder(word));
    };
    let (name, attached) = option.split_once('=').map_or((option, None), |(n, v)| (n, Some(v)));
    if LINKERS.contains(&name) {
        return attached.or_else(|| rest.next()).map(program);
    }
    if LOADS.contains(&name) {
        return attached.or_else(|| rest.next()).map(library_folder);
    }
    // `-s` strips; Emscripten's is followed by a setting, `ASYNCIFY=1`.
    if name == "s" {
        return rest.next().filter(|word| !is_emscripten(word)).and_then(|word| judge(word, rest));
    }
    if let Some((_, count)) = VALUES.iter().find(|(known, _)| *known == name) {
        if attached.is_none() {
            for _ in 0..*count {
                let _ = rest.next();
            }
        }
        return None;
    }
    // One letter with its value attached: `-Llib`, `-Btools`, `-l../lib.a`.
    let glued = option.get(1..).unwrap_or_default();
    match option.get(..1) {
        Some("L" | "B" | "R" | "F") if !word.starts_with("--") => Some(library_folder(glued)),
        Some("l") if glued.contains('/') && !word.starts_with("--") => Some(folder(glued)),
        _ => None,
    }
}

fn is_emscripten(word: &str) -> bool {
    let name = word.split('=').next().unwrap_or_default();
    name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// `$ORIGIN` and `@loader_path` are beside the finished program, wherever that will stand; `=` and
/// `$SYSROOT` are the machine's.
fn library_folder(path: &str) -> Reach {
    let anchored = ["$ORIGIN", "@loader_path", "@executable_path", "@rpath", "$SYSROOT"]
        .iter()
        .any(|anchor| path.trim_start_matches(['\'', '"', '\\']).starts_with(anchor));
    if anchored { Reach::Machine } else { folder(path) }
}

/// `/STACK:8388608`, `/LIBPATH:lib`: the outer `None` where it is no option in that style.
#[allow(clippy::option_option)]
fn windows_option(word: &str) -> Option<Option<Reach>> {
    let option = word.strip_prefix('/')?;
    let (name, value) = option.split_once(':').unwrap_or((option, ""));
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    Some(match name.to_ascii_lowercase().as_str() {
        "libpath" | "wholearchive" => Some(folder(value)),
        "defaultlib" => value.contains(['/', '\\']).then(|| folder(value)),
        _ => None,
    })
}
