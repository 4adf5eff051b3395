use std::collections::HashMap;
use std::sync::Arc;

use super::{LockfileContext, Sink};
use crate::model::{
    ArtifactRef, Declaration, Family, Finding, Level, Source, SourceKind, Subject, Url, WaiverNames,
};
use crate::policy::{SourceVerdict, quote};

pub(super) static RULE: Declaration = Declaration {
    name: "misleading-source",
    family: Family::Sources,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Source,
    summary: "A file is downloaded from another host than the index that the entry names",
    why: "`source = { registry = \"https://pypi.org/simple\" }` in a `uv.lock` and `index` in a `pylock.toml` are \
          labels. What is downloaded is the `url` of the file, whoever serves it, and no tool holds the two \
          against each other: a review that looks for the name of the index sees nothing.",
    fix: "Find out who changed the URL. If your index does keep its files elsewhere, say so in the policy: \
          `{ index = \"https://…/simple\", files = [\"https://cdn.example/*\"] }`.",
    accepted_by: "uv 0.13 (`uv lock --check`, `uv sync --locked` and `--frozen` download from the `url`), pip \
                  26.3 with `pylock.toml`",
    incident: None,
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let lockfile = context.lockfile;
    let is_label = |source: &Source| source.kind == SourceKind::Index;
    let allowed = |source: &Source| {
        let verdict = context.policy.judge_source(lockfile.format.ecosystem, Some(source));
        verdict == SourceVerdict::Allowed
    };
    // An index that is not allowed is another rule's.
    let labels: Vec<bool> = lockfile.sources.iter().map(|s| is_label(s) && allowed(s)).collect();
    // A file's host decides for nearly all, so each is asked once.
    let mut hosts: HashMap<(u32, &str), bool> = HashMap::new();
    for package in lockfile.packages() {
        let Some(id) = package.package.source.map(|s| s.id) else { continue };
        let Some(source) = package.source().filter(|_| labels.get(id as usize) == Some(&true)) else { continue };
        for artifact in package.artifacts() {
            let Some(text) = artifact.url() else { continue };
            let serves = |text: &str| {
                Url::parse(text).is_some_and(|url| context.policy.serves_files(source, &url))
            };
            let root = root(text);
            let served = *hosts.entry((id, root)).or_insert_with(|| serves(root));
            // What comes from the right host by the wrong scheme is `insecure-source`.
            if !served && !serves(text) && !serves(&text.replacen("http://", "https://", 1)) {
                sink.push(finding(artifact, source, text));
            }
        }
    }
}

/// Scheme and host of a URL, up to where its path begins.
fn root(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(start..).unwrap_or_default();
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    url.get(..start + end).unwrap_or(url)
}

fn finding(artifact: ArtifactRef<'_>, index: &Source, text: &str) -> Finding {
    let package = artifact.package;
    let file = crate::model::Source {
        raw: text.to_owned(),
        kind: SourceKind::Archive,
        url: Url::parse(text),
    };
    let host = file.url.as_ref().map_or("nowhere", Url::host).to_owned();
    let place = artifact.artifact.and_then(|a| a.url).map_or(artifact.place(), |url| package.at(url.place));
    let shown = super::shown(index);
    let address = index.url.as_ref().map_or_else(|| shown.clone(), ToString::to_string);
    // PyPI keeps its files in one place, and no policy should say otherwise.
    let own = file.url.as_ref().filter(|url| !url.is_insecure() && !index.is_pypi());
    let paste = own.map(|url| {
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let files = format!("{}://{host}{port}/*", url.scheme());
        format!("[sources]\npypi = [{{ index = {}, files = [{}] }}]", quote(&address), quote(&files))
    });
    let mut subject = Subject::artifact(artifact);
    subject.source = Some(Arc::new(file));
    let finding = Finding::new(
        &RULE,
        subject,
        place,
        format!("{} is downloaded from `{host}`, not from its index", artifact.label()),
    )
    .label(format!("the entry names `{shown}`, and this is what is downloaded"))
    .cause(format!("files are downloaded from `{host}`, though their entries name `{shown}`"))
    .chain(package.chain())
    .fix("find out who changed this line, and restore it from a commit that you trust");
    match paste {
        Some(paste) => finding.paste("if that index keeps its files there, say so in the policy", paste),
        None => finding,
    }
}
