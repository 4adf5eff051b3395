use super::*;

fn entry(name: &str, version: &str, files: &str) -> String {
    format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nfiles = [{files}]\n\n")
}

fn row(file: &str) -> String {
    format!("{{file = \"{file}\", hash = \"sha256:{}\"}},", hex('a'))
}

#[test]
fn files_are_held_against_the_package() {
    for (file, expected) in [
        ("six-1.16.0-py2.py3-none-any.whl", None),
        ("six-1.16.tar.gz", None),
        ("six-1.16.0.egg", None),
        ("evil-9.9-py3-none-any.whl", Some("`evil-9.9-py3-none-any.whl` is not a file of `six`")),
        ("six-1.17.0-py3-none-any.whl", Some("`six-1.17.0-py3-none-any.whl` is not of version 1.16.0")),
        ("../six-1.16.0.tar.gz", Some("`../six-1.16.0.tar.gz` is not the name of a file")),
    ] {
        let found = odd(&of_version("2.1", &entry("six", "1.16.0", &row(file))));
        let expected: Vec<_> = expected.iter().map(|what| format!("{what} @ {file}")).collect();
        assert_eq!(found.first(), expected.first(), "{file}");
    }
}

#[test]
fn digests_that_are_none_and_keys_that_look_like_keys() {
    let of = |row: &str| odd(&of_version("2.1", &entry("six", "1.16.0", row)));
    assert_eq!(of("{file = \"six-1.16.0.tar.gz\", hash = \"abc\"}"), ["this is not a digest @ abc"]);
    assert_eq!(of("{file = \"six-1.16.0.tar.gz\", hash = \"sha256:abc\"}"), ["this is not a digest @ abc"]);
    assert_eq!(
        of(&format!("{{file = \"six-1.16.0.tar.gz\", hash = \"SHA256:{}\"}}", hex('a'))),
        [format!("`SHA256` is not an algorithm that tools check by that name @ SHA256:{}", hex('a'))]
    );
    assert_eq!(
        of(&format!("{{file = \"six-1.16.0.tar.gz\", Hash = \"sha256:{}\"}}", hex('a'))),
        ["`Hash` looks like `hash` @ Hash"]
    );
}

#[test]
fn a_row_without_a_hash_is_a_file_without_a_digest() {
    let lockfile = lock(&of_version("2.1", &entry("six", "1.16.0", "{file = \"six-1.16.0.tar.gz\"}")));
    assert_eq!(files(&lockfile), ["six@1.16.0: six-1.16.0.tar.gz="]);
}

#[test]
fn a_package_is_locked_once_for_each_source() {
    let six = entry("six", "1.16.0", "");
    let legacy = format!(
        "{six}[package.source]\ntype = \"legacy\"\nurl = \"https://i.example\"\nreference = \"i\"\n\n"
    );
    assert_eq!(odd(&of_version("2.1", &(six.clone() + &legacy))), [""; 0]);
    let again = entry("SIX", "1.16.0", "");
    assert_eq!(odd(&of_version("2.1", &(six + &again))), ["`SIX@1.16.0` is locked twice @ SIX"]);
}

#[test]
fn names_and_versions_that_are_none() {
    assert_eq!(
        odd(&of_version("2.1", &entry("six\\u001b[2K", "1.16.0", ""))),
        ["`six\u{1b}[2K` cannot be the name of a package @ six\\u001b[2K"]
    );
    assert_eq!(odd(&of_version("2.1", &entry("six", "latest", ""))), ["`latest` is not a version @ latest"]);
    let dev = entry("wxPython", "4.2.2a1.dev5618+1f82021f", &row("wxPython-4.2.2a1.dev5618+1f82021f.tar.gz"));
    assert_eq!(odd(&of_version("2.0", &dev)), [""; 0]);
}

/// Digests that Poetry never compares.
#[test]
fn idle_digests() {
    let six = "[[package]]\nname = \"six\"\nversion = \"1.16.0\"\n";
    let rows = format!("[{}]\n", row("six-1.16.0-py3-none-any.whl"));
    let source =
        |kind: &str| format!("[package.source]\ntype = \"{kind}\"\nurl = \"https://h.example/six\"\n");
    let today = |kind: &str| of_version("2.1", &format!("{six}files = {rows}{}", source(kind)));
    let old = |kind: &str| {
        of_version("1.1", &format!("{six}{}", source(kind))) + "\n[metadata.files]\nsix = " + &rows
    };
    let file = "six@1.16.0: six-1.16.0-py3-none-any.whl=sha256:aaaa";
    for (text, expected) in [
        (today("git"), format!("{file} idle")),
        (today("directory"), format!("{file} idle")),
        (today("url"), file.to_owned()),
        (today("file"), file.to_owned()),
        (old("legacy"), file.to_owned()),
        (old("url"), format!("{file} idle")),
        // It has none in lists of 1.x: what stands there under its name is for another entry.
        (old("git"), "six@1.16.0: =".to_owned()),
    ] {
        assert_eq!(files(&lock(&text)), [expected], "{text}");
    }
}

#[test]
fn a_forge_names_its_archives_after_tags() {
    let source =
        "[package.source]\ntype = \"url\"\nurl = \"https://github.com/acme/six/archive/v1.16.0.zip\"\n";
    assert_eq!(odd(&of_version("2.1", &(entry("six", "1.16.0", &row("v1.16.0.zip")) + source))), [""; 0]);
    assert_eq!(
        odd(&of_version("2.1", &(entry("six", "1.16.0", &row("evil-1.0-py3-none-any.whl")) + source))),
        ["`evil-1.0-py3-none-any.whl` is not a file of `six` @ evil-1.0-py3-none-any.whl"]
    );
}
