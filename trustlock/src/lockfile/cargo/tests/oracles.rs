//! Agreement with the two other readers of `Cargo.lock`: the crate `cargo-lock`, which is widely used,
//! and `cargo-util-schemas`, which is cargo's own. Where they differ from this one, a test says how.

use cargo_util_schemas::lockfile::{TomlLockfile, TomlLockfileDependency};
use proptest::prelude::*;

use super::properties::{Printed, package, print};
use super::*;
use crate::model::PackageRef;

/// Name, version, source and checksum as written, and the edges as `name version`.
type Row = (String, String, Option<String>, Option<String>, Vec<String>);

fn ours(lockfile: &Lockfile) -> Vec<Row> {
    let target = |t: Option<u32>| t.and_then(|t| lockfile.package(t)).map(|p| p.label().replace('@', " "));
    let row = |p: PackageRef<'_>| {
        (
            p.name().to_owned(),
            p.version().unwrap_or_default().to_owned(),
            p.source().map(|s| s.raw.clone()),
            p.digests().first().map(|d| lockfile.text(d.hex).to_owned()),
            p.dependencies().iter().map(|d| target(d.target).unwrap_or_default()).collect(),
        )
    };
    let mut rows: Vec<Row> = lockfile.packages().map(row).collect();
    rows.sort();
    rows
}

fn schema(text: &str) -> Option<TomlLockfile> {
    toml::from_str(text).ok()
}

/// Rows of cargo's own schema, which leaves edges as they are written.
fn schema_rows(lockfile: &TomlLockfile) -> Vec<Row> {
    let row = |p: &TomlLockfileDependency| {
        let source = p.source.as_ref().map(|s| s.source_str().clone());
        let edges = p.dependencies.iter().flatten().map(ToString::to_string).collect();
        (p.name.clone(), p.version.clone(), source, p.checksum.clone(), edges)
    };
    let mut rows: Vec<Row> = lockfile.root.iter().chain(lockfile.package.iter().flatten()).map(row).collect();
    rows.sort();
    rows
}

fn other(text: &str) -> Option<cargo_lock::Lockfile> {
    text.parse().ok()
}

/// Rows of the crate `cargo-lock`, which resolves edges but prints sources in its own way.
fn other_rows(lockfile: &cargo_lock::Lockfile) -> Vec<Row> {
    let row = |p: &cargo_lock::Package| {
        (
            p.name.to_string(),
            p.version.to_string(),
            None,
            p.checksum.as_ref().map(ToString::to_string),
            p.dependencies.iter().map(|d| format!("{} {}", d.name, d.version)).collect(),
        )
    };
    let mut rows: Vec<Row> = lockfile.packages.iter().map(row).collect();
    rows.sort();
    rows
}

fn without_sources(rows: Vec<Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = rows.into_iter().map(|(n, v, _, c, e)| (n, v, None, c, e)).collect();
    rows.sort();
    rows
}

fn without_edges(rows: Vec<Row>) -> Vec<Row> {
    rows.into_iter().map(|(n, v, s, c, _)| (n, v, s, c, Vec::new())).collect()
}

fn agree(text: &str) {
    let ours = ours(&read_both(text));
    assert_eq!(without_edges(ours.clone()), without_edges(schema_rows(&schema(text).unwrap())));
    assert_eq!(without_sources(ours), other_rows(&other(text).unwrap()));
}

#[test]
fn the_lockfile_of_this_project_is_read_alike() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");
    let text = std::fs::read_to_string(path).unwrap();
    agree(&text);
    assert!(read_canonical(&File::new("Cargo.lock", text)).is_some());
}

proptest! {
    #[test]
    fn generated_lockfiles_are_read_alike(packages in prop::collection::vec(package(), 1..12), version in 3_u32..=4) {
        // `cargo-lock` looks names up without their sources, so each name and version is there once;
        // it wants edges and packages in order, and each edge once.
        let mut packages: Vec<Printed> = packages;
        packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        packages.dedup_by(|a, b| (&a.name, &a.version) == (&b.name, &b.version));
        agree(&print(version, &packages));
    }
}

/// Which of the three read `text`: this reader without any oddity, `cargo-lock`, cargo's schema.
fn who_reads(text: &str) -> (bool, bool, bool) {
    let healthy = read_document(&File::new("Cargo.lock", text)).is_ok_and(|l| l.oddities.is_empty());
    (healthy, other(text).is_some(), schema(text).is_some())
}

#[test]
fn where_the_readers_differ() {
    let a = crates_io("a", "1.0.0");
    let plain = lock(&["a"], std::slice::from_ref(&a));
    let metadata = format!("[metadata]\n\"checksum a 1.0.0 ({CRATES_IO})\" = \"{}\"\n", hex('a'));
    for (why, text, readers) in [
        ("all read what cargo writes", plain.clone(), (true, true, true)),
        ("and with the line ends of Windows", plain.replace('\n', "\r\n"), (true, true, true)),
        ("the others ignore unknown keys", plain.replace("checksum", "checksun"), (false, true, true)),
        ("cargo itself refuses a written version 2", plain.replace("= 4", "= 2"), (false, true, true)),
        ("the schema knows no versions", plain.replace("= 4", "= 5"), (false, false, true)),
        ("cargo itself refuses duplicates", lock(&["a"], &[a.clone(), a.clone()]), (false, true, true)),
        ("the others do not look for orphans", lock(&[], &[a]), (false, true, true)),
        ("the schema takes any checksum", plain.replace(&hex('a'), "abc"), (false, false, true)),
        ("the others ignore what disarms", plain.clone() + &metadata, (false, true, true)),
        ("the schema leaves edges unresolved", plain.replace(" \"a\",", " \"b\","), (false, false, true)),
        ("a lockfile that locks nothing", "version = 4\n".to_owned(), (false, true, true)),
        ("unknown kinds of sources", plain.replace("registry+", "hg+"), (false, false, false)),
    ] {
        assert_eq!(who_reads(&text), readers, "{why}\n{text}");
    }
}

#[test]
fn cargo_lock_loses_the_root_of_old_lockfiles() {
    let text = format!("[root]\nname = \"app\"\nversion = \"0.1.0\"\n\n{}", entry("b", "1.0.0", None, &[]));
    assert_eq!(read_both(&text).len(), 2);
    assert_eq!(schema_rows(&schema(&text).unwrap()).len(), 2);
    assert_eq!(other(&text).unwrap().packages.len(), 1);
}
