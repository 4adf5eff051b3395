use proptest::prelude::*;

use super::lines::{self, Line};
use super::*;

/// Pieces that matter to pip, for texts that are nearly right.
const PIECES: &[&str] = &[
    "six",
    "==1.0",
    ">=2",
    " ",
    "\n",
    "\\\n",
    "\r\n",
    "\r",
    "#",
    " # c",
    "--hash=sha256:",
    "00",
    "-r ",
    "-e ",
    "-i",
    "\t",
    "'",
    "\"",
    "\u{2028}",
    "\u{85}",
    "\u{c}",
    "${V}",
    " @ ",
    "https://h.example/a-1.0.zip",
    "git+https://h/a@b",
    ";",
    "; ",
    "[x]",
    "--",
    "-",
    "=",
    "#sha256=",
    "&md5=",
    "\u{feff}",
    "é",
    ".",
    "/",
    "./a.whl",
    ",",
    "(",
    ")",
    "\0",
];

/// Every place is one of the text, and every line is what the obvious way makes of it.
pub(super) fn hold(text: &str) {
    let Ok(lockfile) = read(&File::new("requirements.txt", text)) else { return };
    let on_text =
        |span: crate::model::Span| assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
    lockfile.oddities.iter().for_each(|oddity| on_text(oddity.place));
    lockfile.options.iter().for_each(|option| on_text(option.place));
    lockfile.includes.iter().for_each(|include| on_text(include.place));
    for package in lockfile.packages() {
        on_text(package.package.place);
        on_text(package.package.name.place);
        on_text(package.source_place().span);
        assert!(!package.name().is_empty(), "{text:?}");
        for digest in package.artifacts().flat_map(crate::model::ArtifactRef::digests) {
            on_text(digest.hex.place);
        }
    }
    let _ = recognises(text);
    let found: Vec<String> = lines::logical(text)
        .filter_map(|line| match line {
            Line::Logical(line) => Some(line.text.into_owned()),
            Line::Swallowed(_) => None,
        })
        .collect();
    assert_eq!(found, obvious(text), "{text:?}");
}

/// pip's own steps, written down as they stand there.
fn obvious(text: &str) -> Vec<String> {
    const ENDS: [char; 10] =
        ['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'];
    let space = |c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c);
    let one_end = text.replace("\r\n", "\n");
    let mut lines: Vec<&str> = one_end.split(ENDS).collect();
    if lines.last() == Some(&"") {
        lines.pop();
    }
    let is_comment = |line: &str| line.trim_start_matches(space).starts_with('#');
    let mut joined = Vec::new();
    let mut open: Option<String> = None;
    for line in lines {
        if !line.ends_with('\\') || is_comment(line) {
            let line = if is_comment(line) { format!(" {line}") } else { line.to_owned() };
            joined.push(open.take().unwrap_or_default() + &line);
        } else {
            open.get_or_insert_default().push_str(line.trim_matches('\\'));
        }
    }
    joined.extend(open);
    let bare = |line: String| {
        let chars: Vec<char> = line.chars().collect();
        let at = (0..chars.len()).find(|at| chars[*at] == '#' && (*at == 0 || space(chars[*at - 1])));
        let kept: String = chars[..at.unwrap_or(chars.len())].iter().collect();
        kept.trim_matches(space).to_owned()
    };
    joined.into_iter().map(bare).filter(|line| !line.is_empty()).collect()
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC*") {
        hold(&text);
    }

    #[test]
    fn texts_that_are_nearly_right_are_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        hold(&pieces.concat());
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64), mark in 0..5_usize) {
        let marks: [&[u8]; 5] = [b"", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"# coding: latin-1\n"];
        let _ = decode::decode([marks[mark], &bytes].concat());
    }

    #[test]
    fn what_is_printed_is_read(
        entries in prop::collection::vec(("[a-z]{1,8}", "[0-9]{1,2}\\.[0-9]{1,2}", prop::collection::vec("[0-9a-f]{64}", 0..3)), 1..12),
        wide in any::<bool>(),
    ) {
        let end = if wide { " \\\n    " } else { " " };
        let print = |(name, version, hashes): &(String, String, Vec<String>)| {
            let mut words = vec![format!("{name}=={version}")];
            words.extend(hashes.iter().map(|hash| format!("--hash=sha256:{hash}")));
            format!("{}\n    # via x\n", words.join(end))
        };
        let lockfile = read_text(&entries.iter().map(print).collect::<String>());
        prop_assert_eq!(&lockfile.oddities, &[]);
        prop_assert_eq!(lockfile.len(), entries.len());
        for (package, (name, version, hashes)) in lockfile.packages().zip(&entries) {
            prop_assert_eq!(package.name(), name);
            prop_assert_eq!(package.version(), Some(version.as_str()));
            let read: Vec<&str> = package.digests().iter().map(|d| lockfile.text(d.hex)).collect();
            prop_assert_eq!(&read, hashes);
        }
    }
}
