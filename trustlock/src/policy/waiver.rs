//! Waivers: named, reasoned, dated exceptions.

use crate::model::{Finding, Place};

/// A waiver.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rule that it lifts.
    pub rule: &'static crate::model::Declaration,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it holds, in UTC.
    pub expires: jiff::civil::Date,
    /// Where that day is written.
    pub expires_place: Place,
    /// At most this many findings (baseline waivers); `None` for no limit.
    pub max: Option<usize>,
    /// Where it stands.
    pub place: Place,
}

impl Waiver {
    /// Whether it speaks of this finding.
    pub fn covers(&self, finding: &Finding) -> bool {
        self.rule == finding.rule
    }
}
