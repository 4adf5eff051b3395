//! Outputs: one file a format, each made from a [`Report`] alone. Only here do spans become lines and
//! columns.
//!
//! | file | what it is |
//! |---|---|
//! | [`human`] | for people, in the look of rustc |
//! | `diagnostic` | one finding or problem of it, `summary` its end |
//! | [`json`] | for programs, versioned, with a schema |
//! | [`sarif`] | SARIF 2.1.0, for code scanning |
//! | [`github`] | GitHub workflow commands: annotations in a pull request |
//! | [`safe`] | text of a checkout made fit to be shown; every output runs every text through it |
//! | `group`, `lines`, `excerpt` | what the formats share |

mod diagnostic;
mod excerpt;
mod group;
pub mod human;
mod lines;
pub mod safe;
#[cfg(test)]
mod sample;
mod summary;

/// How a report is shown to people.
#[expect(clippy::struct_excessive_bools, reason = "one for each flag of the command line")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// With colours.
    pub color: bool,
    /// With arrows and ellipses beyond ASCII.
    pub unicode: bool,
    /// The terminal's width; `None` where there is none: lines are then not fitted.
    pub width: Option<usize>,
    /// Also what is waived, what is clean and what was skipped.
    pub verbose: bool,
    /// Only what fails.
    pub quiet: bool,
}
