//! Where a package comes from: an inline table of which uv takes the first key that it knows, in an order
//! of its own.

use toml::de::DeTable;

use crate::lockfile::python::{Collector, Document, oddity, source};
use crate::model::{Atom, LocalForm, Problem, ReferenceKind, Source, SourceRef};
use crate::tree::TreePath;

/// The kinds in the order in which uv tries them: it takes the first that fits and ignores the others.
const KINDS: [&str; 7] = ["registry", "git", "url", "path", "directory", "editable", "virtual"];
const KEYS: &[&str] = &["registry", "git", "url", "path", "directory", "editable", "virtual", "subdirectory"];

/// A source as the file names it.
#[derive(Clone, Copy)]
pub(super) struct Named {
    pub(super) kind: &'static str,
    /// The address or path.
    pub(super) value: Atom,
    pub(super) found: SourceRef,
}

impl Named {
    /// Why uv compares no digest of what comes from here, where that is so.
    pub(super) fn idle(&self, collector: &Collector) -> Option<&'static str> {
        match self.kind {
            "directory" | "editable" | "virtual" => Some("uv builds a folder, and compares no digest of it"),
            // An archive inside the repository has one.
            "git" if !collector.text(self.value).contains("path=") => {
                Some("uv builds what git checks out, and compares no digest of it")
            }
            _ => None,
        }
    }
}

/// Reads the `source` of `entry`, a package or an edge.
pub(super) fn read<'a>(
    document: &Document<'a>,
    collector: &mut Collector,
    entry: &DeTable<'a>,
) -> Result<Option<Named>, Problem> {
    let Some(value) = entry.get("source") else { return Ok(None) };
    if value.get_ref().is_str() {
        return Err(Problem::new(format!(
            "`{}` names sources as uv did before its lockfile was settled",
            document.file.path
        ))
        .at(
            document.file.at(document.place(value.span())),
            "a text, where every uv since September 2024 reads a table",
        )
        .paste("no uv of today reads this file; write it anew and review it", "uv lock"));
    }
    let table = document.table(value, "source")?;
    document.look_alikes(collector, table, KEYS);
    let mut kinds = KINDS.into_iter().filter_map(|kind| Some((kind, table.get_key_value(kind)?)));
    let Some((kind, (_, named))) = kinds.next() else {
        return Err(document.wrong(value, "uv knows no such kind of source"));
    };
    if let Some((other, (key, _))) = kinds.next() {
        let about = collector.next();
        collector.odd(two_kinds(document.place(key.span()), kind, other).of(about));
    }
    let atom = document.atom(collector, named, kind)?;
    let text = collector.text(atom).to_owned();
    let subdirectory = table.get("subdirectory").and_then(|s| s.get_ref().as_str()).unwrap_or_default();
    let key = format!("{kind}\0{text}\0{subdirectory}");
    let found = collector.source(atom.place, &key, |folder| make(folder, kind, &text));
    if kind == "git" {
        two_references(collector, atom, &text);
    }
    Ok(Some(Named { kind, value: atom, found }))
}

fn make(folder: &TreePath, kind: &str, text: &str) -> Source {
    let local = |form| source::local(folder, form, text);
    match kind {
        "registry" if has_scheme(text) => source::index(text),
        "registry" => local(LocalForm::Links),
        "git" => git(text),
        "url" => source::archive(text),
        "path" => local(LocalForm::File),
        "directory" => local(LocalForm::Directory),
        "editable" => local(LocalForm::Editable),
        _ => local(LocalForm::Virtual),
    }
}

/// Whether uv takes a registry for a URL and not for a folder.
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// `URL?rev=…&subdirectory=…#COMMIT`
fn git(text: &str) -> Source {
    let (address, commit) = match text.split_once('#') {
        Some((address, commit)) => (address, Some(commit)),
        None => (text, None),
    };
    let repository = address.split('?').next().unwrap_or_default();
    // Of several, uv keeps the last.
    let reference = references(text).last().map(|(kind, value)| source::reference(kind, &value));
    source::git(text, repository, reference, commit)
}

/// What the query asks for, decoded as the form that it is.
fn references(text: &str) -> impl Iterator<Item = (ReferenceKind, String)> {
    let address = text.split('#').next().unwrap_or_default();
    let query = address.split_once('?').map_or("", |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes()).filter_map(|(key, value)| {
        let kind = match &*key {
            "branch" => ReferenceKind::Branch,
            "tag" => ReferenceKind::Tag,
            "rev" => ReferenceKind::Rev,
            _ => return None,
        };
        Some((kind, value.into_owned()))
    })
}

fn two_references(collector: &mut Collector, atom: Atom, text: &str) {
    if references(text).count() > 1 {
        let about = collector.next();
        collector.odd(
            oddity::odd(
                atom.place,
                "git sources ask for several references",
                "this git source asks for several references".to_owned(),
                "uv keeps the last of them, other tools another",
                oddity::RESTORE,
            )
            .of(about),
        );
    }
}

fn two_kinds(place: crate::model::Span, taken: &str, ignored: &str) -> crate::model::Oddity {
    oddity::odd(
        place,
        "packages have two sources",
        format!("this source has a `{ignored}` beside its `{taken}`"),
        &format!("uv takes the `{taken}` and ignores this; other tools may not"),
        oddity::RESTORE,
    )
}
