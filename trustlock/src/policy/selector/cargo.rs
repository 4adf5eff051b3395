//! Ranges of versions, compared by precedence alone: a pre-release between the bounds is inside,
//! which is what somebody who bans a range means, and not what `semver::VersionReq` says.

use std::cmp::Ordering;

use semver::{BuildMetadata, Comparator, Op, Prerelease, Version};

use crate::policy::Complaint;

/// `from..to`; an absent bound does not bind.
#[derive(Clone, Debug)]
pub(super) struct Range {
    from: Option<Version>,
    to: Option<Version>,
}

impl Range {
    /// Understands `>=1.0,<2` and its like; a comma is AND.
    pub(super) fn parse(text: &str) -> Result<Self, Complaint> {
        let mut range = Self { from: None, to: None };
        for part in text.split(',').map(str::trim) {
            if !part.starts_with(['<', '>', '=', '^', '~']) {
                return Err(Complaint::new(
                    format!("`{part}` has no operator"),
                    "each part of a range begins with `>=`, `>`, `<=`, `<`, `=`, `^` or `~`",
                ));
            }
            let comparator = Comparator::parse(part).map_err(|error| {
                Complaint::new(
                    format!("`{part}` is no version requirement: {error}"),
                    "ranges are written as in Cargo.toml: `>=1.0,<1.0.219`",
                )
            })?;
            let (from, to) = bounds(&comparator);
            range.narrow(from, to);
        }
        if range.is_empty() {
            return Err(Complaint::new(
                format!("no version can be within `{text}`"),
                "a comma means AND; write two entries for two ranges",
            ));
        }
        Ok(range)
    }

    pub(super) fn contains(&self, version: &Version) -> bool {
        self.from.as_ref().is_none_or(|from| version.cmp_precedence(from) != Ordering::Less)
            && self.to.as_ref().is_none_or(|to| version.cmp_precedence(to) == Ordering::Less)
    }

    fn narrow(&mut self, from: Option<Version>, to: Option<Version>) {
        if let Some(from) = from
            && self.from.as_ref().is_none_or(|old| old.cmp_precedence(&from).is_lt())
        {
            self.from = Some(from);
        }
        if let Some(to) = to
            && self.to.as_ref().is_none_or(|old| old.cmp_precedence(&to).is_gt())
        {
            self.to = Some(to);
        }
    }

    fn is_empty(&self) -> bool {
        let from = self.from.clone().unwrap_or_else(|| lowest(0, 0, 0));
        self.to.as_ref().is_some_and(|to| to.cmp_precedence(&from).is_le())
    }
}

/// The first version inside and the first one past it.
fn bounds(c: &Comparator) -> (Option<Version>, Option<Version>) {
    let floor = Version {
        major: c.major,
        minor: c.minor.unwrap_or(0),
        patch: c.patch.unwrap_or(0),
        pre: c.pre.clone(),
        build: BuildMetadata::EMPTY,
    };
    match c.op {
        Op::Exact => (Some(floor), past(c)),
        Op::Greater => match past(c) {
            Some(from) => (Some(from), None),
            // Past the highest of all versions there is nothing.
            None => (Some(floor.clone()), Some(floor)),
        },
        Op::GreaterEq => (Some(floor), None),
        Op::Less => (None, Some(floor)),
        Op::LessEq => (None, past(c)),
        Op::Tilde => {
            let to = match c.minor {
                Some(minor) => next_minor(c.major, minor),
                None => next_major(c.major),
            };
            (Some(floor), to)
        }
        // As cargo reads `^`: the leftmost part that is not zero stays. Any other operator, which this
        // cannot be today, is read the same way.
        _ => {
            let to = match (c.major, c.minor, c.patch) {
                (0, Some(0), Some(patch)) => next_patch(0, 0, patch),
                (0, Some(minor), _) => next_minor(0, minor),
                _ => next_major(c.major),
            };
            (Some(floor), to)
        }
    }
}

/// The first version past everything that `c`'s version text stands for: `1.2` is all of 1.2.
fn past(c: &Comparator) -> Option<Version> {
    match (c.minor, c.patch) {
        (None, _) => next_major(c.major),
        (Some(minor), None) => next_minor(c.major, minor),
        (Some(minor), Some(patch)) if c.pre.is_empty() => next_patch(c.major, minor, patch),
        (Some(minor), Some(patch)) => {
            let pre = Prerelease::new(&format!("{}.0", c.pre)).ok()?;
            Some(Version { pre, ..Version::new(c.major, minor, patch) })
        }
    }
}

fn next_patch(major: u64, minor: u64, patch: u64) -> Option<Version> {
    patch.checked_add(1).map_or_else(|| next_minor(major, minor), |patch| Some(lowest(major, minor, patch)))
}

fn next_minor(major: u64, minor: u64) -> Option<Version> {
    minor.checked_add(1).map_or_else(|| next_major(major), |minor| Some(lowest(major, minor, 0)))
}

fn next_major(major: u64) -> Option<Version> {
    major.checked_add(1).map(|major| lowest(major, 0, 0))
}

/// The lowest version of these numbers: its pre-release `0`.
fn lowest(major: u64, minor: u64, patch: u64) -> Version {
    let pre = Prerelease::new("0").unwrap_or(Prerelease::EMPTY);
    Version { pre, ..Version::new(major, minor, patch) }
}
