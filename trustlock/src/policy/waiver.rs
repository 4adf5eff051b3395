//! Waivers: named, reasoned, dated exceptions.

use super::{Glob, Policy, Selector, SourcePattern};
use crate::model::{Declaration, Finding, Place};

/// A waiver.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rule that it lifts.
    pub rule: &'static Declaration,
    /// The packages it speaks of.
    pub package: Option<Selector>,
    /// The lockfiles it speaks of.
    pub lockfile: Option<Glob>,
    /// The settings file, the key and the value it speaks of.
    pub setting: Option<(String, String, String)>,
    /// The source that it excuses.
    pub source: Option<SourcePattern>,
    /// The digest that it excuses: `sha256:…`, in lower case.
    pub digest: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds, in UTC.
    pub expires: jiff::civil::Date,
    /// Where that day is written.
    pub expires_place: Place,
    /// At most this many findings (baseline waivers), and where the number is; `None` for no limit.
    pub max: Option<(usize, Place)>,
    /// Where it stands.
    pub place: Place,
}

impl Waiver {
    /// Whether it speaks of this finding. Everything that it names must fit; a package without a
    /// `source` means the one from its own place, see [`Policy::is_at_home`].
    pub fn covers(&self, finding: &Finding, policy: &Policy) -> bool {
        let subject = &finding.subject;
        let source = subject.source.as_deref();
        let package = self.package.as_ref().is_none_or(|selector| {
            subject.package.as_ref().is_some_and(|(ecosystem, name, version)| {
                selector.matches(*ecosystem, name, version.as_deref())
                    && (self.source.is_some() || policy.is_at_home(*ecosystem, name, source))
            })
        });
        let lockfile = self
            .lockfile
            .as_ref()
            .is_none_or(|glob| subject.lockfile.as_ref().is_some_and(|path| glob.matches(path)));
        let setting = self.setting.is_none() || self.setting == subject.setting;
        self.rule == finding.rule
            && package
            && lockfile
            && setting
            && self.source.as_ref().is_none_or(|pattern| pattern.matches(source))
            && self.digest.as_ref().is_none_or(|digest| {
                subject.digest.as_ref().is_some_and(|found| found.eq_ignore_ascii_case(digest))
            })
    }
}
