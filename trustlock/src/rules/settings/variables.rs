//! Variables of `[env]` that make tools start or load something: compilers and their flags below build
//! scripts, interpreters, git, the dynamic linker.
//!
//! What names data (`DATABASE_URL`, a folder of assets, `OPENSSL_DIR`) is not judged.

use super::flags::rustdoc_flags;
use super::program::program;
use super::reach::{Reach, folder, search_path};

/// Variables that hold a program; the `cc` and `cmake` crates also read `TARGET_CC`, `HOST_CC` and
/// `CC_x86_64_unknown_linux_gnu`.
const PROGRAMS: [&str; 48] = [
    "CC",
    "CXX",
    "CPP",
    "AR",
    "LD",
    "NM",
    "RANLIB",
    "STRIP",
    "OBJCOPY",
    "OBJDUMP",
    "AS",
    "FC",
    "WINDRES",
    "CMAKE",
    "MAKE",
    "NINJA",
    "PROTOC",
    "NASM",
    "YASM",
    "PKG_CONFIG",
    "LLVM_CONFIG",
    "LLVM_CONFIG_PATH",
    "PYO3_PYTHON",
    "PYTHON_SYS_EXECUTABLE",
    "PYTHON",
    "PYTHON3",
    "RUBY",
    "PERL",
    "NODE",
    "CLANG_PATH",
    "NVCC",
    "CUDACXX",
    "CARGO",
    "RUSTFMT",
    "SHELL",
    "CONFIG_SHELL",
    "COMSPEC",
    "BROWSER",
    "EDITOR",
    "VISUAL",
    "PAGER",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "GIT_EDITOR",
    "GIT_PAGER",
    "GIT_EXTERNAL_DIFF",
];

/// How the names of further programs end: `CMAKE_C_COMPILER_LAUNCHER`, `GIT_PROXY_COMMAND`.
const PROGRAM_ENDINGS: [&str; 9] = [
    "_COMPILER",
    "_LAUNCHER",
    "_LINKER",
    "_WRAPPER",
    "_ASKPASS",
    "_EDITOR",
    "_PAGER",
    "_PROXY_COMMAND",
    "_COMPILER_AR",
];

/// Variables that hold a search path for programs, libraries, headers or modules.
const SEARCH_PATHS: [&str; 27] = [
    "PATH",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "COMPILER_PATH",
    "GCC_EXEC_PREFIX",
    "LIBRARY_PATH",
    "LIBCLANG_PATH",
    "CPATH",
    "C_INCLUDE_PATH",
    "CPLUS_INCLUDE_PATH",
    "OBJC_INCLUDE_PATH",
    "CMAKE_MODULE_PATH",
    "CMAKE_PROGRAM_PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "PERL5LIB",
    "PERLLIB",
    "RUBYLIB",
    "NODE_PATH",
    "CLASSPATH",
    "BASH_ENV",
    "GIT_EXEC_PATH",
    "GIT_TEMPLATE_DIR",
    "GCONV_PATH",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
];

/// Variables that hold a file or folder which a tool obeys.
const OBEYED: [&str; 11] = [
    "CMAKE_TOOLCHAIN_FILE",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
    "OPENSSL_CONF",
    "HOME",
    "USERPROFILE",
    "XDG_CONFIG_HOME",
    "GIT_CONFIG",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_DIR",
];

/// Variables that hold flags of a compiler or linker, and how the names of further ones end.
const FLAGS: [&str; 8] = ["CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "ASFLAGS", "ARFLAGS", "CL", "_CL_"];

/// Variables that hold options of an interpreter or a tool.
const OPTIONS: [&str; 9] = [
    "NODE_OPTIONS",
    "RUBYOPT",
    "PERL5OPT",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "_JAVA_OPTIONS",
    "MAKEFLAGS",
    "GNUMAKEFLAGS",
    "GOFLAGS",
];

/// What the variable brings in from somewhere else than the machine.
pub(in crate::rules) fn variable(name: &str, value: &str) -> Option<(String, Reach)> {
    // Windows takes no notice of the case of a name: `Path`.
    let upper = name.to_ascii_uppercase();
    let whole = |list: &[&str]| list.contains(&name) || list.contains(&&*upper);
    let words = || value.split_whitespace();
    let found = if matches!(name, "CARGO_ENCODED_RUSTFLAGS" | "CARGO_ENCODED_RUSTDOCFLAGS") {
        let flags: Vec<String> = value.split('\u{1f}').map(str::to_owned).collect();
        rustdoc_flags(&flags)
    } else if is_git_setting(name) || name.starts_with("BASH_FUNC_") {
        // A setting of git may start any program (`core.sshCommand`), and a function is a program.
        Some((value.to_owned(), Reach::Checkout))
    } else if whole(&SEARCH_PATHS) || name.starts_with("DYLD_") {
        search_path(value).map(|(entry, reach)| (entry.to_owned(), reach))
    } else if names(&OBEYED, name) || whole(&OBEYED) {
        Some((value.to_owned(), folder(value))).filter(|_| !matches!(value, "/dev/null" | "NUL" | ""))
    } else if names(&PROGRAMS, name)
        || whole(&PROGRAMS)
        || PROGRAM_ENDINGS.iter().any(|ending| upper.ends_with(ending))
    {
        // `CC = "env ./evil"`: whatever stands behind the program may be what runs.
        words().map(|word| (word, program(word))).find(|(_, reach)| reach.is_foreign()).map(owned)
    } else if names(&FLAGS, name) || whole(&FLAGS) || is_flags(name) {
        compiler_flags(value)
    } else if whole(&OPTIONS) {
        options(value)
    } else {
        None
    };
    found.filter(|(_, reach)| reach.is_foreign())
}

fn owned((word, reach): (&str, Reach)) -> (String, Reach) {
    (word.to_owned(), reach)
}

/// `CC`, `TARGET_CC`, `HOST_CC`, `CC_x86_64-unknown-linux-gnu`.
fn names(tools: &[&str], name: &str) -> bool {
    let of_target = |rest: &str| {
        rest.is_empty() || (rest.starts_with('_') && rest.contains(|c: char| c.is_ascii_lowercase()))
    };
    tools.iter().any(|tool| {
        name.strip_prefix(tool).is_some_and(of_target)
            || name.strip_suffix(tool).is_some_and(|rest| matches!(rest, "TARGET_" | "HOST_"))
    })
}

fn is_git_setting(name: &str) -> bool {
    name == "GIT_CONFIG_PARAMETERS"
        || name.starts_with("GIT_CONFIG_KEY_")
        || name.starts_with("GIT_CONFIG_VALUE_")
}

/// `AWS_LC_SYS_CFLAGS`, `CMAKE_C_FLAGS_RELEASE`, `BINDGEN_EXTRA_CLANG_ARGS_aarch64-linux-android`.
fn is_flags(name: &str) -> bool {
    ["_CFLAGS", "_CXXFLAGS", "_CPPFLAGS", "_LDFLAGS"].iter().any(|ending| name.ends_with(ending))
        || (name.starts_with("CMAKE_") && name.contains("_FLAGS"))
        || name.starts_with("BINDGEN_EXTRA_CLANG_ARGS")
}

/// The first flag that gives a compiler or linker code: a plugin, an object, another tool, a header of
/// the repository in place of one that the compiled package means. What is no path is no reach.
fn compiler_flags(value: &str) -> Option<(String, Reach)> {
    /// Options whose value is a path, attached or behind them.
    const PATHS: [&str; 26] = [
        "-isystem",
        "-iquote",
        "-idirafter",
        "-isysroot",
        "-include",
        "-imacros",
        "-fplugin",
        "-fpass-plugin",
        "-specs",
        "--specs",
        "-wrapper",
        "--sysroot",
        "-resource-dir",
        "-fuse-ld",
        "--ld-path",
        "-load",
        "--gcc-toolchain",
        "--gcc-install-dir",
        "--prefix",
        "--config",
        "-ccc-install-dir",
        "-I",
        "-B",
        "-L",
        "-F",
        "/FI",
    ];
    let handed_on = |word: &str| ["-Wl,", "-Wa,", "-Wp,"].iter().any(|begin| word.starts_with(begin));
    let words = value
        .split([' ', '\t', '\n', '\u{1f}'])
        .flat_map(|word| if handed_on(word) { word.split(',').collect::<Vec<_>>() } else { vec![word] });
    let mut words = words.map(|word| word.trim_matches(['"', '\''])).filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        if word.starts_with('@') {
            // A file of further flags, which is not read here.
            return Some((word.to_owned(), Reach::Checkout));
        }
        let option = PATHS.iter().find_map(|option| Some((*option, word.strip_prefix(option)?)));
        let reach = match option {
            Some(("-fuse-ld" | "--ld-path", "")) => continue,
            Some((_, "")) => words.next().map(path)?,
            Some(("-fuse-ld" | "--ld-path" | "-wrapper", rest)) => program(rest.trim_start_matches('=')),
            // `-Lx`, `-isystemx`, `--sysroot=x`.
            Some((option, rest)) if option.len() < 4 || option.starts_with("-i") || rest.starts_with('=') => {
                path(rest.trim_start_matches('='))
            }
            _ if word.starts_with('-') => Reach::Machine,
            // MSVC: `/I path`, `/DNAME`, `/Zc:…`.
            _ if word.starts_with("/I") && word.len() > 2 => path(word.get(2..).unwrap_or_default()),
            _ if word.starts_with('/') && !word.get(1..).unwrap_or_default().contains('/') => Reach::Machine,
            _ => operand(word),
        };
        if reach.is_foreign() {
            return Some((word.to_owned(), reach));
        }
    }
    None
}

/// A path in flags; `=` begins one in the sysroot.
fn path(path: &str) -> Reach {
    if path.starts_with(['=', '$']) { Reach::Machine } else { folder(path) }
}

/// A word that no option claims: an input, where it looks like one.
fn operand(word: &str) -> Reach {
    let object = ["o", "a", "so", "dylib", "dll", "lib", "obj"]
        .iter()
        .any(|ending| word.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(ending)));
    if object || word.contains(['/', '\\']) { folder(word) } else { Reach::Machine }
}

/// The first option of an interpreter that names a path, or something to be loaded.
fn options(value: &str) -> Option<(String, Reach)> {
    const LOADS: [&str; 7] =
        ["-r", "--require", "--import", "--loader", "--experimental-loader", "--eval", "-javaagent"];
    value.split_whitespace().find_map(|word| {
        let name = word.split(['=', ':']).next().unwrap_or_default();
        // `-r ./x`, `-r./x`, `-I./lib`, `-Mlib='…'`, `--require=x`.
        let path = ["./", "../", "/", "\\"].iter().filter_map(|begin| word.find(begin)).min();
        let reach = match path {
            _ if LOADS.contains(&name) => Reach::Checkout,
            Some(at) => folder(word.get(at..).unwrap_or_default()),
            None => Reach::Machine,
        };
        reach.is_foreign().then(|| (word.to_owned(), reach))
    })
}
