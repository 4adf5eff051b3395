#![allow(clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

fn one(text: &str, span: Range<usize>) -> (Excerpt, String) {
    let excerpt = excerpt(&Lines::new(text), &[Span::from(span)]);
    let marked = excerpt.text[excerpt.marks[0].clone()].to_owned();
    (excerpt, marked)
}

#[test]
fn marks_follow_what_was_spelled_out_before_them() {
    let text = "a\u{1b}b = \"se\u{200b}rde\"";
    let at = text.find('"').unwrap_or_default();
    let (excerpt, marked) = one(text, at..text.len());
    assert_eq!(excerpt.text, "a\\u{1b}b = \"se\\u{200b}rde\"");
    assert_eq!(marked, "\"se\\u{200b}rde\"");
}

#[test]
fn a_credential_is_gone_from_every_part_of_its_line() {
    let text = "source = \"git+https://user:S3CRET@host/x#abc\"";
    let at = |what| text.find(what).unwrap_or_default();
    assert_eq!(one(text, at("abc")..at("abc") + 3).1, "abc");
    assert_eq!(one(text, at("S3C")..at("@")).1, "***");
    assert_eq!(one(text, at("https")..at("#")).1, "https://***@host/x");
}

#[test]
fn a_credential_that_the_cut_divides_stays_hidden() {
    let secret = "S3CRET".repeat(100);
    let text = format!("source = \"https://u:{secret}@host/x#abc\"");
    let at = text.find("#abc").unwrap_or_default();
    let (excerpt, marked) = one(&text, at..at + 4);
    assert_eq!((&*excerpt.text, &*marked), ("...***@host/x#abc\"", "#abc"));
}

#[test]
fn of_several_lines_the_first_is_marked() {
    let (excerpt, marked) = one("[[package]]\r\nname = \"a\"\r\n", 0..20);
    assert_eq!((&*excerpt.text, &*marked), ("[[package]]", "[[package]]"));
}

#[test]
fn a_mark_may_be_empty_or_at_the_end() {
    assert_eq!(one("", 0..0).0.marks.first(), Some(&(0..0)));
    assert_eq!(one("a = 1", 5..5).0.marks.first(), Some(&(5..5)));
    assert_eq!(one("a = 1\n", 6..6).0.first_line, 2);
    assert_eq!(one("a = 1\n", 50..60).0.first_line, 2);
}

#[test]
fn lines_that_nobody_sees_are_not_copied() {
    let text = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\n";
    let lines = Lines::new(text);
    let spans = [Span::new(0, 1), Span::new(30, 31)];
    assert!(near(&lines, spans[0], spans[1]));
    let excerpt = excerpt(&lines, &spans);
    assert_eq!(excerpt.text, "a = 1\nb = 2\n\n\ne = 5\nf = 6");
    assert_eq!(excerpt.marks, [0..1, 20..21]);
}

#[test]
fn far_marks_of_one_long_line_need_two_excerpts() {
    let text = "x".repeat(5000);
    let lines = Lines::new(&text);
    assert!(near(&lines, Span::new(10, 20), Span::new(100, 110)));
    assert!(!near(&lines, Span::new(10, 20), Span::new(4000, 4010)));
    let (excerpt, marked) = one(&text, 4000..4900);
    assert!(excerpt.text.len() < 400 && marked.len() >= 160, "{}", excerpt.text.len());
}

proptest! {
    /// Whatever the line: under the caret stands what the span meant, in its safe form.
    #[test]
    fn the_mark_is_the_safe_form_of_the_span(
        before in "[a-z\u{1b}\u{200b}é日\n]{0,12}",
        marked in "[a-z\u{1b}\u{202e}é日]{1,12}",
        after in "[a-z\u{1b}é\n]{0,12}",
    ) {
        let text = format!("{before}{marked}{after}");
        let (_, shown) = one(&text, before.len()..before.len() + marked.len());
        prop_assert_eq!(shown, safe::line(&marked));
    }

    #[test]
    fn no_span_of_any_text_panics(text in "(a|é|\u{1b}|\n|\r|\t|https://u:p@|=|\"){0,200}", spans in prop::collection::vec((0usize..900, 0usize..900), 1..4)) {
        let spans: Vec<_> = spans.into_iter().map(|(start, end)| Span::new(start, end)).collect();
        let excerpt = excerpt(&Lines::new(&text), &spans);
        for mark in excerpt.marks {
            prop_assert!(excerpt.text.get(mark).is_some());
        }
    }
}
