//! Source patterns: `crates.io`, `pypi`, `path`, `git+https://github.com/acme/*`.
//!
//! A pattern compares what a URL parser sees, never text: scheme, host, port and whole path segments.

use super::complaint::{Complaint, nearest};
use crate::model::{Ecosystem, Source, SourceKind, Url};

/// A pattern for sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePattern {
    text: String,
    form: Form,
    /// For an index: where its files are, besides its own host.
    files: Vec<SourcePattern>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// The public registry, under any spelling of its indexes.
    CratesIo,
    /// The public index of Python, under either of its names.
    Pypi,
    /// Members of the workspace and path dependencies: what lies in the repository.
    Path,
    /// Everything at such an address.
    Url { kind: Kind, url: Url, segments: Vec<Segment> },
}

/// What stands before the `+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Git,
    Registry,
    Sparse,
    /// No prefix: a registry's index in either form, a Python index, or archives beneath a folder.
    Index,
}

impl Kind {
    /// The schemes by which such a source can be reached.
    fn schemes(self) -> &'static [&'static str] {
        match self {
            Self::Git => &["https", "ssh", "http", "git", "file"],
            Self::Registry => &["https", "ssh", "http", "file"],
            Self::Sparse | Self::Index => &["https", "http"],
        }
    }
}

/// One part of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Exactly(String),
    /// `*`: any one segment; as the last one, everything beneath.
    Any,
}

const FORMS: &str = "write `crates.io`, `pypi`, `path`, `git+https://github.com/acme/*` for git \
                     repositories, or the address of an index: `https://…`, `sparse+https://…`, \
                     `registry+https://…`";

/// Where PyPI keeps its files.
const PYPI_FILES: [&str; 2] = ["files.pythonhosted.org", "pypi.org"];

impl SourcePattern {
    /// Understands `text`.
    ///
    /// # Errors
    /// Where it is none of the forms above, or holds a wildcard that is not a whole path segment,
    /// credentials, a query or a fragment.
    pub fn parse(text: &str) -> Result<Self, Complaint> {
        let form = match text {
            "crates.io" => Form::CratesIo,
            "pypi" => Form::Pypi,
            "path" => Form::Path,
            _ => parse_url(text)?,
        };
        Ok(Self { text: text.to_owned(), form, files: Vec::new() })
    }

    /// Understands `text` as a source of packages of `ecosystem`.
    ///
    /// # Errors
    /// As [`Self::parse`], and where no such package can come from there.
    pub fn parse_for(ecosystem: Ecosystem, text: &str) -> Result<Self, Complaint> {
        let pattern = Self::parse(text)?;
        let foreign = match (ecosystem, &pattern.form) {
            (Ecosystem::Cargo, Form::Pypi) => Some("`pypi` holds Python distributions, no crates"),
            (Ecosystem::Pypi, Form::CratesIo) => Some("`crates.io` holds crates, no Python distributions"),
            (Ecosystem::Pypi, Form::Url { kind: Kind::Registry | Kind::Sparse, .. }) => {
                Some("a Python index is named by its address alone")
            }
            _ => None,
        };
        match foreign {
            None => Ok(pattern),
            Some(what) => Err(Complaint::new(
                what,
                match ecosystem {
                    Ecosystem::Cargo => "Python's sources stand under `[sources] pypi`",
                    Ecosystem::Pypi => {
                        "write `pypi`, `https://pypi.acme.example/simple`, `git+https://…` or `path`"
                    }
                },
            )),
        }
    }

    /// Understands `text` as the address of a Python index, or of its files.
    ///
    /// # Errors
    /// As [`Self::parse`], and where it is no such address.
    pub fn parse_index(text: &str) -> Result<Self, Complaint> {
        let pattern = Self::parse(text)?;
        match &pattern.form {
            Form::Pypi | Form::Url { kind: Kind::Index, .. } => Ok(pattern),
            _ => Err(Complaint::new(
                format!("`{text}` is no address of an index or of files"),
                "write it as a URL: `https://pypi.acme.example/simple`, `https://cdn.acme.example/*`",
            )),
        }
    }

    /// For an index: its files may be at one of `files` too.
    #[must_use]
    pub fn with_files(mut self, files: Vec<Self>) -> Self {
        self.files = files;
        self
    }

    /// Where the files of this index are, besides its own host.
    pub fn files(&self) -> &[Self] {
        &self.files
    }

    /// Whether an index that this pattern covers may keep a file at `url`: on its own host, or where the
    /// policy says that its files are.
    pub fn serves(&self, index: &Source, url: &Url) -> bool {
        let at_home = match &index.url {
            _ if self.form == Form::Pypi => is_at_pypi(url),
            Some(index) => same_host(index, url),
            None => false,
        };
        self.matches(Some(index)) && (at_home || self.names_file(url))
    }

    /// Whether a file at `url` can be of an index that this pattern is, or lies beneath a folder that it
    /// names.
    pub fn keeps(&self, url: &Url) -> bool {
        match &self.form {
            Form::Pypi => is_at_pypi(url) || self.names_file(url),
            Form::Url { kind: Kind::Index, url: index, .. } => {
                let archive = of_kind(url, SourceKind::Archive);
                same_host(index, url) || self.names_file(url) || self.matches(Some(&archive))
            }
            _ => false,
        }
    }

    fn names_file(&self, url: &Url) -> bool {
        let archive = || of_kind(url, SourceKind::Archive);
        !self.files.is_empty() && self.files.iter().any(|files| files.matches(Some(&archive())))
    }

    /// Whether it covers `source`; `None` is the workspace and its path dependencies.
    pub fn matches(&self, source: Option<&Source>) -> bool {
        let Some(source) = source else { return self.form == Form::Path };
        match &self.form {
            Form::Path => matches!(source.kind, SourceKind::Local { inside: Some(_), .. }),
            Form::CratesIo => source.is_crates_io(),
            // What no file records comes from the default index, unless settings say otherwise; and
            // those are judged where they stand.
            Form::Pypi => source.is_pypi() || source.kind == SourceKind::Unrecorded,
            Form::Url { kind, url, segments } => {
                let same_kind = match kind {
                    Kind::Git => matches!(source.kind, SourceKind::Git { .. }),
                    Kind::Registry => source.kind == SourceKind::Registry,
                    Kind::Sparse => source.kind == SourceKind::SparseRegistry,
                    Kind::Index => matches!(
                        source.kind,
                        SourceKind::Registry
                            | SourceKind::SparseRegistry
                            | SourceKind::Index
                            | SourceKind::Archive
                    ),
                };
                // A registry's query is part of its address; git's holds only the reference.
                let plain = |at: &Url| *kind == Kind::Git || at.query().is_none();
                same_kind
                    && source.url.as_ref().is_some_and(|at| {
                        same_server(url, at) && plain(at) && covers(segments, &at.segments())
                    })
            }
        }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn same_host(index: &Url, url: &Url) -> bool {
    index.scheme() == url.scheme() && index.host() == url.host() && index.port() == url.port()
}

fn is_at_pypi(url: &Url) -> bool {
    url.scheme() == "https" && url.port().is_none() && PYPI_FILES.contains(&url.host())
}

/// A user name can turn one host into another for a hasty reader, so only the one that everybody uses
/// is let through: `git`, over ssh.
fn same_server(pattern: &Url, at: &Url) -> bool {
    let usual_user = at.user().is_empty() || (at.user() == "git" && at.scheme() == "ssh");
    pattern.scheme() == at.scheme()
        && pattern.host() == at.host()
        && pattern.port() == at.port()
        && usual_user
        && !at.has_password()
}

fn covers(pattern: &[Segment], path: &[String]) -> bool {
    let deep_enough = match pattern.last() {
        Some(Segment::Any) => path.len() >= pattern.len(),
        _ => path.len() == pattern.len(),
    };
    deep_enough
        && pattern.iter().zip(path).all(|(segment, part)| match segment {
            Segment::Any => true,
            Segment::Exactly(name) => name == part,
        })
}

fn parse_url(text: &str) -> Result<Form, Complaint> {
    let (kind, address) = match text.split_once('+') {
        Some(("git", rest)) => (Kind::Git, rest),
        Some(("registry", rest)) => (Kind::Registry, rest),
        Some(("sparse", rest)) => (Kind::Sparse, rest),
        _ => (Kind::Index, text),
    };
    let Some((scheme, rest)) = address.split_once("://") else { return Err(not_a_source(text, address)) };
    if text.contains(['\\', '"']) || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Complaint::new("a source holds no space, quote, `\\` or control character", FORMS));
    }
    if address.contains(['?', '#']) {
        return Err(Complaint::new(
            "a source pattern holds no `?` and no `#`",
            "what a git dependency may name is said by `versions.git-reference`; \
             the pattern names only the repository",
        ));
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains('*') {
        return Err(Complaint::new(
            "a host cannot be a pattern",
            "whoever registers a matching name would be trusted; write one line for each host",
        ));
    }
    if path.split('/').any(|part| part.contains('*') && part != "*") {
        return Err(Complaint::new(
            "`*` stands for a whole path segment, never for a part of one",
            "`acme*` would also match `acme-evil`; write `acme/*` for everything beneath `acme`",
        ));
    }
    if !kind.schemes().contains(&scheme.to_ascii_lowercase().as_str()) {
        let known = kind.schemes().join("`, `");
        return Err(Complaint::new(
            format!("`{scheme}` is no way to reach such a source"),
            format!("known here: `{known}`"),
        ));
    }
    let Some(url) = Url::parse(address) else {
        return Err(Complaint::new(format!("`{address}` is not a URL"), FORMS));
    };
    let user_is_usual = url.user().is_empty() || (url.user() == "git" && url.scheme() == "ssh");
    if !user_is_usual || url.has_password() {
        return Err(Complaint::new(
            "a source pattern holds no user name or password",
            "only `git@` over ssh is usual; credentials belong in the tool's own store",
        ));
    }
    let segments: Vec<Segment> = url
        .segments()
        .into_iter()
        .map(|part| if part == "*" { Segment::Any } else { Segment::Exactly(part) })
        .collect();
    // A URL parser would take the next segment for the host.
    let nowhere = if url.scheme() == "file" { segments.is_empty() } else { authority.is_empty() };
    if nowhere {
        return Err(Complaint::new(format!("`{address}` names no host"), FORMS));
    }
    // A port keeps it from being the same place, and so does a wildcard.
    if kind != Kind::Git && is_crates_io(&url) {
        return Ok(Form::CratesIo);
    }
    if kind == Kind::Index && of_kind(&url, SourceKind::Index).is_pypi() {
        return Ok(Form::Pypi);
    }
    Ok(Form::Url { kind, url, segments })
}

fn is_crates_io(url: &Url) -> bool {
    let of = |kind| of_kind(url, kind).is_crates_io();
    of(SourceKind::Registry) || of(SourceKind::SparseRegistry)
}

fn of_kind(url: &Url, kind: SourceKind) -> Source {
    Source { raw: String::new(), kind, url: Some(url.clone()) }
}

fn not_a_source(text: &str, address: &str) -> Complaint {
    // git's own short form of an ssh address: `git@github.com:acme/lib`.
    if let Some((host, path)) = address.split_once(':')
        && host.contains('@')
        && !path.is_empty()
    {
        return Complaint::new("a git repository is named by a URL", "as cargo writes it in the lockfile")
            .paste(format!("git+ssh://{host}/{path}"));
    }
    let complaint = Complaint::new(format!("`{text}` is no source"), FORMS);
    match nearest(text, ["crates.io", "pypi", "path"]) {
        Some(near) => complaint.paste(near),
        None if text.contains('.') && text.contains('/') => complaint.paste(format!("git+https://{text}")),
        None => complaint,
    }
}

#[cfg(test)]
mod tests;
