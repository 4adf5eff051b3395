#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod properties;

use super::*;
use crate::model::{ArtifactRef, Oddity, ReferenceKind, Source, SourceKind};

fn hex(digit: char) -> String {
    std::iter::repeat_n(digit, 64).collect()
}

fn lock(text: &str) -> Lockfile {
    read(&File::new("pdm.lock", text)).unwrap_or_else(|problem| panic!("{problem:?}\n{text}"))
}

fn of_version(version: &str, strategy: &str, entries: &str) -> String {
    format!(
        "[metadata]\nstrategy = [{strategy}]\nlock_version = \"{version}\"\ncontent_hash = \"sha256:{}\"\n\n{entries}",
        hex('0')
    )
}

fn entry(name: &str, version: &str, rest: &str) -> String {
    format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{rest}\n\n")
}

/// `what @ the text at its place`, for every oddity.
fn odd(text: &str) -> Vec<String> {
    let lockfile = lock(text);
    let at = |o: &Oddity| format!("{} @ {}", o.what, lockfile.file.slice(o.place));
    lockfile.oddities.iter().map(at).collect()
}

/// `name@version: file=algorithm:hex, …`, for every package.
fn files(lockfile: &Lockfile) -> Vec<String> {
    let file = |artifact: ArtifactRef<'_>| {
        let digests = artifact.digests().iter().map(|d| {
            let idle = if d.idle.is_some() { " idle" } else { "" };
            format!("{}:{:.4}{idle}", d.algorithm.name(), lockfile.text(d.hex))
        });
        format!("{}={}", artifact.filename().unwrap_or_default(), digests.collect::<Vec<_>>().join("|"))
    };
    let line = |package: crate::model::PackageRef<'_>| {
        format!("{}: {}", package.label(), package.artifacts().map(file).collect::<Vec<_>>().join(", "))
    };
    lockfile.packages().map(line).collect()
}

fn row(file: &str) -> String {
    format!("{{file = \"{file}\", hash = \"sha256:{}\"}},", hex('a'))
}

#[test]
fn a_file_of_today_is_read_whole() {
    let files_of_coverage = format!("files = [{}]", row("coverage-7.6.1.tar.gz"));
    let text = of_version(
        "4.5.1",
        "\"inherit_metadata\"",
        &(entry(
            "coverage",
            "7.6.1",
            &format!("groups = [\"dev\"]\nmarker = \"python_version < '3.13'\"\n{files_of_coverage}"),
        ) + &entry(
            "coverage",
            "7.6.1",
            &format!(
                "extras = [\"toml\"]\ngroups = [\"dev\", \"test\"]\ndependencies = [\n    \"coverage==7.6.1\",\n    \"tomli; python_full_version <= '3.11.0a6'\",\n]\n{files_of_coverage}"
            ),
        ) + &entry("tomli", "2.0.1", "")),
    );
    let lockfile = lock(&text);
    assert_eq!(lockfile.format.to_string(), "pdm.lock v4.5.1");
    assert_eq!(lockfile.oddities, []);
    assert_eq!(
        files(&lockfile),
        [
            "coverage@7.6.1: coverage-7.6.1.tar.gz=sha256:aaaa",
            "coverage@7.6.1: coverage-7.6.1.tar.gz=sha256:aaaa",
            "tomli@2.0.1: ="
        ]
    );
    let packages: Vec<_> = lockfile.packages().collect();
    assert_eq!(packages[0].marker(), Some("python_version < '3.13'"));
    assert_eq!(packages[1].groups().collect::<Vec<_>>(), ["dev", "test"]);
    let edges: Vec<_> =
        packages[1].dependencies().iter().map(|d| (lockfile.text(d.name), d.target)).collect();
    assert_eq!(edges, [("coverage", None), ("tomli", Some(2))]);
    assert_eq!(packages[0].source().unwrap().kind, SourceKind::Unrecorded);
    assert_eq!(
        lockfile.manifest_hash.map(|hash| lockfile.text(hash).to_owned()),
        Some(format!("sha256:{}", hex('0')))
    );
}

#[test]
fn sources_are_what_pdm_takes() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let entries = [
        entry(
            "a",
            "1.0",
            &format!("git = \"https://github.com/acme/a.git\"\nref = \"v3\"\nrevision = \"{commit}\""),
        ),
        entry("b", "1.0", "git = \"git@github.com:acme/b.git\"\neditable = true"),
        entry("c", "1.0", "hg = \"https://hg.example/c\"\nrevision = \"abc\""),
        entry("d", "1.0", "url = \"https://files.example/d-1.0.tar.gz\""),
        entry("e", "1.0", "path = \"./vendor/e-1.0-py3-none-any.whl\""),
        entry("f", "1.0", "path = \"../f\"\neditable = true"),
        entry("g", "1.0", "path = \"./g\""),
        entry(
            "h",
            "1.0",
            &format!("git = \"https://h.example/h\"\nref = \"{commit}\"\nrevision = \"{}\"", "f".repeat(40)),
        ),
    ];
    let lockfile = lock(&of_version("4.5.0", "", &entries.concat()));
    assert_eq!(lockfile.oddities, []);
    let sources: Vec<_> = lockfile.packages().map(|p| p.source().unwrap().clone()).collect();
    let kinds: Vec<_> = sources.iter().map(Source::kind_name).collect();
    assert_eq!(kinds, ["git", "git", "unknown", "url", "file", "editable", "directory", "git"]);
    assert_eq!(sources[0].commit(), Some(commit));
    assert_eq!(sources[0].reference().unwrap().kind, ReferenceKind::Ref);
    assert_eq!(sources[1].commit(), None);
    assert!(
        matches!(&sources[4].kind, SourceKind::Local { inside: Some(path), .. } if path == "vendor/e-1.0-py3-none-any.whl")
    );
    assert!(matches!(&sources[5].kind, SourceKind::Local { inside: None, .. }));
    assert_eq!(sources[7].reference().unwrap().kind, ReferenceKind::Rev);
}

#[test]
fn static_urls_name_the_files() {
    let rows = format!(
        "files = [{{url = \"https://files.pythonhosted.org/packages/aa/six-1.16.0-py2.py3-none-any.whl\", hash = \"sha256:{}\"}}]",
        hex('a')
    );
    let text = |strategy: &str| of_version("4.4.1", strategy, &entry("six", "1.16.0", &rows));
    let lockfile = lock(&text("\"cross_platform\", \"static_urls\""));
    assert_eq!(files(&lockfile), ["six@1.16.0: six-1.16.0-py2.py3-none-any.whl=sha256:aaaa"]);
    assert!(lockfile.packages().next().unwrap().files()[0].url.is_some());
    assert_eq!(lockfile.oddities, []);
    assert_eq!(odd(&text("\"cross_platform\"")).len(), 1);
    // The older spelling.
    let old = text("").replace("strategy = []", "static_urls = true");
    assert_eq!(odd(&old), [""; 0]);
}

/// Lock version 4.0 keeps its digests where current PDM does not look.
#[test]
fn digests_of_old_files_are_idle() {
    let entries = entry("jinja2", "2.10.3", "") + &entry("Jinja2", "2.10.3", "extras = [\"i18n\"]");
    let table = format!(
        "\n[metadata.files]\n\"jinja2 2.10.3\" = [\n    {{file = \"Jinja2-2.10.3.tar.gz\", hash = \"sha256:{}\"}},\n    {{url = \"https://h.example/Jinja2-2.10.3-py3-none-any.whl\", hash = \"sha256:{}\"}},\n]\n",
        hex('a'),
        hex('b')
    );
    let lockfile = lock(&(of_version("4.0", "", &entries) + &table));
    let all = "Jinja2-2.10.3.tar.gz=sha256:aaaa idle, Jinja2-2.10.3-py3-none-any.whl=sha256:bbbb idle";
    assert_eq!(files(&lockfile), [format!("jinja2@2.10.3: {all}"), format!("Jinja2@2.10.3: {all}")]);
    assert_eq!(lockfile.oddities, []);
}

#[test]
fn digests_that_pdm_does_not_compare() {
    let file = format!("files = [{}]", row("six-1.16.0-py3-none-any.whl"));
    for (source, idle) in [
        ("git = \"https://h.example/six\"", true),
        ("path = \"./six\"", true),
        ("path = \"./six-1.16.0-py3-none-any.whl\"", false),
        ("url = \"https://h.example/six-1.16.0-py3-none-any.whl\"", false),
        ("", false),
    ] {
        let lockfile = lock(&of_version("4.5.0", "", &entry("six", "1.16.0", &format!("{source}\n{file}"))));
        assert_eq!(files(&lockfile)[0].contains("idle"), idle, "{source}");
    }
}

#[test]
fn oddities() {
    let of = |rest: &str| odd(&of_version("4.5.0", "", &entry("six", "1.16.0", rest)));
    assert_eq!(
        of("files = [{file = \"six-1.16.0.tar.gz\", hash = \"md4:00\"}]"),
        ["`md4` is not an algorithm that tools check by that name @ md4:00"]
    );
    assert_eq!(
        of(&format!("files = [{}]", row("evil-1.0-py3-none-any.whl"))),
        ["`evil-1.0-py3-none-any.whl` is not a file of `six` @ evil-1.0-py3-none-any.whl"]
    );
    assert_eq!(of(&format!("File = [{}]", row("six-1.16.0.tar.gz"))), ["`File` looks like `files` @ File"]);
    assert_eq!(
        of("git = \"https://a.example/six\"\nurl = \"https://b.example/six-1.16.0.tar.gz\""),
        ["this entry names several sources: git, url @ https://a.example/six"]
    );
    let twice = entry("six", "1.16.0", "") + &entry("six", "1.16.0", "");
    assert_eq!(odd(&of_version("4.5.0", "", &twice)), ["`six@1.16.0` is locked twice @ six"]);
}

#[test]
fn versions_are_read_or_refused_by_name() {
    let title = |text: &str| read(&File::new("pdm.lock", text)).err().map(|problem| problem.title);
    let unknown = |version: &str| Some(format!("`pdm.lock` has the unknown lock version {version:?}"));
    assert_eq!(title(""), Some("`pdm.lock` has no lock version".to_owned()));
    assert_eq!(
        title("[root]\nmeta_version = \"0.0.1\"\n"),
        Some("`pdm.lock` has no lock version".to_owned())
    );
    for version in ["2", "3", "3.1", "4.6", "5.0", "x", "1!4.0"] {
        assert_eq!(title(&of_version(version, "", "")), unknown(version), "{version}");
    }
    for (version, notes) in [("4.0", 0), ("4.1", 0), ("4.4.2", 0), ("4.5.0", 0), ("4.5.1", 0), ("4.5.9", 1)] {
        assert_eq!(lock(&of_version(version, "", "")).notes.len(), notes, "{version}");
    }
}

#[test]
fn other_names_are_told_by_content() {
    assert_eq!(claims("a/pdm.lock"), Claim::Yes);
    assert_eq!(claims("pdm.linux.lock"), Claim::Maybe);
    assert_eq!(claims("poetry.lock"), Claim::No);
    assert!(recognises(&of_version("4.5.0", "", "")));
}
