//! Source texts: `registry+URL`, `sparse+URL`, `git+URL?branch=…#COMMIT`.

use url::form_urlencoded;

use crate::model::{GitReference, ReferenceKind, Source, SourceKind, Url};

/// Understands `raw`, as a lockfile of that version writes it. What cannot be understood has no URL.
pub(super) fn parse(raw: &str, version: u32) -> Source {
    let (word, address) = raw.split_once('+').unwrap_or_default();
    let plain = |kind| Source { raw: raw.to_owned(), kind, url: Url::parse(address) };
    match word {
        "registry" => plain(SourceKind::Registry),
        "sparse" => plain(SourceKind::SparseRegistry),
        "path" => plain(SourceKind::Path),
        "local-registry" | "directory" => plain(SourceKind::LocalRegistry),
        "git" => git(raw, address, version),
        _ => Source { raw: raw.to_owned(), kind: SourceKind::Unknown, url: None },
    }
}

/// Version 4 encodes the reference; before that it stands there raw, so a `#` may be part of it and the
/// commit follows the last one.
fn git(raw: &str, address: &str, version: u32) -> Source {
    let encoded = version >= 4;
    let split = if encoded { address.split_once('#') } else { address.rsplit_once('#') };
    let (address, commit) = split.map_or((address, None), |(a, c)| (a, Some(c.to_owned())));
    let (base, query) = address.split_once('?').unwrap_or((address, ""));
    let reference = if encoded {
        // As cargo: the first parameter that it knows.
        form_urlencoded::parse(query.as_bytes()).find_map(|(key, value)| reference(&key, &value))
    } else {
        query.split_once('=').and_then(|(key, value)| reference(key, value))
    };
    Source { raw: raw.to_owned(), kind: SourceKind::Git { reference, commit }, url: Url::parse(base) }
}

fn reference(key: &str, value: &str) -> Option<GitReference> {
    let kind = match key {
        "branch" => ReferenceKind::Branch,
        "tag" => ReferenceKind::Tag,
        "rev" => ReferenceKind::Rev,
        "ref" => ReferenceKind::Ref,
        _ => return None,
    };
    Some(GitReference { kind, value: value.to_owned() })
}

/// What is wrong with it as a text, if anything.
pub(super) fn fault(source: &Source) -> Option<&'static str> {
    let git = matches!(source.kind, SourceKind::Git { .. });
    let address = source.raw.split_once('+').map_or("", |(_, address)| address);
    if source.kind == SourceKind::Unknown {
        Some("cargo knows `registry+`, `sparse+`, `git+` and `path+`")
    } else if source.kind == SourceKind::LocalRegistry {
        Some("cargo never writes this kind and refuses to read it")
    } else if source.url.is_none() {
        Some("this is not a URL")
    } else if !git && address.contains(['?', '#']) {
        Some("a registry has neither `?` nor `#` in its address")
    } else if source.raw.contains(|c: char| c.is_control() || c.is_whitespace()) && !git {
        Some("it holds white space or control characters, which URL parsers drop")
    } else if source.raw.chars().any(char::is_control) {
        Some("it holds control characters, which URL parsers drop")
    } else {
        None
    }
}

/// A text under which two spellings of what cargo takes for one source are equal: the address in its
/// canonical form and the git reference, without the commit.
pub(super) fn identity(source: &Source) -> String {
    match source.reference() {
        None => source.key(),
        // cargo reads the old `ref` as a branch.
        Some(GitReference { kind: ReferenceKind::Ref, value }) => format!("{}?branch={value}", source.key()),
        Some(reference) => format!("{}?{}={}", source.key(), reference.kind.name(), reference.value),
    }
}
