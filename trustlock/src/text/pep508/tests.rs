#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::{Specifiers, parse};

#[test]
fn the_parts_of_a_requirement() {
    let all = parse("  Flask[async, dotenv] >=3 , <4 ; python_version > '3.9'").unwrap();
    assert_eq!((all.name.as_str(), all.extras), ("Flask", vec!["async".to_owned(), "dotenv".to_owned()]));
    assert!(all.specifiers.same(&Specifiers::parse("<4,>=3").unwrap()));
    assert_eq!(all.marker.as_deref(), Some("python_version > '3.9'"));
    let url = parse("six @ git+https://a.example/six@main#egg=six;x ; extra == 'a'").unwrap();
    assert_eq!(url.url.as_deref(), Some("git+https://a.example/six@main#egg=six;x"));
    assert_eq!(url.marker.as_deref(), Some("extra == 'a'"));
    assert_eq!(parse("six").unwrap().specifiers, Specifiers::default());
    assert!(parse("six (>=1,<2)").unwrap().specifiers.allow("1.5").unwrap());
}

#[test]
fn what_is_no_requirement() {
    for text in [
        "",
        "-r a.txt",
        "./six",
        "six==",
        "six=1",
        "six>=1,,<2",
        "six,",
        "six[",
        "six[a",
        "six[a b]",
        "_six",
        "six-",
        "six @",
        "six @ https://a.example x",
        "six >=1 <2",
        "six;",
        "six (>=1",
        "https://a.example/six.zip",
        "six ==1.0.* foo",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn which_versions_satisfy() {
    for (specifiers, version, allowed) in [
        ("", "0.1", true),
        (">=1,<2", "1.9.9", true),
        (">=1,<2", "2.0", false),
        ("~=1.4", "1.9", true),
        ("~=1.4", "2.0", false),
        ("==1.0", "1.0.0", true),
        ("==1.0", "1.0+cpu", true),
        ("==1.0+cpu", "1.0", false),
        ("==1.*", "1.9.post1", true),
        ("!=1.5", "1.5", false),
        ("===1.0", "1.0", true),
        ("===1.0", "1.0.0", false),
        (">1.0", "1.0.post1", false),
        (">=2.0b1", "2.0rc1", true),
    ] {
        assert_eq!(
            Specifiers::parse(specifiers).unwrap().allow(version),
            Some(allowed),
            "{specifiers} {version}"
        );
    }
    assert_eq!(Specifiers::default().allow("what"), None);
}

#[test]
fn the_same_clauses_in_another_spelling() {
    for (one, other, same) in [
        (">=1,<2", "< 2, >= 1", true),
        (">=1.0", ">=1.0.0", false),
        ("==1.0RC1", "==1.0rc1", true),
        (">=1", ">1", false),
        ("", ">=0", false),
    ] {
        let read = |text| Specifiers::parse(text).unwrap();
        assert_eq!(read(one).same(&read(other)), same, "{one} {other}");
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read(
        name in "[A-Za-z0-9]([A-Za-z0-9._-]{0,6}[A-Za-z0-9])?",
        extras in prop::collection::vec("[a-z][a-z0-9]{0,3}", 0..3),
        clauses in prop::collection::vec(("==|!=|<=|>=|<|>", "[0-9]{1,2}(\\.[0-9]{1,2}){0,2}((a|b|rc|\\.post|\\.dev)[0-9])?"), 0..4),
        marker in prop::option::of("[a-z_]{1,8} == '[a-z;]{0,4}'"),
        space in "[ \t]{0,2}",
        brackets: bool,
    ) {
        let asked: Vec<String> = clauses.iter().map(|(o, v)| format!("{o}{space}{v}")).collect();
        let asked = asked.join(&format!("{space},"));
        let asked = if brackets { format!("({asked})") } else { asked };
        let listed = if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(&format!("{space},"))) };
        let condition = marker.as_ref().map(|m| format!("{space};{space}{m}")).unwrap_or_default();
        let text = format!("{space}{name}{space}{listed}{space}{asked}{condition}{space}");
        let read = parse(&text);
        prop_assert!(read.is_some(), "{}", text);
        let read = read.unwrap();
        prop_assert_eq!(&read.name, &name);
        prop_assert_eq!(&read.extras, &extras);
        prop_assert_eq!(&read.marker, &marker);
        let printed: Vec<String> = clauses.iter().map(|(o, v)| format!("{o}{v}")).collect();
        prop_assert!(read.specifiers.same(&Specifiers::parse(&printed.join(",")).unwrap()));
    }

    #[test]
    fn no_text_panics(text in "([A-Za-z0-9 \t\\[\\](),;@=<>!~.*'\"]|é|[a-z]{3}){0,30}") {
        let _ = parse(&text);
    }
}
