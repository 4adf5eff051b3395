//! Where a package comes from.

use super::Url;

/// A source as a lockfile or a settings file names it, understood once and shared by every package
/// that comes from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The text as written (decoded from the file's own escapes). May hold credentials.
    pub raw: String,
    /// What kind of place it is.
    pub kind: SourceKind,
    /// Its address; `None` where the text holds no URL, which no rule may take for allowed.
    pub url: Option<Url>,
}

/// The kind of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A registry behind a git index (`registry+…`).
    Registry,
    /// A registry behind a sparse index (`sparse+…`).
    SparseRegistry,
    /// A git repository.
    Git {
        /// What the manifest asked for, as the lockfile repeats it.
        reference: Option<GitReference>,
        /// The commit that is locked, as written after the last `#`.
        commit: Option<String>,
    },
    /// A folder named by URL (`path+file:///…`), which cargo reads but does not write.
    Path,
    /// A local registry or directory source (`local-registry+…`, `directory+…`).
    LocalRegistry,
    /// A kind that this version does not know.
    Unknown,
}

/// A name that a git dependency asks for; only a commit pins anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitReference {
    /// Branch, tag or revision.
    pub kind: ReferenceKind,
    /// The name, decoded.
    pub value: String,
}

/// The kinds of [`GitReference`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// `branch=`
    Branch,
    /// `tag=`
    Tag,
    /// `rev=`
    Rev,
    /// `ref=`, an old spelling.
    Ref,
}

impl ReferenceKind {
    /// The word in a URL's query and in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Tag => "tag",
            Self::Rev => "rev",
            Self::Ref => "ref",
        }
    }
}

impl Source {
    /// Whether this is crates.io, in the form that lockfiles write or in the form of its sparse index.
    pub fn is_crates_io(&self) -> bool {
        let Some(url) = &self.url else { return false };
        if url.scheme() != "https" || url.port().is_some() || !url.user().is_empty() || url.has_password() {
            return false;
        }
        match self.kind {
            SourceKind::Registry => {
                url.host() == "github.com" && url.segments() == ["rust-lang", "crates.io-index"]
            }
            SourceKind::SparseRegistry => url.host() == "index.crates.io" && url.segments().is_empty(),
            _ => false,
        }
    }

    /// Whether packages from here are archives with a digest.
    pub fn is_registry(&self) -> bool {
        matches!(self.kind, SourceKind::Registry | SourceKind::SparseRegistry | SourceKind::LocalRegistry)
    }

    /// The word for its kind in outputs.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            SourceKind::Registry | SourceKind::SparseRegistry => "registry",
            SourceKind::Git { .. } => "git",
            SourceKind::Path => "path",
            SourceKind::LocalRegistry => "local registry",
            SourceKind::Unknown => "unknown",
        }
    }

    /// The commit that is locked.
    pub fn commit(&self) -> Option<&str> {
        match &self.kind {
            SourceKind::Git { commit, .. } => commit.as_deref(),
            _ => None,
        }
    }

    /// What the git source asked for.
    pub fn reference(&self) -> Option<&GitReference> {
        match &self.kind {
            SourceKind::Git { reference, .. } => reference.as_ref(),
            _ => None,
        }
    }

    /// A key under which two spellings of one source are equal: `crates.io` for both of its indexes,
    /// for git the repository without reference and commit.
    pub fn key(&self) -> String {
        if self.is_crates_io() {
            return "crates.io".to_owned();
        }
        let prefix = match self.kind {
            SourceKind::Registry => "registry+",
            SourceKind::SparseRegistry => "sparse+",
            SourceKind::Git { .. } => "git+",
            SourceKind::Path => "path+",
            SourceKind::LocalRegistry => "local-registry+",
            SourceKind::Unknown => return self.raw.clone(),
        };
        match &self.url {
            None => self.raw.clone(),
            Some(url) => {
                let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
                format!("{prefix}{}://{}{port}/{}", url.scheme(), url.host(), url.segments().join("/"))
            }
        }
    }
}
