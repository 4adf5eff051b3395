//! The keys of an entry that say where it comes from.

use toml::de::{DeTable, DeValue};

use crate::lockfile::python::{Collector, Document, oddity, source};
use crate::model::{ArtifactKind, Atom, LocalForm, Problem, ReferenceKind, SourceRef, Span};

/// In the order in which PDM looks for them.
const KINDS: [&str; 6] = ["git", "hg", "svn", "bzr", "url", "path"];

/// Where the next entry comes from.
pub(super) struct Found {
    pub(super) source: SourceRef,
    /// Whether PDM looks its files up by the package's name.
    pub(super) indexed: bool,
    /// Why PDM compares no digest of it.
    pub(super) idle: Option<&'static str>,
}

/// Reads the source of the entry `table`, which stands at `name` in the file.
pub(super) fn read<'a>(
    document: &Document<'a>,
    collector: &mut Collector,
    table: &DeTable<'a>,
    name: Span,
) -> Result<Found, Problem> {
    let present: Vec<_> = KINDS.into_iter().filter(|kind| table.contains_key(*kind)).collect();
    let Some(kind) = present.first().copied() else {
        let source = collector.source(name, "", |_| source::unrecorded());
        return Ok(Found { source, indexed: true, idle: None });
    };
    let mut text = |key: &str| document.string(collector, table, key);
    let at = text(kind)?;
    let (reference, revision, subdirectory) = (text("ref")?, text("revision")?, text("subdirectory")?);
    let place = at.map_or(name, |atom| atom.place);
    for atom in [at, reference, revision, subdirectory].into_iter().flatten() {
        if collector.text(atom).chars().any(char::is_control) {
            let oddity = oddity::control_character(atom.place, "this source").of(collector.next());
            collector.odd(oddity);
        }
    }
    if present.len() > 1 {
        let oddity = oddity::several_sources(place, &present.join(", "), kind, "PDM").of(collector.next());
        collector.odd(oddity);
    }
    let owned = |atom: Option<Atom>| atom.map(|atom| collector.text(atom).to_owned());
    let at = owned(at).unwrap_or_default();
    let (reference, revision, subdirectory) = (owned(reference), owned(revision), owned(subdirectory));
    let editable = table.get("editable").is_some_and(|v| matches!(v.get_ref(), DeValue::Boolean(true)));
    let form = match ArtifactKind::of(&at) {
        _ if editable => LocalForm::Editable,
        ArtifactKind::Unknown => LocalForm::Directory,
        _ => LocalForm::File,
    };
    let idle = match (kind, form) {
        ("url", _) | ("path", LocalForm::File) => None,
        ("path", _) => Some("PDM builds folders without comparing a digest"),
        _ => Some("PDM builds repositories without comparing a digest"),
    };
    let part = |text: &Option<String>| text.as_deref().unwrap_or_default().replace('\0', " ");
    let parts = [part(&reference), part(&revision), part(&subdirectory)];
    let key = format!("{kind}\0{}\0{}\0{editable}", part(&Some(at.clone())), parts.join("\0"));
    let source = collector.source(place, &key, |folder| match kind {
        "git" => {
            let reference = reference.as_deref().map(|text| source::reference(kind_of(text), text));
            let commit = revision.as_deref().map(|commit| format!("#{commit}")).unwrap_or_default();
            source::git(&format!("git+{at}{commit}"), &at, reference, revision.as_deref())
        }
        "url" => source::archive(&at),
        "path" => source::local(folder, form, &at),
        _ => source::unknown(&format!("{kind}+{at}")),
    });
    Ok(Found { source, indexed: false, idle })
}

/// `ref` is a branch, a tag or a commit, and the file does not say which: only a whole commit can be
/// told from the others. `revision` is what PDM checks out.
fn kind_of(reference: &str) -> ReferenceKind {
    let is_commit = matches!(reference.len(), 40 | 64) && reference.bytes().all(|b| b.is_ascii_hexdigit());
    if is_commit { ReferenceKind::Rev } else { ReferenceKind::Ref }
}
