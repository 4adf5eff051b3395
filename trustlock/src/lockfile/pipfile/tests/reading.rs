use super::*;
use crate::lockfile::{Claim, claim, read as read_any};
use crate::model::{Algorithm, IndexRole, LocalForm, SourceKind};
use crate::tree::TreePath;

#[test]
fn an_entry_of_pipenv() {
    let entry = format!(
        r#""six": {{"hashes": ["sha256:{HEX}", "md5:{}"], "index": "pypi", "markers": "python_version >= '2.7'", "version": "==1.16.0"}}"#,
        "0".repeat(32)
    );
    let lockfile = of(&entry);
    let six = only(&lockfile);
    assert_eq!(
        (six.name(), six.version(), six.marker()),
        ("six", Some("1.16.0"), Some("python_version >= '2.7'"))
    );
    assert_eq!(six.groups().collect::<Vec<_>>(), ["default"]);
    let digests: Vec<_> = six.digests().iter().map(|d| (d.algorithm, d.idle)).collect();
    assert_eq!(digests, [(Algorithm::Sha256, None), (Algorithm::Md5, None)]);
    assert!(six.source().unwrap().is_pypi());
    assert_eq!(six.source_place().text(), "pypi");
    assert_eq!(six.version_place().text(), "1.16.0");
    assert_eq!(lockfile.format.to_string(), "Pipfile.lock v6");
    assert_eq!(lockfile.text(lockfile.manifest_hash.unwrap()), HEX);
    assert_eq!(lockfile.oddities, []);
    assert_eq!(lockfile.options, []);
}

#[test]
fn every_key_but_meta_is_a_category() {
    let text = r#"{"_meta": {"pipfile-spec": 6}, "default": {"a": {"version": "==1"}}, "docs": {"b": {"version": "==2"}}, "metadata": {"c": "*"}}"#;
    let lockfile = parsed(text);
    let groups: Vec<_> = lockfile.packages().map(|p| (p.name(), p.groups().collect::<Vec<_>>())).collect();
    assert_eq!(groups, [("a", vec!["default"]), ("b", vec!["docs"]), ("c", vec!["metadata"])]);
}

#[test]
fn one_package_in_two_categories_is_healthy() {
    let text = r#"{"_meta": {"pipfile-spec": 6}, "default": {"a": {"version": "==1"}}, "develop": {"a": {"version": "==1"}}}"#;
    let lockfile = parsed(text);
    assert_eq!((lockfile.len(), causes(&lockfile)), (2, vec![]));
}

#[test]
fn what_pins_a_version_and_what_does_not() {
    for (entry, version, specifier) in [
        (r#"{"version": "==1.0"}"#, Some("1.0"), None),
        (r#"{"version": "=== 1.0"}"#, Some("1.0"), None),
        (r#"{"version": "==1!2.0.post1+local.1"}"#, Some("1!2.0.post1+local.1"), None),
        (r#"{"version": "==1.*"}"#, None, Some("==1.*")),
        (r#"{"version": ">=1.0"}"#, None, Some(">=1.0")),
        (r#"{"version": "==1.0,<2"}"#, None, Some("==1.0,<2")),
        (r#"{"version": "*"}"#, None, Some("*")),
        (r#"{"version": ""}"#, None, Some("")),
        (r#""*""#, None, Some("*")),
        (r#""1.0""#, Some("1.0"), None),
        ("{}", None, None),
    ] {
        let lockfile = of(&format!("\"six\": {entry}"));
        let six = only(&lockfile);
        assert_eq!(six.version(), version, "{entry}");
        assert_eq!(six.package.specifier.map(|s| lockfile.text(s)), specifier, "{entry}");
        assert_eq!(causes(&lockfile), [""; 0], "{entry}");
    }
}

#[test]
fn the_index_of_an_entry_without_one() {
    let source = |sources: &[&str], entry: &str| {
        let lockfile = parsed(&text(sources, &format!("\"six\": {entry}")));
        let source = only(&lockfile).source().unwrap();
        (source.kind.clone(), source.raw.clone(), causes(&lockfile))
    };
    let none = r#"{"version": "==1.0"}"#;
    assert_eq!(source(&[PYPI], none), (SourceKind::Index, "https://pypi.org/simple".to_owned(), vec![]));
    assert_eq!(source(&[], none), (SourceKind::Unrecorded, String::new(), vec![]));
    assert_eq!(source(&[PYPI, ACME], none), (SourceKind::Unrecorded, String::new(), vec![]));
    for index in ["acme", "https://pypi.acme.example/simple"] {
        let entry = format!(r#"{{"version": "==1.0", "index": "{index}"}}"#);
        let found = source(&[PYPI, ACME], &entry);
        assert_eq!(found, (SourceKind::Index, "https://pypi.acme.example/simple".to_owned(), vec![]));
    }
}

#[test]
fn sources_are_indexes_in_their_order() {
    let open = r#"{"name": "open", "url": "http://a.example/simple", "verify_ssl": false}"#;
    let lockfile = parsed(&text(&[PYPI, open], ""));
    let indexes: Vec<_> =
        lockfile.indexes.iter().map(|i| (i.role, i.name.map(|n| lockfile.text(n)))).collect();
    assert_eq!(indexes, [(IndexRole::Primary, Some("pypi")), (IndexRole::Extra, Some("open"))]);
    let options: Vec<_> = lockfile.options.iter().map(|o| (o.name, o.value.as_str())).collect();
    assert_eq!(options, [("sources.verify_ssl", "false")]);
    assert_eq!(lockfile.file.slice(lockfile.options[0].place), "\"verify_ssl\": false");
}

#[test]
fn only_what_python_takes_for_false_switches_the_check_off() {
    for (value, off) in [
        ("true", false),
        ("1", false),
        ("\"false\"", false),
        ("[0]", false),
        ("0.5", false),
        ("false", true),
        ("0", true),
        ("-0.0", true),
        ("0e5", true),
        ("null", true),
        ("\"\"", true),
        ("[]", true),
        ("{}", true),
    ] {
        let source = format!(r#"{{"url": "https://pypi.org/simple", "verify_ssl": {value}}}"#);
        assert_eq!(!parsed(&text(&[&source], "")).options.is_empty(), off, "{value}");
    }
}

#[test]
fn repositories() {
    let git = |fields: &str| {
        let lockfile = of(&format!("\"six\": {{{fields}}}"));
        assert_eq!(causes(&lockfile), [""; 0], "{fields}");
        let source = only(&lockfile).source().unwrap();
        let reference = source.reference().map(|r| r.value.clone());
        (source.key(), source.commit().map(str::to_owned), reference)
    };
    let key = "git+https://github.com/benjaminp/six".to_owned();
    let commit = Some(COMMIT.to_owned());
    for (fields, pin, reference) in [
        (format!(r#""git": "https://github.com/benjaminp/six.git", "ref": "{COMMIT}""#), &commit, None),
        (
            format!(r#""git": "git+https://github.com/benjaminp/six.git#egg=six", "ref": "{COMMIT}""#),
            &commit,
            None,
        ),
        (format!(r#""git": "git+https://github.com/benjaminp/six@{COMMIT}""#), &commit, None),
        (r#""git": "https://github.com/benjaminp/six", "ref": "main""#.to_owned(), &None, Some("main")),
        (r#""git": "https://github.com/benjaminp/six", "ref": "c5b4a3b""#.to_owned(), &None, Some("c5b4a3b")),
        (r#""git": "https://github.com/benjaminp/six""#.to_owned(), &None, None),
        (r#""path": "git+https://github.com/benjaminp/six@main""#.to_owned(), &None, Some("main")),
    ] {
        assert_eq!(git(&fields), (key.clone(), pin.clone(), reference.map(str::to_owned)), "{fields}");
    }
    let ssh = git(&format!(r#""git": "git+ssh://git@github.com/acme/lib.git", "ref": "{COMMIT}""#));
    assert_eq!(ssh, ("git+ssh://github.com/acme/lib".to_owned(), commit, None));
    let mercurial = of(r#""six": {"hg": "https://hg.example/six", "ref": "tip"}"#);
    assert_eq!(only(&mercurial).source().unwrap().kind, SourceKind::Unknown);
    let both =
        of(r#""six": {"hg": "https://hg.example/six", "path": ".", "git": "https://git.example/six"}"#);
    assert_eq!(only(&both).source().unwrap().key(), "git+https://git.example/six");
}

#[test]
fn files_and_folders() {
    let local = |fields: &str| {
        let lockfile = of(&format!("\"six\": {{{fields}}}"));
        assert_eq!(causes(&lockfile), [""; 0], "{fields}");
        only(&lockfile).source().unwrap().kind.clone()
    };
    let inside = |form, path: &str| SourceKind::Local { form, inside: Some(path.to_owned()) };
    assert_eq!(local(r#""editable": true, "path": ".""#), inside(LocalForm::Editable, "app"));
    assert_eq!(local(r#""path": "./lib""#), inside(LocalForm::Directory, "app/lib"));
    assert_eq!(
        local(r#""path": "../../up""#),
        SourceKind::Local { form: LocalForm::Directory, inside: None }
    );
    assert_eq!(local(r#""file": "dist/six-1.0.tar.gz""#), inside(LocalForm::File, "app/dist/six-1.0.tar.gz"));
    assert_eq!(local(r#""file": "https://a.example/archive/master.zip""#), SourceKind::Archive);
    assert_eq!(local(r#""path": "https://a.example/six.zip""#), SourceKind::Archive);
}

#[test]
fn hashes_that_pipenv_drops_are_idle() {
    for fields in [
        r#""file": "https://a.example/six-1.0-py3-none-any.whl""#,
        r#""path": "./six""#,
        r#""git": "https://a.example/six""#,
    ] {
        let lockfile = of(&format!(r#""six": {{{fields}, "hashes": ["sha256:{HEX}"]}}"#));
        let artifact = only(&lockfile).artifacts().next().unwrap();
        assert!(artifact.digests()[0].idle.is_some(), "{fields}");
    }
}

#[test]
fn a_digest_in_an_address_is_compared() {
    let wheel = format!("https://a.example/six-1.0-py3-none-any.whl#egg=six&sha256={HEX}&md5=0");
    let lockfile = of(&format!(r#""six": {{"file": "{wheel}"}}"#));
    let six = only(&lockfile);
    let artifact = six.artifacts().next().unwrap();
    assert_eq!(
        (artifact.filename(), artifact.url()),
        (Some("six-1.0-py3-none-any.whl"), Some(wheel.as_str()))
    );
    assert_eq!(
        artifact.digests().iter().map(|d| (lockfile.text(d.hex), d.idle)).collect::<Vec<_>>(),
        [(HEX, None)]
    );
}

#[test]
fn specifications() {
    let spec =
        |value: &str| read(&File::new("Pipfile.lock", format!(r#"{{"_meta": {value}, "default": {{}}}}"#)));
    for known in ["5", "6"] {
        let lockfile = spec(&format!(r#"{{"pipfile-spec": {known}}}"#)).unwrap();
        assert_eq!(lockfile.format.version, known);
    }
    for unknown in ["7", "4", "6.0", "\"6\"", "null"] {
        let problem = spec(&format!(r#"{{"pipfile-spec": {unknown}}}"#)).unwrap_err();
        assert!(problem.title.contains(unknown), "{problem:?}");
        assert_eq!(problem.place.unwrap().text(), unknown);
    }
    assert!(spec("{}").is_err());
    assert!(read(&File::new("Pipfile.lock", "{}")).is_err());
    assert!(read(&File::new("Pipfile.lock", "[]")).is_err());
    assert!(read(&File::new("Pipfile.lock", "")).is_err());
}

#[test]
fn values_of_the_wrong_type_are_problems() {
    for entry in [
        r#""six": 1"#,
        r#""six": null"#,
        r#""six": {"version": 1}"#,
        r#""six": {"hashes": "sha256:x"}"#,
        r#""six": {"hashes": [1]}"#,
        r#""six": {"extras": "a"}"#,
        r#""six": {"git": {}}"#,
        r#""six": {"index": []}"#,
    ] {
        let text = text(&[PYPI], entry);
        let problem = read(&File::new("Pipfile.lock", text.as_str())).unwrap_err();
        assert!(problem.title.contains("pipenv"), "{entry}");
        assert!(problem.place.is_some(), "{entry}");
    }
}

#[test]
fn names_of_files() {
    assert_eq!(claim("a/Pipfile.lock"), Claim::Yes);
    assert_eq!(claim("a/Pipfile.dev.lock"), Claim::Maybe);
    let path = TreePath::new("dev.Pipfile.lock").unwrap();
    assert!(read_any(&path, text(&[PYPI], "").into_bytes()).unwrap().is_some());
    assert!(read_any(&path, b"{\"packages\": []}".to_vec()).unwrap().is_none());
}
