//! What is recorded for rules to judge, with its place.

use super::*;

#[test]
fn tables_of_digests() {
    // What uv 0.13 and pip 26.3 make of each is in docs/formats/pylock.md.
    let (a, md5, sha1) = (hex('a'), &hex('b')[..32], &hex('c')[..40]);
    for (table, found, oddities) in [
        (format!("{{ sha256 = \"{a}\" }}"), "sha256:aaaa", &[][..]),
        (format!("{{ SHA256 = \"{a}\" }}"), "sha256:aaaa idle", &[]),
        (format!("{{ sha1 = \"{sha1}\" }}"), "sha1:cccc", &[]),
        (format!("{{ md5 = \"{md5}\", sha256 = \"{a}\" }}"), "md5:bbbb|sha256:aaaa", &[]),
        (
            "{ crc32 = \"deadbeef\" }".to_owned(),
            "unknown:dead",
            &["`crc32` is not an algorithm that tools check by that name @ crc32"],
        ),
        (
            format!("{{ sha3_256 = \"{a}\" }}"),
            "unknown:aaaa",
            &["`sha3_256` is not an algorithm that tools check by that name @ sha3_256"],
        ),
        ("{}".to_owned(), "", &["this table of digests is empty @ {}"]),
        ("{ sha256 = \"aa\" }".to_owned(), "", &["this is not a digest @ aa"]),
        (format!("{{ sha256 = \"{}\" }}", hex('z')), "", &["this is not a digest @ zzzz"]),
    ] {
        let text = lock(&format!(
            "[[packages]]\nname = \"a\"\nwheels = [{{ url = \"https://h/a-1-py3-none-any.whl\", hashes = {table} }}]\n"
        ));
        let file = files(&read_text(&text), 0)[0].clone();
        assert_eq!(file.rsplit(".whl ").next(), Some(found), "{table}");
        let shown: Vec<String> = odd(&text).iter().map(|o| o.replace(&hex('z'), "zzzz")).collect();
        assert_eq!(shown, oddities, "{table}");
    }
}

#[test]
fn names_that_are_not_those_of_the_address() {
    let named = |name: &str, url: &str| {
        lock(&format!(
            "[[packages]]\nname = \"six\"\nversion = \"1.16.0\"\nwheels = [{{ name = \"{name}\", url = \"{url}\" }}]\n"
        ))
    };
    let six = "six-1.16.0-py2.py3-none-any.whl";
    assert_eq!(odd(&named(six, &format!("https://h/{six}"))), Vec::<String>::new());
    assert_eq!(odd(&named(six, "https://h/Six-1.16.0-py2.py3-none-any.whl")), Vec::<String>::new());
    // Some indexes serve files by number.
    assert_eq!(odd(&named(six, "https://h/download/17")), Vec::<String>::new());
    assert_eq!(odd(&named("a+b", "https://h/a%2Bb")), Vec::<String>::new());
    assert_eq!(
        odd(&named(six, "https://h/evil-9.9-py3-none-any.whl")),
        [format!("`{six}` is fetched from `evil-9.9-py3-none-any.whl` @ {six}")]
    );
    let other = "evil-9.9-py3-none-any.whl";
    assert_eq!(odd(&named(other, &format!("https://h/{six}"))).len(), 2);
    assert_eq!(odd(&named(other, &format!("https://h/{other}"))).len(), 1);
}

#[test]
fn packages_of_two_kinds() {
    let text = lock(&(package("a", "1", &sha256()) + "[packages.directory]\npath = \"x\"\n"));
    let found = odd(&text);
    assert_eq!(found, ["this package has `sdist` beside `directory` @ sdist"]);
}

#[test]
fn packages_that_are_installed_together() {
    let marked = |marker: &str| {
        package("a", "1", &sha256()).replace("index", &format!("marker = \"{marker}\"\nindex"))
    };
    assert_eq!(odd(&lock(&(marked("os_name == 'nt'") + &marked("os_name != 'nt'")))), Vec::<String>::new());
    let twice = marked("os_name == 'nt'") + &marked("os_name == 'nt'").replace("\"a\"", "\"A\"");
    assert_eq!(odd(&lock(&twice)), ["`A` is locked twice @ A"]);
}

#[test]
fn keys_that_tools_ignore() {
    let text = lock(&package("a", "1", &sha256()));
    for (from, to) in [("hashes", "hashs"), ("hashes", "Hashes"), ("wheels", "wheel"), ("marker", "markers")]
    {
        let text = text.replace("version = \"1\"", "version = \"1\"\nmarker = \"x\"");
        let found = odd(&text.replace(from, to));
        assert!(!found.is_empty() && found.iter().all(|o| o.contains("looks like")), "{to}: {found:?}");
    }
}

#[test]
fn values_of_another_type() {
    let text = lock(&package("a", "1", &sha256()));
    for (from, to, label) in [
        ("name = \"a\"\n", "", "this entry has no `name`"),
        ("{ sha256 = ", "{ sha256 = 1, x = ", "`a digest` must be a string"),
        ("wheels = [", "wheels = [1, ", "`an entry of `wheels`` must be a table"),
    ] {
        assert_eq!(refused(&text.replace(from, to)).1, label);
    }
    let no_address = lock("[[packages]]\nname = \"a\"\narchive = { hashes = {} }\n");
    assert_eq!(refused(&no_address).1, "this has neither `url` nor `path`");
}
