//! Which selectors could speak of a name, found without asking each of them: a policy may hold a feed of
//! bans, and a lockfile a hundred thousand packages.

use std::collections::{BTreeSet, HashMap};

use super::Selector;
use crate::model::{Ecosystem, fold};

/// Positions of a list, by the names that their selectors have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    exact: HashMap<String, Vec<usize>>,
    prefixes: HashMap<String, Vec<usize>>,
    /// The lengths that prefixes have.
    lengths: BTreeSet<usize>,
}

impl Names {
    /// Of positions and the selectors that stand there.
    pub(crate) fn new<'a>(selectors: impl Iterator<Item = (usize, &'a Selector)>) -> Self {
        let mut names = Self::default();
        for (at, selector) in selectors {
            let (name, prefix) = selector.folded();
            let map = if prefix { &mut names.prefixes } else { &mut names.exact };
            map.entry(name.to_owned()).or_default().push(at);
            if prefix {
                names.lengths.insert(name.len());
            }
        }
        names
    }

    /// The positions of every selector of that name, in order; their ecosystems and versions are still
    /// to be compared.
    pub(crate) fn of(&self, ecosystem: Ecosystem, name: &str) -> Vec<usize> {
        if self.exact.is_empty() && self.prefixes.is_empty() {
            return Vec::new();
        }
        let name = fold(ecosystem, name);
        let prefixes = self.lengths.iter().filter_map(|length| name.get(..*length));
        let begun = prefixes.filter_map(|prefix| self.prefixes.get(prefix));
        let mut found: Vec<_> = self.exact.get(&*name).into_iter().chain(begun).flatten().copied().collect();
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// It finds what asking each selector finds.
        #[test]
        fn nothing_is_missed(
            selectors in prop::collection::vec("[aAé_-]{0,3}[*]?", 0..12),
            name in "[aAé_-]{0,5}",
        ) {
            let selectors: Vec<_> =
                selectors.iter().filter_map(|text| Selector::parse(&format!("cargo:{text}")).ok()).collect();
            let names = Names::new((0..).zip(&selectors));
            let asked: Vec<usize> = (0..)
                .zip(&selectors)
                .filter(|(_, selector)| selector.matches_name(Ecosystem::Cargo, &name))
                .map(|(at, _)| at)
                .collect();
            prop_assert_eq!(names.of(Ecosystem::Cargo, &name), asked);
        }
    }
}
