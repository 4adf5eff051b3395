//! Sources as Python lockfiles name them.

use crate::model::{GitReference, LocalForm, ReferenceKind, Source, SourceKind, Url};
use crate::tree::TreePath;

/// An index, by its address.
pub(in crate::lockfile) fn index(raw: &str) -> Source {
    Source { raw: raw.to_owned(), kind: SourceKind::Index, url: Url::parse(raw) }
}

/// One archive, by its own URL.
pub(in crate::lockfile) fn archive(raw: &str) -> Source {
    Source { raw: raw.to_owned(), kind: SourceKind::Archive, url: Url::parse(raw) }
}

/// A git repository, what is asked of it, and the commit that is locked.
pub(in crate::lockfile) fn git(
    raw: &str,
    repository: &str,
    reference: Option<GitReference>,
    commit: Option<&str>,
) -> Source {
    let kind = SourceKind::Git { reference, commit: commit.map(str::to_owned) };
    let address = repository.strip_prefix("git+").unwrap_or(repository);
    let url = Url::parse(address).or_else(|| scp(address));
    Source { raw: raw.to_owned(), kind, url }
}

/// What is asked of a git repository.
pub(in crate::lockfile) fn reference(kind: ReferenceKind, value: &str) -> GitReference {
    GitReference { kind, value: value.to_owned() }
}

/// A file or folder at `path`, as written in a file of `folder`.
pub(in crate::lockfile) fn local(folder: &TreePath, form: LocalForm, path: &str) -> Source {
    let inside = folder.join(path).ok().map(|path| path.as_str().to_owned());
    Source { raw: path.to_owned(), kind: SourceKind::Local { form, inside }, url: None }
}

/// Whichever index the tool takes by default.
pub(in crate::lockfile) fn unrecorded() -> Source {
    Source { raw: String::new(), kind: SourceKind::Unrecorded, url: None }
}

/// A kind that no policy can allow: another version control system, say.
pub(in crate::lockfile) fn unknown(raw: &str) -> Source {
    let address = raw.split_once('+').map_or(raw, |(_, address)| address);
    Source { raw: raw.to_owned(), kind: SourceKind::Unknown, url: Url::parse(address) }
}

/// git's own short form of an ssh address: `git@github.com:acme/lib`.
fn scp(address: &str) -> Option<Url> {
    let (host, path) = address.split_once(':')?;
    let plain = !address.contains("://") && !host.contains('/') && !path.starts_with('/');
    plain.then(|| Url::parse(&format!("ssh://{host}/{path}")))?
}

/// `%41` is `A`; what is no such escape stays as it is.
pub(in crate::lockfile) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|b| char::from(*b).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
