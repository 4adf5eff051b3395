//! What must be known besides the lockfiles before rules can judge: the only input besides opening
//! lockfiles, and all of it through a [`crate::tree::Tree`].
//!
//! Everything here is gathered as facts; whether a fact is bad is for [`crate::rules`] to say.

pub mod cargo_config;
pub mod discovery;
#[cfg(test)]
mod fixture;
pub mod git_index;
pub mod ignore;
pub mod manifest;
pub mod settings;
pub mod workspace;

pub use self::discovery::{Discovery, Hidden, Skipped};
pub use self::manifest::{Manifest, Requirement, RequirementSource};
pub use self::settings::{Setting, Settings, Value};
pub use self::workspace::{Workspace, Workspaces};

use crate::model::Problem;

/// Everything that was gathered about a checkout.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Which files matter.
    pub discovery: Discovery,
    /// Manifests and the workspaces they form.
    pub workspaces: Workspaces,
    /// What the files beside the lockfiles set.
    pub settings: Settings,
}

impl Evidence {
    /// Everything that could not be read while gathering.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        let all = [&self.discovery.problems, &self.workspaces.problems, &self.settings.problems];
        all.into_iter().flatten().cloned()
    }
}
