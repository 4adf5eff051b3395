#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use proptest::prelude::*;

use super::*;

fn matches(selector: &str, name: &str, version: &str) -> bool {
    Selector::parse(selector).expect(selector).matches(Ecosystem::Cargo, name, Some(version))
}

fn refused(selector: &str) -> Complaint {
    Selector::parse(selector).expect_err(selector)
}

#[test]
fn names_are_folded_and_prefixes_end_in_a_star() {
    for name in ["serde_json", "serde-json", "Serde_JSON"] {
        assert!(matches("cargo:serde-json", name, "1.0.0"));
        assert!(matches("cargo:Serde_json@1.0.0", name, "1.0.0"));
        assert!(matches("cargo:serde_*", name, "1.0.0"));
    }
    assert!(!matches("cargo:serde", "serde-json", "1.0.0"));
    assert!(!matches("cargo:serde-*", "serde", "1.0.0"));
    assert!(matches("cargo:*", "anything", "1.0.0"));
    assert!(matches("cargo:acme-*@<2", "acme-x", "1.9.0"));
}

#[test]
fn versions_are_within_their_bounds_by_precedence() {
    for (selector, inside, outside) in [
        ("cargo:x@1.0.219", vec!["1.0.219", "1.0.219+b"], vec!["1.0.218", "1.0.219-a", "1.0.2190"]),
        ("cargo:x@1.0.11+wasi.1", vec!["1.0.11+wasi.1"], vec!["1.0.11", "1.0.11+wasi.2"]),
        ("cargo:x@1.0.0-rc.1", vec!["1.0.0-rc.1"], vec!["1.0.0", "1.0.0-rc.2"]),
        (
            "cargo:x@>=0.1,<0.2.23",
            vec!["0.1.0", "0.2.22", "0.2.0-a", "0.2.23-rc.1"],
            vec!["0.2.23", "0.1.0-a"],
        ),
        ("cargo:x@>1.0", vec!["1.1.0", "2.0.0", "1.1.0-a"], vec!["1.0.0", "1.0.9"]),
        ("cargo:x@>1.0.0", vec!["1.0.1", "1.0.1-a"], vec!["1.0.0", "1.0.0-a"]),
        ("cargo:x@>1.0.0-a", vec!["1.0.0-a.1", "1.0.0-b", "1.0.0"], vec!["1.0.0-a"]),
        ("cargo:x@<=1.2", vec!["1.2.99", "1.2.0-a", "0.0.0-0"], vec!["1.3.0-a", "1.3.0"]),
        ("cargo:x@<=1.2.3-b", vec!["1.2.3-a", "1.2.3-b", "1.2.2"], vec!["1.2.3-b.1", "1.2.3"]),
        ("cargo:x@=1.2", vec!["1.2.0", "1.2.9"], vec!["1.3.0-a", "1.1.9"]),
        ("cargo:x@=1.2.3", vec!["1.2.3", "1.2.3+build"], vec!["1.2.4", "1.2.3-a", "1.2.4-0"]),
        ("cargo:x@^1.2", vec!["1.2.0", "1.99.0"], vec!["2.0.0-a", "2.0.0", "1.1.0"]),
        ("cargo:x@^0.2.3", vec!["0.2.3", "0.2.9"], vec!["0.3.0", "0.3.0-a", "0.2.2"]),
        ("cargo:x@^0.0.3", vec!["0.0.3"], vec!["0.0.4", "0.0.2"]),
        ("cargo:x@^0", vec!["0.0.1", "0.9.9"], vec!["1.0.0-a"]),
        ("cargo:x@~1.2.3", vec!["1.2.3", "1.2.9"], vec!["1.3.0", "1.2.2"]),
        ("cargo:x@~1", vec!["1.0.0", "1.9.0"], vec!["2.0.0-a"]),
        ("cargo:x@>=1, <3 , >=2", vec!["2.0.0", "2.9.9"], vec!["1.9.0", "3.0.0"]),
        ("cargo:x@>=1.0.0-a", vec!["1.0.0-a", "1.0.0-b", "1.0.0"], vec!["0.9.9"]),
        ("cargo:x@<=18446744073709551615", vec!["18446744073709551615.0.0", "1.0.0"], vec![]),
    ] {
        for version in inside {
            assert!(matches(selector, "x", version), "{selector} {version}");
        }
        for version in outside {
            assert!(!matches(selector, "x", version), "{selector} {version}");
        }
    }
}

#[test]
fn an_unreadable_version_is_named_only_by_the_name() {
    let any = Selector::parse("cargo:x").unwrap();
    let some = Selector::parse("cargo:x@>=0.0.0-0").unwrap();
    for version in [None, Some("not a version"), Some("")] {
        assert!(any.matches(Ecosystem::Cargo, "x", version));
        assert!(!some.matches(Ecosystem::Cargo, "x", version));
    }
}

#[test]
fn what_is_no_selector_is_explained() {
    for (text, what, paste) in [
        ("serde", "a selector begins with its ecosystem", Some("cargo:serde")),
        ("crago:serde", "`crago` is no ecosystem that trustlock knows", Some("cargo:serde")),
        ("npm:left-pad", "`npm` is no ecosystem that trustlock knows", None),
        ("cargo:", "`` is no name of a package", None),
        ("cargo:a b", "`a b` is no name of a package", None),
        ("cargo:acme*x", "`*` may only end a name", None),
        ("cargo:*-sys", "`*` may only end a name", None),
        ("cargo:x@1.0", "`1.0` is not a full version", Some("cargo:x@^1.0")),
        ("cargo:x@>=1.0,2.0", "`2.0` has no operator", None),
        ("cargo:x@>2,<1", "no version can be within `>2,<1`", None),
        ("cargo:x@>=1.0.0,<1.0.0", "no version can be within `>=1.0.0,<1.0.0`", None),
        ("cargo:x@<0.0.0-0", "no version can be within `<0.0.0-0`", None),
        ("cargo:x@=1,=2", "no version can be within `=1,=2`", None),
        ("cargo:x@>18446744073709551615", "no version can be within `>18446744073709551615`", None),
    ] {
        let complaint = refused(text);
        assert_eq!((&*complaint.what, complaint.paste.as_deref()), (what, paste), "{text}");
    }
    assert!(refused("cargo:x@>=1.0,").what.contains("has no operator"));
    assert!(refused("cargo:x@>=nope").what.contains("is no version requirement"));
}

fn version() -> impl Strategy<Value = semver::Version> {
    (0..4_u64, 0..4_u64, 0..4_u64, prop::option::of("(a|b|0|1)(\\.[0-2])?")).prop_map(
        |(major, minor, patch, pre)| {
            let pre = pre.map(|p| semver::Prerelease::new(&p).unwrap()).unwrap_or_default();
            semver::Version { pre, ..semver::Version::new(major, minor, patch) }
        },
    )
}

proptest! {
    /// For releases, ranges mean what they mean to cargo.
    #[test]
    fn releases_agree_with_semver(
        op in prop::sample::select(vec![">=", ">", "<=", "<", "=", "^", "~"]),
        bound in "[0-3](\\.[0-3](\\.[0-3])?)?",
        version in version(),
    ) {
        let version = semver::Version { pre: semver::Prerelease::EMPTY, ..version };
        let requirement = semver::VersionReq::parse(&format!("{op}{bound}")).unwrap();
        if let Ok(selector) = Selector::parse(&format!("cargo:x@{op}{bound}")) {
            prop_assert_eq!(
                selector.matches(Ecosystem::Cargo, "x", Some(&version.to_string())),
                requirement.matches(&version)
            );
        } else {
            prop_assert!(op == "<" && !requirement.matches(&version));
        }
    }

    /// Full bounds compare by precedence, pre-releases included.
    #[test]
    fn full_bounds_compare_by_precedence(low in version(), high in version(), at in version()) {
        match Selector::parse(&format!("cargo:x@>={low},<{high}")) {
            Ok(selector) => prop_assert_eq!(
                selector.matches(Ecosystem::Cargo, "x", Some(&at.to_string())),
                at >= low && at < high
            ),
            Err(_) => prop_assert!(low >= high),
        }
    }

    #[test]
    fn no_text_panics(text in "(cargo:)?\\PC{0,30}(@[<>=^~]{0,2}\\PC{0,20})?") {
        if let Ok(selector) = Selector::parse(&text) {
            selector.matches(Ecosystem::Cargo, &text, Some(&text));
        }
    }
}

fn pypi(selector: &str, name: &str, version: &str) -> bool {
    Selector::parse(selector).expect(selector).matches(Ecosystem::Pypi, name, Some(version))
}

#[test]
fn names_of_distributions_are_folded_by_pep_503() {
    for name in ["ruamel.yaml", "ruamel-yaml", "Ruamel__Yaml"] {
        assert!(pypi("pypi:ruamel.yaml", name, "1.0"));
        assert!(pypi("pypi:ruamel_*", name, "1.0"));
    }
    assert!(!pypi("pypi:ruamel", "ruamel-yaml", "1.0"));
    assert!(!pypi("pypi:acme-*", "acme", "1.0"));
    assert!(!Selector::parse("pypi:serde").unwrap().matches(Ecosystem::Cargo, "serde", Some("1.0.0")));
}

#[test]
fn versions_of_distributions_are_within_their_bounds() {
    for (selector, inside, outside) in [
        (
            "pypi:x@1.82.6",
            vec!["1.82.6", "1.82.6.0", "v1.82.6", "1.82.6+cpu"],
            vec!["1.82.6rc1", "1.82.6.post1", "1!1.82.6"],
        ),
        ("pypi:x@2.1.0+cu118", vec!["2.1.0+cu118", "2.1+CU118"], vec!["2.1.0", "2.1.0+cu121"]),
        (
            "pypi:x@>=1.82.7,<=1.82.8",
            vec!["1.82.7", "1.82.8", "1.82.8+evil", "1.82.8rc1", "1.82.7.post1", "1.82.8.dev3"],
            vec!["1.82.6", "1.82.9", "1.82.7rc1", "1.82.8.post1", "2!1.82.8"],
        ),
        ("pypi:x@<2", vec!["1.9", "2.0rc1", "2.0.dev0"], vec!["2.0", "2.0+x"]),
        ("pypi:x@>1.7", vec!["1.7.post1", "1.7.1", "1.8"], vec!["1.7", "1.7+local", "1.7rc1"]),
        ("pypi:x@~=1.4.5", vec!["1.4.5", "1.4.99", "1.4.5.post1"], vec!["1.5", "1.4.4", "1!1.4.5"]),
        ("pypi:x@~=2.2", vec!["2.2", "2.9"], vec!["3.0", "2.1"]),
        ("pypi:x@==1.0", vec!["1.0", "1.0.0"], vec!["1.0.1"]),
    ] {
        for version in inside {
            assert!(pypi(selector, "x", version), "{selector} {version}");
        }
        for version in outside {
            assert!(!pypi(selector, "x", version), "{selector} {version}");
        }
    }
}

#[test]
fn what_no_distribution_satisfies_is_refused() {
    for (selector, what) in [
        ("pypi:x@>=2,<1", "no version can be within `>=2,<1`"),
        ("pypi:x@>1,<1", "no version can be within `>1,<1`"),
        ("pypi:x@~=1", "`~=1` means nothing"),
        ("pypi:x@>=", "`` is no version by PEP 440"),
        ("pypi:x@>=1,2", "`2` has no operator"),
        ("pypi:x@1.0.*", "`1.0.*` is no version by PEP 440"),
        ("pypi:x@!=1.0", "`!=1.0` has no operator"),
        ("pypi:x y", "`x y` is no name of a package"),
    ] {
        assert_eq!(refused(selector).what, what);
    }
    assert_eq!(refused("pypi:x@1.0.*").paste.as_deref(), Some("pypi:x@~=1.0.0"));
}
