#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod oddities;
mod properties;
mod reading;

use super::*;

pub(super) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

pub(super) fn hex(digit: char) -> String {
    std::iter::repeat_n(digit, 64).collect()
}

pub(super) fn lock(entries: &str) -> String {
    format!("lock-version = \"1.0\"\ncreated-by = \"test\"\npackages = [] # none\n{entries}").replace(
        "packages = [] # none\n",
        if entries.contains("[[packages]]") { "" } else { "packages = []\n" },
    )
}

/// An entry with a wheel and an sdist on PyPI's file host, and these tables of digests.
pub(super) fn package(name: &str, version: &str, hashes: &str) -> String {
    let url = "https://files.pythonhosted.org/packages/00";
    let file = name.replace('-', "_");
    format!(
        "[[packages]]\nname = \"{name}\"\nversion = \"{version}\"\nindex = \"https://pypi.org/simple\"\n\
         sdist = {{ url = \"{url}/{file}-{version}.tar.gz\", upload-time = 2026-02-03T13:30:14Z, size = 10, hashes = {hashes} }}\n\
         wheels = [{{ url = \"{url}/{file}-{version}-py3-none-any.whl\", hashes = {hashes} }}]\n\n"
    )
}

pub(super) fn sha256() -> String {
    format!("{{ sha256 = \"{}\" }}", hex('a'))
}

pub(super) fn read_text(text: &str) -> Lockfile {
    read(&File::new("pylock.toml", text)).unwrap_or_else(|problem| panic!("{problem:?}\n{text}"))
}

pub(super) fn refused(text: &str) -> (String, String) {
    let problem = read(&File::new("pylock.toml", text)).unwrap_err();
    (problem.title, problem.label)
}

/// `what @ the text at its place`, for every oddity.
pub(super) fn odd(text: &str) -> Vec<String> {
    let lockfile = read_text(text);
    let at = |o: &crate::model::Oddity| format!("{} @ {}", o.what, lockfile.file.slice(o.place));
    lockfile.oddities.iter().map(at).collect()
}

/// `kind file path|url algorithm:hex`, for every file of the package with that index.
pub(super) fn files(lockfile: &Lockfile, package: u32) -> Vec<String> {
    let file = |a: crate::model::ArtifactRef<'_>| {
        let digests = a.digests().iter().map(|d| {
            let idle = if d.idle.is_some() { " idle" } else { "" };
            format!("{}:{:.4}{idle}", d.algorithm.name(), lockfile.text(d.hex))
        });
        format!(
            "{} {} {} {}",
            a.artifact.map_or("none", |a| a.kind.name()),
            a.filename().unwrap_or_default(),
            a.path().or(a.url()).unwrap_or_default(),
            digests.collect::<Vec<_>>().join("|")
        )
    };
    lockfile.package(package).unwrap().artifacts().map(file).collect()
}
