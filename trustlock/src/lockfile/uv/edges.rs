//! Which package each edge means. An edge names as much as is needed to tell packages apart: the name,
//! and the version and source where several packages have it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::lockfile::python::{Collector, oddity};
use crate::model::{Atom, Ecosystem, Package, fold};

/// What an edge says besides the name.
pub(super) struct Edge {
    pub(super) version: Option<Atom>,
    /// The index of its source.
    pub(super) source: Option<u32>,
}

/// Name, version and source as numbers; `None` where any will do.
type Key = (u32, Option<u32>, Option<u32>);

/// Packages by everything that an edge can say.
#[derive(Default)]
struct Found {
    texts: HashMap<String, u32>,
    /// `None` where several fit.
    packages: HashMap<Key, Option<u32>>,
}

impl Found {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.texts.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.insert(text.to_owned(), number);
        number
    }

    /// Adds a package; whether one of the same name, version and source is there.
    fn add(&mut self, collector: &Collector, package: &Package, index: u32) -> bool {
        let name = self.number(&fold(Ecosystem::Pypi, collector.text(package.name)));
        let version = package.version.map(|version| self.number(collector.text(version)));
        let source = package.source.map(|source| source.id);
        let whole = (name, version, source);
        let is_twin = self.packages.contains_key(&whole);
        let mut keys = vec![whole, (name, None, None), (name, version, None), (name, None, source)];
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            match self.packages.entry(key) {
                Entry::Occupied(mut found) => *found.get_mut() = None,
                Entry::Vacant(free) => {
                    free.insert(Some(index));
                }
            }
        }
        is_twin
    }

    /// The one package that an edge means, or whether several fit.
    fn target(&self, collector: &Collector, name: Atom, edge: &Edge) -> Result<u32, bool> {
        let number = |text: &str| self.texts.get(text).copied();
        let name = number(&fold(Ecosystem::Pypi, collector.text(name))).ok_or(false)?;
        let version = match edge.version {
            Some(version) => Some(number(collector.text(version)).ok_or(false)?),
            None => None,
        };
        let found = self.packages.get(&(name, version, edge.source)).ok_or(false)?;
        found.ok_or(true)
    }
}

/// Links every edge of the file; `edges` are in the order in which the collector has them.
pub(super) fn resolve(collector: &mut Collector, edges: &[Edge]) {
    let mut found = Found::default();
    let mut oddities = Vec::new();
    for (package, index) in collector.builder.packages().iter().zip(0u32..) {
        if found.add(collector, package, index) {
            let version = package.version.map(|v| format!("@{}", collector.text(v))).unwrap_or_default();
            let label = format!("{}{version}", collector.text(package.name));
            oddities.push(oddity::twice(package.name.place, &label).of(index as usize));
        }
    }
    let mut targets = Vec::with_capacity(edges.len());
    for (written, edge) in collector.builder.all_edges().iter().zip(edges) {
        let target = found.target(collector, written.name, edge);
        if let Err(several) = target {
            oddities.push(oddity::dangling_edge(written.name.place, several, "uv refuses the file"));
        }
        targets.push(target.ok());
    }
    collector.builder.set_targets(&targets);
    for oddity in oddities {
        collector.odd(oddity);
    }
}
