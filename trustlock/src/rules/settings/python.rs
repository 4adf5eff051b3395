//! What the settings of Python's tools have in common: places that packages are taken from.

use std::sync::Arc;

use super::{View, finding, is_locked, views};
use crate::evidence::{Tool, Value};
use crate::model::{Declaration, Ecosystem, Finding, LocalForm, Source, SourceKind, Subject, Url};
use crate::policy::SourceVerdict;
use crate::rules::{ProjectContext, is_test_data};
use crate::tree::TreePath;

/// The settings that the tool may obey. Which file that is depends on where it is started, so every one of
/// the checkout counts, except in folders of test data that no lockfile stands in.
pub(super) fn obeyed<'a>(context: &ProjectContext<'a>, tool: Tool) -> Vec<View<'a>> {
    let mut views = views(context, tool);
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

/// The texts of a value that is one, or a list of them.
pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => vec![text.clone()],
        Value::List(items) => items.clone(),
        Value::Other(text) if text != "[]" => vec![text.clone()],
        Value::Bool(_) | Value::Integer(_) | Value::Other(_) => Vec::new(),
    }
}

/// An address, or a path as written in the file.
pub(super) fn source(view: &View<'_>, text: &str, kind: SourceKind, form: LocalForm) -> Source {
    if text.contains("://") {
        Source { raw: text.to_owned(), kind, url: Url::parse(text) }
    } else {
        local(view, text, form)
    }
}

/// A path as written in the file.
pub(super) fn local(view: &View<'_>, text: &str, form: LocalForm) -> Source {
    let base = view.setting.base.as_ref();
    let inside = base.and_then(|base| base.join(text).ok()).map(|path| path.as_str().to_owned());
    Source { raw: text.to_owned(), kind: SourceKind::Local { form, inside }, url: None }
}

/// `name [extras] @ place ; marker`
pub(super) fn direct(requirement: &str) -> Option<(&str, &str)> {
    let (name, place) = requirement.split_once('@')?;
    let name = name.split('[').next().unwrap_or_default().trim();
    let place = place.trim_start();
    Some((name, place.split([' ', '\t']).next().unwrap_or_default().trim_end_matches(';')))
}

/// The place in a requirement.
pub(super) fn requirement_source(view: &View<'_>, place: &str) -> Source {
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

/// A place, judged by `[sources]` alone. A folder of the repository is under review.
pub(super) fn elsewhere(
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
        if inside.as_deref().is_some_and(is_page) {
            let title = format!("{what} on a page of the repository, whose links lead anywhere");
            return finding(context, rule, view, title, "whatever it links to is downloaded, from any host");
        }
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
    .label(format!("{} fetches from {shown}", view.setting.tool.name()))
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

/// Whether a path is that of a page of links.
pub(super) fn is_page(path: &str) -> bool {
    let end = path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    end.is_some_and(|end| matches!(end.as_str(), "html" | "htm"))
}
