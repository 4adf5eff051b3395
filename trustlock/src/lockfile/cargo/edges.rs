//! The edges between packages: which package each means, what is there twice, and what nothing asks for.

use crate::model::{LockfileBuilder, Oddity, Package, Span};

/// Finds the package that each edge means: `name`, `name version` or `name version (source)`.
pub(super) fn resolve(builder: &mut LockfileBuilder) {
    let index = Index::new(builder);
    let mut odd = Vec::new();
    let mut targets = Vec::with_capacity(builder.all_edges().len());
    for edge in builder.all_edges() {
        let text = builder.text(edge.name);
        let found = index.find(builder, text);
        if found.is_none() {
            odd.push(Oddity {
                place: edge.name.place,
                what: "a dependency names no package of this lockfile, or more than one".to_owned(),
                effect: "cargo drops this edge and resolves it anew".to_owned(),
                help: "restore the lockfile from a commit that you trust".to_owned(),
                cause: Some("dependencies name no package of this lockfile, or more than one"),
            });
        }
        targets.push(found);
    }
    builder.set_targets(&targets);
    builder.oddities.extend(odd);
}

/// Packages by name.
struct Index {
    sorted: Vec<u32>,
}

impl Index {
    fn new(builder: &LockfileBuilder) -> Self {
        let count = u32::try_from(builder.packages().len()).unwrap_or(u32::MAX);
        let mut sorted: Vec<u32> = (0..count).collect();
        sorted.sort_by(|a, b| name(builder, *a).cmp(name(builder, *b)));
        Self { sorted }
    }

    fn find(&self, builder: &LockfileBuilder, text: &str) -> Option<u32> {
        let mut parts = text.splitn(3, ' ');
        let wanted = parts.next()?;
        let version = parts.next();
        let source = parts.next().and_then(|s| s.strip_prefix('(')?.strip_suffix(')'));
        let start = self.sorted.partition_point(|index| name(builder, *index) < wanted);
        let mut fits =
            self.sorted.get(start..)?.iter().copied().take_while(|i| name(builder, *i) == wanted).filter(
                |index| {
                    let Some(package) = builder.packages().get(*index as usize) else { return false };
                    let same = |version| package.version.is_some_and(|v| builder.text(v) == version);
                    version.is_none_or(same)
                        && source.is_none_or(|source| comes_from(builder, package, source))
                },
            );
        let found = fits.next()?;
        // Where only the source tells two apart, a text without one means the package without one.
        match fits.next() {
            None => Some(found),
            Some(second) if version.is_some() && source.is_none() => {
                let sourceless =
                    |i: &u32| builder.packages().get(*i as usize).is_some_and(|p| p.source.is_none());
                [found, second].into_iter().find(sourceless).filter(|_| fits.next().is_none())
            }
            Some(_) => None,
        }
    }
}

fn name(builder: &LockfileBuilder, index: u32) -> &str {
    builder.packages().get(index as usize).map_or("", |p| builder.text(p.name))
}

/// An edge names a git source without its commit.
fn comes_from(builder: &LockfileBuilder, package: &Package, text: &str) -> bool {
    let Some(source) = package.source.and_then(|s| builder.sources.get(s.id as usize)) else { return false };
    let raw = source.raw.as_str();
    raw == text || raw.starts_with("git+") && raw.rsplit_once('#').is_some_and(|(before, _)| before == text)
}

/// Finds packages that stand there twice and packages that nothing asks for.
pub(super) fn inspect(builder: &mut LockfileBuilder) {
    let mut odd = Vec::new();
    duplicates(builder, &mut odd);
    orphans(builder, &mut odd);
    builder.oddities.extend(odd);
}

fn label(builder: &LockfileBuilder, package: &Package) -> String {
    let version = package.version.map(|v| builder.text(v)).unwrap_or_default();
    format!("{}@{version}", builder.text(package.name))
}

fn duplicates(builder: &LockfileBuilder, odd: &mut Vec<Oddity>) {
    let key = |p: &Package| {
        let version = p.version.map(|v| builder.text(v)).unwrap_or_default();
        (builder.text(p.name), version, p.source.map(|s| s.id))
    };
    let mut sorted: Vec<&Package> = builder.packages().iter().collect();
    sorted.sort_by_key(|p| (key(p), p.place));
    for pair in sorted.windows(2) {
        if let [first, second] = pair
            && key(first) == key(second)
        {
            odd.push(Oddity {
                place: second.name.place,
                what: format!("`{}` is locked twice from the same source", label(builder, second)),
                effect: "the second entry; cargo refuses to read this, other tools take either".to_owned(),
                help: "a merge has gone wrong: restore the lockfile from a commit that you trust".to_owned(),
                cause: Some("packages are locked twice from the same source"),
            });
        }
    }
}

fn orphans(builder: &LockfileBuilder, odd: &mut Vec<Oddity>) {
    let packages = builder.packages();
    let index = Index::new(builder);
    let mut seen: Vec<bool> = packages.iter().map(|p| p.source.is_none()).collect();
    let mut queue: Vec<&Package> = packages.iter().filter(|p| p.source.is_none()).collect();
    while let Some(package) = queue.pop() {
        let replaced = package.replace.and_then(|r| index.find(builder, builder.text(r)));
        let targets = builder.edges(package).iter().filter_map(|d| d.target).chain(replaced);
        for target in targets {
            if let (Some(seen), Some(package)) =
                (seen.get_mut(target as usize), packages.get(target as usize))
                && !std::mem::replace(seen, true)
            {
                queue.push(package);
            }
        }
    }
    for (package, _) in packages.iter().zip(seen).filter(|(_, seen)| !seen) {
        odd.push(Oddity {
            place: Span::new(package.name.place.start as usize, package.name.place.end as usize),
            what: format!("nothing in this lockfile asks for `{}`", label(builder, package)),
            effect: "cargo drops it without a word".to_owned(),
            help: "remove the entry, or restore what asked for it".to_owned(),
            cause: Some("packages are asked for by nothing in this lockfile"),
        });
    }
}
