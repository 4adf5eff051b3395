//! The seeds of the fuzz targets, replayed by an ordinary test: `fuzz/` is a workspace of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::type_complexity
)]

#[allow(unreachable_pub)]
#[path = "../../fuzz/src/lib.rs"]
mod targets;
