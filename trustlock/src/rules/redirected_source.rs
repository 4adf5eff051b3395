use std::collections::BTreeSet;
use std::sync::Arc;

use super::settings::{View, finding, git, pdm, pip, pipenv, poetry, registry, uv, views};
use super::{ProjectContext, Sink};
use crate::evidence::Tool;
use crate::evidence::settings::is_folder;
use crate::model::{Declaration, Ecosystem, Family, Finding, Level, Source, Subject, WaiverNames};
use crate::policy::SourceVerdict;

pub(super) static RULE: Declaration = Declaration {
    name: "redirected-source",
    family: Family::Settings,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "a settings file sends a registry or git source to a place that the policy does not allow",
    why: "`[source]` replacement makes cargo download every package from another place while `Cargo.lock` \
          goes on saying crates.io. Together with one changed checksum in the lockfile it brings in other \
          code under a trusted name and version.",
    fix: "Remove the redirection, or list the mirror under `[sources] cargo` of the policy. What `cargo \
          vendor` prints, a folder inside the repository, is not reported.",
    accepted_by: "cargo 1.95 with `--locked` builds from a mirror that `.cargo/config.toml` names when the \
                  checksum in `Cargo.lock` was changed to match; cargo-deny, cargo-vet and cargo-audit see \
                  crates.io. pip 26.3 takes packages from whatever index a requirements file adds, by \
                  `--extra` as well as `--extra-index-url`.",
    incident: None,
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    uv::redirected(context, &RULE, sink);
    pip::redirected_source(context, &RULE, sink);
    poetry::redirected(context, &RULE, sink);
    pdm::redirected(context, &RULE, sink);
    pipenv::redirected(context, &RULE, sink);
    let views = views(context, Tool::Cargo);
    let named = |wanted: &str| -> BTreeSet<(&str, &str)> {
        let of = |view: &'_ View<'_>| match view.parts().as_slice() {
            ["source", _, field] => *field == wanted,
            _ => false,
        };
        views
            .iter()
            .filter(|v| of(v) && is_obeyed(v))
            .filter_map(|v| Some((v.setting.file.path.as_str(), v.key.get(1)?.as_str())))
            .collect()
    };
    let replaced = named("replace-with");
    let defined: BTreeSet<&str> = views
        .iter()
        .filter(|v| is_obeyed(v))
        .filter(|v| matches!(v.parts().as_slice(), ["source", _, field] if is_place(field)))
        .chain(views.iter().filter(|v| matches!(v.parts().as_slice(), ["registries", _, "index"])))
        .filter_map(|v| v.key.get(1).map(String::as_str))
        .collect();

    for view in &views {
        let found = match view.parts().as_slice() {
            ["source", name, "replace-with"] => {
                let known = view.string().is_some_and(|to| to == "crates-io" || defined.contains(to));
                if known { None } else { undefined(context, view, name) }
            }
            ["source", _, field] if is_folder(field) => outside(context, view),
            // What is itself replaced is only named here: nothing is fetched from it.
            ["source", name, "registry" | "git"]
                if replaced.contains(&(view.setting.file.path.as_str(), *name)) =>
            {
                None
            }
            ["source", name, field @ ("registry" | "git")] => {
                let make = if *field == "git" { git } else { registry };
                elsewhere(context, view, &format!("`[source.{name}]` is"), make)
            }
            ["registries", name, "index"] => {
                elsewhere(context, view, &format!("the registry `{name}` is"), registry)
            }
            ["registry", "index"] => elsewhere(context, view, "the default registry is", registry),
            _ => None,
        };
        if let Some(found) = found {
            sink.push(found);
        }
    }
}

fn is_place(field: &str) -> bool {
    is_folder(field) || matches!(field, "registry" | "git")
}

/// Whether the cargo that reads the file obeys the line itself. What `[env]` or an alias would set for
/// another cargo must not excuse what stands here.
fn is_obeyed(view: &View<'_>) -> bool {
    view.key == view.setting.key
}

fn undefined(context: &ProjectContext<'_>, view: &View<'_>, name: &str) -> Option<Finding> {
    let title = format!("`{name}` is replaced by a source that this repository does not define");
    let label = format!("where `{}` is depends on the machine, so it cannot be judged", view.text);
    finding(context, &RULE, view, title, label)
}

/// A folder is healthy inside the repository, where its contents are under review.
fn outside(context: &ProjectContext<'_>, view: &View<'_>) -> Option<Finding> {
    let inside = view.string().and_then(|path| view.setting.base.as_ref()?.join(path).ok());
    let label = match &inside {
        Some(path) if !context.evidence.settings.links.contains(path) => return None,
        Some(path) => format!("`{path}` is, or stands behind, a symbolic link that may lead anywhere"),
        None => "what stands there is not in this repository, and no review sees it change".to_owned(),
    };
    let title = format!("`{}` takes packages from a folder outside the repository", view.written);
    finding(context, &RULE, view, title, label)
}

/// A URL, judged by `[sources]` alone.
fn elsewhere(
    context: &ProjectContext<'_>,
    view: &View<'_>,
    what: &str,
    make: fn(&str) -> Source,
) -> Option<Finding> {
    let source = make(view.string().unwrap_or(&view.text));
    let SourceVerdict::Refused { judge, .. } =
        context.policy.judge_source(Ecosystem::Cargo, Some(&source))
    else {
        return None;
    };
    let file = &view.setting.file.path;
    let shown = source.url.as_ref().map_or_else(|| "no URL".to_owned(), |url| format!("`{url}`"));
    let prefix = match source.raw.split_once('+') {
        Some((prefix @ ("sparse" | "git"), _)) => format!("{prefix}+"),
        _ => "registry+".to_owned(),
    };
    let entry = source.url.as_ref().map(|url| format!("{prefix}{url}"));
    let mut subject = Subject::setting(file, &view.written, entry.clone().unwrap_or_else(|| view.text.clone()));
    subject.source = Some(Arc::new(source));
    let title = format!("{what} at a place that the policy does not allow");
    let found = Finding::new(&RULE, subject, view.setting.place(), title)
        .label(format!("cargo fetches from {shown}"))
        .judge(judge)
        .fix(format!("remove `{}` from `{file}`", view.written));
    Some(match entry {
        Some(entry) => found.paste(
            "or, if that is where your packages come from, list it in `trustlock.toml`",
            format!("[sources]\ncargo = [\"crates.io\", \"path\", \"{entry}\"]"),
        ),
        None => found,
    })
}
