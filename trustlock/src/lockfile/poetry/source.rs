//! `[package.source]`.

use crate::lockfile::python::source;
use crate::model::{LocalForm, ReferenceKind, Source};
use crate::tree::TreePath;

/// The table as it stands in the file, and `develop` beside it.
#[derive(Default)]
pub(super) struct Written<'a> {
    pub(super) kind: &'a str,
    pub(super) url: &'a str,
    pub(super) reference: Option<&'a str>,
    pub(super) resolved: Option<&'a str>,
    pub(super) subdirectory: Option<&'a str>,
    pub(super) develop: bool,
}

/// What Poetry does with the digests of a package from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Files {
    /// Served by an index under the package's name.
    Indexed,
    /// One archive at its own URL, under whatever name.
    Url,
    /// One archive at a path.
    Local,
    /// Built from a folder: Poetry compares no digest.
    Built,
}

impl Written<'_> {
    /// What tells two sources apart.
    pub(super) fn key(&self) -> String {
        let part = |text: Option<&str>| text.unwrap_or_default().replace('\0', " ");
        let parts = [Some(self.kind), Some(self.url), self.reference, self.resolved, self.subdirectory];
        parts.map(part).join("\0") + if self.develop { "\0develop" } else { "" }
    }

    pub(super) fn files(&self) -> Files {
        match self.kind {
            "git" | "directory" => Files::Built,
            "url" => Files::Url,
            "file" => Files::Local,
            _ => Files::Indexed,
        }
    }

    /// The source that Poetry takes the package from.
    pub(super) fn understand(&self, folder: &TreePath) -> Source {
        match self.kind {
            "legacy" => source::index(self.url),
            "git" => self.git(),
            "url" => source::archive(self.url),
            "file" => source::local(folder, LocalForm::File, self.url),
            "directory" if self.develop => source::local(folder, LocalForm::Editable, self.url),
            "directory" => source::local(folder, LocalForm::Directory, self.url),
            kind => source::unknown(&format!("{kind}+{}", self.url)),
        }
    }

    /// `reference` is a branch, a tag or a commit, and the file does not say which: only a whole commit
    /// can be told from the others. `resolved_reference` is what Poetry checks out.
    fn git(&self) -> Source {
        let is_commit =
            |text: &str| matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let reference = self.reference.map(|text| {
            let kind = if is_commit(text) { ReferenceKind::Rev } else { ReferenceKind::Ref };
            source::reference(kind, text)
        });
        let commit = self.resolved.map(|commit| format!("#{commit}")).unwrap_or_default();
        source::git(&format!("git+{}{commit}", self.url), self.url, reference, self.resolved)
    }
}
