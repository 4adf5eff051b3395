#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use proptest::prelude::*;

use super::*;

fn source(raw: &str) -> Source {
    let (kind, address) = match raw.split_once('+') {
        Some(("git", rest)) => (SourceKind::Git { reference: None, commit: None }, rest),
        Some(("registry", rest)) => (SourceKind::Registry, rest),
        Some(("sparse", rest)) => (SourceKind::SparseRegistry, rest),
        Some(("path", rest)) => (SourceKind::Path, rest),
        Some(("local-registry", rest)) => (SourceKind::LocalRegistry, rest),
        _ => (SourceKind::Unknown, raw),
    };
    Source { raw: raw.to_owned(), kind, url: Url::parse(address) }
}

fn matches(pattern: &str, raw: &str) -> bool {
    SourcePattern::parse(pattern).unwrap().matches(Some(&source(raw)))
}

fn refused(pattern: &str) -> Complaint {
    SourcePattern::parse(pattern).expect_err(pattern)
}

#[test]
fn crates_io_is_one_place_under_every_spelling() {
    let spellings = [
        "registry+https://github.com/rust-lang/crates.io-index",
        "registry+https://github.com/rust-lang/crates.io-index.git",
        "sparse+https://index.crates.io/",
    ];
    let patterns = spellings.iter().copied().chain([
        "crates.io",
        "https://index.crates.io",
        "sparse+https://INDEX.crates.io:443/",
    ]);
    for pattern in patterns {
        for spelling in spellings {
            assert!(matches(pattern, spelling), "{pattern} {spelling}");
        }
        assert!(!SourcePattern::parse(pattern).unwrap().matches(None));
    }
    for other in [
        "registry+http://github.com/rust-lang/crates.io-index",
        "registry+https://github.com:8443/rust-lang/crates.io-index",
        "registry+https://github.com/rust-lang/crates.io-index2",
        "registry+https://token@github.com/rust-lang/crates.io-index",
        "sparse+https://index.crates.io/evil/",
        "git+https://github.com/rust-lang/crates.io-index",
    ] {
        assert!(!matches("crates.io", other), "{other}");
    }
}

#[test]
fn path_is_the_workspace_and_nothing_else() {
    let path = SourcePattern::parse("path").unwrap();
    assert!(path.matches(None));
    for other in ["path+file:///srv/evil", "git+file:///srv/evil", "local-registry+file:///srv/evil"] {
        assert!(!path.matches(Some(&source(other))), "{other}");
    }
}

#[test]
fn the_last_wildcard_covers_every_depth_and_others_one_segment() {
    let deep = "git+https://gitlab.example/acme/*";
    assert!(matches(deep, "git+https://gitlab.example/acme/lib"));
    assert!(matches(deep, "git+https://gitlab.example/acme/group/lib.git"));
    assert!(!matches(deep, "git+https://gitlab.example/acme"));
    assert!(!matches(deep, "git+https://gitlab.example/acme/"));
    let middle = "git+https://gitlab.example/*/lib";
    assert!(matches(middle, "git+https://gitlab.example/any/lib"));
    assert!(!matches(middle, "git+https://gitlab.example/any/other/lib"));
    assert!(matches("git+https://gitlab.example/*", "git+https://gitlab.example/a/b/c"));
}

#[test]
fn spellings_of_one_repository_are_one() {
    for (pattern, raw) in [
        ("git+https://github.com/acme/lib", "git+https://github.com/Acme/LIB.git"),
        ("git+https://github.com/ACME/*", "git+https://GitHub.com:443/acme/lib/"),
        ("git+https://bücher.example/a/*", "git+https://xn--bcher-kva.example/a/b"),
        ("git+ssh://git@github.com/acme/*", "git+ssh://git@github.com/acme/lib.git"),
        ("git+ssh://github.com/acme/*", "git+ssh://git@github.com/acme/lib"),
        ("https://crates.acme.example/index", "sparse+https://crates.acme.example/index/"),
        ("https://crates.acme.example/index", "registry+https://crates.acme.example/index"),
        ("git+http://10.0.0.1/acme/*", "git+http://10.0.0.1/acme/lib"),
        ("git+file:///srv/git/*", "git+file:///srv/git/lib"),
    ] {
        assert!(matches(pattern, raw), "{pattern} {raw}");
    }
}

#[test]
fn near_misses_are_misses() {
    let github = "git+https://github.com/acme/*";
    for raw in [
        "git+https://github.com/acme-evil/lib",
        "git+https://github.com/acm/lib",
        "git+https://github.com/acme/../evil/lib",
        "git+https://github.com/acme/%2e%2e/evil/lib",
        "git+https://github.com/acme%2Flib/x",
        "git+http://github.com/acme/lib",
        "git+ssh://git@github.com/acme/lib",
        "git+https://github.com:8443/acme/lib",
        "git+https://github.com.evil.example/acme/lib",
        "git+https://evil.example/github.com/acme/lib",
        "git+https://github.com@evil.example/acme/lib",
        "git+https://github.com:pw@evil.example/acme/lib",
        "git+https://user@github.com/acme/lib",
        "git+https://git@github.com/acme/lib",
        "git+https://:pw@github.com/acme/lib",
        "registry+https://github.com/acme/lib",
        "sparse+https://github.com/acme/lib",
        "git+https://gіthub.com/acme/lib",
    ] {
        assert!(!matches(github, raw), "{raw}");
    }
    // A registry's query is part of its address.
    assert!(!matches("https://crates.acme.example/index", "sparse+https://crates.acme.example/index?x=1"));
    assert!(!matches("git+ssh://git@github.com/acme/*", "git+ssh://root@github.com/acme/lib"));
    assert!(!matches("git+ssh://git@github.com/acme/*", "git+ssh://git:pw@github.com/acme/lib"));
    // Case counts where the server says nothing else.
    assert!(!matches("git+https://gitlab.example/acme/*", "git+https://gitlab.example/Acme/lib"));
}

#[test]
fn what_is_no_pattern_is_explained() {
    for (text, what) in [
        ("git+https://github.com/acme*", "`*` stands for a whole path segment, never for a part of one"),
        ("git+https://github.com/acme/*.git", "`*` stands for a whole path segment, never for a part of one"),
        ("git+https://*.example/acme", "a host cannot be a pattern"),
        ("git+https://*/acme", "a host cannot be a pattern"),
        ("git+https://user:pw@github.com/acme/*", "a source pattern holds no user name or password"),
        ("git+https://git@github.com/acme/*", "a source pattern holds no user name or password"),
        ("git+https://github.com/acme/*?branch=main", "a source pattern holds no `?` and no `#`"),
        ("git+https://github.com/acme/*#abc", "a source pattern holds no `?` and no `#`"),
        ("sparse+ssh://github.com/acme", "`ssh` is no way to reach such a source"),
        ("git+javascript://github.com/acme", "`javascript` is no way to reach such a source"),
        ("git+https:///acme", "`https:///acme` names no host"),
        (
            "git+https://github.com\\@evil.example/",
            "a source holds no space, quote, `\\` or control character",
        ),
        ("github.com/acme", "`github.com/acme` is no source"),
        ("crates-io", "`crates-io` is no source"),
        ("*", "`*` is no source"),
        ("", "`` is no source"),
    ] {
        assert_eq!(refused(text).what, what, "{text}");
    }
    assert_eq!(refused("crates-io").paste.as_deref(), Some("crates.io"));
    assert_eq!(refused("github.com/acme").paste.as_deref(), Some("git+https://github.com/acme"));
    assert_eq!(
        refused("git+git@github.com:acme/lib").paste.as_deref(),
        Some("git+ssh://git@github.com/acme/lib")
    );
}

/// What `git+https://github.com/acme/*` covers, written again from the address alone, without a parser.
fn obviously_of_acme(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("git+https://github.com/acme/") else { return false };
    !rest.trim_matches('/').is_empty()
}

proptest! {
    #[test]
    fn only_the_organisation_itself_is_covered(
        scheme in prop::sample::select(vec!["https", "http", "ssh", "git"]),
        user in prop::sample::select(vec!["", "git@", "acme@", "github.com@", ":x@", "github.com:x@"]),
        host in prop::sample::select(vec!["github.com", "GitHub.com", "github.com.evil", "evil.com", "gitHub.co"]),
        port in prop::sample::select(vec!["", ":443", ":8443", ":80"]),
        path in "(/(acme|ACME|acme-evil|acm|lib|x[.]git)){0,4}/?",
    ) {
        let raw = format!("git+{scheme}://{user}{host}{port}{path}");
        let plain = raw.replace(":443", "");
        let expected = user.is_empty() && obviously_of_acme(&plain) && scheme != "http";
        prop_assert_eq!(matches("git+https://github.com/acme/*", &raw), expected, "{}", raw);
    }

    #[test]
    fn no_text_panics(text in "(git\\+|registry\\+|sparse\\+)?(https?|ssh)?(://)?\\PC{0,40}", raw in "\\PC{0,60}") {
        if let Ok(pattern) = SourcePattern::parse(&text) {
            pattern.matches(Some(&source(&raw)));
            prop_assert_eq!(pattern.as_str(), text);
        }
    }
}

fn python(raw: &str, kind: SourceKind) -> Source {
    Source { raw: raw.to_owned(), kind, url: Url::parse(raw) }
}

#[test]
fn pypi_is_one_place_under_its_names() {
    let pypi = SourcePattern::parse("pypi").unwrap();
    for raw in [
        "https://pypi.org/simple",
        "https://pypi.org/simple/",
        "https://PyPI.org:443/simple",
        "https://pypi.python.org/simple",
    ] {
        assert!(pypi.matches(Some(&python(raw, SourceKind::Index))), "{raw}");
        assert_eq!(SourcePattern::parse(raw).unwrap().form, Form::Pypi, "{raw}");
    }
    for raw in [
        "http://pypi.org/simple",
        "https://pypi.org.evil.example/simple",
        "https://pypi.org@evil.example/simple",
        "https://user:token@pypi.org/simple",
        "https://pypi.org:8443/simple",
        "https://pypi.org/simple?x",
        "https://pypi.org/pypi",
    ] {
        assert!(!pypi.matches(Some(&python(raw, SourceKind::Index))), "{raw}");
    }
    assert!(pypi.matches(Some(&python("", SourceKind::Unrecorded))));
    assert!(!pypi.matches(Some(&python("https://pypi.org/simple", SourceKind::Archive))));
    assert!(!pypi.matches(None));
}

#[test]
fn archives_lie_beneath_a_folder_that_is_listed() {
    let archive = python("https://acme.example/wheels/x-1.0-py3-none-any.whl", SourceKind::Archive);
    assert!(SourcePattern::parse("https://acme.example/wheels/*").unwrap().matches(Some(&archive)));
    assert!(!SourcePattern::parse("https://acme.example/wheels").unwrap().matches(Some(&archive)));
    assert!(!SourcePattern::parse("https://acme.example/whee/*").unwrap().matches(Some(&archive)));
}

#[test]
fn what_lies_in_the_repository_is_path() {
    let local = |inside: Option<&str>| {
        let form = crate::model::LocalForm::Editable;
        python("x", SourceKind::Local { form, inside: inside.map(str::to_owned) })
    };
    let path = SourcePattern::parse("path").unwrap();
    assert!(path.matches(Some(&local(Some("libs/x")))));
    assert!(!path.matches(Some(&local(None))));
}

#[test]
fn files_of_an_index_are_where_the_policy_says() {
    let index = python("https://pypi.acme.example/simple", SourceKind::Index);
    let files = |pattern: &SourcePattern, url: &str| pattern.serves(&index, &Url::parse(url).unwrap());
    let plain = SourcePattern::parse("https://pypi.acme.example/simple").unwrap();
    assert!(files(&plain, "https://pypi.acme.example/files/x.whl"));
    assert!(!files(&plain, "https://cdn.acme.example/x.whl"));
    let cdn = plain.with_files(vec![SourcePattern::parse("https://cdn.acme.example/*").unwrap()]);
    assert!(files(&cdn, "https://cdn.acme.example/a/x.whl"));
    assert!(!files(&cdn, "http://cdn.acme.example/a/x.whl"));
    assert!(!files(&cdn, "https://files.pythonhosted.org/a/x.whl"));

    let pypi = SourcePattern::parse("pypi").unwrap();
    let index = python("https://pypi.org/simple", SourceKind::Index);
    assert!(pypi.serves(&index, &Url::parse("https://files.pythonhosted.org/packages/x.whl").unwrap()));
    assert!(!pypi.serves(&index, &Url::parse("https://evil.example/x.whl").unwrap()));
}
