//! How packages came in: the shortest way from a root to each of them.

use std::collections::VecDeque;

use super::{Lockfile, PackageRef};
use crate::model::Source;

/// So many packages are named at either end of a long chain. The middle is left out, so that a hostile
/// lockfile can make neither a report nor a run that is the square of its size.
const ENDS: usize = 6;

/// How a walk from the roots, breadth first, reached each package.
pub(super) struct Chains {
    steps: Vec<Step>,
}

#[derive(Clone, Copy)]
struct Step {
    /// The one through which it was reached. A root has none, and neither has an orphan.
    parent: Option<u32>,
    /// How many stand above it.
    depth: usize,
    /// The last one of the chain's first end.
    head: u32,
}

impl Chains {
    pub(super) fn of(lockfile: &Lockfile) -> Self {
        fn targets(package: PackageRef<'_>) -> impl Iterator<Item = u32> {
            package.dependencies().iter().filter_map(|d| d.target)
        }
        let mut wanted = vec![false; lockfile.len()];
        for target in lockfile.packages().flat_map(targets) {
            mark(&mut wanted, target);
        }
        // A path dependency is a root only where nothing else leads to it; members that form a cycle
        // (through dev-dependencies) come second, since no root is among them.
        let own = lockfile.packages().filter(|p| p.source().is_none_or(Source::is_own)).map(|p| p.index);
        let (cyclic, free): (Vec<u32>, Vec<u32>) =
            own.partition(|index| wanted.get(*index as usize) == Some(&true));

        let orphan = |head| Step { parent: None, depth: 0, head };
        let mut chains = Self { steps: (0..).take(lockfile.len()).map(orphan).collect() };
        let mut seen = vec![false; lockfile.len()];
        let mut queue: VecDeque<u32> = free.into_iter().filter(|index| mark(&mut seen, *index)).collect();
        for late in std::iter::once(None).chain(cyclic.into_iter().map(Some)) {
            queue.extend(late.filter(|index| mark(&mut seen, *index)));
            while let Some(index) = queue.pop_front() {
                for target in lockfile.package(index).into_iter().flat_map(targets) {
                    if mark(&mut seen, target) {
                        chains.link(index, target);
                        queue.push_back(target);
                    }
                }
            }
        }
        chains
    }

    fn link(&mut self, parent: u32, child: u32) {
        let Some(above) = self.steps.get(parent as usize).copied() else { return };
        let depth = above.depth + 1;
        let head = if depth < ENDS { child } else { above.head };
        if let Some(step) = self.steps.get_mut(child as usize) {
            *step = Step { parent: Some(parent), depth, head };
        }
    }

    /// The chain that ends with `index`, a root first: its first part, how many are left out, its last
    /// part. One that is not long is its last part.
    pub(super) fn to(&self, index: u32) -> (Vec<u32>, usize, Vec<u32>) {
        let Some(step) = self.steps.get(index as usize) else { return Default::default() };
        match (step.depth + 1).checked_sub(2 * ENDS) {
            None | Some(0) => (Vec::new(), 0, self.last(index, 2 * ENDS)),
            Some(hidden) => (self.last(step.head, ENDS), hidden, self.last(index, ENDS)),
        }
    }

    /// The last `most` of the chain that ends with `index`.
    fn last(&self, index: u32, most: usize) -> Vec<u32> {
        let above = |index: &u32| self.steps.get(*index as usize)?.parent;
        let mut chain: Vec<u32> = std::iter::successors(Some(index), above).take(most).collect();
        chain.reverse();
        chain
    }
}

/// Sets the flag; whether it was unset.
fn mark(flags: &mut [bool], index: u32) -> bool {
    flags.get_mut(index as usize).is_some_and(|flag| !std::mem::replace(flag, true))
}
