use std::borrow::Cow;
use std::str::FromStr;

use pep440_rs::Version;

use crate::model::{ArtifactKind, Ecosystem, fold};

/// What the name of a file says about the package that it stands under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lockfile) enum Filename<'a> {
    /// It is of that package, in this version.
    Of {
        /// The version in the name.
        version: &'a str,
    },
    /// It names another package.
    Foreign,
    /// It is neither a wheel nor an sdist (an egg, an installer, an archive of a branch).
    Other,
}

impl<'a> Filename<'a> {
    /// Reads `filename` as a file of the package with that folded name.
    ///
    /// Wheels: `{name}-{version}(-{build})?-{python}-{abi}-{platform}.whl` (the binary distribution
    /// format). Sdists: `{name}-{version}.tar.gz` (PEP 625), where older ones keep the name as its
    /// author spelt it, dashes included.
    pub(in crate::lockfile) fn parse(filename: &'a str, package: &str) -> Self {
        /// Longer than any file system lets the name of a file be.
        const LONGEST: usize = 1024;
        if filename.len() > LONGEST {
            return Self::Foreign;
        }
        match ArtifactKind::of(filename) {
            ArtifactKind::Wheel => {
                let stem = filename.get(..filename.len().saturating_sub(4)).unwrap_or_default();
                let parts: Vec<&str> = stem.split('-').collect();
                match parts.as_slice() {
                    [name, version, _, _, _] | [name, version, _, _, _, _]
                        if fold(Ecosystem::Pypi, name) == package =>
                    {
                        Self::Of { version }
                    }
                    _ => Self::Foreign,
                }
            }
            ArtifactKind::Sdist => {
                let stem = stem(filename);
                let dashes = stem.match_indices('-').map(|(at, _)| at);
                let split = dashes.filter_map(|at| Some((stem.get(..at)?, stem.get(at + 1..)?)));
                split
                    .filter(|(name, _)| fold(Ecosystem::Pypi, name) == package)
                    .map(|(_, version)| Self::Of { version })
                    .next()
                    .unwrap_or(Self::Foreign)
            }
            ArtifactKind::Unknown => Self::Other,
        }
    }
}

fn stem(filename: &str) -> &str {
    let lower = filename.to_ascii_lowercase();
    let ends = [".tar.gz", ".tar.bz2", ".tar.xz", ".zip", ".tgz", ".tar"];
    let end = ends.into_iter().find(|end| lower.ends_with(end)).map_or(0, str::len);
    filename.get(..filename.len() - end).unwrap_or_default()
}

/// Whether both texts are one version by PEP 440. The local part counts only where both have one: an
/// index may serve `1.0+cpu` for `1.0`, and wheels write `_` for its dots.
pub(in crate::lockfile) fn same_version(locked: &str, found: &str) -> bool {
    if locked == found {
        return true;
    }
    let read = |text: &str| Version::from_str(&unescaped(text)).ok();
    match (read(locked), read(found)) {
        (Some(locked), Some(found)) => {
            locked == found
                || ((locked.local().is_empty() || found.local().is_empty())
                    && locked.without_local() == found.without_local())
        }
        _ => false,
    }
}

/// Wheel names write `_` where a version has `-`, and URLs write `+` as `%2B`.
fn unescaped(version: &str) -> Cow<'_, str> {
    if version.contains('_') { Cow::Owned(version.replace('_', "-")) } else { Cow::Borrowed(version) }
}
