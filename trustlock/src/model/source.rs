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
    /// A Python package index (PEP 503, PEP 691), or a page of links.
    Index,
    /// One archive, named by its own URL.
    Archive,
    /// A file or folder named by a path.
    Local {
        /// What is done with it.
        form: LocalForm,
        /// Where in the repository it is, relative to the root; `None` where it leads out of it.
        inside: Option<String>,
    },
    /// The lockfile does not record which index served the package: its tool takes the default one, or
    /// whatever settings say.
    Unrecorded,
    /// A kind that this version does not know.
    Unknown,
}

/// What is done with something that is named by a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LocalForm {
    /// An archive is opened.
    File,
    /// A folder is built.
    Directory,
    /// A folder is built, and then used where it stands.
    Editable,
    /// A folder that is not installed, only what it asks for.
    Virtual,
    /// A folder of archives is searched (`--find-links`).
    Links,
}

impl LocalForm {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Editable => "editable",
            Self::Virtual => "virtual",
            Self::Links => "links",
        }
    }
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

    /// Whether this is PyPI: its index by either of its names, with or without the last `/`.
    pub fn is_pypi(&self) -> bool {
        let Some(url) = self.url.as_ref().filter(|_| self.kind == SourceKind::Index) else { return false };
        url.scheme() == "https"
            && url.port().is_none()
            && url.user().is_empty()
            && !url.has_password()
            && url.query().is_none()
            && matches!(url.host(), "pypi.org" | "pypi.python.org")
            && matches!(url.segments().as_slice(), [only] if only == "simple")
    }

    /// Whether it is a folder of this repository, whose code is its own.
    pub fn is_own(&self) -> bool {
        matches!(
            &self.kind,
            SourceKind::Local {
                form: LocalForm::Directory | LocalForm::Editable | LocalForm::Virtual,
                inside: Some(_)
            }
        )
    }

    /// Whether packages from here are found by name and are archives with a digest.
    pub fn is_registry(&self) -> bool {
        matches!(
            self.kind,
            SourceKind::Registry
                | SourceKind::SparseRegistry
                | SourceKind::LocalRegistry
                | SourceKind::Index
                | SourceKind::Unrecorded
        )
    }

    /// Whether it is no index that this file names, so that the URL of a file, where it has one, is its
    /// source: nothing is recorded, or a folder is.
    pub fn leaves_files_to_urls(&self) -> bool {
        matches!(self.kind, SourceKind::Unrecorded | SourceKind::Local { .. })
    }

    /// Whether a digest can stand for what comes from here: it is an archive that somebody serves.
    pub fn has_archives(&self) -> bool {
        self.is_registry() || self.kind == SourceKind::Archive
    }

    /// Whether it is named by a path that leads out of the repository.
    pub fn leads_out(&self) -> bool {
        matches!(self.kind, SourceKind::Local { inside: None, .. })
    }

    /// Whether it is a folder named by a path: the owner's own work, where it lies in the repository.
    pub fn is_folder(&self) -> bool {
        let SourceKind::Local { form, .. } = &self.kind else { return false };
        matches!(form, LocalForm::Directory | LocalForm::Editable | LocalForm::Virtual)
    }

    /// The word for its kind in outputs.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            SourceKind::Registry | SourceKind::SparseRegistry => "registry",
            SourceKind::Git { .. } => "git",
            SourceKind::Path => "path",
            SourceKind::LocalRegistry => "local registry",
            SourceKind::Index => "index",
            SourceKind::Archive => "url",
            SourceKind::Local { form, .. } => form.name(),
            SourceKind::Unrecorded => "default index",
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
        if self.is_pypi() {
            return "pypi".to_owned();
        }
        let prefix = match &self.kind {
            SourceKind::Index | SourceKind::Archive => "",
            SourceKind::Local { inside: Some(path), .. } => return format!("path:{path}"),
            SourceKind::Local { inside: None, .. } => return self.raw.clone(),
            SourceKind::Unrecorded => return "default index".to_owned(),
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
