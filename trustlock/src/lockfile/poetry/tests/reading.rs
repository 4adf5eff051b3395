use super::*;
use crate::model::{ReferenceKind, SourceKind};

#[test]
fn a_file_of_today_is_read_whole() {
    let text = of_version(
        "2.1",
        &format!(
            r#"[[package]]
name = "Pillow"
version = "11.0.0"
description = ""
optional = true
python-versions = ">=3.9"
groups = ["main", "dev"]
markers = "extra == \"images\""
files = [
    {{file = "pillow-11.0.0-cp311-cp311-macosx_10_10_x86_64.whl", hash = "sha256:{a}"}},
    {{file = "pillow-11.0.0.tar.gz", hash = "sha256:{b}"}},
]

[package.dependencies]
olefile = [
    {{version = "*", markers = "python_version < \"3.12\""}},
]

[[package]]
name = "olefile"
version = "0.47"
description = ""
optional = false
python-versions = "*"
groups = ["main"]
markers = {{main = "python_version < \"3.12\"", dev = "python_version < \"3.10\""}}
files = []
"#,
            a = hex('a'),
            b = hex('b')
        ),
    );
    let lockfile = lock(&text);
    assert_eq!(lockfile.format.to_string(), "poetry.lock v2.1");
    assert_eq!(lockfile.oddities, []);
    assert_eq!(
        files(&lockfile),
        [
            "Pillow@11.0.0: pillow-11.0.0-cp311-cp311-macosx_10_10_x86_64.whl=sha256:aaaa, pillow-11.0.0.tar.gz=sha256:bbbb",
            "olefile@0.47: =",
        ]
    );
    let packages: Vec<_> = lockfile.packages().collect();
    assert_eq!(packages[0].marker(), Some("extra == \"images\""));
    assert_eq!(packages[0].groups().collect::<Vec<_>>(), ["main", "dev"]);
    assert_eq!(packages[0].dependencies()[0].target, Some(1));
    assert_eq!(packages[0].source().unwrap().kind, SourceKind::Unrecorded);
    assert!(packages[1].marker().unwrap().starts_with("{main = "));
    assert_eq!(lockfile.manifest_hash.map(|hash| lockfile.text(hash).to_owned()), Some(hex('0')));
}

#[test]
fn sources_are_what_poetry_takes() {
    let entry = |name: &str, source: &str, develop: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"1.0\"\nfiles = []\n{develop}\n[package.source]\n{source}\n\n"
        )
    };
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let entries = [
        entry(
            "a",
            "type = \"legacy\"\nurl = \"https://user:secret@pypi.acme.example/simple\"\nreference = \"acme\"",
            "",
        ),
        entry(
            "b",
            &format!(
                "type = \"git\"\nurl = \"https://github.com/acme/b.git\"\nreference = \"main\"\nresolved_reference = \"{commit}\""
            ),
            "develop = false",
        ),
        entry("c", "type = \"git\"\nurl = \"git@github.com:acme/c.git\"\nreference = \"HEAD\"", ""),
        entry("d", "type = \"url\"\nurl = \"https://files.example/d-1.0.tar.gz\"", ""),
        entry("e", "type = \"file\"\nurl = \"vendor/e-1.0.tar.gz\"", ""),
        entry("f", "type = \"directory\"\nurl = \"../../f\"", "develop = true"),
        entry("g", "type = \"hg\"\nurl = \"https://hg.example/g\"\nreference = \"tip\"", ""),
        entry(
            "h",
            &format!(
                "type = \"git\"\nurl = \"https://github.com/acme/h.git\"\nreference = \"{commit}\"\nresolved_reference = \"{}\"",
                "f".repeat(40)
            ),
            "",
        ),
    ];
    let lockfile = lock(&of_version("2.0", &entries.concat()));
    assert_eq!(lockfile.oddities, []);
    let sources: Vec<_> = lockfile.packages().map(|p| p.source().unwrap().clone()).collect();
    let kinds: Vec<_> = sources.iter().map(crate::model::Source::kind_name).collect();
    assert_eq!(kinds, ["index", "git", "git", "url", "file", "editable", "unknown", "git"]);
    assert_eq!(sources[1].commit(), Some(commit));
    assert_eq!(sources[1].reference().unwrap().kind, ReferenceKind::Ref);
    assert_eq!(sources[2].commit(), None);
    assert_eq!(sources[2].url.as_ref().unwrap().to_string(), "ssh://git@github.com/acme/c.git");
    assert_eq!(sources[7].reference().unwrap().kind, ReferenceKind::Rev);
    assert!(
        matches!(&sources[4].kind, SourceKind::Local { inside: Some(path), .. } if path == "vendor/e-1.0.tar.gz")
    );
    assert!(matches!(&sources[5].kind, SourceKind::Local { inside: None, .. }));
}

/// `[metadata.files]` of 1.x is keyed by name alone.
#[test]
fn versions_that_share_a_list_get_their_own_files() {
    let entries = "[[package]]\nname = \"Six\"\nversion = \"1.0\"\ncategory = \"main\"\n\n[[package]]\nname = \"Six\"\nversion = \"2.0\"\ncategory = \"dev\"\n\n[[package]]\nname = \"Six\"\nversion = \"2.0.0\"\ncategory = \"dev\"\nmarker = \"python_version < '3'\"\n\n[[package]]\nname = \"Six\"\nversion = \"3.0\"\n";
    let files_table = format!(
        "\n[metadata.files]\nSix = [\n    {{file = \"six-2.0-py3-none-any.whl\", hash = \"sha256:{b}\"}},\n    {{file = \"six-1.0.tar.gz\", hash = \"sha256:{a}\"}},\n    {{file = \"six-2.0.tar.gz\", hash = \"sha256:{c}\"}},\n    {{file = \"six-1.0.egg\", hash = \"md5:{m}\"}},\n]\n",
        a = hex('a'),
        b = hex('b'),
        c = hex('c'),
        m = "d".repeat(32)
    );
    let lockfile = lock(&(of_version("1.1", entries) + &files_table));
    assert_eq!(
        files(&lockfile),
        [
            "Six@1.0: six-1.0.tar.gz=sha256:aaaa, six-1.0.egg=md5:dddd",
            "Six@2.0: six-2.0-py3-none-any.whl=sha256:bbbb, six-2.0.tar.gz=sha256:cccc",
            "Six@2.0.0: six-2.0-py3-none-any.whl=sha256:bbbb, six-2.0.tar.gz=sha256:cccc",
            "Six@3.0: =",
        ]
    );
    assert_eq!(lockfile.oddities, []);
}

#[test]
fn versions_are_read_or_refused_by_name() {
    let title = |text: &str| read(&File::new("poetry.lock", text)).unwrap_err().title;
    assert_eq!(title(""), "`poetry.lock` is not a lockfile that Poetry can read");
    assert_eq!(title("package = []\n[metadata]\n"), "`poetry.lock` has no lock version");
    for version in ["3.0", "999", "0.9", "x", "1!1.0"] {
        let expected = format!("`poetry.lock` has the unknown lock version {version:?}");
        let text = of_version(version, "package = []\n");
        assert_eq!(read(&File::new("poetry.lock", text)).err().map(|p| p.title), Some(expected), "{version}");
    }
    assert_eq!(
        title("package = []\n[metadata]\ncontent-hash = \"\"\n[metadata.hashes]\nsix = [\"aa\"]\n"),
        "`poetry.lock` has the layout of Poetry before 1.0, which is not read"
    );
    for (version, notes) in [("1.0", 0), ("1.1", 0), ("2.0", 0), ("2.1", 0), ("2", 0), ("2.9", 1)] {
        assert_eq!(lock(&of_version(version, "package = []\n")).notes.len(), notes, "{version}");
    }
}
