//! What a word of an install command asks for.

/// What kind of thing a word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Something of this machine: a folder, a built wheel.
    Local,
    /// One content: a commit, or a URL with its digest.
    Fixed,
    /// A version that is named; the tool decides what it brings with it.
    Exact,
    /// Whatever fits today.
    Open,
    /// What only a shell would know.
    Unknown,
}

/// What `text` asks for; `varies` says whether it holds a variable.
pub(super) fn asked(text: &str, varies: bool) -> Asked {
    // `name @ https://…`
    let place = text.split_once('@').map(|(_, place)| place.trim()).filter(|place| place.contains("://"));
    let place = if text.contains("://") && !is_named(text) { Some(text) } else { place };
    if let Some(place) = place {
        return match place {
            _ if place.starts_with("file:") => Asked::Local,
            _ if is_fixed(place) => Asked::Fixed,
            _ if place.starts_with('$') => Asked::Unknown,
            _ => Asked::Open,
        };
    }
    let is_file = [".whl", ".tar.gz", ".zip"].iter().any(|end| text.ends_with(end));
    let is_path = text.starts_with(['.', '/', '~']) || text.contains(['/', '\\', '*']) && !text.contains("==");
    if is_file || is_path && !text.starts_with('@') {
        return Asked::Local;
    }
    if text.is_empty() || varies && !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Asked::Unknown;
    }
    if is_exact(text) { Asked::Exact } else { Asked::Open }
}

/// `name @ …`: the scheme is not the first thing.
fn is_named(text: &str) -> bool {
    let scheme = text.find("://").unwrap_or(text.len());
    text.find('@').is_some_and(|at| at < scheme)
}

/// A commit, or a digest in the fragment.
fn is_fixed(place: &str) -> bool {
    let (place, fragment) = place.split_once('#').unwrap_or((place, ""));
    let is_commit = place.rsplit_once('@').is_some_and(|(_, revision)| {
        revision.len() == 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    is_commit || ["sha256=", "sha384=", "sha512="].iter().any(|digest| fragment.contains(digest))
}

/// `name==1.2`, `name@1.2`, `name==$VERSION`.
fn is_exact(text: &str) -> bool {
    let is_version = |version: &str| {
        let version = version.trim_start_matches(['=', ' ']).trim_start_matches('v');
        version.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '$' | '{')) && !version.contains(['*', ','])
    };
    text.split_once("==").or_else(|| text.rsplit_once('@')).is_some_and(|(_, version)| is_version(version))
}

/// The name of a requirement.
pub(super) fn name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_words_ask_for() {
        let commit = "0123456789012345678901234567890123456789";
        for (text, expected) in [
            (".", Asked::Local),
            (".[dev,test]", Asked::Local),
            ("./a", Asked::Local),
            ("dist/*.whl", Asked::Local),
            ("pkg/sub", Asked::Local),
            ("a-1-py3-none-any.whl", Asked::Local),
            ("file:///a", Asked::Local),
            ("black", Asked::Open),
            ("black>=1", Asked::Open),
            ("black[x]==1.*", Asked::Open),
            ("black==24.1", Asked::Exact),
            ("black===24.1", Asked::Exact),
            ("ruff@0.5.0", Asked::Exact),
            ("ruff@latest", Asked::Open),
            ("@scope/tool@1.2.3", Asked::Exact),
            ("git+https://github.com/a/b", Asked::Open),
            ("git+https://github.com/a/b@main", Asked::Open),
            ("https://x/a.whl", Asked::Open),
            ("https://x/a.whl#sha256=00", Asked::Fixed),
            ("b @ git+https://github.com/a/b", Asked::Open),
            (&format!("git+https://github.com/a/b@{commit}"), Asked::Fixed),
            (&format!("b @ git+https://github.com/a/b@{commit}#egg=b"), Asked::Fixed),
        ] {
            assert_eq!(asked(text, false), expected, "{text}");
        }
        assert_eq!(asked("$PACKAGE", true), Asked::Unknown);
        assert_eq!(asked("$DIST/a", true), Asked::Local);
        assert_eq!(asked("numpy==${{ matrix.numpy }}", true), Asked::Exact);
        assert_eq!(name("black[d]>=1"), "black");
    }
}
