//! What the settings of uv may do.

use super::python::{direct, elsewhere, local, obeyed, requirement_source, source, texts};
use super::{View, finding};
use crate::evidence::{Setting, Tool, Value};
use crate::model::{Declaration, LocalForm, Source, SourceKind, Url};
use crate::rules::{ProjectContext, Sink};

/// Where packages, and Python itself, are taken from.
pub(in crate::rules) fn redirected(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for view in obeyed(context, Tool::Uv) {
        let parts = view.parts();
        let (what, role) = match below_pip(&parts) {
            ["index-url"] => ("the default index is".to_owned(), SourceKind::Index),
            ["extra-index-url"] => ("an index is".to_owned(), SourceKind::Index),
            // It is only published to.
            ["index", name, "url"] if is_never_asked(context, &view, name) => continue,
            ["index", name, "url"] => (format!("the index `{name}` is"), SourceKind::Index),
            ["find-links"] => ("a place of packages (`find-links`) is".to_owned(), SourceKind::Index),
            ["python-install-mirror" | "pypy-install-mirror" | "python-downloads-json-url"] => {
                let title = format!("`{}` takes Python itself from elsewhere", view.written);
                let label = "the interpreter that runs everything is downloaded from there";
                sink.extend(finding(context, rule, &view, title, label));
                continue;
            }
            _ => continue,
        };
        for text in texts(&view.value) {
            let source = source(&view, &text, role.clone(), LocalForm::Links);
            sink.extend(elsewhere(context, rule, &view, &source, &what));
        }
    }
}

/// Checks that are switched off.
pub(in crate::rules) fn disarmed(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for view in obeyed(context, Tool::Uv) {
        let parts = view.parts();
        let (what, label) = match below_pip(&parts) {
            ["allow-insecure-host" | "trusted-host"]
                if !texts(&view.value).iter().all(|h| is_this_machine(h)) =>
            {
                ("switches off the check of certificates", "whoever sits between answers for this host")
            }
            ["index-strategy"] if view.string().is_some_and(|s| s.starts_with("unsafe")) => (
                "lets any index answer for any package",
                "whoever publishes the name of an internal package on a public index is asked as well",
            ),
            ["no-verify-hashes"] if view.value == Value::Bool(true) => {
                ("switches off the check of digests", "uv installs files whose digest is not the locked one")
            }
            ["verify-hashes"] if view.value == Value::Bool(false) => {
                ("switches off the check of digests", "uv installs files whose digest is not the locked one")
            }
            ["upgrade"] if view.value == Value::Bool(true) => (
                "makes uv ignore what is locked",
                "every `uv sync` without `--locked` resolves everything anew",
            ),
            _ => continue,
        };
        sink.extend(finding(context, rule, &view, format!("`{}` {what}", view.written), label));
    }
}

/// Packages that come from another place than their index.
pub(in crate::rules) fn replaced(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for view in obeyed(context, Tool::Uv) {
        let parts = view.parts();
        match parts.as_slice() {
            ["override-dependencies" | "constraint-dependencies" | "build-constraint-dependencies"] => {
                for requirement in texts(&view.value) {
                    // Another version is a matter of the lockfile; another place is not.
                    let Some((name, place)) = direct(&requirement) else { continue };
                    let source = requirement_source(&view, place);
                    let what = format!("`{name}` is replaced by what is");
                    sink.extend(elsewhere(context, rule, &view, &source, &what));
                }
            }
            ["sources", name, key @ ("git" | "url" | "path")]
            | ["sources", name, _, key @ ("git" | "url" | "path")] => {
                let Some(text) = view.string() else { continue };
                // The path inside a git repository.
                if *key == "path" && is_git(&view, context) {
                    continue;
                }
                let kind = match *key {
                    "git" => SourceKind::Git { reference: None, commit: None },
                    _ => SourceKind::Archive,
                };
                let source = match *key {
                    "path" => local(&view, text, LocalForm::Directory),
                    _ => Source { raw: text.to_owned(), kind, url: Url::parse(text) },
                };
                let what = format!("`{name}` is");
                sink.extend(elsewhere(context, rule, &view, &source, &what));
            }
            _ => {}
        }
    }
}

/// Whether an index is asked for nothing: it is explicit, and no source names it.
fn is_never_asked(context: &ProjectContext<'_>, view: &View<'_>, name: &str) -> bool {
    let uv = || context.evidence.settings.settings.iter().filter(|s| s.tool == Tool::Uv);
    let table = view.setting.key.split_last().map(|(_, table)| table);
    let explicit = uv().any(|other| {
        let of = other.key.split_last().filter(|(last, _)| *last == "explicit").map(|(_, table)| table);
        other.file.path == view.setting.file.path && of == table && other.value == Value::Bool(true)
    });
    let named = |other: &Setting| {
        other.key.last().is_some_and(|last| last == "index") && other.value == Value::Text(name.to_owned())
    };
    explicit && !uv().any(named)
}

/// The key without the table for `uv pip`, whose settings are the same.
fn below_pip<'p>(parts: &'p [&'p str]) -> &'p [&'p str] {
    match parts {
        ["pip", rest @ ..] => rest,
        _ => parts,
    }
}

/// `localhost`, `127.0.0.1:8080`, `https://[::1]`: nobody sits between.
fn is_this_machine(host: &str) -> bool {
    let text = if host.contains("://") { host.to_owned() } else { format!("http://{host}") };
    Url::parse(&text).is_some_and(|url| {
        let host = url.host();
        host == "localhost"
            || host == "[::1]"
            || host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
    })
}

/// Whether a `git` stands beside this `path`.
fn is_git(view: &View<'_>, context: &ProjectContext<'_>) -> bool {
    let table = view.setting.key.split_last().map(|(_, table)| table);
    context.evidence.settings.settings.iter().any(|other| {
        other.file.path == view.setting.file.path
            && other.key.split_last().is_some_and(|(last, of)| last == "git" && Some(of) == table)
    })
}
