use super::*;

#[test]
fn what_is_invisible_or_acts_is_spelled_out() {
    for (text, expected) in [
        ("serde 1.0 → ünïcode 日本", "serde 1.0 → ünïcode 日本"),
        ("\u{1b}[2Jgone", "\\u{1b}[2Jgone"),
        ("a\nb\r\nc\td\0", "a\\nb\\r\\nc\\td\\u{0}"),
        ("del \u{7f}, c1 \u{9b}31m", "del \\u{7f}, c1 \\u{9b}31m"),
        ("\u{202e}esrever\u{2066}", "\\u{202e}esrever\\u{2066}"),
        ("se\u{200b}rde, ser\u{ad}de, \u{feff}serde", "se\\u{200b}rde, ser\\u{ad}de, \\u{feff}serde"),
        ("line\u{2028}para\u{2029}next\u{85}", "line\\u{2028}para\\u{2029}next\\u{85}"),
        ("wide\u{a0}space\u{3000}", "wide\\u{a0}space\\u{3000}"),
        ("tag\u{e0041} fill\u{3164} own\u{e000}", "tag\\u{e0041} fill\\u{3164} own\\u{e000}"),
    ] {
        assert_eq!(line(text), expected);
    }
}

#[test]
fn a_block_keeps_its_lines() {
    assert_eq!(block("[a]\nb = \"\u{1b}\"\r\n"), "[a]\nb = \"\\u{1b}\"\\r\n");
}

#[test]
fn build_servers_are_given_no_commands() {
    assert_eq!(line("a##vso[task.prependpath]/evil"), "a#\\u{23}vso[task.prependpath]/evil");
    assert_eq!(line("##[stop-commands]x"), "#\\u{23}[stop-commands]x");
    assert_eq!(line("###teamcity[x]"), "##\\u{23}teamcity[x]");
    assert_eq!(line("::stop-commands::x"), "\\u{3a}:stop-commands::x");
    assert_eq!(block("ok ::x::\n  ::x::y"), "ok ::x::\n  \\u{3a}:x::y");
    assert_eq!(line("## heading, a::b [c]"), "## heading, a::b [c]");
}

#[test]
fn credentials_are_replaced() {
    assert_eq!(line("see https://u:p@a.example/x, or b"), "see https://***@a.example/x, or b");
    assert_eq!(line("\u{1b}https://u@a.example"), "\\u{1b}https://***@a.example");
}

#[test]
fn what_people_read_ends_somewhere() {
    assert_eq!(brief("short"), "short");
    assert_eq!(brief(&"ü".repeat(5000)), format!("{}...", "ü".repeat(1000)));
}
