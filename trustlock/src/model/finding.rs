//! A broken rule: what, where, why, and how to fix it.

use std::sync::Arc;

use super::{ArtifactRef, Declaration, Digest, Ecosystem, Level, PackageRef, Place, Source};

/// What a finding is about: what waivers name and fingerprints are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The ecosystem, name and version of the package.
    pub package: Option<(Ecosystem, String, Option<String>)>,
    /// Where the package comes from.
    pub source: Option<Arc<Source>>,
    /// The name of the file, where it is about one file of a package.
    pub artifact: Option<String>,
    /// The digest in question, as `sha256:…`.
    pub digest: Option<String>,
    /// The lockfile, relative to the root.
    pub lockfile: Option<String>,
    /// For settings: file, key and value.
    pub setting: Option<(String, String, String)>,
}

impl Subject {
    /// A package of a lockfile.
    pub fn package(package: PackageRef<'_>) -> Self {
        Self {
            package: Some((
                package.ecosystem(),
                package.name().to_owned(),
                package.version().map(str::to_owned),
            )),
            source: package.source().cloned().map(Arc::new),
            lockfile: Some(package.lockfile.file.path.clone()),
            ..Self::default()
        }
    }

    /// One artifact of a package.
    pub fn artifact(artifact: ArtifactRef<'_>) -> Self {
        let filename = artifact.filename().map(str::to_owned);
        Self { artifact: filename, ..Self::package(artifact.package) }
    }

    /// One digest of an artifact.
    pub fn digest(artifact: ArtifactRef<'_>, digest: &Digest) -> Self {
        let hex = artifact.package.lockfile.text(digest.hex).to_ascii_lowercase();
        let digest = Some(format!("{}:{hex}", digest.algorithm.name()));
        Self { digest, ..Self::artifact(artifact) }
    }

    /// A lockfile as a whole.
    pub fn lockfile(path: impl Into<String>) -> Self {
        Self { lockfile: Some(path.into()), ..Self::default() }
    }

    /// A setting.
    pub fn setting(file: impl Into<String>, key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { setting: Some((file.into(), key.into(), value.into())), ..Self::default() }
    }
}

/// The line of a policy that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judge {
    /// That line.
    pub place: Place,
    /// What it says, for the label under it.
    pub says: String,
}

/// A way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to do.
    pub text: String,
    /// What to paste, where that helps.
    pub paste: Option<String>,
}

/// One rule broken by one subject at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Declaration,
    /// How it counts in this run.
    pub level: Level,
    /// What is wrong, as one sentence without a full stop.
    pub title: String,
    /// Where.
    pub place: Place,
    /// What is there, for the label under the place.
    pub label: String,
    /// Other places that belong to it.
    pub related: Vec<(Place, String)>,
    /// The policy line that judges it; `None` where the built-in policy's silence does.
    pub judge: Option<Judge>,
    /// How the package came in, a member of the workspace first.
    pub chain: Vec<String>,
    /// The ways out, the best first.
    pub fixes: Vec<Fix>,
    /// What it is about.
    pub subject: Subject,
    /// Findings of one rule and file with the same cause are shown to people once, under this title
    /// with their count in front: "packages have no checksum".
    pub cause: Option<String>,
    /// The cause is one for all files.
    pub everywhere: bool,
}

impl Finding {
    /// A finding of `rule`; the level is the policy's, set when it is collected.
    pub fn new(rule: &'static Declaration, subject: Subject, place: Place, title: impl Into<String>) -> Self {
        Self {
            rule,
            level: Level::Deny,
            title: title.into(),
            place,
            label: String::new(),
            related: Vec::new(),
            judge: None,
            chain: Vec::new(),
            fixes: Vec::new(),
            subject,
            cause: None,
            everywhere: false,
        }
    }

    /// What stands at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Another place.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }

    /// The policy line that decides.
    #[must_use]
    pub fn judge(mut self, judge: Option<Judge>) -> Self {
        self.judge = judge;
        self
    }

    /// How the package came in.
    #[must_use]
    pub fn chain(mut self, chain: Vec<String>) -> Self {
        self.chain = chain;
        self
    }

    /// A way out.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>) -> Self {
        self.fixes.push(Fix { text: text.into(), paste: None });
        self
    }

    /// A way out with text to paste.
    #[must_use]
    pub fn paste(mut self, text: impl Into<String>, paste: impl Into<String>) -> Self {
        self.fixes.push(Fix { text: text.into(), paste: Some(paste.into()) });
        self
    }

    /// What it shares with others of its kind.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// What it shares with others of its kind, in whatever file they are.
    #[must_use]
    pub fn cause_everywhere(mut self, cause: impl Into<String>) -> Self {
        self.everywhere = true;
        self.cause(cause)
    }

    /// Never counts as more than `level`, whatever the policy says.
    #[must_use]
    pub fn at_most(mut self, level: Level) -> Self {
        self.level = self.level.min(level);
        self
    }

    /// Stable while lines move: rule, file, name and source. A setting's name is its key and value: who
    /// has dismissed one value has not seen another.
    pub fn fingerprint(&self) -> String {
        let mut parts = vec![self.rule.name.to_owned(), self.place.file.path.clone()];
        if let Some((ecosystem, name, version)) = &self.subject.package {
            parts.push(format!("{ecosystem}:{name}@{}", version.as_deref().unwrap_or_default()));
        }
        parts.extend(self.subject.source.as_ref().map(|s| s.key()));
        parts.extend(self.subject.artifact.clone());
        if let Some((_, key, value)) = &self.subject.setting {
            parts.extend([key.clone(), value.clone()]);
        }
        if self.subject.package.is_none() && self.subject.setting.is_none() {
            parts.push(self.title.clone());
        }
        parts.join("\u{1f}")
    }
}
