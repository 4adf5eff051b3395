//! What one policy file says, before anything is laid over anything.

use std::sync::Arc;

use super::keys::FileKind;
use super::{AllowedSetting, Ban, Bind, GitReferencePolicy, Glob, Selector, Set, SourcePattern, Waiver};
use crate::model::{Algorithm, Declaration, Ecosystem, File, Level, Place};

/// One policy file. What it does not say is `None` or empty.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The file.
    pub file: Arc<File>,
    /// What kind of file it is.
    pub kind: FileKind,
    /// Every key that it writes, dotted, in the order of the file.
    pub keys: Vec<(String, Place)>,
    /// `schema`
    pub schema: Option<u32>,
    /// `extends`
    pub extends: Vec<Extends>,
    /// `contact`
    pub contact: Option<Set<String>>,
    /// `final`
    pub finals: Vec<Set<String>>,
    /// `max-waiver`, in days
    pub max_waiver: Option<Set<u32>>,
    /// `waivable`
    pub waivable: bool,
    /// `lockfiles.include`
    pub include: Option<Set<Vec<Set<Glob>>>>,
    /// `lockfiles.exclude`
    pub exclude: Option<Set<Vec<Set<Glob>>>>,
    /// `lockfiles.delegate`
    pub delegate: Option<Set<Vec<Set<Glob>>>>,
    /// `lockfiles.required`
    pub required: Option<Set<bool>>,
    /// `versions.git-reference`
    pub git_reference: Option<Set<GitReferencePolicy>>,
    /// `versions.ban`
    pub bans: Vec<Set<Ban>>,
    /// `sources.cargo` and `sources.pypi`
    pub sources: Vec<(Ecosystem, Set<Vec<Set<SourcePattern>>>)>,
    /// `sources.bind`
    pub binds: Vec<Set<Bind>>,
    /// `hashes.algorithms`
    pub algorithms: Option<Set<Vec<Algorithm>>>,
    /// `settings.allow`
    pub settings: Option<Set<Vec<Set<AllowedSetting>>>>,
    /// `settings.templates`
    pub templates: Option<Set<Vec<Set<Glob>>>>,
    /// `freshness.min-age`, in days
    pub min_age: Option<Set<u32>>,
    /// `freshness.unknown`
    pub unknown_age: Option<Set<Level>>,
    /// `freshness.exempt`
    pub age_exempt: Option<Set<Vec<Set<Selector>>>>,
    /// `permissions.sdist`
    pub sdist: Option<Set<Vec<Set<Selector>>>>,
    /// `rules`
    pub levels: Vec<(&'static Declaration, Set<Level>)>,
    /// `waivers`
    pub waivers: Vec<Waiver>,
}

/// An entry of `extends`.
#[derive(Clone, Debug)]
pub enum Extends {
    /// A policy that is part of the program.
    Preset {
        /// Its name, which exists.
        name: String,
        /// Where.
        place: Place,
    },
    /// A file.
    File {
        /// As written.
        path: String,
        /// The digest that it must have, in lower-case hex.
        sha256: Option<String>,
        /// Where.
        place: Place,
    },
}
