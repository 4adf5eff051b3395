//! What is read, in every version.

use super::*;
use crate::model::{PackageRef, ReferenceKind, Source, SourceKind};

fn labels(lockfile: &Lockfile) -> Vec<String> {
    lockfile.packages().map(PackageRef::label).collect()
}

fn edges(lockfile: &Lockfile) -> Vec<String> {
    let name = |target: Option<u32>| target.and_then(|t| lockfile.package(t)).map(PackageRef::label);
    let edges = lockfile.packages().flat_map(PackageRef::dependencies);
    edges.map(|e| name(e.target).unwrap_or_else(|| "?".to_owned())).collect()
}

fn digests(lockfile: &Lockfile) -> Vec<&str> {
    lockfile.packages().flat_map(PackageRef::digests).map(|d| lockfile.text(d.hex)).collect()
}

#[test]
fn version_4_as_cargo_writes_it() {
    let text = format!("# @generated\n# by cargo\n{}", lock(&["a"], &[crates_io("a", "1.0.11+wasi.1")]));
    let lockfile = read_both(&text);
    assert!(read_canonical(&lockfile.file).is_some());
    assert_eq!(
        (lockfile.format.version.clone(), labels(&lockfile)),
        ("4".to_owned(), vec!["app@0.1.0".into(), "a@1.0.11+wasi.1".into()])
    );
    assert_eq!(edges(&lockfile), ["a@1.0.11+wasi.1"]);
    assert_eq!(digests(&lockfile), [hex('a')]);
    let a = lockfile.package(1).unwrap();
    assert!(a.source().unwrap().is_crates_io());
    assert_eq!(a.name_place().text(), "a");
    assert_eq!(a.version_place().text(), "1.0.11+wasi.1");
    assert_eq!(a.source_place().text(), CRATES_IO);
    assert!(a.at(a.package.place).text().starts_with("[[package]]\nname = \"a\""));
    assert!(a.at(a.package.place).text().ends_with(&format!("{}\"", hex('a'))));
    assert_eq!(lockfile.file.slice(lockfile.package(0).unwrap().dependencies()[0].name.place), "a");
    assert_eq!(lockfile.oddities, []);
}

#[test]
fn line_ends_of_windows_are_healthy_and_fast() {
    let text = lock(&["a"], &[crates_io("a", "1.0.0")]).replace('\n', "\r\n");
    let lockfile = read_both(&text);
    assert!(read_canonical(&lockfile.file).is_some());
    assert_eq!((labels(&lockfile).len(), lockfile.oddities.len()), (2, 0));
}

#[test]
fn what_cargo_would_write_otherwise_is_handed_over_and_read_alike() {
    let text = lock(&["a"], &[crates_io("a", "1.0.0")]);
    let rewritten = [
        text.replace("name = \"a\"", "name = 'a'"),
        text.replace("name = \"a\"", "name = \"\\u0061\""),
        text.replace("name = \"a\"", "name = \"\"\"a\"\"\""),
        text.replace("name = \"a\"", "name=\"a\""),
        text.replace("name = \"a\"", "\"name\" = \"a\" # a"),
        text.replace("version = \"1.0.0\"\n", "")
            .replace("name = \"a\"", "version = \"1.0.0\"\nname = \"a\""),
        text.replace("version = 4", "version = 0x4"),
    ];
    for text in rewritten {
        let lockfile = read_both(&text);
        assert!(read_canonical(&lockfile.file).is_none(), "{text}");
        assert_eq!(labels(&lockfile), ["app@0.1.0", "a@1.0.0"], "{text}");
        assert_eq!((edges(&lockfile), lockfile.oddities.len()), (vec!["a@1.0.0".into()], 0), "{text}");
    }
}

#[test]
fn version_1_keeps_checksums_in_metadata_and_may_have_a_root() {
    let (git, none) = (format!("git+https://h/g#{COMMIT}"), "<none>");
    let text = format!(
        "[root]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"a 1.0.0 ({CRATES_IO})\",\n \
         \"g 1.0.0 (git+https://h/g)\",\n \"b 1.0.0\",\n]\n\n{}{}{}[metadata]\n\
         \"checksum a 1.0.0 ({CRATES_IO})\" = \"{}\"\n\"checksum g 1.0.0 (git+https://h/g)\" = \"{none}\"\n",
        entry("a", "1.0.0", Some(CRATES_IO), &[]),
        entry("b", "1.0.0", None, &[]),
        entry("g", "1.0.0", Some(&git), &[]),
        hex('c'),
    );
    let lockfile = read_both(&text);
    assert_eq!(lockfile.format.version, "1");
    assert_eq!(labels(&lockfile), ["app@0.1.0", "a@1.0.0", "b@1.0.0", "g@1.0.0"]);
    assert_eq!(edges(&lockfile), ["a@1.0.0", "g@1.0.0", "b@1.0.0"]);
    assert_eq!(digests(&lockfile), [hex('c')]);
    assert_eq!(lockfile.oddities, []);
}

#[test]
fn version_2_has_no_version_line_but_inline_checksums() {
    let text = lock(&["a"], &[crates_io("a", "1.0.0")]).replace("version = 4\n\n", "");
    assert_eq!(read_both(&text).format.version, "2");
    assert_eq!(read_both(&entry("app", "0.1.0", None, &[])).format.version, "2");
}

#[test]
fn edges_name_as_much_as_is_needed() {
    let (one, two) = ("sparse+https://one.example/", "registry+https://two.example/i");
    let entries = [
        entry("a", "1.0.0", Some(one), &[]),
        entry("a", "1.0.0", Some(two), &[]),
        entry("a", "2.0.0", Some(one), &[]),
        entry("p", "1.0.0", None, &[]),
        entry("p", "1.0.0", Some(one), &[]),
        entry("g", "1.0.0", Some(&format!("git+https://h/g?branch=x#{COMMIT}")), &[]),
    ];
    let exact = [format!("a 1.0.0 ({one})"), format!("a 1.0.0 ({two})"), format!("p 1.0.0 ({one})")];
    let [a_one, a_two, p_one] = [&exact[0], &exact[1], &exact[2]];
    let text = lock(
        &[a_one, a_two, "a 2.0.0", "p", "p 1.0.0", p_one, "g 1.0.0 (git+https://h/g?branch=x)"],
        &entries,
    );
    let lockfile = read_both(&text);
    let targets: Vec<_> =
        lockfile.package(0).unwrap().dependencies().iter().map(|d| d.target.unwrap()).collect();
    assert_eq!(targets, [1, 2, 3, 4, 4, 5, 6]);
    assert_eq!(lockfile.oddities, []);
}

#[test]
fn an_edge_finds_its_source_under_another_spelling() {
    // Cargo compares addresses in their canonical form.
    let entries = [entry("g", "1.0.0", Some(&format!("git+https://GitHub.com/Acme/g.git#{COMMIT}")), &[])];
    let text = lock(&["g 1.0.0 (git+https://github.com/acme/g)"], &entries);
    assert_eq!(odd(&text), Vec::<String>::new());
}

#[test]
fn unused_patches_and_replacements() {
    let other = format!("git+https://h/x#{COMMIT}");
    let text = format!(
        "{}{}[[patch.unused]]\nname = \"u\"\nversion = \"3.0.0\"\nsource = \"{other}\"\n",
        lock(&["a 1.0.0 (registry+https://r.example/)"], &[]),
        entry(
            "a",
            "1.0.0",
            Some("registry+https://r.example/"),
            &["replace = \"a 1.0.0 (git+https://h/x)\""]
        ) + &entry("a", "1.0.0", Some(&other), &[]),
    );
    let lockfile = read_both(&text);
    let unused: Vec<_> = lockfile.unused().map(|u| (u.label(), u.source().unwrap().raw.clone())).collect();
    assert_eq!(unused, [("u@3.0.0".to_owned(), other)]);
    let replaced = lockfile.package(1).unwrap();
    assert_eq!(lockfile.text(replaced.package.replace.unwrap()), "a 1.0.0 (git+https://h/x)");
    assert_eq!((edges(&lockfile), lockfile.oddities.len()), (vec!["a@1.0.0".into(), "a@1.0.0".into()], 0));
}

fn source(version: u32, raw: &str) -> (Source, Option<(ReferenceKind, String)>, Option<String>) {
    let source = super::super::source::parse(raw, version);
    let reference = source.reference().map(|r| (r.kind, r.value.clone()));
    let commit = source.commit().map(str::to_owned);
    (source, reference, commit)
}

#[test]
fn git_references_are_raw_before_version_4_and_encoded_since() {
    use ReferenceKind::{Branch, Ref, Rev, Tag};
    let some = |kind, value: &str| Some((kind, value.to_owned()));
    for (version, raw, reference) in [
        (3, "git+https://h/g?branch=feat/x+y#1", some(Branch, "feat/x+y#1")),
        (4, "git+https://h/g?branch=feat%2Fx%2By%231", some(Branch, "feat/x+y#1")),
        (4, "git+https://h/g?branch=a+b", some(Branch, "a b")),
        (3, "git+https://h/g?branch=a%2Fb", some(Branch, "a%2Fb")),
        (4, "git+https://h/g?tag=v1", some(Tag, "v1")),
        (2, "git+https://h/g?ref=old", some(Ref, "old")),
        (4, "git+https://h/g?rev=3512a9f", some(Rev, "3512a9f")),
        (4, "git+https://h/g?x=1&rev=3512a9f&branch=b", some(Rev, "3512a9f")),
        (4, "git+https://h/g", None),
        (4, "git+https://h/g?x=1", None),
    ] {
        let (source, read, commit) = self::source(version, &format!("{raw}#{COMMIT}"));
        assert_eq!((read, commit.as_deref()), (reference, Some(COMMIT)), "{raw}");
        assert_eq!(source.url.unwrap().as_str(), "https://h/g", "{raw}");
    }
    assert_eq!(source(4, "git+https://h/g").2, None);
    // Since version 4 a `#` is encoded, so cargo takes all that follows the first for the commit.
    assert_eq!(source(4, &format!("git+https://h/g?branch=a#b#{COMMIT}")).2, Some(format!("b#{COMMIT}")));
}

#[test]
fn every_kind_of_source() {
    for (raw, kind, host) in [
        (CRATES_IO, SourceKind::Registry, Some("github.com")),
        ("sparse+https://R.example:443/i/", SourceKind::SparseRegistry, Some("r.example")),
        (
            "registry+https://github.com@evil.example/rust-lang/crates.io-index",
            SourceKind::Registry,
            Some("evil.example"),
        ),
        ("path+file:///a", SourceKind::Path, Some("")),
        ("local-registry+file:///a", SourceKind::LocalRegistry, Some("")),
        ("directory+file:///a", SourceKind::LocalRegistry, Some("")),
        ("registry+nothing", SourceKind::Registry, None),
        ("hg+https://h/x", SourceKind::Unknown, None),
        ("https://h/x", SourceKind::Unknown, None),
        ("", SourceKind::Unknown, None),
    ] {
        let (source, ..) = source(4, raw);
        assert_eq!((&source.kind, source.url.as_ref().map(crate::model::Url::host)), (&kind, host), "{raw}");
    }
}

/// What is no lockfile: title, text at the place, label.
fn refused(text: &str) -> (String, String, String) {
    let problem = read(&File::new("Cargo.lock", text)).unwrap_err();
    assert_eq!(problem.path.as_deref(), Some("Cargo.lock"));
    (problem.title, problem.place.map(|p| p.text().to_owned()).unwrap_or_default(), problem.label)
}

#[test]
fn an_unknown_version_names_itself_and_those_known() {
    for version in ["0", "5", "-1", "99999999999999999999"] {
        let (title, at, label) =
            refused(&lock(&[], &[]).replace("version = 4", &format!("version = {version}")));
        assert_eq!(title, format!("`Cargo.lock` has the unknown lockfile version {version}"));
        assert_eq!((at.as_str(), label.as_str()), (version, "this program knows the versions 1 to 4"));
    }
    let (_, at, label) = refused("version = \"4\"\n");
    assert_eq!((at.as_str(), label.as_str()), ("\"4\"", "`version` must be a number"));
}

#[test]
fn a_file_that_locks_nothing_is_no_lockfile() {
    for text in ["", "\n", "# only a comment\n", "version = 4\n", "package = []\n", "[metadata]\na = \"b\"\n"]
    {
        assert_eq!(refused(text).0, "`Cargo.lock` locks no package", "{text:?}");
    }
}

#[test]
fn what_cargo_cannot_read_is_refused_with_its_place() {
    for (text, at, label) in [
        ("package = 1\n", "1", "`package` must be a list"),
        ("package = [1]\n", "1", "`package` must be a table"),
        ("[[package]]\nname = \"a\"\n", "[[package]]", "this entry has no `version`"),
        ("[[package]]\nversion = \"1.0.0\"\n", "[[package]]", "this entry has no `name`"),
        ("[[package]]\nname = 1\nversion = \"1.0.0\"\n", "1", "`name` must be a string"),
        (
            "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = [\"x\"]\n",
            "[\"x\"]",
            "`checksum` must be a string",
        ),
        (
            "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [{ name = \"b\" }]\n",
            "{ name = \"b\" }",
            "an entry of `dependencies` must be a string",
        ),
        ("root = []\n", "[]", "`package` must be a table"),
        ("[metadata]\na = 1\n", "1", "a value of `metadata` must be a string"),
        ("[patch]\nunused = 1\n", "1", "`unused` must be a list"),
    ] {
        let refused = refused(text);
        assert_eq!((refused.1.as_str(), refused.2.as_str()), (at, label), "{text}");
    }
}

#[test]
fn a_merge_conflict_is_refused_as_such() {
    let text = lock(&["a"], &[crates_io("a", "1.0.0")]);
    let text =
        text.replace("name = \"a\"\n", "<<<<<<< HEAD\nname = \"a\"\n=======\nname = \"b\"\n>>>>>>> b\n");
    let (title, at, _) = refused(&text);
    assert_eq!(
        (title.as_str(), at.as_str()),
        ("`Cargo.lock` holds an unresolved merge conflict", "<<<<<<< HEAD")
    );
}
