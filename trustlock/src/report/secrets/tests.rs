#![allow(clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

fn found(text: &str) -> Vec<&str> {
    find_all(text).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn where_credentials_stand() {
    for (text, expected) in [
        ("https://user:S3CRET@host/x", vec!["user:S3CRET"]),
        ("https://S3CRET@host", vec!["S3CRET"]),
        ("git+ssh://git@host/x.git", vec![]),
        ("git@host:acme/x.git", vec![]),
        ("https://git:S3CRET@host", vec!["git:S3CRET"]),
        ("https://a:b@c@host/d@e", vec!["a:b@c"]),
        ("https://host/p@q?x@y#z@w", vec![]),
        ("'https://a:b@h/x','ssh://c:d@h'", vec!["a:b", "c:d"]),
        ("sparse+https://host/t/S3CRET/index", vec!["S3CRET"]),
        ("https://host/t/t/S3CRET", vec!["t", "S3CRET"]),
        ("https:/me:S3CRET@host", vec!["me:S3CRET"]),
        ("https://mirror/https:/me:S3CRET@host/x", vec!["me:S3CRET"]),
        ("https:\\\\me:S3CRET@host https:/\\me:S3CRET@host", vec!["me:S3CRET"]),
        ("--trusted-host user:S3CRET@host", vec!["user:S3CRET"]),
        ("trusted-host = [\"S3CRET@host\"]", vec!["S3CRET"]),
        ("`--trusted-host` switches off TLS for `host`", vec![]),
        ("--trusted-host host six@1", vec![]),
        ("C:/t/trustlock.toml", vec![]),
        ("tests/t/data/Cargo.lock", vec![]),
        ("https://host/x?a=1&token=S3CRET&b=2", vec!["S3CRET"]),
        ("https://host/x?access_token=S3CRET#abc", vec!["S3CRET"]),
        ("https://host/x?X-Amz-Signature=S3CRET", vec!["S3CRET"]),
        ("https://host/?branch=tokens", vec![]),
        ("token = \"S3CRET\" # why", vec!["S3CRET"]),
        ("'secret-key' = 'S3CRET'", vec!["S3CRET"]),
        ("`registries.x.token` = `S3CRET`", vec!["S3CRET"]),
        ("token = \"S3\\\"CRET\"", vec!["S3\\\"CRET"]),
        ("token = \"\"\"S3\nCRET\"\"\"", vec!["S3\nCRET"]),
        ("token = \"\"", vec![]),
        ("token = \"S3CRET", vec!["S3CRET"]),
        ("CARGO_REGISTRY_TOKEN=S3CRET cargo publish", vec!["S3CRET"]),
        ("credential-provider = \"cargo:token\"", vec![]),
        ("authors = [\"a\"]", vec![]),
        ("", vec![]),
        ("://", vec![]),
        ("token=", vec![]),
    ] {
        assert_eq!(found(text), expected, "in {text:?}");
    }
}

proptest! {
    #[test]
    fn ranges_are_sorted_apart_and_of_whole_characters(
        text in r#"(https://|token|=|"|'|/t/|@|:|/| |é|\\|a|git|\n|&|\?){0,24}"#,
    ) {
        let mut end = 0;
        for range in find_all(&text) {
            prop_assert!(range.start >= end && range.start < range.end);
            prop_assert!(text.get(range.clone()).is_some());
            end = range.end;
        }
    }
}
