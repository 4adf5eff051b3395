//! Text, safely: what every reader shares before it knows what a file means, and words for a shell.

pub mod shell;
pub mod toml;
pub mod yaml;
