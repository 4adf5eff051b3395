#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::super::{Command, Snippet};
use super::{Feed, Setting, commands};

fn read(text: &str) -> Vec<Command> {
    commands(&Snippet::whole(text), &mut Setting::default())
}

/// The words of each command, joined by `|`; a bare assignment is left out.
fn lines(text: &str) -> Vec<String> {
    let words =
        |command: &Command| command.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join("|");
    read(text).iter().map(words).filter(|line| !line.is_empty()).collect()
}

#[track_caller]
fn gives(text: &str, expected: &[&str]) {
    assert_eq!(lines(text), expected, "{text:?}");
}

#[test]
fn words_lose_their_quotes() {
    gives(r#"pip install "a b" 'c"d' e\ f"#, &[r#"pip|install|a b|c"d|e f"#]);
    gives("pip inst\"all\" 'a'\"b\"", &["pip|install|ab"]);
    gives("pip install \\\n  a \\\r\n  b", &["pip|install|a|b"]);
    gives(r#"echo "a \"b\" \$c \d""#, &[r#"echo|a "b" $c \d"#]);
    gives("echo 'never closed", &["echo|'never|closed"]);
    gives("echo $'a\\nb' ''", &["echo|a\\nb|"]);
}

#[test]
fn operators_end_commands() {
    gives("a; b && c || d & e\nf | g |& h", &["a", "b", "c", "d", "e", "f", "g", "h"]);
    gives("(a; b) && { c; }", &["a", "b", "c"]);
    gives("a#b # c\n#d\ne", &["a#b", "e"]);
    gives("case $x in\n  one) a ;;\n  *) b ;;\nesac", &["case|$x|in", "one", "a", "*", "b", "esac"]);
}

#[test]
fn keywords_and_starters_are_not_the_program() {
    gives("if ! pip install a; then cargo build; else b; fi", &["pip|install|a", "cargo|build", "b", "fi"]);
    gives("for x in a b; do pip install $x; done", &["for|x|in|a|b", "pip|install|$x", "done"]);
    gives("sudo -H -u me env -u Y X=1 pip install a", &["pip|install|a"]);
    gives("time nice -n 5 timeout -k 3 60 cargo test", &["cargo|test"]);
    gives("command -v pip || exec cargo run", &["cargo|run"]);
    gives("find . | xargs -n 1 pip install", &["find|.", "pip|install"]);
}

#[test]
fn what_another_program_starts_is_a_command_too() {
    gives(
        "uv run --with a -p 3.12 pip install b",
        &["uv|run|--with|a|-p|3.12|pip|install|b", "pip|install|b"],
    );
    gives("poetry run -- pip install b", &["poetry|run|--|pip|install|b", "pip|install|b"]);
    gives(
        r#"docker run img bash -lc "pip install a && b""#,
        &["docker|run|img|bash|-lc|pip install a && b", "pip|install|a", "b"],
    );
    gives("eval \"pip install a\"", &["eval|pip install a", "pip|install|a"]);
    gives("sh -c 'a'", &["sh|-c|a", "a"]);
}

#[test]
fn commands_stand_in_words() {
    gives(
        "a $(b `c` \"$(d)\") ${e:-$(no)} $((1+(2)))",
        &["a|$(b `c` \"$(d)\")|${e:-$(no)}|$((1+(2)))", "b|`c`|$(d)", "c", "d"],
    );
    gives("x=(pip install a) && b", &["b"]);
    gives(
        "pip install ${{ matrix.a == 'b' && 'c' || 'd' }} e",
        &["pip|install|${{ matrix.a == 'b' && 'c' || 'd' }}|e"],
    );
}

#[test]
fn what_goes_to_a_file_is_no_command() {
    gives("cat > f <<EOF\npip install a\nEOF\nb", &["cat", "b"]);
    gives("cat <<-'X' >f\n\tpip install a\n\tX\nb", &["cat", "b"]);
    gives("bash <<EOF\npip install a\nEOF\nb", &["bash", "b", "pip|install|a"]);
    gives(
        "cat <<EOF | ssh host sudo bash -s\npip install a\nEOF",
        &["cat", "ssh|host|sudo|bash|-s", "pip|install|a"],
    );
    gives("echo 'pip install a' > f; b 2>&1 >/dev/null <in &>all", &["echo|pip install a", "b"]);
}

#[test]
fn who_gets_the_output_is_known() {
    let into = |text: &str| {
        let commands = read(text);
        let name = |index: usize| commands[index].words[0].text.clone();
        let feeds = commands.iter().filter_map(|command| {
            let (to, feed) = command.into?;
            Some((command.words[0].text.clone(), feed, name(to)))
        });
        feeds.collect::<Vec<_>>()
    };
    let fed = |from: &str, feed: Feed, to: &str| (from.to_owned(), feed, to.to_owned());
    assert_eq!(into("a | sudo b | c"), [fed("a", Feed::Pipe, "b"), fed("b", Feed::Pipe, "c")]);
    assert_eq!(into("a |\n  b"), [fed("a", Feed::Pipe, "b")]);
    assert_eq!(into("b <(a)"), [fed("a", Feed::Input, "b")]);
    assert_eq!(into("b <<< \"$(a)\""), [fed("a", Feed::Input, "b")]);
    assert_eq!(into("b -c \"$(a | c)\""), [fed("a", Feed::Pipe, "c"), fed("c", Feed::Argument, "b")]);
    assert_eq!(into("iex (irm x)"), [fed("irm", Feed::Argument, "iex")]);
    assert_eq!(into("a; b || c"), []);
}

#[test]
fn variables_are_known_where_they_hold() {
    let mut setting = Setting::default();
    let text = "export A=1\nB=2 x\ny\necho C=3 >> \"$GITHUB_ENV\"\nz";
    let commands = commands(&Snippet::whole(text), &mut setting);
    let at = |program: &str, name: &str| {
        let command = commands.iter().find(|c| c.words.first().is_some_and(|w| w.text == program)).unwrap();
        command.variable(name).map(str::to_owned)
    };
    assert_eq!(at("x", "A").as_deref(), Some("1"));
    assert_eq!(at("x", "B").as_deref(), Some("2"));
    assert_eq!(at("y", "B"), None);
    assert_eq!(setting.later, [("C".to_owned(), "3".to_owned())]);
}

#[test]
fn places_are_those_of_the_text() {
    let text = "a 'b c' \\\n  d\"e\" $(f g)";
    let commands = read(text);
    let spans: Vec<&str> = commands[0].words.iter().map(|word| &text[word.span.range()]).collect();
    assert_eq!(spans, ["a", "'b c'", "d\"e\"", "$(f g)"]);
    assert_eq!(&text[commands[0].span().range()], text);
    assert_eq!(&text[commands[1].span().range()], "f g");
    let text = "sh -c 'x \"y z\"'";
    let commands = read(text);
    assert_eq!(&text[commands[1].words[1].span.range()], "\"y z\"");
}

#[test]
fn depth_is_bounded() {
    for text in
        ["$(".repeat(5000), "(".repeat(5000), "\"$(".repeat(5000), "`".repeat(5001), "${".repeat(5000)]
    {
        read(&text);
        read(&format!("a {text} b"));
    }
    read(&"-c ".repeat(20_000));
    read(&"<<a\n".repeat(5000));
}

fn inside(text: &str) {
    for command in read(text) {
        for word in &command.words {
            assert!(text.get(word.span.range()).is_some(), "{:?} of {text:?}", word.span);
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_split_within_itself(text in "[abé=$(){}<>|&;'\"`\\\\#\n\t\r -]{0,60}") {
        inside(&text);
    }

    #[test]
    fn any_line_of_known_parts(parts in proptest::collection::vec(
        prop_oneof![
            Just("pip install "), Just("$("), Just(")"), Just("\""), Just("'"), Just("`"), Just("${"), Just("}"),
            Just("<<E\n"), Just("E\n"), Just("\\\n"), Just(" | "), Just("bash -c "), Just("eval "), Just("<("),
            Just("uv run "), Just("x=("), Just("é"), Just("\r\n"), Just("#"), Just("$((") ], 0..30)) {
        inside(&parts.concat());
    }

    /// A slow and obvious twin for plain words: they are what stands between white space.
    #[test]
    fn plain_words_are_what_stands_between_spaces(words in proptest::collection::vec("[a-z0-9./@:+,%^~-]{1,6}", 1..8)) {
        let text = words.join(" ");
        let known = |word: &String| super::simple::is_starter(word);
        prop_assume!(!words.iter().any(known));
        gives(&text, &[&words.join("|")]);
    }
}
