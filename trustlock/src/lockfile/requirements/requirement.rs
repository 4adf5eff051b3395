//! What a requirement asks for: the text before a line's options, or the value of `--editable`.

use std::ops::Range;
use std::str::FromStr;

use pep440_rs::VersionSpecifier;

use super::lines::is_space;
use super::marker::is_marker;

/// A requirement; each part as a range of the text it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    /// `six` of `six[x]==1.0`; `None` where only a URL or path is given.
    pub(super) name: Option<Range<usize>>,
    pub(super) target: Target,
    pub(super) marker: Option<Range<usize>>,
}

/// Where it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// By name, in an index; all specifiers together.
    Index { specifier: Range<usize>, pin: Option<Range<usize>> },
    /// At a URL, fragment included.
    Url(Range<usize>),
    /// At a path.
    Path(Range<usize>),
}

/// Why pip refuses it.
pub(super) type Refused = &'static str;

/// A requirement that is no editable one.
pub(super) fn parse(text: &str) -> Result<Requirement, Refused> {
    let is_link = is_url(text);
    let separator = if is_link { "; " } else { ";" };
    let (body, marker) = match text.split_once(separator) {
        Some((body, marker)) => (body, Some(text.len() - marker.len()..text.len())),
        None => (text, None),
    };
    let body = trimmed(text, 0..body.len());
    let marker = marker.map(|m| trimmed(text, m)).filter(|m| !m.is_empty());
    let asked = text.get(body.clone()).unwrap_or_default();
    if marker.as_ref().is_some_and(|marker| !is_marker(text.get(marker.clone()).unwrap_or_default())) {
        return Err("what follows the semicolon is no marker");
    }
    if is_link {
        return Ok(Requirement { name: None, target: Target::Url(body), marker });
    }
    // Whatever ends like an archive is one for pip, unless an `@` makes it a name with a URL.
    let has_url = asked.split_once('@').is_some_and(|(name, _)| !looks_like_path(name));
    let (name, target) = match named(text, body.clone()) {
        _ if is_archive(without_extras(asked)) && !has_url => (None, Target::Path(body)),
        Err(_) if looks_like_path(asked) && !asked.contains("://") => (None, Target::Path(body)),
        parsed => parsed?,
    };
    Ok(Requirement { name, target, marker })
}

const NO_EDITABLE: Refused = "an editable is a folder, or a URL of a version control system";

/// The value of `--editable`.
pub(super) fn editable(text: &str) -> Result<Requirement, Refused> {
    let all = trimmed(text, 0..text.len());
    if all.is_empty() {
        return Err("an editable is a path or the address of a repository");
    }
    let (body, marker) = match text.split_once(';') {
        Some((body, marker)) => (body, Some(trimmed(text, text.len() - marker.len()..text.len()))),
        None => (text, None),
    };
    if let Ok((name, target @ Target::Url(_))) = named(text, trimmed(text, 0..body.len())) {
        return Ok(Requirement { name, target, marker });
    }
    let scheme = scheme(text).map(str::to_ascii_lowercase);
    let target = match scheme.as_deref() {
        Some("file" | "git" | "hg" | "svn" | "bzr") => Target::Url(all),
        Some(scheme) if is_vcs(scheme) => Target::Url(all),
        Some("http" | "https" | "ftp") => return Err(NO_EDITABLE),
        _ if is_archive(without_extras(text)) => return Err(NO_EDITABLE),
        _ => Target::Path(all),
    };
    Ok(Requirement { name: None, target, marker: None })
}

/// `name[extras] specifiers` or `name[extras] @ URL` (PEP 508).
fn named(text: &str, part: Range<usize>) -> Result<(Option<Range<usize>>, Target), Refused> {
    const NO_NAME: Refused = "it is no requirement: a name, a URL or a path begins one";
    let all = text.get(part.clone()).unwrap_or_default();
    let in_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let length = all.bytes().take_while(|b| in_name(*b)).count();
    let name = all.get(..length).unwrap_or_default();
    if !crate::lockfile::python::oddity::is_name(name) {
        return Err(NO_NAME);
    }
    let name_at = Some(part.start..part.start + length);
    let mut rest = blank(all.get(length..).unwrap_or_default());
    if let Some(inner) = rest.strip_prefix('[') {
        let (extras, after) = inner.split_once(']').ok_or("its extras have no end")?;
        let extra = |extra: &str| crate::lockfile::python::oddity::is_name(extra.trim_matches([' ', '\t']));
        if !extras.trim_matches([' ', '\t']).is_empty() && !extras.split(',').all(extra) {
            return Err("its extras are no names");
        }
        rest = blank(after);
    }
    let end = part.end;
    let at = |rest: &str| end - rest.len();
    if let Some(url) = rest.strip_prefix('@') {
        let url = blank(url);
        let inner = url.trim_end_matches([' ', '\t']);
        if inner.is_empty() || inner.contains([' ', '\t']) {
            return Err("a URL without white space follows `@`");
        }
        return Ok((name_at, Target::Url(at(url)..at(url) + inner.len())));
    }
    let specifier = at(rest)..end;
    let pin = specifiers(rest)?.map(|pin| specifier.start + pin.start..specifier.start + pin.end);
    Ok((name_at, Target::Index { specifier, pin }))
}

fn blank(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// The version, where the specifiers let in just one.
fn specifiers(text: &str) -> Result<Option<Range<usize>>, Refused> {
    const BAD: Refused = "its version specifiers are none by PEP 440";
    let whole = text.trim_end_matches([' ', '\t']);
    if whole.is_empty() {
        return Ok(None);
    }
    let inner = match whole.strip_prefix('(') {
        Some(inner) => inner.strip_suffix(')').ok_or("its parenthesis is not closed")?,
        None => whole,
    };
    if blank(inner).is_empty() {
        return if inner.len() < whole.len() { Ok(None) } else { Err(BAD) };
    }
    // First the grammar, in which `===` takes whatever stands there, commas included; then what stands
    // between commas, each for itself.
    let mut rest = blank(inner);
    while !rest.is_empty() {
        let (clause, after) = first_clause(rest);
        if !clause.starts_with("===") && pinned(clause).is_none() {
            return Err(BAD);
        }
        rest = match blank(after) {
            "" => "",
            more => blank(more.strip_prefix(',').ok_or(BAD)?),
        };
    }
    let mut at = whole.len() - inner.len() - usize::from(inner.len() < whole.len());
    let mut pins = Vec::new();
    for clause in inner.split(',') {
        let start = at + clause.len() - blank(clause).len();
        at += clause.len() + 1;
        if !blank(clause).is_empty() {
            let pin = pinned(blank(clause)).ok_or(BAD)?;
            pins.push(pin.map(|pin| start + pin.start..start + pin.end));
        }
    }
    Ok(pins.pop().flatten().filter(|_| pins.is_empty()))
}

/// The first of several specifiers, and the rest.
fn first_clause(text: &str) -> (&str, &str) {
    let end = match text.strip_prefix("===") {
        Some(after) => {
            let version = blank(after);
            let length = version.find([' ', '\t', ';', ')']).unwrap_or(version.len());
            text.len() - version.len() + length
        }
        None => text.find(',').unwrap_or(text.len()),
    };
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The version that a specifier pins; `None` where it is none.
#[allow(clippy::option_option)]
fn pinned(clause: &str) -> Option<Option<Range<usize>>> {
    let trimmed = clause.trim_end_matches([' ', '\t']);
    let version = match trimmed.strip_prefix("===").map(blank) {
        Some("") => return None,
        Some(version) => Some(version),
        None => {
            VersionSpecifier::from_str(trimmed).ok()?;
            trimmed.strip_prefix("==").map(blank).filter(|version| !version.ends_with(".*"))
        }
    };
    Some(version.map(|version| trimmed.len() - version.len()..trimmed.len()))
}

/// Whether pip takes it for a URL as it is.
pub(super) fn is_url(text: &str) -> bool {
    scheme(text).is_some_and(|scheme| {
        let scheme = scheme.to_ascii_lowercase();
        matches!(scheme.as_str(), "http" | "https" | "file" | "ftp") || is_vcs(&scheme)
    })
}

/// The scheme of a URL, as written.
pub(super) fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let rest = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let first = scheme.bytes().next()?.is_ascii_alphabetic();
    (first && scheme.bytes().all(rest)).then_some(scheme)
}

/// Whether that scheme is one of a version control system: `git+https`.
pub(super) fn is_vcs(scheme: &str) -> bool {
    let scheme = scheme.to_ascii_lowercase();
    match scheme.split_once('+') {
        Some(("git", over)) => matches!(over, "http" | "https" | "ssh" | "git" | "file"),
        Some(("hg", over)) => matches!(over, "file" | "http" | "https" | "ssh" | "static-http"),
        Some(("svn", over)) => matches!(over, "ssh" | "http" | "https" | "svn" | "file"),
        Some(("bzr", over)) => matches!(over, "http" | "https" | "ssh" | "sftp" | "ftp" | "lp" | "file"),
        _ => false,
    }
}

fn looks_like_path(text: &str) -> bool {
    text.contains('/') || text.starts_with('.')
}

/// Whether the name of a file says that it is an archive that pip opens.
pub(super) fn is_archive(path: &str) -> bool {
    const ENDS: [&str; 12] = [
        ".zip",
        ".whl",
        ".tar.bz2",
        ".tbz",
        ".tar.gz",
        ".tgz",
        ".tar",
        ".tar.xz",
        ".txz",
        ".tlz",
        ".tar.lz",
        ".tar.lzma",
    ];
    let lower = path.to_ascii_lowercase();
    ENDS.into_iter().any(|end| lower.ends_with(end) && lower.len() > end.len())
}

/// A path without `[extras]` at its end.
pub(super) fn without_extras(path: &str) -> &str {
    let split = path.strip_suffix(']').and_then(|path| path.rsplit_once('['));
    split.map_or(path, |(path, _)| path.trim_end())
}

fn trimmed(text: &str, part: Range<usize>) -> Range<usize> {
    let inner = text.get(part.clone()).unwrap_or_default();
    let start = part.start + inner.len() - inner.trim_start_matches(is_space).len();
    let end = part.start + inner.trim_end_matches(is_space).len();
    start..end.max(start)
}
