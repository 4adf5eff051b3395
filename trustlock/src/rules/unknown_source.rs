use super::{LockfileContext, Sink};
use crate::model::{Declaration, Family, Level, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "unknown-source",
    family: Family::Hashes,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "",
    why: "",
    fix: "",
    accepted_by: "",
    incident: None,
};

pub(super) fn check(_: &LockfileContext<'_>, _: &mut Sink<'_>) {}
