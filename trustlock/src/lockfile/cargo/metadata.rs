//! The checksums of version 1, which stand in `[metadata]`, and what such lines do in later versions:
//! cargo takes them for the traces of a bad merge and discards every checksum of the file.

use super::collect::{Collector, checksum_fault, has_upper_case};
use super::edges::Found;
use super::oddity;
use crate::model::{Algorithm, Digest};

/// What version 1 writes for a package whose source has no checksums.
const NONE: &str = "<none>";

/// Gives packages their digests, or records why these lines do not. Returns the version as cargo takes
/// it: an id without version or source is only written by version 2 and later, even here.
pub(super) fn apply(collector: &mut Collector, found: Vec<Found>, version: u32) -> u32 {
    let Some(first) = collector.metadata.first() else { return version };
    let first = first.place;
    let short = found.iter().any(|f| matches!(f, Found::One { short: true, .. }));
    let version = if short { version.max(2) } else { version };
    if version >= 2 {
        collector.odd(oddity::disarmed(first, found.len()));
        return version;
    }
    for (checksum, found) in std::mem::take(&mut collector.metadata).into_iter().zip(found) {
        let Found::One { package, .. } = found else {
            collector.odd(oddity::idle_metadata(checksum.place, "no entry of this file fits"));
            continue;
        };
        let value = collector.builder.text(checksum.value);
        if value == NONE {
            continue;
        }
        if let Some(fault) = checksum_fault(value) {
            collector.odd(oddity::bad_checksum(checksum.value.place, fault).of(package as usize));
            continue;
        }
        if has_upper_case(value) {
            collector.odd(oddity::upper_case_checksum(checksum.value.place).of(package as usize));
        }
        let digest = Digest::new(Algorithm::Sha256, checksum.value);
        collector.builder.late_digest(package as usize, digest);
    }
    version
}
