//! What is printed is read; what is cut to pieces gives a lockfile or a problem.

use proptest::prelude::*;

use super::*;
use crate::model::PackageRef;

proptest! {
    #[test]
    fn what_is_printed_is_read(
        packages in prop::collection::btree_map("[a-z]{1,3}(-[a-z])?", 0_u8..9, 1..8),
    ) {
        let hashes = sha256();
        let printed: String = packages.iter().map(|(n, v)| package(n, &format!("{v}.0"), &hashes)).collect();
        let lockfile = read_text(&lock(&printed));
        prop_assert_eq!(&lockfile.oddities, &Vec::new());
        let labels: Vec<String> = lockfile.packages().map(PackageRef::label).collect();
        let meant: Vec<String> = packages.iter().map(|(n, v)| format!("{n}@{v}.0")).collect();
        prop_assert_eq!(labels, meant);
    }

    #[test]
    fn mutated_lockfiles_do_no_harm(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..PIECES.len()), 1..4),
    ) {
        let mut text = lock(&(package("a", "1", &sha256()) + &package("b", "2", "{}")));
        for (at, length, piece) in cuts {
            let start = floor(&text, at.index(text.len() + 1));
            let end = floor(&text, (start + length.index(12)).min(text.len()));
            text.replace_range(start..end, PIECES[piece]);
        }
        places_are_of_the_text(&text);
    }

    #[test]
    fn no_text_panics(text in ".{0,200}", lines in prop::collection::vec(0..PIECES.len(), 0..40)) {
        places_are_of_the_text(&text);
        let lines: String = lines.into_iter().map(|l| PIECES[l]).collect();
        places_are_of_the_text(&lines);
        places_are_of_the_text(&lock(&lines));
    }
}

fn places_are_of_the_text(text: &str) {
    let file = File::new("pylock.toml", text);
    let places: Vec<_> = match read(&file) {
        Ok(lockfile) => {
            let packages = lockfile.packages().flat_map(|p| {
                let files: Vec<_> = p.artifacts().map(|a| a.place().span).collect();
                [vec![p.package.place, p.package.name.place, p.source_place().span], files].concat()
            });
            packages.chain(lockfile.oddities.iter().map(|o| o.place)).collect()
        }
        Err(problem) => problem.place.map(|p| p.span).into_iter().collect(),
    };
    for place in places {
        assert!(file.text.get(place.range()).is_some(), "{place:?} in\n{text}");
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
    "\r\n",
    "\"",
    "'''",
    "\\",
    "#",
    " ",
    "\0",
    "é",
    "]",
    "}",
    "{",
    "=",
    "1",
    "lock-version = \"1.0\"\n",
    "packages = []\n",
    "[[packages]]\n",
    "name = \"a\"\n",
    "vcs = { type = \"git\", path = \"../x\" }\n",
    "directory = { path = \"\" }\n",
    "archive = { url = \"\", hashes = { md5 = \"\" } }\n",
    "wheels = [{ name = \"\", url = \"%\", path = \"/\" }]\n",
    "[packages.sdist.hashes]\n",
    "dependencies = [{ name = \"a\" }, 1]\n",
];
