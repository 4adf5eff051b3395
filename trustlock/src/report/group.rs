//! One cause, one finding: people see what broke many packages of a file once, with the count.

use std::collections::HashMap;

use crate::model::{Finding, Fix, Level, Place, Waived};

/// Findings of one rule, level, file and cause; most often just one finding.
pub(super) struct Group<'a> {
    /// The first of them.
    pub(super) first: &'a Finding,
    /// The others, in order.
    pub(super) others: Vec<&'a Finding>,
    /// The waiver that lifts them.
    pub(super) waived: Option<&'a Waived>,
}

impl<'a> Group<'a> {
    pub(super) fn count(&self) -> usize {
        1 + self.others.len()
    }

    pub(super) fn findings(&self) -> impl Iterator<Item = &'a Finding> + '_ {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    /// `12 packages have no checksum`; the finding's own title where it is alone.
    pub(super) fn title(&self) -> String {
        match &self.first.cause {
            Some(cause) if !self.others.is_empty() => format!("{} {cause}", self.count()),
            _ => self.first.title.clone(),
        }
    }

    /// Whether the fix of the first one mends all.
    pub(super) fn shares(&self, fix: &Fix) -> bool {
        self.others.iter().all(|f| f.fixes.contains(fix))
    }
}

/// The findings that count, grouped: what is only shown first, what denies last, since people read a
/// log from its end.
pub(super) fn findings(all: &[Finding]) -> Vec<Group<'_>> {
    let mut groups = group(all.iter().map(|f| (f, None)));
    groups.sort_by_key(|g| g.first.level);
    groups
}

/// The findings that are waived, grouped by waiver as well.
pub(super) fn waived(all: &[Waived]) -> Vec<Group<'_>> {
    group(all.iter().map(|w| (&w.finding, Some(w))))
}

/// Each group stands where its first finding stood.
fn group<'a>(all: impl Iterator<Item = (&'a Finding, Option<&'a Waived>)>) -> Vec<Group<'a>> {
    type Key<'a> = (&'a str, Level, &'a str, &'a str, Option<(&'a str, u32, u32)>);
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut seen: HashMap<Key<'a>, usize> = HashMap::new();
    for (finding, waived) in all {
        let known = finding.cause.as_deref().and_then(|cause| {
            let waiver = waived.map(|w| Place::order(&w.waiver));
            let file = if finding.everywhere { "" } else { &*finding.place.file.path };
            let key = (finding.rule.name, finding.level, file, cause, waiver);
            let index = *seen.entry(key).or_insert(groups.len());
            groups.get_mut(index)
        });
        match known {
            Some(group) => group.others.push(finding),
            None => groups.push(Group { first: finding, others: Vec::new(), waived }),
        }
    }
    groups
}

#[cfg(test)]
mod tests;
