//! What is printed is read; what is cut to pieces gives a lockfile or a problem.

use proptest::prelude::*;

use super::*;

const KINDS: [&str; 5] = [
    PYPI,
    "{ registry = \"https://m.example/simple\" }",
    "{ git = \"https://h.example/g?branch=x#0123456789abcdef0123456789abcdef01234567\" }",
    "{ url = \"https://h.example/a.tar.gz\" }",
    "{ editable = \"libs/a\" }",
];

proptest! {
    #[test]
    fn what_is_printed_is_read(
        packages in prop::collection::vec(("[a-z]{1,3}(-[a-z])?", 0_u8..9, 0..KINDS.len()), 1..8),
    ) {
        let mut packages = packages;
        packages.sort();
        packages.dedup();
        let printed: String = packages
            .iter()
            .map(|(name, version, kind)| package(name, &format!("{version}.0"), KINDS[*kind]))
            .collect();
        let lockfile = read_text(&lock(&printed));
        prop_assert_eq!(&lockfile.oddities, &Vec::new());
        prop_assert_eq!(lockfile.len(), packages.len());
        for (read, (name, version, _)) in lockfile.packages().zip(&packages) {
            prop_assert_eq!(read.label(), format!("{name}@{version}.0"));
            prop_assert_eq!(read.files().len(), 2);
        }
    }

    #[test]
    fn mutated_lockfiles_do_no_harm(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..PIECES.len()), 1..4),
    ) {
        let mut text = lock(&(app(&["\"a\""]) + &package("a", "1", PYPI) + &package("b", "2", KINDS[2])));
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
    let file = File::new("uv.lock", text);
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
    "[[package]]\n",
    "name = \"a\"\n",
    "version = 1\n",
    "source = { path = \"../x\" }\n",
    "source = { git = \"\" }\n",
    "sdist = { hash = \":\" }\n",
    "wheels = [{ url = \"\", path = \"%\", zstd = {} }]\n",
    "dependencies = [{ name = \"a\" }]\n",
    "[package.dev-dependencies]\n",
    "dev = [{ name = \"b\", version = \"\" }]\n",
    "[package.metadata]\n",
    "requires-dist = [{ name = \"\" }]\n",
    "resolution-markers = [\"a\", \"b\"]\n",
];
