//! What must be known besides the lockfiles before rules can judge: the only input besides opening
//! lockfiles, and all of it through a [`crate::tree::Tree`].
//!
//! Everything here is gathered as facts; whether a fact is bad is for [`crate::rules`] to say.

mod cargo_config;
pub mod commands;
pub mod discovery;
#[cfg(test)]
mod fixture;
pub mod git_index;
pub mod ignore;
pub mod live_index;
pub mod manifest;
pub mod manifest_hash;
mod pip_config;
pub mod pipfile;
pub mod pyproject;
pub mod requirements_in;
pub mod settings;
mod target_spec;
mod toml_settings;
mod toolchain_file;
pub mod user_ignore;
pub mod workspace;

pub use self::commands::Commands;
pub use self::discovery::{Discovery, Hidden, Skipped};
pub use self::live_index::{LiveIndex, LiveIndexes};
pub use self::manifest::{Manifest, Requirement, RequirementSource};
pub use self::manifest_hash::ManifestHashes;
pub use self::pipfile::{Pipfile, Pipfiles};
pub use self::pyproject::{LockTool, Pyproject, Pyprojects};
pub use self::requirements_in::Inputs;
pub use self::settings::{Setting, Settings, Shadowed, Tool, Value};
pub(crate) use self::target_spec::is_description;
pub use self::workspace::{Workspace, Workspaces};

use crate::model::Problem;
use crate::tree::{Tree, TreePath};

/// Everything that was gathered about a checkout.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Which files matter.
    pub discovery: Discovery,
    /// Manifests and the workspaces they form.
    pub workspaces: Workspaces,
    /// Python projects.
    pub pyprojects: Pyprojects,
    /// Projects of pipenv.
    pub pipfiles: Pipfiles,
    /// What requirements files are compiled from.
    pub inputs: Inputs,
    /// What the files beside the lockfiles set.
    pub settings: Settings,
}

impl Evidence {
    /// Gathers everything about `tree`; see [`discovery::discover`] for the other arguments.
    pub fn gather(
        tree: &dyn Tree,
        git: Option<&dyn Tree>,
        user_ignore: Option<&str>,
        narrow: &[TreePath],
    ) -> Self {
        let discovery = discovery::discover(tree, git, user_ignore, narrow);
        let locked = discovery.lockfiles.iter().filter_map(TreePath::parent).collect();
        let workspaces = Workspaces::read(tree, &discovery.manifests, &locked);
        let mut settings = Settings::read(tree, &discovery.settings);
        let pyprojects = Pyprojects::read(tree, &discovery.pyprojects, |file, path, document| {
            settings.of_pyproject(file, path, document);
        });
        let pipfiles = Pipfiles::read(tree, &discovery.pipfiles, |file, path, document| {
            settings.of_pipfile(file, path, document);
        });
        let inputs = Inputs::read(tree, &discovery.inputs);
        settings.arrange();
        let packages: Vec<_> = discovery.manifests.iter().filter_map(TreePath::parent).collect();
        settings.find_named(tree, &packages);
        Self { discovery, workspaces, pyprojects, pipfiles, inputs, settings }
    }

    /// Everything that could not be read while gathering.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        let all = [
            &self.discovery.problems,
            &self.workspaces.problems,
            &self.pyprojects.problems,
            &self.pipfiles.problems,
            &self.settings.problems,
        ];
        all.into_iter().flatten().cloned()
    }
}
