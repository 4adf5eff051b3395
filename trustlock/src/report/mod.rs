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
mod fingerprint;
pub mod github;
mod group;
pub mod human;
pub mod json;
mod lines;
pub mod list;
pub mod safe;
#[cfg(test)]
mod sample;
pub mod sarif;
mod secrets;
mod summary;

use crate::model::Report;

/// A format of output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
    /// For code scanning services.
    Sarif,
    /// For annotations in GitHub's pull requests.
    Github,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Human, Self::Json, Self::Sarif, Self::Github];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == name)
    }

    /// The report in this format; only people's has a style.
    pub fn render(self, report: &Report, style: &Style) -> String {
        match self {
            Self::Human => human::render(report, style),
            Self::Json => json::render(report),
            Self::Sarif => sarif::render(report),
            Self::Github => github::render(report),
        }
    }
}

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

#[cfg(test)]
mod tests;
