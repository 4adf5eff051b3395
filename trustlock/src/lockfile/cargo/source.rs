//! The text of a source in `Cargo.lock`: `registry+URL`, `sparse+URL`, `git+URL?branch=…#COMMIT`,
//! `path+URL`. See the Cargo book, "Package ID Specifications", and the lockfile versions.

use crate::model::{GitReference, ReferenceKind, Source, SourceKind, Url};

/// Understands `text`. From version 4 on, the values of a git query are percent-encoded; before, they
/// are raw, so a `#` may belong to a branch's name and the commit stands after the last one.
pub fn parse(text: &str, version: u32) -> Source {
    let (scheme, rest) = text.split_once('+').unwrap_or(("", text));
    let (kind, url) = match scheme {
        "registry" => (SourceKind::Registry, rest),
        "sparse" => (SourceKind::SparseRegistry, rest),
        "git" => git(rest, version),
        "path" => (SourceKind::Path, rest),
        "local-registry" | "directory" => (SourceKind::LocalRegistry, rest),
        _ => (SourceKind::Unknown, text),
    };
    let url = if kind == SourceKind::Unknown { None } else { Url::parse(url) };
    Source { raw: text.to_owned(), kind, url }
}

fn git(rest: &str, version: u32) -> (SourceKind, &str) {
    let (rest, commit) = match rest.rsplit_once('#') {
        Some((rest, commit)) => (rest, Some(commit.to_owned())),
        None => (rest, None),
    };
    let (url, query) = match rest.split_once('?') {
        Some((url, query)) => (url, Some(query)),
        None => (rest, None),
    };
    let reference = query.and_then(|query| reference(query, version));
    (SourceKind::Git { reference, commit }, url)
}

fn reference(query: &str, version: u32) -> Option<GitReference> {
    let kind_of = |name: &str| {
        [ReferenceKind::Branch, ReferenceKind::Tag, ReferenceKind::Rev, ReferenceKind::Ref]
            .into_iter()
            .find(|kind| kind.name() == name)
    };
    if version < 4 {
        let (name, value) = query.split_once('=')?;
        return Some(GitReference { kind: kind_of(name)?, value: value.to_owned() });
    }
    let base = url::Url::parse(&format!("git:///?{query}")).ok()?;
    base.query_pairs()
        .find_map(|(name, value)| Some(GitReference { kind: kind_of(&name)?, value: value.into_owned() }))
}
