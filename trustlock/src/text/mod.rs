//! Text, safely: what every reader shares before it knows what a file means, and words for a shell.

mod conflict;
pub mod json;
pub mod pep508;
pub mod shell;
pub mod toml;
pub mod yaml;
