use proptest::prelude::*;

use super::*;
use crate::model::PackageRef;

#[derive(Clone, Debug)]
struct Printed {
    name: String,
    version: String,
    source: usize,
    files: Vec<(bool, String)>,
    groups: Vec<String>,
}

/// None, and one of each kind that Poetry writes.
const SOURCES: [(&str, &str); 5] = [
    ("default index", ""),
    ("index", "type = \"legacy\"\nurl = \"https://pypi.acme.example/simple\"\nreference = \"acme\""),
    (
        "git",
        "type = \"git\"\nurl = \"https://h.example/g.git\"\nreference = \"main\"\nresolved_reference = \"0123456789abcdef0123456789abcdef01234567\"",
    ),
    ("url", "type = \"url\"\nurl = \"https://h.example/a.tar.gz\""),
    ("directory", "type = \"directory\"\nurl = \"lib\""),
];

fn package() -> impl Strategy<Value = Printed> {
    let files = prop::collection::vec((any::<bool>(), "[0-9a-f]{64}"), 0..4);
    let groups = prop::collection::vec("main|dev|docs", 0..3);
    ("[a-z][a-z0-9]{0,6}", "[0-9]{1,2}\\.[0-9]{1,2}", 0..SOURCES.len(), files, groups)
        .prop_map(|(name, version, source, files, groups)| Printed { name, version, source, files, groups })
}

impl Printed {
    fn files(&self) -> Vec<(String, String)> {
        let name = |at: usize, wheel: bool| {
            let stem = format!("{}-{}", self.name, self.version);
            if wheel { format!("{stem}-{at}-py3-none-any.whl") } else { stem + ".tar.gz" }
        };
        self.files.iter().enumerate().map(|(at, (wheel, hex))| (name(at, *wheel), hex.clone())).collect()
    }

    fn head(&self) -> String {
        format!(
            "[[package]]\nname = \"{}\"\nversion = \"{}\"\noptional = false\npython-versions = \"*\"\n",
            self.name, self.version
        )
    }

    fn source(&self) -> String {
        match SOURCES[self.source].1 {
            "" => String::new(),
            lines => format!("\n[package.source]\n{lines}\n"),
        }
    }
}

fn rows(files: &[(String, String)]) -> String {
    let row =
        |(file, hex): &(String, String)| format!("    {{file = \"{file}\", hash = \"sha256:{hex}\"}},\n");
    format!("[\n{}]\n", files.iter().map(row).collect::<Vec<_>>().concat())
}

/// The lockfile as Poetry 2 writes it.
fn print(packages: &[Printed]) -> String {
    let entry = |p: &Printed| {
        format!("{}groups = {:?}\nfiles = {}{}\n", p.head(), p.groups, rows(&p.files()), p.source())
    };
    of_version("2.1", &format!("package = []\n{}", packages.iter().map(entry).collect::<String>())).replacen(
        "package = []\n",
        if packages.is_empty() { "package = []\n" } else { "" },
        1,
    )
}

/// The same as Poetry 1 wrote it: one list for all versions of a name.
fn print_old(packages: &[Printed]) -> String {
    let entries: String = packages.iter().map(|p| p.head() + "category = \"main\"\n\n").collect();
    let mut lists = std::collections::BTreeMap::<&str, Vec<(String, String)>>::new();
    for package in packages {
        lists.entry(&package.name).or_default().extend(package.files());
    }
    let lists: Vec<_> = lists.iter().map(|(name, files)| format!("{name} = {}", rows(files))).collect();
    of_version("1.1", &entries) + "\n[metadata.files]\n" + &lists.concat()
}

fn read_files(package: PackageRef<'_>) -> Vec<(String, String)> {
    let text = |digest: &crate::model::Digest| package.lockfile.text(digest.hex).to_owned();
    let file =
        |a: crate::model::ArtifactRef<'_>| Some((a.filename()?.to_owned(), a.digests().first().map(text)?));
    package.artifacts().filter_map(file).collect()
}

proptest! {
    #[test]
    fn what_is_printed_is_read(packages in prop::collection::vec(package(), 0..10)) {
        let lockfile = lock(&print(&packages));
        prop_assert_eq!(lockfile.len(), packages.len());
        for (read, printed) in lockfile.packages().zip(&packages) {
            prop_assert_eq!(read.label(), format!("{}@{}", printed.name, printed.version));
            prop_assert_eq!(read.source().map(crate::model::Source::kind_name), Some(SOURCES[printed.source].0));
            prop_assert_eq!(read.groups().collect::<Vec<_>>(), printed.groups.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(read_files(read), printed.files());
        }
        let twice = lockfile.oddities.iter().all(|o| o.what.ends_with("is locked twice"));
        prop_assert!(twice, "{:?}", lockfile.oddities);
    }

    /// Whatever the versions, each file of a shared list stands under every entry of its version, and
    /// under no other.
    #[test]
    fn shared_lists_are_told_apart(mut packages in prop::collection::vec(package(), 1..10)) {
        for package in &mut packages {
            (package.source, package.name) = (0, "a".to_owned());
        }
        let lockfile = lock(&print_old(&packages));
        for (read, printed) in lockfile.packages().zip(&packages) {
            let mut found = read_files(read);
            let same = |p: &&Printed| crate::lockfile::python::same_version(&p.version, &printed.version);
            let mut expected: Vec<_> = packages.iter().filter(same).flat_map(Printed::files).collect();
            found.sort();
            expected.sort();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn no_text_panics(
        packages in prop::collection::vec(package(), 0..4),
        old in any::<bool>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, 0..PIECES.len()), 0..6),
        text in ".{0,100}",
    ) {
        let _ = read(&File::new("poetry.lock", text));
        let mut text = if old { print_old(&packages) } else { print(&packages) };
        for (at, length, piece) in cuts {
            let floor = |mut at: usize| { while !text.is_char_boundary(at) { at -= 1; } at };
            let start = floor(at.index(text.len() + 1));
            let end = floor((start + length).min(text.len()));
            text.replace_range(start..end, PIECES[piece]);
        }
        if let Ok(lockfile) = read(&File::new("poetry.lock", text)) {
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
    "version = 3\n",
    "name = \"A.B\"\n",
    "files = []\n",
    "files = {}\n",
    "[metadata.files]\n",
    "[package.source]\n",
    "type = \"git\"\n",
    "markers = {}\n",
    "a = [{file = \"a\"}]\n",
    "hash = \"md5:\"",
    "package = 1\n",
];
