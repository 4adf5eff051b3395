#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::source::percent_decoded;
use super::{Filename, same_version};

#[test]
fn filenames_name_a_package_and_a_version() {
    let of = |file, name| match Filename::parse(file, name) {
        Filename::Of { version } => version,
        Filename::Foreign => "foreign",
        Filename::Other => "other",
    };
    for (file, name, expected) in [
        ("six-1.16.0-py2.py3-none-any.whl", "six", "1.16.0"),
        ("Flask_SQLAlchemy-3.0-1-py3-none-any.whl", "flask-sqlalchemy", "3.0"),
        ("ruamel.yaml-0.18.6.tar.gz", "ruamel-yaml", "0.18.6"),
        ("backports-abc-0.5.zip", "backports-abc", "0.5"),
        ("zope.interface-5.0-py3.8.egg", "zope-interface", "other"),
        ("evil-9.9-py3-none-any.whl", "six", "foreign"),
        ("six-1.16.0.whl", "six", "foreign"),
        ("six.tar.gz", "six", "foreign"),
        ("six-evil-1.0.tar.gz", "six-evil", "1.0"),
    ] {
        assert_eq!(of(file, name), expected, "{file}");
    }
}

#[test]
fn versions_are_compared_by_pep_440() {
    for (locked, found, same) in [
        ("1.0", "1.0.0", true),
        ("1.0", "1.0+cpu", true),
        ("2.1.0+cu118", "2.1.0+cu121", false),
        ("4.2.2a1.dev5618+1f82021f", "4.2.2a1.dev5618_1f82021f", false),
        ("1.0.post1", "1.0-1", true),
        ("1.0", "1.1", false),
        ("1!1.0", "1.0", false),
        ("1.0", "evil", false),
    ] {
        assert_eq!(same_version(locked, found), same, "{locked} {found}");
    }
}

#[test]
fn percent_escapes_are_decoded_once() {
    assert_eq!(percent_decoded("a%2Bb%252B%zz%"), "a+b%2B%zz%");
}
