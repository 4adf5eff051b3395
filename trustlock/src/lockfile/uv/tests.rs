#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod oddities;
mod properties;
mod reading;

use super::*;
use crate::model::PackageRef;

pub(super) const PYPI: &str = "{ registry = \"https://pypi.org/simple\" }";
pub(super) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

pub(super) fn hex(digit: char) -> String {
    std::iter::repeat_n(digit, 64).collect()
}

/// A lockfile of revision 5 with these entries.
pub(super) fn lock(entries: &str) -> String {
    format!("version = 1\nrevision = 5\nrequires-python = \">=3.9\"\n\n{entries}")
}

/// A project that asks for each of these by an edge.
pub(super) fn app(edges: &[&str]) -> String {
    let edges: String = edges.iter().flat_map(|edge| ["    { name = ", edge, " },\n"]).collect();
    format!(
        "[[package]]\nname = \"app\"\nversion = \"0.1.0\"\nsource = {{ virtual = \".\" }}\ndependencies = [\n{edges}]\n\n"
    )
}

/// An entry as uv writes it, with a wheel and an sdist on PyPI's file host.
pub(super) fn package(name: &str, version: &str, source: &str) -> String {
    let url = "https://files.pythonhosted.org/packages/00";
    let file = name.replace('-', "_");
    format!(
        "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = {source}\n\
         sdist = {{ url = \"{url}/{file}-{version}.tar.gz\", hash = \"sha256:{}\", size = 10, upload-time = \
         \"2026-02-03T13:30:14.33Z\" }}\nwheels = [\n    {{ url = \"{url}/{file}-{version}-py3-none-any.whl\", \
         hash = \"sha256:{}\", size = 20, upload-time = \"2026-02-03T13:30:12Z\" }},\n]\n\n",
        hex('a'),
        hex('b')
    )
}

pub(super) fn read_text(text: &str) -> Lockfile {
    read(&File::new("uv.lock", text)).unwrap_or_else(|problem| panic!("{problem:?}\n{text}"))
}

pub(super) fn refused(text: &str) -> (String, String, String) {
    let problem = read(&File::new("uv.lock", text)).unwrap_err();
    let at = problem.place.map(|p| p.text().to_owned()).unwrap_or_default();
    (problem.title, at, problem.label)
}

/// `what @ the text at its place`, for every oddity.
pub(super) fn odd(text: &str) -> Vec<String> {
    let lockfile = read_text(text);
    let at = |o: &crate::model::Oddity| format!("{} @ {}", o.what, lockfile.file.slice(o.place));
    lockfile.oddities.iter().map(at).collect()
}

/// What each edge of the package with that index means.
pub(super) fn edges(lockfile: &Lockfile, package: u32) -> Vec<String> {
    let target = |target: Option<u32>| {
        let target = target.and_then(|t| lockfile.package(t));
        target.map_or_else(String::new, PackageRef::label)
    };
    lockfile.package(package).unwrap().dependencies().iter().map(|d| target(d.target)).collect()
}

/// `kind file url|path =algorithm:hex`, for every file of the package with that index.
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
            a.url().or(a.path()).unwrap_or_default(),
            digests.collect::<Vec<_>>().join("|")
        )
    };
    lockfile.package(package).unwrap().artifacts().map(file).collect()
}
