#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::{Kind, Value, parse};
use crate::model::File;

fn tree(value: Value<'_>) -> serde_json::Value {
    match value.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool => value.bool().unwrap().into(),
        Kind::Number => serde_json::from_str(value.written()).unwrap(),
        Kind::String => value.string().unwrap().into(),
        Kind::List => value.items().map(tree).collect(),
        // The last of a key that stands twice, as `serde_json` and Python have it.
        Kind::Object => value.members().map(|(k, v)| (k.string().unwrap().into_owned(), tree(v))).collect(),
    }
}

/// Both readers take the text for the same, or both refuse it.
fn agree(text: &str) {
    let file = File::new("a.json", text);
    match (parse(&file), serde_json::from_str::<serde_json::Value>(text)) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(tree(ours.root()), theirs, "{text:?}");
            assert!(inside(ours.root()), "{text:?}");
        }
        (Err(problem), Err(_)) => {
            let place = problem.place.unwrap();
            assert!(text.get(place.span.range()).is_some(), "{text:?} {place:?}");
        }
        // `serde_json` wants a number to fit; a text fits always.
        (Ok(_), Err(error)) => assert!(error.to_string().contains("number out of range"), "{text:?} {error}"),
        (Err(problem), Ok(_)) => panic!("refused {text:?}: {problem:?}"),
    }
}

/// Whether every value lies within the one that holds it.
fn inside(value: Value<'_>) -> bool {
    let outer = value.span().range();
    value.children().all(|child| {
        let inner = child.span().range();
        outer.start < inner.start && inner.end < outer.end && inside(child)
    })
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f32>().prop_map(|f| f64::from(f).into()),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn documents_are_read_as_serde_json_reads_them(value in json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        agree(&text.unwrap());
    }

    #[test]
    fn mutated_documents_too(value in json(), at: prop::sample::Index, with in r#"[\[\]{}:,"\\u0-9eE+.tfn -]{0,3}"#) {
        let text = value.to_string();
        let start = (0..=at.index(text.len() + 1)).rev().find(|i| text.is_char_boundary(*i)).unwrap();
        let end = (start + 1..=text.len()).find(|i| text.is_char_boundary(*i)).unwrap_or(start);
        agree(&format!("{}{with}{}", &text[..start], &text[end.max(start)..]));
    }

    #[test]
    fn and_any_text_of_its_characters(text in r#"([\[\]{}:,"0-9.eE+ \n\t-]|\\[u"\\nx]|\\u[dD][89abAB][0-9]{2}|\\u[dD][c-f]00|null|true|false|é|\x01){0,24}"#) {
        agree(&text);
    }
}

#[test]
fn corners_that_readers_disagree_on() {
    for text in [
        "",
        " ",
        "1",
        "01",
        "-",
        "-0",
        "1.",
        ".1",
        "1e",
        "1e+",
        "1E-2",
        "nul",
        "nulll",
        "NaN",
        "Infinity",
        "[1,]",
        "{\"a\":1,}",
        "{,}",
        "[1 2]",
        "{\"a\" 1}",
        "{1:2}",
        "{'a':1}",
        "[]]",
        "[}",
        "// a\n1",
        "\"\u{7f}\"",
        "\"\u{1f}\"",
        "\"a\nb\"",
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\u0041""#,
        r#""\u00g0""#,
        r#""\u+123""#,
        r#""\x41""#,
        "\"",
        "\"\\",
        "\"\\u12",
        "\u{a0}1",
        "\u{feff}1",
        "{\"a\":1,\"a\":2}",
        "[[[]]]",
        "1\u{0}",
    ] {
        agree(text);
    }
}

#[test]
fn every_key_is_kept_and_the_last_one_counts() {
    let file = File::new("a.json", r#"{"a": 1, "\u0061": 2, "b": {}}"#);
    let document = parse(&file).unwrap();
    let keys: Vec<_> = document.root().members().map(|(key, _)| key.string().unwrap().into_owned()).collect();
    assert_eq!(keys, ["a", "a", "b"]);
    assert_eq!(document.root().get("a").unwrap().written(), "2");
    assert!(document.root().get("c").is_none());
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&File::new("a.json", nested(64))).is_ok());
    for depth in [65, 100_000] {
        let problem = parse(&File::new("a.json", nested(depth))).unwrap_err();
        assert_eq!(problem.place.unwrap().span.range(), 64..65);
    }
}

#[test]
fn a_merge_that_nobody_finished_is_named() {
    let file = File::new("a.json", "{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> b\n}\n");
    let problem = parse(&file).unwrap_err();
    assert!(problem.title.contains("merge conflict"), "{problem:?}");
    assert_eq!(problem.place.unwrap().text(), "<<<<<<< HEAD");
}
