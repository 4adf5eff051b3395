use std::sync::Arc;

use super::{LockfileContext, Sink};
use crate::model::{
    Declaration, Ecosystem, Family, Finding, Level, Lockfile, PackageRef, Source, SourceKind, Subject, Url,
    WaiverNames,
};

pub(super) static RULE: Declaration = Declaration {
    name: "insecure-source",
    family: Family::Sources,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Source,
    summary: "A package comes over a connection that anybody on the way can alter, or from a URL with a user name or password in it",
    why: "Plain `http`, `git` and `ftp` prove neither who answers nor what was sent. For a git dependency or \
          a registry's index nothing else does either at the moment of an update. cargo takes \
          `http://github.com/…` and `https://github.com/…` for the same repository, so a lockfile that was \
          changed from one to the other stays green. A user name or password in a URL is readable by everyone \
          who can read the lockfile.",
    fix: "Name the source by `https` or `ssh`. Keep credentials in the tool's own store (`cargo login`, a git \
          credential helper), and revoke the one that was committed.",
    accepted_by: "cargo 1.95 with `--locked`, cargo-deny 0.20 (compares host and path only), cargo-vet 0.10, \
                  cargo-audit 0.22",
    incident: None,
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let lockfile = context.lockfile;
    let ecosystem = lockfile.format.ecosystem;
    let weaknesses: Vec<_> = lockfile.sources.iter().map(|source| weakness(source, ecosystem)).collect();
    files(lockfile, sink);
    for package in lockfile.packages().chain(lockfile.unused()) {
        let id = package.package.source.map(|source| source.id as usize);
        let Some(Some(weakness)) = id.and_then(|id| weaknesses.get(id)) else { continue };
        let finding = Finding::new(
            &RULE,
            Subject::package(package),
            package.source_place(),
            format!("`{}` comes {}", package.label(), weakness.how),
        )
        .label(weakness.label)
        .chain(package.chain())
        .cause(format!("packages come {}", weakness.how));
        sink.push(match &weakness.paste {
            Some(paste) => finding.paste(weakness.fix, paste),
            None => finding.fix(weakness.fix),
        });
    }
}

struct Weakness {
    how: String,
    label: &'static str,
    fix: &'static str,
    paste: Option<String>,
}

fn weakness(source: &Source, ecosystem: Ecosystem) -> Option<Weakness> {
    let url = source.url.as_ref()?;
    if url.is_insecure() {
        let paste = super::shown(source).replacen(&format!("{}://", url.scheme()), "https://", 1);
        return Some(Weakness {
            how: format!("over plain `{}` from `{}`", url.scheme(), url.host()),
            label: "anybody on the way can alter what arrives",
            fix: match ecosystem {
                Ecosystem::Cargo => {
                    "name it by `https`, in the manifest or the settings that name it, then run `cargo update -w`"
                }
                Ecosystem::Pypi => "name it by `https` in the manifest or the settings that name it, and lock again",
            },
            paste: Some(paste),
        });
    }
    holds_credential(url).then(|| Weakness {
        how: format!("from a URL of `{}` that holds a user name or password", url.host()),
        label: "everyone who can read this file can read it too",
        fix: "take it out of the URL; if it is a credential, revoke it and keep the new one in the tool's own store",
        paste: None,
    })
}

/// The files of packages that come from an index.
fn files(lockfile: &Lockfile, sink: &mut Sink<'_>) {
    for artifact in lockfile.packages().flat_map(PackageRef::artifacts) {
        let Some(text) = artifact.url().filter(|text| !is_plainly_secure(text)) else { continue };
        let package = artifact.package;
        // What a package says of its own URL is said of the package.
        if package.source().is_some_and(|of| of.kind == SourceKind::Archive) {
            continue;
        }
        let source = Source { raw: text.to_owned(), kind: SourceKind::Archive, url: Url::parse(text) };
        let Some(weakness) = weakness(&source, package.ecosystem()) else { continue };
        let place = artifact.artifact.and_then(|a| a.url).map_or(artifact.place(), |url| package.at(url.place));
        let mut subject = Subject::artifact(artifact);
        subject.source = Some(Arc::new(source));
        let title = format!("{} comes {}", artifact.label(), weakness.how);
        sink.push(
            Finding::new(&RULE, subject, place, title)
                .label(weakness.label)
                .chain(package.chain())
                .cause(format!("files come {}", weakness.how))
                .fix(weakness.fix),
        );
    }
}

/// Nearly every file is named by a URL that needs no parser to be seen to be secure.
fn is_plainly_secure(url: &str) -> bool {
    url.starts_with("https://") && !url.contains('@')
}

/// Over http the user name alone can be a token; over ssh it is just a name.
fn holds_credential(url: &Url) -> bool {
    url.has_password() || (!url.user().is_empty() && matches!(url.scheme(), "http" | "https"))
}
