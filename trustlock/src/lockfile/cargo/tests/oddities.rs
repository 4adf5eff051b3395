//! What is recorded for the rule `malformed-lockfile`, with its place.

use super::*;

#[test]
fn one_line_of_metadata_disarms_every_checksum_since_version_2() {
    let line = format!("[metadata]\n\"checksum x 1.0.0 ({CRATES_IO})\" = \"<none>\"\n");
    let disarmed = format!(
        "a line in `[metadata]` disarms every checksum of this file @ \"checksum x 1.0.0 ({CRATES_IO})\""
    );
    let four = lock(&["a"], &[crates_io("a", "1.0.0")]) + &line;
    assert_eq!(odd(&four), std::slice::from_ref(&disarmed));
    // Version 2 is told by its checksums, by short edges, or by short ids in the metadata itself.
    let two = four.replace("version = 4\n\n", "");
    assert_eq!(odd(&two), std::slice::from_ref(&disarmed));
    let bare = two.replace(&format!("checksum = \"{}\"\n", hex('a')), "");
    assert_eq!(odd(&bare), [disarmed]);
    let one = bare.replace("\"a\",", &format!("\"a 1.0.0 ({CRATES_IO})\","));
    assert_eq!(odd(&one), [format!("this checksum protects nothing @ \"checksum x 1.0.0 ({CRATES_IO})\"")]);
    let short = one.replace(&format!("checksum x 1.0.0 ({CRATES_IO})"), "checksum a");
    assert_eq!(odd(&short), ["a line in `[metadata]` disarms every checksum of this file @ \"checksum a\""]);
    // However the key is spelled.
    let escaped = four.replace("\"checksum x", "\"checksum\\u0020x");
    assert_eq!(odd(&escaped).len(), 1);
    assert!(
        odd(&escaped)[0].starts_with("a line in `[metadata]` disarms every checksum"),
        "{:?}",
        odd(&escaped)
    );
    // Other tools may keep things there.
    assert_eq!(odd(&four.replace("checksum x", "tool x")), Vec::<String>::new());
    let near = four.replace("\"checksum x", "\"Checksum x");
    assert_eq!(
        odd(&near),
        [format!(
            "`Checksum x 1.0.0 ({CRATES_IO})` is not a key of `Cargo.lock` @ \"Checksum x 1.0.0 ({CRATES_IO})\""
        )]
    );
}

#[test]
fn keys_that_cargo_ignores() {
    for (key, suggested) in [
        ("checksun", Some("checksum")),
        ("Checksum", Some("checksum")),
        ("CHECKSUM", Some("checksum")),
        ("\"check sum\"", Some("checksum")),
        ("soruce", Some("source")),
        ("dependency", None),
        ("hash", None),
    ] {
        let text = lock(&["a"], &[crates_io("a", "1.0.0").replace("checksum", key)]);
        let lockfile = read_both(&text);
        assert_eq!(lockfile.oddities.len(), 1, "{key}");
        assert_eq!(lockfile.file.slice(lockfile.oddities[0].place), key);
        let help = &lockfile.oddities[0].help;
        match suggested {
            Some(known) => assert_eq!(*help, format!("write `{known}` if that is meant, else remove it")),
            None => assert_eq!(help, "remove it"),
        }
    }
    let top = lock(&[], &[]) + "[[packages]]\nname = \"a\"\n";
    assert_eq!(odd(&top), ["`packages` is not a key of `Cargo.lock` @ packages"]);
    let patch = lock(&[], &[]) + "[[patch.unsued]]\nname = \"a\"\n";
    assert_eq!(odd(&patch), ["`unsued` is not a key of `Cargo.lock` @ unsued"]);
}

#[test]
fn checksums_that_equal_no_digest() {
    let short = hex('a').chars().take(63).collect::<String>();
    for (checksum, what) in [
        (short.as_str(), "this checksum is not a sha256 digest"),
        ("", "this checksum is not a sha256 digest"),
        (&hex('g'), "this checksum is not a sha256 digest"),
        (&format!("sha256:{}", hex('a')), "this checksum is not a sha256 digest"),
        (&hex('A'), "this checksum is in upper case"),
    ] {
        let text = lock(&["a"], &[crates_io("a", "1.0.0").replace(&hex('a'), checksum)]);
        assert_eq!(odd(&text), [format!("{what} @ {checksum}")]);
        let usable = checksum == hex('A');
        assert_eq!(read_both(&text).digest_count(), usize::from(usable), "{checksum}");
    }
    let one =
        entry("app", "0.1.0", None, &["dependencies = [", &format!(" \"a 1.0.0 ({CRATES_IO})\","), "]"])
            + &entry("a", "1.0.0", Some(CRATES_IO), &[])
            + &format!("[metadata]\n\"checksum a 1.0.0 ({CRATES_IO})\" = \"{short}\"\n");
    assert_eq!(odd(&one), [format!("this checksum is not a sha256 digest @ {short}")]);
}

#[test]
fn checksums_where_cargo_checks_none() {
    let checksum = format!("checksum = \"{}\"", hex('b'));
    let git = format!("git+https://h/g#{COMMIT}");
    let text = lock(
        &["g", "p"],
        &[entry("g", "1.0.0", Some(&git), &[&checksum]), entry("p", "1.0.0", None, &[&checksum])],
    );
    let at = hex('b');
    assert_eq!(
        odd(&text),
        [format!("a git package has a checksum @ {at}"), format!("a path package has a checksum @ {at}")]
    );
}

#[test]
fn packages_that_are_there_twice() {
    let text = lock(&["a"], &[crates_io("a", "1.0.0"), crates_io("a", "1.0.0")]);
    assert_eq!(odd(&text), ["`a@1.0.0` is locked twice @ a"]);
    let lockfile = read_both(&text);
    assert_eq!(lockfile.package(0).unwrap().dependencies()[0].target, Some(1));
    assert_eq!(lockfile.oddities[0].package, Some(2));
    // One package at two commits is one package to cargo.
    let at = |commit: &str| entry("g", "1.0.0", Some(&format!("git+https://h/g#{commit}")), &[]);
    let other = COMMIT.replace('0', "f");
    let text = lock(&["g"], &[at(COMMIT), at(&other)]);
    assert_eq!(odd(&text), ["`g@1.0.0` is locked twice @ g"]);
    // Other versions and other sources are other packages.
    let healthy = lock(&["a 1.0.0", "a 2.0.0"], &[crates_io("a", "1.0.0"), crates_io("a", "2.0.0")]);
    assert_eq!(odd(&healthy), Vec::<String>::new());
}

#[test]
fn packages_that_nothing_needs() {
    let b = crates_io("b", "1.0.0").replace("\n\n", "\ndependencies = [\n \"c\",\n]\n\n");
    let c = crates_io("c", "1.0.0").replace("\n\n", "\ndependencies = [\n \"b\",\n]\n\n");
    let text = lock(&["a"], &[crates_io("a", "1.0.0"), b, c]);
    assert_eq!(
        odd(&text),
        [
            "`b@1.0.0` is needed by nothing in the project @ b",
            "`c@1.0.0` is needed by nothing in the project @ c",
        ]
    );
    let rootless = "version = 4\n\n".to_owned() + &crates_io("a", "1.0.0");
    assert_eq!(odd(&rootless), ["this lockfile locks no package of a project @ "]);
}

#[test]
fn edges_that_name_no_package() {
    for edge in ["b", "a 2.0.0", "a 1.0.0 (sparse+https://x.example/)", "a 1.0.0 sparse", "", " a"] {
        let text = lock(&["a", edge], &[crates_io("a", "1.0.0")]);
        assert_eq!(odd(&text), [format!("this dependency names no package @ {edge}")]);
    }
    let text = lock(&["a 1.0.0", "a 2.0.0", "a"], &[crates_io("a", "1.0.0"), crates_io("a", "2.0.0")]);
    assert_eq!(odd(&text), ["this dependency names several packages @ a"]);
}

#[test]
fn versions_that_are_never_written_out() {
    for version in [1, 2] {
        let text =
            lock(&["a"], &[crates_io("a", "1.0.0")]).replace("version = 4", &format!("version = {version}"));
        assert_eq!(
            odd(&text),
            [format!("version {version} is never written out in a `Cargo.lock` @ {version}")]
        );
    }
}

#[test]
fn names_versions_and_sources_that_hide_something() {
    for (written, shown) in [
        ("a\\u0000b", "a\0b"),
        ("a\\u001B[2K", "a\u{1b}[2K"),
        ("", ""),
        ("a b", "a b"),
        ("a\u{202e}", "a\u{202e}"),
        ("../a", "../a"),
    ] {
        let text = lock(&[], &[entry(written, "1.0.0", None, &[])]);
        assert_eq!(odd(&text), [format!("`{shown}` cannot be the name of a package @ {written}")]);
    }
    let text = lock(&[], &[entry("ünïcödé_1-x", "1.0", None, &[])]);
    assert_eq!(odd(&text), ["`1.0` is not a version @ 1.0"]);
    for source in [
        "hg+https://h/x",
        "registry+x",
        "sparse+https://h/?a",
        "registry+https://h/#a",
        "registry+https://h/\\tx",
        "directory+file:///x",
    ] {
        let text = lock(&["a"], &[crates_io("a", "1.0.0").replace(CRATES_IO, source)]);
        assert_eq!(odd(&text), [format!("this source cannot be understood @ {source}")]);
    }
}

#[test]
fn a_replaced_package_has_no_edges() {
    let a = crates_io("a", "1.0.0").replace("\n\n", "\ndependencies = []\nreplace = \"b 1.0.0\"\n\n");
    let b = crates_io("b", "1.0.0");
    assert_eq!(odd(&lock(&["a"], &[a.clone(), b.clone()])), Vec::<String>::new());
    let both = a.replace("[]", "[\"b\"]");
    assert_eq!(odd(&lock(&["a"], &[both, b])), ["a replaced package has dependencies of its own @ a"]);
}

#[test]
fn a_flood_of_oddities_is_counted() {
    let packages: Vec<String> = (0..3000).map(|i| crates_io(&format!("p{i:04}"), "1.0.0")).collect();
    let lockfile = read_both(&lock(&[], &packages));
    assert_eq!(lockfile.oddities.len(), 1001);
    assert_eq!(lockfile.oddities[1000].what, "2000 more oddities are not shown");
}
