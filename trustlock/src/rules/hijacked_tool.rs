use super::settings::{
    self, Care, Reach, View, arguments_reach, finding, folder, linker_arguments, program, rustc_flags,
    rustdoc_flags, views,
};
use super::{ProjectContext, Sink};
use crate::evidence::{Settings, Tool, Value, is_description};
use crate::model::{Declaration, Family, File, Finding, Level, Subject, WaiverNames};
use crate::tree::TreePath;

pub(super) static RULE: Declaration = Declaration {
    name: "hijacked-tool",
    family: Family::Settings,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "a settings file makes something of the repository run in place of a tool, or inside it",
    why: "Cargo takes its compiler, wrappers, linker, credential helpers and aliases from \
          `.cargo/config.toml`, and rustup takes a whole toolchain from `rust-toolchain.toml`. Whoever can \
          change those files runs their own code in every command, `cargo metadata` and the checkers that \
          start it included, while the lockfile stays as it was.",
    fix: "Remove the setting, or name a program that is installed on the machine, without a path. A \
          wrapper that belongs to the repository and was reviewed is allowed by file, key and value under \
          `[settings] allow`; guard that program like the policy itself.",
    accepted_by: "cargo 1.95 runs `build.rustc-wrapper`, `build.rustc`, linkers, `-Clinker=`, aliases of \
                  `cargo deny` and credential helpers of a checkout, and rustup 1.29 starts the `cargo` of a \
                  `toolchain.path`. cargo-deny and cargo-vet start cargo, and so start them too.",
    incident: None,
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    for view in [Tool::Cargo, Tool::Rustup, Tool::Rustc].into_iter().flat_map(|tool| views(context, tool)) {
        let view = &view;
        let Some(hijack) = judge(view, &context.evidence.settings) else { continue };
        let title = format!("`{}` {}", view.written, hijack.title);
        if let Some(found) = finding(context, &RULE, view, title, hijack.label) {
            sink.push(found.at_most(hijack.level));
        }
    }
    for output in &context.evidence.discovery.build_outputs {
        sink.push(committed(context, output));
    }
}

/// Compiled code in git: cargo takes what its fingerprints call fresh and compiles nothing.
fn committed(context: &ProjectContext<'_>, output: &TreePath) -> Finding {
    let place = File::new(output.as_str(), "").at(0..0);
    let named = views(context, Tool::Cargo).into_iter().find(|view| {
        let directory = view.string().and_then(|path| view.setting.base.as_ref()?.join(path).ok());
        matches!(view.parts().as_slice(), ["build", "target-dir" | "build-dir"])
            && directory.is_some_and(|directory| output.is_within(&directory))
    });
    let found = Finding::new(
        &RULE,
        Subject::setting(output.as_str(), "", "compiled code"),
        place,
        format!("compiled code is committed in `{output}`"),
    )
    .label("cargo links what stands here in place of the locked packages, without compiling them")
    .fix("remove the folder from git, and ignore it");
    match named {
        Some(view) => found.related(view.setting.place(), "cargo builds there because of this"),
        None => found,
    }
}

/// What a setting puts in a tool's place.
struct Hijack {
    title: String,
    label: String,
    level: Level,
}

impl Hijack {
    fn new(title: impl Into<String>, label: impl Into<String>) -> Self {
        Self { title: title.into(), label: label.into(), level: Level::Deny }
    }

    /// Of a form that cargo does not take today, where a program belongs.
    fn unreadable() -> Self {
        Self::new("names a program in a form that is not understood", "expected a string or a list of strings")
    }
}

fn judge(view: &View<'_>, settings: &Settings) -> Option<Hijack> {
    if view.setting.tool == Tool::Rustup {
        return toolchain(view);
    }
    if view.setting.tool == Tool::Rustc {
        return target(view);
    }
    match view.parts().as_slice() {
        ["build", "rustc" | "rustc-wrapper" | "rustc-workspace-wrapper" | "rustdoc"]
        | ["target" | "host", _, "linker"]
        | ["host", "linker"] => one_program(view),
        ["host", "runner"] | ["host", _, "runner"] | ["doc", "browser"] | ["credential-alias", _] => {
            command(view, settings, Care::Full)
        }
        ["build", "target"] => described_outside(view),
        ["target", _, "runner"] => {
            command(view, settings, Care::Data).map(|hijack| Hijack { level: Level::Warn, ..hijack })
        }
        ["registry" | "registries", .., "credential-provider"] => provider(view.words().as_deref(), settings),
        ["registry", "global-credential-providers"] => providers(view, settings),
        ["build" | "host", "rustflags"]
        | ["target" | "host", _, "rustflags"]
        | ["profile", .., "rustflags"] => flags(view, rustc_flags),
        ["build" | "host", "rustdocflags"] | ["target" | "host", _, "rustdocflags"] => {
            flags(view, rustdoc_flags)
        }
        // Deeper than cargo reads: a table where a program or flags belong.
        ["build", "rustc" | "rustc-wrapper" | "rustc-workspace-wrapper" | "rustdoc" | "rustflags", _, ..]
        | ["target", _, "linker" | "runner" | "rustflags" | "rustdocflags", _, ..]
        | ["credential-alias" | "alias", _, _, ..]
        | ["doc", "browser", _, ..] => Some(Hijack::unreadable()),
        ["profile", .., "codegen-backend"] => backend(view),
        ["target", _, _, rest @ ..] => library(view, rest),
        ["alias", name] => alias(view, name),
        ["env", name] => variable(view, name),
        _ => None,
    }
}

fn toolchain(view: &View<'_>) -> Option<Hijack> {
    let path = match view.parts().as_slice() {
        ["toolchain", "path"] => view.string().unwrap_or(&view.text),
        ["toolchain", "channel"] if view.text.contains(['/', '\\']) => view.string().unwrap_or(&view.text),
        _ => return None,
    };
    folder(path).is_foreign().then(|| {
        Hijack::new(
            "replaces cargo and rustc themselves by a folder",
            format!("rustup starts every tool from `{path}`, whatever command is given"),
        )
    })
}

/// A description that is read where it stands in the repository; elsewhere nobody knows what it says.
fn described_outside(view: &View<'_>) -> Option<Hijack> {
    let base = view.setting.base.clone().unwrap_or_default();
    let words = view.words()?;
    let path = words.iter().find(|word| is_description(word) && base.join(word).is_err())?;
    Some(Hijack::new(
        "takes the description of a target from outside the repository",
        format!("`{path}` may name any linker, and cannot be judged"),
    ))
}

/// The description of a target.
fn target(view: &View<'_>) -> Option<Hijack> {
    let words = || view.words().unwrap_or_default();
    let found = match view.parts().as_slice() {
        ["linker"] => return one_program(view),
        ["default-codegen-backend"] => return backend(view),
        ["link-env"] => {
            let words = words();
            let mut pairs = words.iter().filter_map(|word| word.split_once('='));
            return pairs.find_map(|(name, value)| settings::variable(name, value)).map(|(what, reach)| {
                Hijack::new(
                    format!("makes the linker load or start something {}", reach.of()),
                    format!("it finds `{what}` through it"),
                )
            });
        }
        ["llvm-args"] => rustc_flags(&words().iter().map(|w| format!("-Cllvm-args={w}")).collect::<Vec<_>>()),
        [name, _] if name.contains("link-args") => linker_arguments(&words()),
        _ => None,
    };
    let (flag, reach) = found?;
    Some(Hijack::new(
        format!("loads code from a path {}", reach.of()),
        format!("`{flag}` goes into everything that is built for this target"),
    ))
}

fn one_program(view: &View<'_>) -> Option<Hijack> {
    let Some(name) = view.string() else { return Some(Hijack::unreadable()) };
    // An empty wrapper switches off one that is set elsewhere.
    let reach = program(name);
    (reach.is_foreign() && !name.is_empty()).then(|| starts(name, reach, view))
}

fn starts(name: &str, reach: Reach, view: &View<'_>) -> Hijack {
    let when = match view.parts().as_slice() {
        ["build", "rustdoc"] => "whenever documentation is built",
        ["build", _] => "for every compilation, and when a checker asks cargo for metadata",
        [.., "linker"] => "for every program, build script and proc macro that is linked",
        ["doc", ..] => "for `cargo doc --open`",
        ["target", .., "runner"] => "in place of each program that `cargo run` and `cargo test` should start",
        ["host", .., "runner"] => "in place of each build script",
        _ => "when credentials are asked for",
    };
    Hijack::new(format!("starts a program {}", reach.of()), format!("cargo starts `{name}` {when}"))
}

fn command(view: &View<'_>, settings: &Settings, care: Care) -> Option<Hijack> {
    let Some(words) = view.words() else { return Some(Hijack::unreadable()) };
    let name = words.first()?;
    let reach = program(name);
    if reach.is_foreign() {
        return Some(starts(name, reach, view));
    }
    let (argument, reach) = arguments_reach(&words, |word| settings.named.get(word).copied(), care)?;
    Some(starts(argument, reach, view))
}

fn providers(view: &View<'_>, settings: &Settings) -> Option<Hijack> {
    let Value::List(items) = &view.value else { return provider(view.words().as_deref(), settings) };
    let split = |item: &String| item.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    items.iter().find_map(|item| provider(Some(&split(item)), settings))
}

/// A credential provider: one of cargo's own, an alias that is judged where it is defined, or a program.
fn provider(words: Option<&[String]>, settings: &Settings) -> Option<Hijack> {
    const BUILT_IN: [&str; 5] =
        ["cargo:token", "cargo:paseto", "cargo:libsecret", "cargo:macos-keychain", "cargo:wincred"];
    let Some(words) = words else { return Some(Hijack::unreadable()) };
    let (name, rest) = words.split_first()?;
    let words = match name.as_str() {
        "cargo:token-from-stdout" => rest,
        name if BUILT_IN.contains(&name) => return None,
        name if name.starts_with("cargo:") => {
            return Some(Hijack::new(
                "names a credential provider that is not known",
                format!("`{name}` is none of cargo's own that this version knows"),
            ));
        }
        _ => words,
    };
    let name = words.first()?;
    let reach = program(name);
    let (name, reach) = if reach.is_foreign() {
        (name.as_str(), reach)
    } else {
        arguments_reach(words, |word| settings.named.get(word).copied(), Care::Full)?
    };
    Some(Hijack::new(
        format!("starts a program {}", reach.of()),
        format!("cargo starts `{name}` when a registry asks for credentials, and gives it what it knows"),
    ))
}

fn flags(view: &View<'_>, judge: fn(&[String]) -> Option<(String, Reach)>) -> Option<Hijack> {
    let Some(words) = view.words() else { return Some(Hijack::unreadable()) };
    // The encoded form of an environment variable separates flags by a control character.
    let words: Vec<String> =
        words.iter().flat_map(|w| w.split('\u{1f}')).map(str::to_owned).collect();
    let (flag, reach) = judge(&words)?;
    Some(Hijack::new(
        format!("loads code from a path {}", reach.of()),
        format!("`{flag}` goes into every compilation, that of locked packages included"),
    ))
}

fn backend(view: &View<'_>) -> Option<Hijack> {
    let is_file = view.string().is_none_or(|name| name.contains(['.', '/', '\\']));
    is_file.then(|| {
        Hijack::new("loads a code generator from a file", format!("rustc loads `{}` as a library", view.text))
    })
}

/// `[target.TRIPLE.LINKS]`: what cargo takes for the output of the build script of the package that
/// links `LINKS`, instead of running it.
fn library(view: &View<'_>, rest: &[&str]) -> Option<Hijack> {
    let words = view.words();
    let found = match (rest, &words) {
        (["rustc-link-search"], Some(words)) => words.iter().find_map(|word| {
            let reach = folder(word.split_once('=').map_or(word.as_str(), |(_, path)| path));
            reach.is_foreign().then(|| (word.clone(), reach))
        }),
        (["rustc-flags"], Some(words)) => rustc_flags(words),
        ([name], Some(words)) if name.starts_with("rustc-link-arg") || *name == "rustc-cdylib-link-arg" => {
            linker_arguments(words)
        }
        ([name], None) if name.starts_with("rustc-") => return Some(Hijack::unreadable()),
        // Cargo gives these to the rustc that builds the package.
        (["rustc-env", name], _) => return variable(view, name),
        _ => None,
    };
    let (what, reach) = found?;
    Some(Hijack::new(
        format!("links a path {} in place of what a build script finds", reach.of()),
        format!("`{what}` is used, and the build script of the package with that `links` never runs"),
    ))
}

/// Subcommands that judge, and that nobody would notice to be missing as long as they answer.
const CHECKERS: [&str; 24] = [
    "trustlock", "deny", "vet", "audit", "crev", "acl", "auditable", "geiger", "supply-chain", "cooldown",
    "semver-checks", "outdated", "udeps", "machete", "shear", "hack", "msrv", "careful", "sbom", "cyclonedx",
    "clippy", "fmt", "miri", "nextest",
];

/// Commands that no alias can replace: cargo warns and ignores it.
const BUILT_IN: [&str; 37] = [
    "add", "bench", "build", "check", "clean", "config", "doc", "fetch", "fix", "generate-lockfile",
    "git-checkout", "help", "info", "init", "install", "locate-project", "login", "logout", "metadata", "new",
    "owner", "package", "pkgid", "publish", "read-manifest", "remove", "report", "run", "rustc", "rustdoc",
    "search", "test", "tree", "uninstall", "update", "vendor", "verify-project",
];

fn alias(view: &View<'_>, name: &str) -> Option<Hijack> {
    if CHECKERS.contains(&name) {
        let runs = view.words().map_or_else(|| view.text.clone(), |words| words.join(" "));
        return Some(Hijack::new(
            format!("replaces `cargo {name}`"),
            format!("`cargo {name}` runs `cargo {runs}` instead of the installed program"),
        ));
    }
    BUILT_IN.contains(&name).then(|| Hijack {
        level: Level::Warn,
        ..Hijack::new(
            format!("is named like the built-in `cargo {name}`"),
            "cargo ignores it with a warning; who reads it is misled",
        )
    })
}

fn variable(view: &View<'_>, name: &str) -> Option<Hijack> {
    let (what, reach) = match view.string() {
        Some(text) => settings::variable(name, text)?,
        // A form that cargo refuses, of a variable that would be judged.
        None => return settings::variable(name, "./").map(|_| Hijack::unreadable()),
    };
    Some(Hijack::new(
        format!("makes tools load or start something {}", reach.of()),
        format!("rustc, build scripts and what they start find `{what}` through it"),
    ))
}
