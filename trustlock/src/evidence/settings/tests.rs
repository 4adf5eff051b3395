#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::tree::Memory;

fn read(files: &[(&str, &str)]) -> Settings {
    let tree = files.iter().fold(Memory::new(), |tree, (path, text)| tree.with(path, *text));
    let found: Vec<TreePath> = files
        .iter()
        .map(|(path, _)| TreePath::new(path).unwrap())
        .filter(|path| path.as_str().contains(".cargo/config") || path.name().starts_with("rust-toolchain"))
        .collect();
    Settings::read(&tree, &found)
}

/// `file: key = value` of each, and the titles of problems.
fn lines(settings: &Settings) -> Vec<String> {
    let settings_lines =
        settings.settings.iter().map(|s| format!("{}: {} = {}", s.file.path, s.dotted(), s.value));
    settings_lines
        .chain(settings.problems.iter().chain(&settings.broken).map(|p| format!("problem: {}", p.title)))
        .collect()
}

#[test]
fn every_spelling_of_a_key_is_one_setting() {
    for text in [
        "[build]\nrustc-wrapper = 'w'",
        "build.rustc-wrapper = 'w'",
        "build = { rustc-wrapper = 'w' }",
        "[\"build\"]\n\"rustc-wrapper\" = \"\\u0077\"",
    ] {
        let settings = read(&[(".cargo/config.toml", text)]);
        assert_eq!(lines(&settings), [".cargo/config.toml: build.rustc-wrapper = w"], "{text}");
    }
}

#[test]
fn keys_are_told_apart_by_case_and_dashes() {
    let settings = read(&[(".cargo/config.toml", "[Build]\nrustc_wrapper = 'w'")]);
    assert_eq!(lines(&settings), [".cargo/config.toml: Build.rustc_wrapper = w"]);
}

#[test]
fn values_of_every_kind() {
    let text = "a = true\nb = -3\nc = ['x', 'y z']\nd = 1.5\ne = {}\nf = ['x', 1]\ng = '[\"x\"]'\nh = 0x10\n";
    let found = read(&[(".cargo/config.toml", text)]);
    let values: Vec<String> = found.settings.iter().map(|s| format!("{:?}", s.value)).collect();
    assert_eq!(
        values,
        [
            "Bool(true)",
            "Integer(-3)",
            "List([\"x\", \"y z\"])",
            "Other(\"1.5\")",
            "Other(\"{}\")",
            "Other(\"['x', 1]\")",
            "Text(\"[\\\"x\\\"]\")",
            "Integer(16)"
        ]
    );
}

#[test]
fn different_values_never_share_a_text() {
    let list = |items: &[&str]| Value::List(items.iter().map(|i| (*i).to_owned()).collect());
    let values =
        [list(&["a", "b"]), list(&["a b"]), Value::Text("a b".into()), Value::Text("[\"a\", \"b\"]".into())];
    for (i, a) in values.iter().enumerate() {
        for b in values.iter().skip(i + 1) {
            assert_ne!(a.to_string(), b.to_string());
        }
    }
}

#[test]
fn a_span_covers_key_and_value() {
    let settings = read(&[(".cargo/config.toml", "[build]\njobs = 1\nrustc = 'r' # here\n")]);
    let shown: Vec<String> = settings.settings.iter().map(|s| s.place().text().to_owned()).collect();
    assert_eq!(shown, ["jobs = 1", "rustc = 'r'"]);
}

#[test]
fn includes_are_read_where_cargo_reads_them() {
    let settings = read(&[
        (".cargo/config.toml", "include = ['a.toml', { path = '../shared/b.toml', optional = true }]"),
        (".cargo/a.toml", "x = 1"),
        ("shared/b.toml", "include = ['c.toml']\ny = 2"),
        ("shared/c.toml", "z = 3"),
    ]);
    assert_eq!(lines(&settings), [".cargo/a.toml: x = 1", "shared/b.toml: y = 2", "shared/c.toml: z = 3"]);
    let bases: Vec<Option<TreePath>> = settings.settings.iter().map(|s| s.base.clone()).collect();
    assert_eq!(bases, [Some(TreePath::root()), Some(TreePath::root()), Some(TreePath::root())]);
}

#[test]
fn an_included_file_of_the_root_starts_above_it() {
    let settings = read(&[(".cargo/config.toml", "include = ['../x.toml']"), ("x.toml", "paths = ['p']")]);
    assert_eq!(settings.settings.iter().map(|s| s.base.clone()).collect::<Vec<_>>(), [None]);
}

#[test]
fn includes_that_cannot_be_read() {
    let cases = [
        (
            "include = ['no.toml']",
            "problem: `.cargo/config.toml` includes `.cargo/no.toml`, which does not exist",
        ),
        ("include = { path = 'x.toml' }", "problem: cannot tell what `.cargo/config.toml` includes"),
        ("include = [1]", "problem: cannot tell what `.cargo/config.toml` includes"),
        ("include = [{ optional = true }]", "problem: cannot tell what `.cargo/config.toml` includes"),
        (
            "include = [{ path = 'x.toml', optional = 1 }]",
            "problem: cannot tell what `.cargo/config.toml` includes",
        ),
        ("include = ['../../x.toml']", ".cargo/config.toml: include = ../../x.toml"),
        ("include = ['/etc/x.toml']", ".cargo/config.toml: include = /etc/x.toml"),
    ];
    for (text, expected) in cases {
        assert_eq!(lines(&read(&[(".cargo/config.toml", text)])), [expected], "{text}");
    }
}

#[test]
fn a_missing_optional_include_is_nothing() {
    let settings = read(&[(".cargo/config.toml", "include = [{ path = 'no.toml', optional = true }]")]);
    assert!(lines(&settings).is_empty());
}

#[test]
fn include_cycles_end() {
    let settings = read(&[
        (".cargo/config.toml", "include = ['a.toml']\nx = 1"),
        (".cargo/a.toml", "include = ['config.toml', 'a.toml']\ny = 2"),
    ]);
    assert_eq!(lines(&settings), [".cargo/a.toml: y = 2", ".cargo/config.toml: x = 1"]);
}

#[test]
fn what_an_alias_passes_to_config_is_set() {
    for alias in [
        "x = 'build --config paths=[\"evil\"] -v'",
        "x = ['build', '--config', 'paths=[\"evil\"]']",
        "x = ['--config=paths=[\"evil\"]', 'build']",
    ] {
        let settings = read(&[(".cargo/config.toml", &format!("[alias]\n{alias}"))]);
        let keys: Vec<String> = settings.settings.iter().map(Setting::dotted).collect();
        assert!(keys.contains(&"paths".to_owned()), "{alias}: {keys:?}");
    }
    let settings = read(&[
        (".cargo/config.toml", "[alias]\nx = 'build --config extra.toml'\ny = 'run -- --config no.toml'"),
        ("extra.toml", "paths = ['evil']"),
    ]);
    assert_eq!(
        lines(&settings),
        [
            ".cargo/config.toml: alias.x = build --config extra.toml",
            ".cargo/config.toml: alias.y = run -- --config no.toml",
            "extra.toml: paths = [\"evil\"]"
        ]
    );
}

#[test]
fn both_forms_of_the_toolchain_file() {
    let cases = [
        ("rust-toolchain", "nightly-2026-01-01\n", "toolchain.channel = nightly-2026-01-01"),
        ("rust-toolchain", "[toolchain]\npath = '/t'\n", "toolchain.path = /t"),
        ("sub/rust-toolchain.toml", "[toolchain]\nchannel = '1.95'", "toolchain.channel = 1.95"),
    ];
    for (path, text, expected) in cases {
        assert_eq!(lines(&read(&[(path, text)])), [format!("{path}: {expected}")]);
    }
}

#[test]
fn the_old_name_takes_the_place_of_the_new_one() {
    let settings = read(&[(".cargo/config", "a = 1"), (".cargo/config.toml", "a = 2")]);
    let shadowed: Vec<_> = settings.shadowed.iter().map(|s| (&*s.file.path, &*s.by.path)).collect();
    assert_eq!(shadowed, [(".cargo/config.toml", ".cargo/config")]);
    let twins = read(&[("rust-toolchain", "[toolchain]\n"), ("rust-toolchain.toml", "[toolchain]\n")]);
    assert!(twins.shadowed.is_empty());
}

#[test]
fn what_is_not_toml_is_a_problem() {
    let settings = read(&[(".cargo/config.toml", "[build\n"), ("rust-toolchain.toml", "1.95")]);
    assert_eq!(
        lines(&settings),
        [
            "problem: `.cargo/config.toml` is not valid TOML",
            "problem: `rust-toolchain.toml` is not valid TOML"
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_are_read_where_they_lead_inside_the_tree() {
    use std::fs;
    use std::os::unix::fs::symlink;

    let outside = tempfile::tempdir().unwrap();
    let root = outside.path().join("root");
    fs::create_dir_all(root.join("py/.cargo")).unwrap();
    fs::create_dir_all(root.join("docs")).unwrap();
    fs::write(root.join("docs/settings.txt"), "paths = ['evil']").unwrap();
    fs::write(outside.path().join("theirs.toml"), "paths = ['evil']").unwrap();
    symlink("docs", root.join("folder")).unwrap();
    let cases = [
        ("../../docs/settings.txt", Ok("docs/settings.txt: paths = [\"evil\"]")),
        ("../../../theirs.toml", Err("symbolic link")),
        ("../../folder/settings.txt", Err("symbolic link")),
        ("../../docs/../docs/settings.txt", Err("symbolic link")),
        ("/etc/hostname", Err("symbolic link")),
    ];
    for (target, expected) in cases {
        let link = root.join("py/.cargo/config.toml");
        let _ = fs::remove_file(&link);
        symlink(target, &link).unwrap();
        let tree = crate::tree::Disk::open(&root, 1 << 20).unwrap();
        let settings = Settings::read(&tree, &[TreePath::new("py/.cargo/config.toml").unwrap()]);
        match (expected, lines(&settings).as_slice()) {
            (Ok(expected), [found]) => {
                assert_eq!(found, expected);
                assert_eq!(settings.settings.first().unwrap().base, TreePath::new("py").ok());
            }
            (Err(expected), [found]) => assert!(found.contains(expected), "{target}: {found}"),
            (_, all) => panic!("{target}: {all:?}"),
        }
    }
}

proptest! {
    /// Any bytes are settings or a problem, and every span is of its file.
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200), legacy: bool) {
        let path = if legacy { "rust-toolchain" } else { ".cargo/config.toml" };
        let tree = Memory::new().with(path, bytes);
        let settings = Settings::read(&tree, &[TreePath::new(path).unwrap()]);
        for setting in &settings.settings {
            prop_assert!(setting.file.text.get(setting.span.range()).is_some());
        }
    }

    /// So is anything made of the words that matter; a document that holds values yields settings.
    #[test]
    fn any_words_are_read(words in proptest::collection::vec(
        prop_oneof![
            Just("include"), Just("alias"), Just("x"), Just("."), Just(" = "), Just("\n"), Just("["), Just("]"),
            Just("{"), Just("}"), Just(","), Just("\"--config a=1\""), Just("\"config.toml\""), Just("1"),
            Just("path"), Just("optional"), Just("true"), Just("'../../y.toml'"), Just("env"), Just("source"),
        ], 0..40,
    )) {
        let text = words.concat();
        let settings = read(&[(".cargo/config.toml", &text)]);
        for setting in &settings.settings {
            prop_assert!(setting.file.text.get(setting.span.range()).is_some());
            prop_assert!(!setting.key.is_empty());
        }
        let parsed = toml::de::DeTable::parse(&text).is_ok();
        prop_assert!(parsed || !(settings.problems.is_empty() && settings.broken.is_empty()));
    }
}
