//! What pip takes from a URL: digests and a name from its fragment, a revision from its path.

use std::borrow::Cow;
use std::ops::Range;

/// The algorithms that count in a fragment.
const ALGORITHMS: [&str; 6] = ["sha512", "sha384", "sha256", "sha224", "sha1", "md5"];

/// A value of a fragment: its key, and where the value stands in the URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) value: Range<usize>,
}

/// Every digest, in order. pip looks for `#` or `&`, an algorithm and `=`, wherever in the URL that stands.
pub(super) fn digests(url: &str) -> impl Iterator<Item = Field> {
    fields(url, &ALGORITHMS)
}

/// What `#egg=` says, without extras.
pub(super) fn egg(url: &str) -> Option<Range<usize>> {
    let value = fields(url, &["egg"]).next()?.value;
    let name = url.get(value.clone())?;
    let length = name.find('[').unwrap_or(name.len());
    Some(value.start..value.start + length)
}

fn fields(url: &str, keys: &'static [&'static str]) -> impl Iterator<Item = Field> {
    url.match_indices(['#', '&']).filter_map(|(at, _)| {
        let rest = url.get(at + 1..)?;
        let key =
            keys.iter().find(|key| rest.strip_prefix(**key).is_some_and(|rest| rest.starts_with('=')))?;
        let start = at + 1 + key.len() + 1;
        let value = url.get(start..)?;
        Some(Field { key, value: start..start + value.find('&').unwrap_or(value.len()) })
    })
}

/// The URL without its fragment.
pub(super) fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(url, _)| url)
}

/// Repository and revision of a VCS URL: what follows the last `@` of its path.
pub(super) fn revision(url: &str) -> (String, Option<&str>) {
    let url = without_fragment(url);
    let (before, query) = url.split_once('?').map_or((url, None), |(before, query)| (before, Some(query)));
    let path = match before.split_once("://") {
        Some((scheme, rest)) => scheme.len() + 3 + rest.find('/').unwrap_or(rest.len()),
        // `git@host:path`, git's own short form.
        None => before.find(':').unwrap_or(before.len()),
    };
    let at = before.get(path..).and_then(|rest| rest.rfind('@')).map(|at| path + at);
    let (repository, revision) = match at {
        Some(at) => (before.get(..at).unwrap_or_default(), before.get(at + 1..)),
        None => (before, None),
    };
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    (format!("{repository}{query}"), revision)
}

/// The URL without a user name or password that a variable of the environment holds: the file shows none,
/// and whoever the variable names, the host is the same.
pub(super) fn without_variables(url: &str) -> Cow<'_, str> {
    let shown = url.split_once("://").and_then(|(scheme, rest)| {
        let authority = rest.split(['/', '?', '#']).next()?;
        let (user, host) = authority.rsplit_once('@')?;
        let after = rest.get(authority.len()..)?;
        user.contains("${").then(|| format!("{scheme}://{host}{after}"))
    });
    shown.map_or(Cow::Borrowed(url), Cow::Owned)
}

/// The path of a `file:` URL, as written.
pub(super) fn file_path(url: &str) -> &str {
    let url = url.find(['?', '#']).and_then(|at| url.get(..at)).unwrap_or(url);
    let rest = url.split_once(':').map_or(url, |(_, rest)| rest);
    match rest.strip_prefix("//") {
        // The host, which can only be this machine.
        Some(rest) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(rest),
        None => rest,
    }
}
