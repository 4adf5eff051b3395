#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod oddities;
mod properties;
mod reading;

use super::read;
use crate::model::{File, Lockfile, PackageRef};

const HEX: &str = "6bcb1b6ebcb07cbda7bc9d60bb6ddf2dcbd1e6cb4bf4a7bd2a6f8ba92b6aa5c1";
const COMMIT: &str = "c5b4a3b7a4f0f2de95c4f4d8b1d0e6a7c9b8a7f6";

const PYPI: &str = r#"{"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": true}"#;
const ACME: &str = r#"{"name": "acme", "url": "https://pypi.acme.example/simple", "verify_ssl": true}"#;

/// A lockfile with these sources and these entries of `default`.
fn text(sources: &[&str], entries: &str) -> String {
    let sources = sources.join(", ");
    format!(
        "{{\"_meta\": {{\"hash\": {{\"sha256\": \"{HEX}\"}}, \"pipfile-spec\": 6, \"requires\": {{}}, \
         \"sources\": [{sources}]}}, \"default\": {{{entries}}}, \"develop\": {{}}}}"
    )
}

fn parsed(text: &str) -> Lockfile {
    read(&File::new("app/Pipfile.lock", text)).unwrap_or_else(|problem| panic!("{problem:?}\n{text}"))
}

/// The lockfile with that one source, PyPI, and these entries.
fn of(entries: &str) -> Lockfile {
    parsed(&text(&[PYPI], entries))
}

fn only(lockfile: &Lockfile) -> PackageRef<'_> {
    let packages: Vec<_> = lockfile.packages().collect();
    assert_eq!(packages.len(), 1);
    packages[0]
}

fn causes(lockfile: &Lockfile) -> Vec<&'static str> {
    lockfile.oddities.iter().filter_map(|oddity| oddity.cause).collect()
}
