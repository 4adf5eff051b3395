#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn read(text: &str) -> Result<(), Problem> {
    parse(&File::new("a.toml", text)).map(|_| ())
}

fn refused(text: &str) -> (String, String, String) {
    let problem = read(text).unwrap_err();
    let at = problem.place.map(|p| p.text().to_owned()).unwrap_or_default();
    (problem.title, at, problem.label)
}

#[test]
fn spans_are_those_of_the_file() {
    let file = File::new("a.toml", "a = 1\r\n[b]\nc = \"x\"\n");
    let table = parse(&file).unwrap();
    let (key, value) = table.get("b").unwrap().get_ref().as_table().unwrap().get_key_value("c").unwrap();
    assert_eq!(file.at(key.span()).text(), "c");
    assert_eq!(file.at(value.span()).text(), "\"x\"");
}

#[test]
fn an_error_has_its_place_and_what_was_expected() {
    let (title, at, label) = refused("name = \"a\"\nversion = \"1\n");
    assert_eq!(title, "`a.toml` is not valid TOML");
    assert_eq!((at.as_str(), label.as_str()), ("", "invalid basic string, expected `\"`"));
    let (_, at, label) = refused("a = 1\na = 2\n");
    assert_eq!((at.as_str(), label.as_str()), ("a", "duplicate key"));
}

#[test]
fn a_merge_conflict_is_named_as_one() {
    for marker in ["<<<<<<< HEAD", "||||||| base", "=======", ">>>>>>> other"] {
        let (title, at, _) = refused(&format!("a = 1\n{marker}\r\nb = 2\n"));
        assert_eq!(title, "`a.toml` holds an unresolved merge conflict");
        assert_eq!(at, marker);
    }
    // In a text that is TOML they are just text.
    read("a = '''\n<<<<<<< HEAD\n'''\n").unwrap();
}

#[test]
fn nesting_is_limited_in_every_form() {
    let nested: [fn(usize) -> String; 5] = [
        |n| format!("a = {}1{}\n", "[".repeat(n), "]".repeat(n)),
        |n| format!("a = {}1{}\n", "{a=".repeat(n), "}".repeat(n)),
        |n| format!("a{} = 1\n", ".a".repeat(n)),
        |n| format!("[a{}]\n", ".a".repeat(n - 1)),
        |n| format!("[[a{}]]\nb{} = [1]\n", ".a".repeat(n / 2), ".b".repeat(n - n / 2 - 2)),
    ];
    for form in nested {
        read(&form(64)).unwrap_or_else(|p| panic!("{p:?} for {}", form(64)));
        let (title, ..) = refused(&form(65));
        assert_eq!(title, "`a.toml` nests deeper than 64 levels", "{}", form(65));
        // Deep enough to overflow the stack if it were ever built.
        refused(&form(100_000));
    }
}

#[test]
fn breadth_is_not_depth() {
    let text = "[a.b]\nc.d = 1.5\ne = [[1], [2, 3.0], { f.g = 1, h.i = 2 }]\n";
    let mut all = String::new();
    for i in 0..100 {
        all.push_str(&text.replace("a.b", &format!("a.b{i}")));
    }
    read(&all).unwrap();
}

#[test]
fn unclosed_headers_are_a_syntax_error() {
    let (title, ..) = refused(&"[a\n".repeat(100));
    assert_eq!(title, "`a.toml` is not valid TOML");
}

#[test]
fn a_document_that_would_cost_too_much_memory_is_refused() {
    let dense = [
        format!("a = [{}]\n", "1,".repeat(1_000_000)),
        format!("a = [{}]\n", "{a=1},".repeat(100_000)),
        "[[a]]\nb=1\n".repeat(100_000),
        "a.a.a.a=1\n".repeat(100_000),
    ];
    for text in dense {
        assert_eq!(refused(&text).0, "`a.toml` has too many parts to be read safely");
    }
    // Long strings cost little, and a large ordinary lockfile is read.
    read(&format!("a = \"{}\"\n", "x\\n".repeat(1_000_000))).unwrap();
    let package = "[[package]]\nname = \"abcdefgh\"\nversion = \"1.2.3\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"0000000000000000000000000000000000000000000000000000000000000000\"\n\n";
    read(&package.repeat(2_000)).unwrap();
}
