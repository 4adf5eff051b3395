//! What edges mean, which entries are the same package, and which are needed by none.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use super::collect::Collector;
use super::{oddity, source};
use crate::lockfile::ODDITIES;
use crate::model::{Package, Span};

/// Packages by name, version and source.
struct Index<'a> {
    collector: &'a Collector,
    /// Package indices, sorted by name, version and source.
    order: Vec<u32>,
    /// Where the packages of a name are in `order`.
    names: HashMap<&'a str, Range<usize>>,
    /// Per source, an identity under which two spellings of one source are equal; 0 is "no source".
    identities: Vec<u32>,
    by_identity: HashMap<String, u32>,
}

/// What a package id finds.
pub(super) enum Found {
    /// One package; `short` where only version 2 and later write the id like this.
    One { package: u32, short: bool },
    /// None, or several.
    Not { several: bool },
}

impl<'a> Index<'a> {
    fn new(collector: &'a Collector) -> Self {
        let builder = &collector.builder;
        let mut by_identity = HashMap::new();
        let identities = builder
            .sources
            .iter()
            .map(|s| {
                let next = u32::try_from(by_identity.len() + 1).unwrap_or(u32::MAX);
                *by_identity.entry(source::identity(s)).or_insert(next)
            })
            .collect();
        let mut index = Self { collector, order: Vec::new(), names: HashMap::new(), identities, by_identity };
        let mut order: Vec<u32> = (0..).take(builder.packages().len()).collect();
        // Stable, so that the file's order decides among equals; what cargo wrote is sorted already.
        order.sort_by(|a, b| index.compare(*a, *b));
        index.names.reserve(order.len());
        for (at, package) in order.iter().enumerate() {
            index.names.entry(index.name(*package)).or_insert(at..at).end = at + 1;
        }
        index.order = order;
        index
    }

    fn package(&self, index: u32) -> Option<&'a Package> {
        self.collector.builder.packages().get(index as usize)
    }

    fn name(&self, index: u32) -> &'a str {
        self.package(index).map_or("", |p| self.collector.builder.text(p.name))
    }

    fn version(&self, index: u32) -> &'a str {
        let version = self.package(index).and_then(|p| p.version);
        version.map_or("", |v| self.collector.builder.text(v))
    }

    fn identity(&self, index: u32) -> u32 {
        let source = self.package(index).and_then(|p| p.source);
        source.and_then(|s| self.identities.get(s.id as usize)).copied().unwrap_or(0)
    }

    fn compare(&self, a: u32, b: u32) -> Ordering {
        let names = self.name(a).cmp(self.name(b));
        let versions = || self.version(a).cmp(self.version(b));
        names.then_with(versions).then_with(|| self.identity(a).cmp(&self.identity(b)))
    }

    /// The part of `within` for which `key` equals; `within` is sorted by it.
    fn narrow(&self, within: Range<usize>, key: impl Fn(u32) -> Ordering) -> Range<usize> {
        let part = self.order.get(within.clone()).unwrap_or_default();
        let start = part.partition_point(|i| key(*i) == Ordering::Less);
        let end = part.partition_point(|i| key(*i) != Ordering::Greater);
        within.start + start..within.start + end
    }

    /// The package that `id` means to cargo: `name`, `name version` or `name version (source)`.
    fn find(&self, id: &str) -> Found {
        self.fitting(id).unwrap_or(Found::Not { several: false })
    }

    fn fitting(&self, id: &str) -> Option<Found> {
        let mut parts = id.splitn(3, ' ');
        let named = self.names.get(parts.next()?)?.clone();
        let Some(version) = parts.next() else {
            // Sorted, so the versions are all one if the first and the last are.
            let ends = [self.order.get(named.start)?, self.order.get(named.end.checked_sub(1)?)?];
            let [first, last] = ends.map(|i| self.version(*i));
            return Some(if first == last {
                self.any_source(named, true)
            } else {
                Found::Not { several: true }
            });
        };
        let same = self.narrow(named, |i| self.version(i).cmp(version));
        let Some(source) = parts.next() else { return Some(self.any_source(same, false)) };
        let source = source.strip_prefix('(')?.strip_suffix(')')?;
        let identity = source::identity(&source::parse(source, self.collector.syntax()));
        let wanted = self.by_identity.get(&identity)?;
        Some(self.one(&self.narrow(same, |i| self.identity(i).cmp(wanted)), false))
    }

    /// The one of `same`, which differ in nothing but their source. A path package wins: it cannot be
    /// written with a source, and others are where one stands beside it.
    fn any_source(&self, same: Range<usize>, short: bool) -> Found {
        let local = self.narrow(same.clone(), |i| self.identity(i).cmp(&0));
        if local.is_empty() { self.one(&same, true) } else { self.one(&local, short) }
    }

    fn one(&self, fit: &Range<usize>, short: bool) -> Found {
        match self.order.get(fit.clone()) {
            // Of an entry that is there twice the first counts, so that the second is all there is to say.
            Some([first, .., last]) if self.compare(*first, *last).is_eq() => {
                Found::One { package: *first, short }
            }
            Some([package]) => Found::One { package: *package, short },
            _ => Found::Not { several: !fit.is_empty() },
        }
    }
}

/// What can be known only from the whole file.
pub(super) struct Resolved {
    /// What each edge means.
    targets: Vec<Option<u32>>,
    /// Where edges mean nothing, and whether that is because several packages fit.
    dangling: Vec<(Span, bool)>,
    /// How many more of these there are.
    unseen: usize,
    /// Packages that stand there a second time.
    twice: Vec<u32>,
    /// What each checksum of `[metadata]` belongs to.
    pub(super) checksums: Vec<Found>,
    /// Whether any edge is written as only version 2 and later do.
    pub(super) short: bool,
}

/// Looks up everything that names a package.
pub(super) fn resolve(collector: &Collector) -> Resolved {
    let (builder, index) = (&collector.builder, Index::new(collector));
    let checksums = collector.metadata.iter().map(|c| index.find(builder.text(c.id))).collect();
    let twice = index.order.windows(2).filter_map(|pair| match pair {
        [a, b] => (index.compare(*a, *b) == Ordering::Equal).then_some(*b),
        _ => None,
    });
    let mut resolved = Resolved {
        targets: Vec::with_capacity(builder.all_edges().len()),
        dangling: Vec::new(),
        unseen: 0,
        twice: twice.collect(),
        checksums,
        short: false,
    };
    for edge in builder.all_edges() {
        resolved.targets.push(match index.find(builder.text(edge.name)) {
            Found::One { package, short } => {
                resolved.short |= short;
                Some(package)
            }
            Found::Not { several } => {
                if resolved.dangling.len() < ODDITIES {
                    resolved.dangling.push((edge.name.place, several));
                } else {
                    resolved.unseen += 1;
                }
                None
            }
        });
    }
    resolved
}

/// Gives each edge its target, and records duplicates, edges that lead nowhere and packages that none
/// lead to.
pub(super) fn apply(collector: &mut Collector, resolved: &Resolved) {
    collector.builder.set_targets(&resolved.targets);
    collector.unseen += resolved.unseen;
    for (place, several) in &resolved.dangling {
        collector.odd(oddity::dangling_edge(*place, *several));
    }
    for package in &resolved.twice {
        about(collector, *package, oddity::twice);
    }
    if collector.builder.packages().iter().any(|p| p.source.is_none()) {
        for orphan in orphans(collector, &resolved.twice) {
            about(collector, orphan, oddity::orphan);
        }
    } else {
        collector.odd(oddity::no_project(Span::default()));
    }
}

fn about(collector: &mut Collector, index: u32, what: fn(Span, &str) -> crate::model::Oddity) {
    let Some(package) = collector.builder.packages().get(index as usize) else { return };
    let version = package.version.map_or("", |v| collector.builder.text(v));
    let label = format!("{}@{version}", collector.builder.text(package.name));
    let oddity = what(package.name.place, &label);
    collector.odd(oddity.of(index as usize));
}

/// What a walk from every package without a source does not reach; `twice` are spoken of already.
fn orphans(collector: &Collector, twice: &[u32]) -> Vec<u32> {
    let packages = collector.builder.packages();
    let mut reached: Vec<bool> = packages.iter().map(|p| p.source.is_none()).collect();
    for index in twice {
        if let Some(seen) = reached.get_mut(*index as usize) {
            *seen = true;
        }
    }
    let mut queue: Vec<u32> = (0..).zip(&reached).filter_map(|(i, r)| r.then_some(i)).collect();
    while let Some(index) = queue.pop() {
        let edges = packages.get(index as usize).map(|p| collector.builder.edges(p));
        for target in edges.unwrap_or_default().iter().filter_map(|e| e.target) {
            if let Some(seen) = reached.get_mut(target as usize)
                && !std::mem::replace(seen, true)
            {
                queue.push(target);
            }
        }
    }
    (0..).zip(reached).filter_map(|(i, reached)| (!reached).then_some(i)).collect()
}
