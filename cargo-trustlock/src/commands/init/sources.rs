//! The sources that lockfiles name, as a policy lists them.

use std::collections::{BTreeMap, BTreeSet};

use trustlock::model::{Ecosystem, Lockfile, Source, SourceKind, Url};
use trustlock::policy::{SourcePattern, quote};

/// The entries of one list, sorted. What no pattern covers, a URL with a password say, stays refused.
pub(super) fn of(ecosystem: Ecosystem, lockfiles: &[&Lockfile]) -> BTreeSet<String> {
    let public = match ecosystem {
        Ecosystem::Cargo => "crates.io",
        Ecosystem::Pypi => "pypi",
    };
    let mut entries: BTreeSet<String> = [public, "path"].map(quote).into();
    let files = hosts(lockfiles);
    for source in lockfiles.iter().flat_map(|l| &l.sources) {
        let text = source.key();
        let Ok(pattern) = SourcePattern::parse_for(ecosystem, &text) else { continue };
        if !pattern.matches(Some(source)) {
            continue;
        }
        match files.get(&text) {
            Some(files) if source.kind == SourceKind::Index && !source.is_pypi() => {
                let files: Vec<_> = files.iter().map(|files| quote(files)).collect();
                entries.insert(format!("{{ index = {}, files = [{}] }}", quote(&text), files.join(", ")));
            }
            _ => {
                entries.insert(quote(&text));
            }
        }
    }
    // Where no index is recorded, the hosts of the files are the sources.
    if let Some(hosts) = files.get(UNRECORDED) {
        entries.extend(hosts.iter().map(|host| quote(host)));
    }
    entries
}

const UNRECORDED: &str = "";

/// Where the files of an index are, besides its own host: patterns by the key of the index.
fn hosts(lockfiles: &[&Lockfile]) -> BTreeMap<String, BTreeSet<String>> {
    let mut hosts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lockfiles.iter().flat_map(|l| l.packages()) {
        let Some(source) = package.source() else { continue };
        let Some(pattern) = pattern(source) else { continue };
        for url in package.artifacts().filter_map(|artifact| Url::parse(artifact.url()?)) {
            let served = if source.kind == SourceKind::Unrecorded {
                pattern.keeps(&url)
            } else {
                pattern.serves(source, &url)
            };
            if !served && !url.is_insecure() {
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                let files = format!("{}://{}{port}/*", url.scheme(), url.host());
                let key =
                    if source.kind == SourceKind::Unrecorded { UNRECORDED.to_owned() } else { source.key() };
                hosts.entry(key).or_default().insert(files);
            }
        }
    }
    hosts
}

/// The pattern of an index, recorded or not.
fn pattern(source: &Source) -> Option<SourcePattern> {
    match source.kind {
        SourceKind::Index => SourcePattern::parse(&source.key()).ok(),
        SourceKind::Unrecorded => SourcePattern::parse("pypi").ok(),
        _ => None,
    }
}
