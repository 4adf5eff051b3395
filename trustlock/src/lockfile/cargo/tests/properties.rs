//! The fast reader is held to the general one, and both to what was printed.

use proptest::prelude::*;

use super::*;
use crate::model::PackageRef;

#[derive(Clone, Debug)]
pub(super) struct Printed {
    pub(super) name: String,
    pub(super) version: String,
    source: Option<String>,
    checksum: Option<String>,
    edges: Vec<prop::sample::Index>,
}

pub(super) fn package() -> impl Strategy<Value = Printed> {
    let source = prop_oneof![
        3 => Just(Some(CRATES_IO.to_owned())),
        1 => "[a-z]{1,3}".prop_map(|h| Some(format!("sparse+https://{h}.example/"))),
        1 => "[a-z]{1,3}".prop_map(|b| Some(format!("git+https://h.example/g?branch={b}#{COMMIT}"))),
        1 => Just(None),
    ];
    let version = (0_u8..3, 0_u8..3).prop_map(|(a, b)| format!("{a}.{b}.0"));
    let edges = prop::collection::vec(any::<prop::sample::Index>(), 0..4);
    ("[a-c_-]{1,2}", version, source, prop::option::of("[0-9a-f]{64}"), edges).prop_map(
        |(name, version, source, checksum, edges)| Printed { name, version, source, checksum, edges },
    )
}

/// The lockfile as cargo writes it, with every edge in full.
pub(super) fn print(version: u32, packages: &[Printed]) -> String {
    let mut text = format!("# @generated\nversion = {version}\n\n");
    for package in packages {
        let mut lines = Vec::new();
        lines.extend(package.checksum.as_ref().map(|c| format!("checksum = \"{c}\"")));
        if !package.edges.is_empty() {
            lines.push("dependencies = [".to_owned());
            for edge in &package.edges {
                let target = edge.get(packages);
                let source = target.source.as_deref().map(|s| s.split('#').next().unwrap_or_default());
                let source = source.map(|s| format!(" ({s})")).unwrap_or_default();
                lines.push(format!(" \"{} {}{source}\",", target.name, target.version));
            }
            lines.push("]".to_owned());
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        text += &entry(&package.name, &package.version, package.source.as_deref(), &lines);
    }
    text
}

proptest! {
    #[test]
    fn what_is_printed_is_read(packages in prop::collection::vec(package(), 1..12), version in 3_u32..=4) {
        let lockfile = read_both(&print(version, &packages));
        prop_assert!(read_canonical(&lockfile.file).is_some());
        prop_assert_eq!(lockfile.len(), packages.len());
        for (read, printed) in lockfile.packages().zip(&packages) {
            prop_assert_eq!(read.name(), &printed.name);
            prop_assert_eq!(read.version(), Some(printed.version.as_str()));
            prop_assert_eq!(read.source().map(|s| s.raw.as_str()), printed.source.as_deref());
            let digests: Vec<&str> = read.digests().iter().map(|d| lockfile.text(d.hex)).collect();
            prop_assert_eq!(digests, printed.checksum.iter().map(String::as_str).collect::<Vec<_>>());
            for (edge, meant) in read.dependencies().iter().zip(&printed.edges) {
                let meant = meant.get(&packages);
                let found = edge.target.and_then(|t| lockfile.package(t)).map(PackageRef::label);
                prop_assert_eq!(found, Some(format!("{}@{}", meant.name, meant.version)));
            }
        }
    }

    #[test]
    fn mutated_lockfiles_are_read_alike(
        packages in prop::collection::vec(package(), 1..6),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..PIECES.len()), 1..4),
    ) {
        let mut text = print(4, &packages);
        for (at, length, piece) in cuts {
            let start = floor(&text, at.index(text.len() + 1));
            let end = floor(&text, (start + length.index(12)).min(text.len()));
            text.replace_range(start..end, PIECES[piece]);
        }
        let file = File::new("Cargo.lock", text.as_str());
        if let Some(fast) = read_canonical(&file) {
            let general = read_document(&file);
            prop_assert!(general.is_ok_and(|g| g == fast), "the readers differ over\n{}", text);
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,200}", lines in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let _ = read(&File::new("Cargo.lock", text));
        let lines: String = lines.into_iter().map(|l| PIECES[l]).collect();
        let _ = read(&File::new("Cargo.lock", lines));
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// What a hostile or careless hand may put into a lockfile.
const PIECES: &[&str] = &[
    "",
    "\n",
    "\r",
    "\r\n",
    "\"",
    "\"\"\"",
    "'",
    "\\",
    "#",
    " ",
    "\t",
    "\0",
    "\u{7f}",
    "\u{85}",
    "é",
    "]",
    "[[package]]\n",
    "version = 3\n",
    "version = \"1.0.0\"\n",
    "name = \"a\"\n",
    "checksum = \"\"\n",
    "dependencies = [\n",
    " \"a\",\n",
    "]\n",
    "[metadata]\n",
    "\"checksum a 1.0.0\" = \"<none>\"\n",
    "source = \"\"\n",
    "replace = \"a\"\n",
    "[[patch.unused]]\n",
    "[root]\n",
];
