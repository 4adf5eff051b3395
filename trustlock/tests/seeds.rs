//! The seeds of the fuzz targets, replayed by an ordinary test: `fuzz/` is a workspace of its own.

#[allow(unreachable_pub)]
#[path = "../../fuzz/src/lib.rs"]
mod targets;
