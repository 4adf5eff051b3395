#![allow(clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

/// Slow and obvious.
fn counted(text: &str, offset: usize) -> Position {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line = before.rsplit('\n').next().unwrap_or_default();
    Position { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
}

#[test]
fn positions_of_the_ends() {
    let at = |text: &str, offset| {
        let position = Lines::new(text).position(offset);
        (position.line, position.column)
    };
    assert_eq!(at("", 0), (1, 1));
    assert_eq!(at("", 9), (1, 1));
    assert_eq!(at("ab\ncd", 2), (1, 3));
    assert_eq!(at("ab\ncd", 3), (2, 1));
    assert_eq!(at("ab\ncd", 5), (2, 3));
    assert_eq!(at("ab\n", 3), (2, 1));
    assert_eq!(at("é\u{1f600}x", 6), (1, 3));
    assert_eq!(at("é\u{1f600}x", 5), (1, 2));
}

#[test]
fn lines_end_before_their_break() {
    let text = "a\r\nb\n\nc\r";
    let lines = Lines::new(text);
    let shown: Vec<_> = (1..=5).map(|n| &text[lines.line(n)]).collect();
    assert_eq!(shown, ["a", "b", "", "c", ""]);
}

#[test]
fn a_span_ends_where_the_next_character_begins() {
    let lines = Lines::new("name = \"é\"\n");
    let (start, end) = lines.range(Span::new(8, 10));
    assert_eq!((start.column, end.column), (9, 10));
    let (start, end) = lines.range(Span::new(9, 3));
    assert_eq!(start, end);
}

#[test]
fn a_file_as_a_whole_has_no_position() {
    let file = File::new("a", "text");
    assert_eq!(Files::default().range(&file.at(0..0)), None);
    assert!(Files::default().range(&file.at(0..1)).is_some());
}

proptest! {
    #[test]
    fn positions_are_what_counting_gives(text in "(a|é|\u{1f600}|\n|\r\n){0,40}", repeat in 1usize..60, at in 0usize..9000) {
        let text = text.repeat(repeat);
        prop_assert_eq!(Lines::new(&text).position(at), counted(&text, at));
    }
}
