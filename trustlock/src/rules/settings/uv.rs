//! What the settings of uv may do. Which file uv obeys depends on where it is started, so every one of the
//! checkout counts, except in folders of test data that no lockfile stands in.

use std::sync::Arc;

use super::{View, finding, is_locked, views};
use crate::evidence::{Tool, Value};
use crate::model::{Declaration, Ecosystem, Finding, LocalForm, Source, SourceKind, Subject, Url};
use crate::policy::SourceVerdict;
use crate::rules::{ProjectContext, Sink, is_test_data};
use crate::tree::TreePath;

/// Where packages, and Python itself, are taken from.
pub(in crate::rules) fn redirected(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for view in obeyed(context) {
        let parts = view.parts();
        let (what, role) = match below_pip(&parts) {
            ["index-url"] => ("the default index is".to_owned(), SourceKind::Index),
            ["extra-index-url"] => ("an index is".to_owned(), SourceKind::Index),
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
    for view in obeyed(context) {
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
    for view in obeyed(context) {
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

/// The settings that uv may obey.
fn obeyed<'a>(context: &ProjectContext<'a>) -> Vec<View<'a>> {
    let mut views = views(context, Tool::Uv);
    views.retain(|view| {
        let folder =
            TreePath::new(&view.setting.file.path).ok().and_then(|path| path.parent()).unwrap_or_default();
        let locked = || {
            let mut paths = context.lockfiles.iter().filter_map(|l| TreePath::new(&l.file.path).ok());
            paths.any(|path| path.parent().is_some_and(|at| at.is_within(&folder)))
        };
        !is_test_data(&folder) || locked()
    });
    views
}

/// The key without the table for `uv pip`, whose settings are the same.
fn below_pip<'p>(parts: &'p [&'p str]) -> &'p [&'p str] {
    match parts {
        ["pip", rest @ ..] => rest,
        _ => parts,
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => vec![text.clone()],
        Value::List(items) => items.clone(),
        Value::Other(text) if text != "[]" => vec![text.clone()],
        Value::Bool(_) | Value::Integer(_) | Value::Other(_) => Vec::new(),
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

/// An address, or a path as written in the file.
fn source(view: &View<'_>, text: &str, kind: SourceKind, form: LocalForm) -> Source {
    if text.contains("://") {
        Source { raw: text.to_owned(), kind, url: Url::parse(text) }
    } else {
        local(view, text, form)
    }
}

fn local(view: &View<'_>, text: &str, form: LocalForm) -> Source {
    let base = view.setting.base.as_ref();
    let inside = base.and_then(|base| base.join(text).ok()).map(|path| path.as_str().to_owned());
    Source { raw: text.to_owned(), kind: SourceKind::Local { form, inside }, url: None }
}

/// `name [extras] @ place ; marker`
fn direct(requirement: &str) -> Option<(&str, &str)> {
    let (name, place) = requirement.split_once('@')?;
    let name = name.split('[').next().unwrap_or_default().trim();
    let place = place.trim_start();
    Some((name, place.split([' ', '\t']).next().unwrap_or_default().trim_end_matches(';')))
}

fn requirement_source(view: &View<'_>, place: &str) -> Source {
    match place.strip_prefix("git+") {
        Some(address) => {
            let kind = SourceKind::Git { reference: None, commit: None };
            // `@ref` is no part of the address.
            let path = address
                .find("://")
                .and_then(|at| address.get(at + 3..))
                .and_then(|rest| rest.split_once('/'));
            let reference = path.and_then(|(_, path)| path.rsplit_once('@')).map_or(0, |(_, r)| r.len() + 1);
            let bare = address.get(..address.len() - reference).unwrap_or(address);
            let bare = bare.split('#').next().unwrap_or_default();
            Source { raw: place.to_owned(), kind, url: Url::parse(bare) }
        }
        None => source(view, place, SourceKind::Archive, LocalForm::File),
    }
}

/// Whether a `git` stands beside this `path`.
fn is_git(view: &View<'_>, context: &ProjectContext<'_>) -> bool {
    let table = view.setting.key.split_last().map(|(_, table)| table);
    context.evidence.settings.settings.iter().any(|other| {
        other.file.path == view.setting.file.path
            && other.key.split_last().is_some_and(|(last, of)| last == "git" && Some(of) == table)
    })
}

/// A place, judged by `[sources]` alone. A folder of the repository is under review.
fn elsewhere(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    view: &View<'_>,
    source: &Source,
    what: &str,
) -> Option<Finding> {
    if let SourceKind::Local { inside, .. } = &source.kind {
        // One that is locked is `path-escape`'s.
        let locked = || {
            let mut sources = context.lockfiles.iter().flat_map(|lockfile| &lockfile.sources);
            sources.any(|s| s.raw == source.raw && matches!(s.kind, SourceKind::Local { .. }))
        };
        if inside.is_some() || locked() {
            return None;
        }
        let title = format!("{what} in a folder outside the repository");
        let label = "what stands there is not in this repository, and no review sees it change";
        return finding(context, rule, view, title, label);
    }
    if is_locked(context, source) {
        return None;
    }
    let SourceVerdict::Refused { judge, .. } = context.policy.judge_source(Ecosystem::Pypi, Some(source))
    else {
        return None;
    };
    let file = &view.setting.file.path;
    let (shown, entry) = match &source.url {
        Some(url) => {
            let prefix = if matches!(source.kind, SourceKind::Git { .. }) { "git+" } else { "" };
            (format!("`{url}`"), Some(format!("{prefix}{url}")))
        }
        None => ("no URL".to_owned(), None),
    };
    let mut subject =
        Subject::setting(file, &view.written, entry.clone().unwrap_or_else(|| view.text.clone()));
    subject.source = Some(Arc::new(source.clone()));
    let found = Finding::new(
        rule,
        subject,
        view.setting.place(),
        format!("{what} at a place that the policy does not allow"),
    )
    .label(format!("uv fetches from {shown}"))
    .judge(judge)
    .fix(format!("remove `{}` from `{file}`", view.written));
    Some(match entry {
        // What anybody on the way can alter is named by `https` first.
        _ if source.url.as_ref().is_some_and(Url::is_insecure) => found,
        Some(entry) => found.paste(
            "or, if that is where your packages come from, list it in `trustlock.toml`",
            format!("[sources]\npypi = [\"pypi\", \"path\", \"{entry}\"]"),
        ),
        None => found,
    })
}
