//! What is recorded for the rule `malformed-lockfile`, with its place.

use super::*;

#[test]
fn a_source_with_two_kinds() {
    // uv takes the registry, a reader that tries git first takes git.
    let two = "{ git = \"https://h.example/g\", registry = \"https://pypi.org/simple\" }";
    let text = lock(&package("a", "1", two));
    assert_eq!(odd(&text), ["this source has a `git` beside its `registry` @ git"]);
    assert!(read_text(&text).package(0).unwrap().source().unwrap().is_pypi());
    let text = lock(&package("a", "1", "{ virtual = \".\", path = \"x\" }"));
    assert_eq!(odd(&text), ["this source has a `virtual` beside its `path` @ virtual"]);
    let text = lock(&package("a", "1", &format!("{{ git = \"https://h/g?rev=a&branch=b#{COMMIT}\" }}")));
    assert_eq!(odd(&text).len(), 1);
    assert!(odd(&text)[0].starts_with("this git source asks for several references"));
    let reference = read_text(&text).package(0).unwrap().source().unwrap().reference().unwrap().value.clone();
    assert_eq!(reference, "b");
}

#[test]
fn keys_that_uv_ignores() {
    let text = lock(&package("a", "1", PYPI));
    for (from, to) in [
        ("hash = \"sha256:b", "Hash = \"sha256:b"),
        ("hash = \"sha256:b", "hashs = \"sha256:b"),
        ("sdist =", "Sdist ="),
        ("wheels =", "wheel ="),
        ("registry =", "path = \"x\", Registry ="),
        ("requires-python", "requires_python"),
    ] {
        let found = odd(&text.replace(from, to));
        assert_eq!(found.len(), 1, "{to}: {found:?}");
        assert!(found[0].contains("looks like"), "{found:?}");
    }
    // A later revision may add keys that resemble nothing.
    let later = text.replace("[[package]]\n", "[[package]]\nprovenance = \"x\"\n");
    assert_eq!(odd(&later), Vec::<String>::new());
}

#[test]
fn digests_that_are_none() {
    let text = lock(&package("a", "1", PYPI));
    let whole = format!("sha256:{}", hex('b'));
    for (hash, what) in [
        (format!("SHA256:{}", hex('b')), "`SHA256` is not an algorithm that tools check by that name"),
        (hex('b'), "this is not a digest"),
        ("sha256:".to_owned(), "this is not a digest"),
        ("sha256:bbbb".to_owned(), "this is not a digest"),
        (format!("sha256:{}", hex('z')), "this is not a digest"),
        (format!("sha512:{}", hex('b')), "this is not a digest"),
    ] {
        let found = odd(&text.replace(&whole, &hash));
        assert_eq!(found.len(), 1, "{hash}: {found:?}");
        assert!(found[0].starts_with(what), "{found:?}");
    }
    // Indexes that know nothing else.
    let md5 = text.replace(&whole, "md5:0123456789abcdef0123456789abcdef");
    assert_eq!(odd(&md5), Vec::<String>::new());
    assert_eq!(files(&read_text(&md5), 0)[1].rsplit(' ').next(), Some("md5:0123"));
}

#[test]
fn digests_that_uv_never_compares() {
    for (source, idle) in [
        ("{ directory = \"x\" }", true),
        ("{ editable = \"x\" }", true),
        ("{ git = \"https://h/g#0123456789abcdef0123456789abcdef01234567\" }", true),
        ("{ git = \"https://h/g?path=a-1.tar.gz#0123456789abcdef0123456789abcdef01234567\" }", false),
        ("{ path = \"a-1.tar.gz\" }", false),
        (PYPI, false),
    ] {
        let lockfile = read_text(&lock(&package("a", "1", source)));
        assert_eq!(files(&lockfile, 0)[0].ends_with(" idle"), idle, "{source}");
    }
}

#[test]
fn files_of_other_packages_and_versions() {
    let text = lock(&package("six", "1.16.0", PYPI));
    for (from, to, what) in [
        ("six-1.16.0-py3", "evil-9.9-py3", "`evil-9.9-py3-none-any.whl` is not a file of `six`"),
        ("six-1.16.0.tar.gz", "six-1.17.0.tar.gz", "`six-1.17.0.tar.gz` is not of version 1.16.0"),
        ("six-1.16.0-py3-none-any.whl", "six-1.16.0.tar.gz", "`six-1.16.0.tar.gz` stands as a wheel"),
    ] {
        let found = odd(&text.replace(from, to));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(what), "{found:?}");
    }
}

#[test]
fn a_file_with_a_url_and_a_path() {
    let text = lock(&package("a", "1", PYPI))
        .replace("wheels = [\n    { url", "wheels = [\n    { path = \"x.whl\", url");
    assert_eq!(odd(&text), ["this file has a `path` beside its `url` @ path"]);
    assert_eq!(files(&read_text(&text), 0)[1].split(' ').nth(1), Some("a-1-py3-none-any.whl"));
}

#[test]
fn a_fragment_that_disagrees() {
    let text = lock(&package("a", "1", PYPI));
    let with = |hex: &str| text.replace("any.whl\"", &format!("any.whl#sha256={hex}\""));
    assert_eq!(odd(&with(&hex('b'))), Vec::<String>::new());
    assert!(odd(&with(&hex('0')))[0].starts_with("the digest in this URL is not the one"));
}

#[test]
fn packages_that_are_there_twice() {
    let text = lock(&(package("a", "1.0", PYPI) + &package("a", "1.0", PYPI)));
    assert_eq!(odd(&text), ["`a@1.0` is locked twice @ a"]);
    assert_eq!(read_text(&text).oddities[0].package, Some(1));
    let spelt = lock(&(package("a-b", "1.0", PYPI) + &package("A_b", "1.0", PYPI)));
    assert_eq!(odd(&spelt), ["`A_b@1.0` is locked twice @ A_b"]);
}

#[test]
fn edges_that_name_no_package() {
    let one = package("a", "1.0", PYPI);
    for edge in ["\"b\"", "\"a\", version = \"2.0\"", "\"a\", source = { registry = \"https://x.example/\" }"]
    {
        let found = odd(&lock(&(app(&[edge]) + &one)));
        assert_eq!(found.len(), 1, "{edge}");
        assert!(found[0].starts_with("this dependency names no package"), "{found:?}");
    }
    let two = lock(&(app(&["\"a\""]) + &one + &package("a", "2.0", PYPI)));
    assert_eq!(odd(&two), ["this dependency names several packages @ a"]);
}

#[test]
fn names_and_versions_that_hide_something() {
    for (written, shown) in
        [("a\\u0000b", "a\0b"), ("", ""), ("a b", "a b"), ("a\u{202e}", "a\u{202e}"), ("../a", "../a")]
    {
        let text = lock(&format!("[[package]]\nname = \"{written}\"\nversion = \"1\"\nsource = {PYPI}\n"));
        assert_eq!(odd(&text), [format!("`{shown}` cannot be the name of a package @ {written}")]);
    }
    let text = lock(&format!("[[package]]\nname = \"a\"\nversion = \"latest\"\nsource = {PYPI}\n"));
    assert_eq!(odd(&text), ["`latest` is not a version @ latest"]);
    // The version of a folder may be known only once it is built.
    let dynamic = lock("[[package]]\nname = \"a\"\nsource = { editable = \".\" }\n");
    assert_eq!(odd(&dynamic), Vec::<String>::new());
}

#[test]
fn a_flood_of_oddities_is_counted() {
    let packages: String = (0..1500).map(|_| package("a", "1.0", PYPI)).collect();
    let lockfile = read_text(&lock(&packages));
    assert_eq!(lockfile.oddities.len(), 1001);
    assert_eq!(lockfile.oddities[1000].what, "499 more oddities are not shown");
}
