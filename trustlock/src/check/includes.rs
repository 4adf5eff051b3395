//! What follows from lockfiles that include each other.

use std::collections::{BTreeSet, HashMap};

use crate::lockfile::requirements;
use crate::model::{Backing, Include, Leads, Lockfile, Oddity};

/// Which file includes which.
pub(super) struct Graph {
    /// Per file: the includes by their index, and where each leads.
    edges: Vec<Vec<Edge>>,
}

#[derive(Clone, Copy)]
struct Edge {
    include: usize,
    to: usize,
    constraints: bool,
}

impl Graph {
    pub(super) fn new(lockfiles: &[Lockfile]) -> Self {
        let index: HashMap<&str, usize> =
            lockfiles.iter().enumerate().map(|(index, l)| (l.file.path.as_str(), index)).collect();
        let edges = |lockfile: &Lockfile| {
            let edge = |(include, found): (usize, &Include)| match &found.leads {
                Leads::To(path) => {
                    let to = *index.get(path.as_str())?;
                    Some(Edge { include, to, constraints: found.constraints })
                }
                _ => None,
            };
            lockfile.includes.iter().enumerate().filter_map(edge).collect()
        };
        Self { edges: lockfiles.iter().map(edges).collect() }
    }

    fn of(&self, file: usize) -> &[Edge] {
        self.edges.get(file).map(Vec::as_slice).unwrap_or_default()
    }

    /// Marks the includes that close a circle. A walk with a stack of its own: a chain of includes may
    /// be as long as the files are many.
    pub(super) fn find_cycles(&self, lockfiles: &mut [Lockfile]) {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut states = vec![State::New; self.edges.len()];
        let set = |file: usize, state: State, states: &mut Vec<State>| {
            if let Some(place) = states.get_mut(file) {
                *place = state;
            }
        };
        for start in 0..self.edges.len() {
            if states.get(start) != Some(&State::New) {
                continue;
            }
            let mut stack = vec![(start, 0)];
            set(start, State::Open, &mut states);
            while let Some((file, next)) = stack.last_mut() {
                let Some(edge) = self.of(*file).get(*next).copied() else {
                    set(*file, State::Done, &mut states);
                    stack.pop();
                    continue;
                };
                *next += 1;
                match states.get(edge.to) {
                    Some(State::New) => {
                        set(edge.to, State::Open, &mut states);
                        stack.push((edge.to, 0));
                    }
                    Some(State::Open) => {
                        if let Some(lockfile) = lockfiles.get_mut(*file) {
                            closes_a_circle(lockfile, edge.include);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// The same with every edge turned around.
    fn reversed(&self) -> Self {
        let mut edges = vec![Vec::new(); self.edges.len()];
        for (from, all) in self.edges.iter().enumerate() {
            for edge in all {
                if let Some(edges) = edges.get_mut(edge.to) {
                    edges.push(Edge { to: from, ..*edge });
                }
            }
        }
        Self { edges }
    }

    /// What `from` reaches, itself included, along the edges that `follow` lets through.
    fn reach(&self, from: impl Iterator<Item = usize>, follow: impl Fn(&Edge) -> bool) -> Vec<usize> {
        let mut seen = vec![false; self.edges.len()];
        let mut is_new = |file: usize| seen.get_mut(file).is_some_and(|seen| !std::mem::replace(seen, true));
        let mut reached: Vec<usize> = from.filter(|file| is_new(*file)).collect();
        let mut next = 0;
        while let Some(file) = reached.get(next).copied() {
            next += 1;
            reached.extend(self.of(file).iter().filter(|e| follow(e)).map(|e| e.to).filter(|to| is_new(*to)));
        }
        reached
    }

    /// What a lockfile with digests includes is judged with it, whatever it looks like alone. A file that
    /// only pins is none where it includes a list of wishes, and one that only includes is what those are.
    pub(super) fn settle(&self, lockfiles: &mut [Lockfile]) {
        let included = |constraints: bool| -> BTreeSet<usize> {
            self.edges.iter().flatten().filter(|e| e.constraints == constraints).map(|e| e.to).collect()
        };
        let (constraining, installing) = (included(true), included(false));
        let requirements = |edge: &Edge| !edge.constraints;
        let indexes_of = |wanted: fn(&Lockfile) -> bool| {
            let all: Vec<usize> = (0..).zip(&*lockfiles).filter(|(_, l)| wanted(l)).map(|(i, _)| i).collect();
            all.into_iter()
        };
        let hashed = indexes_of(|l| l.loose.is_none() && l.digest_count() > 0);
        let governed: BTreeSet<usize> = self.reach(hashed, requirements).into_iter().collect();
        let wishes = indexes_of(|l| l.loose == Some(requirements::WISHES)).filter(|i| !governed.contains(i));
        let wishes: BTreeSet<usize> = self.reversed().reach(wishes, requirements).into_iter().collect();
        for (index, lockfile) in lockfiles.iter_mut().enumerate() {
            lockfile.constrains = constraining.contains(&index) && !installing.contains(&index);
            let only_includes = lockfile.is_empty() && self.of(index).iter().any(requirements);
            if governed.contains(&index) {
                lockfile.expects_digests = true;
            }
            if governed.contains(&index) || (only_includes && !wishes.contains(&index)) {
                lockfile.loose = None;
            } else if wishes.contains(&index) {
                lockfile.loose = lockfile.loose.or(Some("it includes a list of wishes"));
            }
        }
    }

    /// Notes which packages a constraint file pins or gives a digest: pip holds a requirement to both,
    /// whichever file of the closure names the constraints.
    pub(super) fn back(&self, lockfiles: &mut [Lockfile]) {
        /// More work than any real repository makes; beyond it constraints excuse nothing.
        const MOST: usize = 20_000_000;
        let edges: usize = self.edges.iter().map(Vec::len).sum();
        if !self.edges.iter().flatten().any(|edge| edge.constraints)
            || self.edges.len().saturating_mul(edges) > MOST
        {
            return;
        }
        let includers = self.reversed();
        for file in 0..self.edges.len() {
            let above = includers.reach(std::iter::once(file), |edge| !edge.constraints);
            let all = self.reach(above.into_iter(), |_| true);
            let constraints = all.iter().flat_map(|file| self.of(*file)).filter(|edge| edge.constraints);
            let constraints: BTreeSet<usize> = constraints.map(|edge| edge.to).collect();
            let mut known: HashMap<String, (bool, bool)> = HashMap::new();
            for package in constraints.iter().filter_map(|c| lockfiles.get(*c)).flat_map(Lockfile::packages) {
                let (version, digest) = known.entry(package.folded().into_owned()).or_default();
                *version |= package.version().is_some();
                *digest |= package.artifacts().any(|artifact| !artifact.digests().is_empty());
            }
            let Some(lockfile) = lockfiles.get_mut(file).filter(|_| !known.is_empty()) else { continue };
            let backing = lockfile.packages().filter_map(|package| {
                let (version, digest) = *known.get(&*package.folded())?;
                Some(Backing { package: package.index, version, digest })
            });
            lockfile.backing = backing.collect();
        }
    }
}

/// pip stops at a file that includes itself, however many files lie between.
fn closes_a_circle(lockfile: &mut Lockfile, include: usize) {
    let Some(include) = lockfile.includes.get_mut(include) else { return };
    if let Leads::To(path) = &include.leads {
        let path = path.clone();
        lockfile.oddities.push(Oddity {
            place: include.place,
            what: format!("`{path}` includes this file in turn"),
            effect: "pip refuses a circle of files, and installs nothing".to_owned(),
            help: "remove one of the two lines".to_owned(),
            cause: None,
            package: None,
        });
        include.leads = Leads::Back(path);
    }
}
