//! Everything a contributor runs, as `cargo xtask …`.
fn main() {}
