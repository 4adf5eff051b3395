use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
struct Printed {
    name: String,
    version: String,
    extras: Vec<String>,
    source: usize,
    files: Vec<(bool, String)>,
}

/// None, and one of each kind that PDM writes.
const SOURCES: [(&str, &str); 4] = [
    ("default index", ""),
    (
        "git",
        "git = \"https://h.example/g.git\"\nref = \"main\"\nrevision = \"0123456789abcdef0123456789abcdef01234567\"\n",
    ),
    ("url", "url = \"https://h.example/a.tar.gz\"\n"),
    ("directory", "path = \"./lib\"\n"),
];

fn package() -> impl Strategy<Value = Printed> {
    let files = prop::collection::vec((any::<bool>(), "[0-9a-f]{64}"), 0..4);
    let extras = prop::collection::vec("[a-c]", 0..2);
    ("[a-z][a-z0-9]{0,6}", "[0-9]{1,2}\\.[0-9]{1,2}", extras, 0..SOURCES.len(), files)
        .prop_map(|(name, version, extras, source, files)| Printed { name, version, extras, source, files })
}

impl Printed {
    fn files(&self) -> Vec<(String, String)> {
        let name = |at: usize, wheel: bool| {
            let stem = format!("{}-{}", self.name, self.version);
            if wheel { format!("{stem}-{at}-py3-none-any.whl") } else { stem + ".tar.gz" }
        };
        self.files.iter().enumerate().map(|(at, (wheel, hex))| (name(at, *wheel), hex.clone())).collect()
    }
}

/// The lockfile as PDM writes it.
fn print(packages: &[Printed], urls: bool) -> String {
    let row = |(file, hex): (String, String)| {
        let key = if urls { "url = \"https://files.example/" } else { "file = \"" };
        format!("    {{{key}{file}\", hash = \"sha256:{hex}\"}},\n")
    };
    let print = |p: &Printed| {
        let rows: String = p.files().into_iter().map(row).collect();
        let rest = format!("extras = {:?}\n{}files = [\n{rows}]", p.extras, SOURCES[p.source].1);
        entry(&p.name, &p.version, &rest)
    };
    let strategy = if urls { "\"static_urls\"" } else { "" };
    of_version("4.5.0", strategy, &packages.iter().map(print).collect::<String>())
}

proptest! {
    #[test]
    fn what_is_printed_is_read(packages in prop::collection::vec(package(), 0..10), urls in any::<bool>()) {
        let lockfile = lock(&print(&packages, urls));
        prop_assert_eq!(lockfile.len(), packages.len());
        for (read, printed) in lockfile.packages().zip(&packages) {
            prop_assert_eq!(read.label(), format!("{}@{}", printed.name, printed.version));
            prop_assert_eq!(read.source().map(Source::kind_name), Some(SOURCES[printed.source].0));
            let file = |a: ArtifactRef<'_>| {
                prop_assert_eq!(a.url().is_some(), urls);
                Ok((a.filename().unwrap().to_owned(), lockfile.text(a.digests()[0].hex).to_owned()))
            };
            let named = read.artifacts().filter(|a| a.artifact.is_some());
            prop_assert_eq!(named.map(file).collect::<Result<Vec<_>, _>>()?, printed.files());
        }
        let twice = lockfile.oddities.iter().all(|o| o.what.ends_with("is locked twice"));
        prop_assert!(twice, "{:?}", lockfile.oddities);
    }

    #[test]
    fn no_text_panics(
        packages in prop::collection::vec(package(), 0..4),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, 0..PIECES.len()), 0..6),
        text in ".{0,100}",
    ) {
        let _ = read(&File::new("pdm.lock", text));
        let mut text = print(&packages, false);
        for (at, length, piece) in cuts {
            let floor = |mut at: usize| { while !text.is_char_boundary(at) { at -= 1; } at };
            let start = floor(at.index(text.len() + 1));
            let end = floor((start + length).min(text.len()));
            text.replace_range(start..end, PIECES[piece]);
        }
        if let Ok(lockfile) = read(&File::new("pdm.lock", text)) {
            for package in lockfile.packages() {
                prop_assert!(lockfile.file.text.get(package.package.place.range()).is_some());
            }
        }
    }
}

/// What a hostile or careless hand may put into a lockfile.
const PIECES: &[&str] = &[
    "",
    "\n",
    "\r",
    "\"",
    "\"\"\"",
    "\\u0000",
    "\\",
    "\0",
    "é",
    "[",
    "]",
    "{",
    "}",
    "[[package]]\n",
    "lock_version = 4.5\n",
    "name = \"A.B\"\n",
    "files = []\n",
    "files = {}\n",
    "[metadata.files]\n",
    "\"a 1.0\" = [{url = \"x\"}]\n",
    "git = \"a:b\"\n",
    "editable = true\n",
    "extras = [1]\n",
    "hash = \"md5:\"",
    "static_urls = true\n",
];
