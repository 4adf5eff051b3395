//! Reading text formats safely: what every reader shares before it knows what a file means.

pub mod toml;
