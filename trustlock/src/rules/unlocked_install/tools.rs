//! Tools that are fetched to be run: `uvx`, `uv tool`, `pipx`, `uv run --with`, `cargo binstall`.

use super::call::{Arguments, Call};
use super::door::{Cause, Door, Site, shown};
use super::requirement::{Asked, asked, name};
use crate::evidence::commands::Word;

/// Options of `uvx`, `uv tool` and `uv run` that take a value.
const UV: [&str; 36] = [
    "--from", "--with", "-w", "--with-editable", "--with-requirements", "--index", "--default-index", "-i", "--index-url",
    "--extra-index-url", "-f", "--find-links", "-p", "--python", "-c", "--constraints", "--constraint", "--overrides",
    "--build-constraints", "-P", "--upgrade-package", "--refresh-package", "--reinstall-package", "--env-file",
    "--index-strategy", "--keyring-provider", "--resolution", "--prerelease", "--exclude-newer", "--link-mode",
    "--config-file", "--directory", "--project", "--cache-dir", "--color", "--python-platform",
];

/// Further ones of `uv run` and `uv sync`.
pub(super) const UV_PROJECT: [&str; 12] = [
    "--extra", "--group", "--only-group", "--no-group", "--package", "--no-extra", "--no-install-package", "--inexact",
    "-m", "--module", "--only-install-package", "--no-editable-package",
];

/// Options of `pipx` that take a value.
const PIPX: [&str; 12] = [
    "--spec", "--python", "--pip-args", "-i", "--index-url", "--suffix", "--preinstall", "--backend", "--with",
    "--fetch-python", "--extra-index-url", "--constraint",
];

/// Every option of `uv run` and `uv sync` that takes a value.
pub(super) fn uv_project() -> Vec<&'static str> {
    // `--inexact` is none, but it stands for itself.
    UV.into_iter().chain(UV_PROJECT).filter(|option| *option != "--inexact").collect()
}

/// The tool that is fetched in whatever version is newest.
pub(super) fn judge(site: &Site<'_>, call: &Call<'_>) -> Option<Door> {
    match call.tool.as_str() {
        "uvx" => run(site, call, call.rest, &[]),
        "uv" => {
            if let Some((head, rest)) = call.behind(&["tool", "run"], &UV) {
                return run(site, call, rest, head);
            }
            if let Some((head, rest)) = call.behind(&["tool", "install"], &UV) {
                let arguments = Arguments::new(rest, &UV);
                return installed(site, call, head, &arguments, &[]);
            }
            let (head, rest) = call.behind(&["run"], &UV)?;
            let arguments = Arguments::up_to_a_name(rest, &uv_project());
            extra(site, call, head, &arguments)
        }
        "pipx" => {
            if let Some((head, rest)) = call.behind(&["run"], &PIPX) {
                let arguments = Arguments::up_to_a_name(rest, &PIPX);
                return fetched(site, call, head, &arguments, "--spec", rest, "==");
            }
            let (head, rest) = call.behind(&["install"], &PIPX)?;
            installed(site, call, head, &Arguments::new(rest, &PIPX), &["--spec"])
        }
        "poetry" => {
            let (head, rest) = call.behind(&["self", "add"], &[])?;
            installed(site, call, head, &Arguments::new(rest, &[]), &[])
        }
        "cargo" => {
            let (head, rest) = call.behind(&["binstall"], &[])?;
            let valued = [
                "--version", "--manifest-path", "--targets", "--strategies", "--disable-strategies", "--root", "--registry",
                "--index", "--pkg-url", "--bin-dir", "--pkg-fmt", "--install-path", "--rate-limit", "--github-token",
            ];
            let arguments = Arguments::new(rest, &valued);
            let by_option = arguments.values(&["--version"]).any(|(version, varies)| is_version(version, varies));
            if by_option || arguments.has(&["--manifest-path", "--git"]) {
                return None;
            }
            installed(site, call, head, &arguments, &[])
        }
        _ => None,
    }
}

/// Whether an option names one version.
pub(super) fn is_version(text: &str, varies: bool) -> bool {
    varies || text.trim_start_matches('=').starts_with(|c: char| c.is_ascii_digit())
}

fn run(
    site: &Site<'_>,
    call: &Call<'_>,
    rest: &[Word],
    head: &[Word],
) -> Option<Door> {
    let arguments = Arguments::up_to_a_name(rest, &UV);
    fetched(site, call, head, &arguments, "--from", rest, "@")
}

/// A tool that is run at once: its name, or what the option `from` says.
fn fetched(
    site: &Site<'_>,
    call: &Call<'_>,
    head: &[Word],
    arguments: &Arguments<'_>,
    from: &'static str,
    rest: &[Word],
    sign: &str,
) -> Option<Door> {
    let from = [from];
    let spec = arguments.values(&from).next();
    let tool = arguments.names.first();
    let (text, varies) = spec.or_else(|| tool.map(|word| (&*word.text, word.varies)))?;
    if is_offline(arguments) {
        return None;
    }
    // `uvx python` starts an interpreter, which is no package.
    let is_python = spec.is_none() && name(text).trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') == "python";
    if is_python || asked(text, varies) != Asked::Open {
        return extra(site, call, head, arguments);
    }
    let shown = shown(&[call.head, head, rest].concat());
    let start = site.written(&[call.head, head].concat());
    let pinned = format!("{}{sign}VERSION", without_version(text));
    let paste = match (spec, tool) {
        (Some(_), Some(tool)) => format!("{start} {} '{}==VERSION' {}", from.concat(), without_version(text), tool.text),
        _ => format!("{start} {pinned}"),
    };
    Some(door(site, format!("`{shown}` runs whatever version is newest")).paste("name the version", paste))
}

/// Tools that are installed; all names, or what one of the options `from` says.
fn installed(
    site: &Site<'_>,
    call: &Call<'_>,
    head: &[Word],
    arguments: &Arguments<'_>,
    from: &[&str],
) -> Option<Door> {
    if is_offline(arguments) || arguments.values(from).any(|(text, varies)| asked(text, varies) != Asked::Open) {
        return None;
    }
    let open: Vec<&str> = arguments
        .names
        .iter()
        .filter(|word| asked(&word.text, word.varies) == Asked::Open)
        .map(|word| &*word.text)
        .collect();
    if open.is_empty() {
        return extra(site, call, head, arguments);
    }
    let sign = if call.tool == "cargo" || call.tool == "poetry" { "@" } else { "==" };
    let pinned = open.iter().map(|text| format!("{}{sign}VERSION", without_version(text))).collect::<Vec<_>>().join(" ");
    let title = format!("`{}` installs whatever version is newest", shown(&site.command.words));
    let start = site.written(&[call.head, head].concat());
    Some(door(site, title).paste("name the version", format!("{start} {pinned}")))
}

/// What is installed beside a tool: `--with`.
fn extra(
    site: &Site<'_>,
    call: &Call<'_>,
    head: &[Word],
    arguments: &Arguments<'_>,
) -> Option<Door> {
    let mut with = arguments.values(&["--with", "-w"]).flat_map(|(texts, varies)| texts.split(',').map(move |t| (t, varies)));
    let (text, _) = with.find(|(text, varies)| asked(text.trim(), *varies) == Asked::Open)?;
    let start = shown(&[call.head, head].concat());
    let title = format!("`{start} --with {text}` installs what no lockfile pins");
    Some(door(site, title).paste("name the version", format!("--with '{}==VERSION'", without_version(text))))
}

fn is_offline(arguments: &Arguments<'_>) -> bool {
    let asks = ["--offline", "--help", "-h", "--version", "-V", "--dry-run", "--generate-shell-completion"];
    arguments.has(&asks)
}

fn door(site: &Site<'_>, title: String) -> Door {
    Door::new(Cause::Tool, site.command.span(), title, "no version stands here, so each run may get another")
}

/// `ruff@latest`, `ruff>=1`: the name, with extras.
fn without_version(text: &str) -> &str {
    if text.contains("://") {
        return text;
    }
    let end = text.find(['=', '<', '>', '~', '!', ' ', ';']);
    let bare = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let scope = usize::from(bare.starts_with('@'));
    let end = bare.get(scope..).and_then(|rest| rest.find('@')).map_or(bare.len(), |at| at + scope);
    bare.get(..end).filter(|bare| !bare.is_empty()).unwrap_or_else(|| name(text))
}
