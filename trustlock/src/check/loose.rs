//! Files that could be lockfiles and lock nothing: set aside unless they are named.

use crate::evidence::Discovery;
use crate::model::{Lockfile, Note};
use crate::policy::Policy;

/// How many are named in the summary.
const NAMED: usize = 5;

/// The lockfiles that are judged, the others, and what there is to say about those.
pub(super) fn set_aside(
    lockfiles: Vec<Lockfile>,
    policy: &Policy,
    discovery: &Discovery,
) -> (Vec<Lockfile>, Vec<Lockfile>, Vec<Note>) {
    let is_named = |path: &str| {
        policy.governed.names(path) || discovery.narrow.iter().any(|narrow| narrow.as_str() == path)
    };
    let judged = |lockfile: &Lockfile| lockfile.loose.is_none() || is_named(&lockfile.file.path);
    let (judged, aside): (Vec<_>, Vec<_>) = lockfiles.into_iter().partition(judged);
    let mut notes = Vec::new();
    let paths: Vec<&str> = aside.iter().filter(|l| !l.is_empty()).map(|l| l.file.path.as_str()).collect();
    if let Some(named) = paths.get(..paths.len().min(NAMED)).filter(|named| !named.is_empty()) {
        let more = match paths.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let text = format!("no lockfiles, so not judged: {}{more}", named.join(", "));
        notes.push(Note { path: None, text, verbose: false });
    }
    notes.extend(aside.iter().map(|lockfile| Note {
        path: Some(lockfile.file.path.clone()),
        text: format!(
            "taken for a manifest and no lockfile: {}; to have it judged, name it in `[lockfiles] include`",
            lockfile.loose.unwrap_or_default()
        ),
        verbose: true,
    }));
    (judged, aside, notes)
}
