use std::collections::HashSet;

use pep440_rs::Version;

use super::{Collector, oddity};
use crate::model::{Ecosystem, Package, fold};

/// What is locked already, so that a second entry for the same is noticed.
#[derive(Default)]
pub(in crate::lockfile) struct Identities {
    seen: HashSet<(String, String, Option<u32>, String)>,
}

impl Identities {
    /// Records what is odd about the identity of the next package. `extra` is what else may set two
    /// entries of one name, version and source apart.
    pub(in crate::lockfile) fn check(&mut self, collector: &mut Collector, package: &Package, extra: &str) {
        let about = collector.next();
        let name = collector.text(package.name);
        let version = package.version.map(|version| (version, collector.text(version)));
        let bad_name = (!oddity::is_name(name)).then(|| oddity::bad_name(package.name.place, name));
        let bad_version = version
            .filter(|(_, text)| text.parse::<Version>().is_err())
            .map(|(atom, text)| oddity::bad_version(atom.place, text));
        let text = version.map(|(_, text)| text).unwrap_or_default();
        let label = format!("{name}@{text}");
        let source = package.source.map(|source| source.id);
        let identity = (fold(Ecosystem::Pypi, name).into_owned(), text.to_owned(), source, extra.to_owned());
        let again = (!self.seen.insert(identity)).then(|| oddity::twice(package.name.place, &label));
        for oddity in [bad_name, bad_version, again].into_iter().flatten() {
            collector.odd(oddity.of(about));
        }
    }
}
