//! Names for findings that stay while lines move, for outputs whose readers follow a finding from run
//! to run.

use std::collections::HashMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::model::Finding;

/// How many bytes of the hash are shown: enough that no name can be chosen to meet another finding's
/// fingerprint, under which a new finding would pass for one that was dismissed.
const BYTES: usize = 16;

/// Gives each finding of a report its own fingerprint.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: HashMap<String, usize>,
}

impl Fingerprints {
    /// The fingerprint, with a number where the report had it before.
    pub(super) fn of(&mut self, finding: &Finding) -> String {
        let mut fingerprint = String::with_capacity(2 * BYTES);
        for byte in Sha256::digest(finding.fingerprint()).iter().take(BYTES) {
            // Writing to a `String` does not fail.
            let _ = write!(fingerprint, "{byte:02x}");
        }
        let seen = self.seen.entry(fingerprint.clone()).or_default();
        *seen += 1;
        if *seen == 1 { fingerprint } else { format!("{fingerprint}/{seen}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::File;
    use crate::report::sample;

    #[test]
    fn lines_may_move_and_two_of_a_kind_stay_apart() {
        let lock = sample::lockfile("a b/Cargo.lock", 2);
        let moved = File::new(lock.path.clone(), format!("# a comment\n\n{}", lock.text));
        let expected = Fingerprints::default().of(&sample::unknown_source(&lock, "p1"));
        assert_eq!(expected.len(), 2 * BYTES);
        let mut all = Fingerprints::default();
        assert_eq!(all.of(&sample::unknown_source(&lock, "p1")), expected);
        assert_eq!(all.of(&sample::unknown_source(&lock, "p1")), format!("{expected}/2"));
        assert_eq!(Fingerprints::default().of(&sample::unknown_source(&moved, "p1")), expected);
        assert_ne!(all.of(&sample::unknown_source(&lock, "p0")), expected);
    }
}
