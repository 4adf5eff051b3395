//! Where a package comes from: one of four tables, or the index of its files.

use toml::de::DeTable;

use crate::lockfile::python::{Collector, Document, Value, oddity, source};
use crate::model::{Atom, LocalForm, Problem, ReferenceKind, SourceRef};

/// The kinds that exclude each other.
const KINDS: [&str; 3] = ["vcs", "directory", "archive"];
const VCS: &[&str] = &["type", "url", "path", "requested-revision", "commit-id", "subdirectory"];
const DIRECTORY: &[&str] = &["path", "editable", "subdirectory"];

/// What a package is made of.
pub(super) enum Origin<'t, 'a> {
    /// Files of an index, or of no index that is named.
    Files,
    /// One archive.
    Archive(&'t Value<'a>),
    /// Something that is built where it stands or where it was fetched.
    Tree(SourceRef),
}

/// Reads which it is.
pub(super) fn read<'t, 'a>(
    document: &Document<'a>,
    collector: &mut Collector,
    package: &'t DeTable<'a>,
) -> Result<Origin<'t, 'a>, Problem> {
    let present = || {
        let trees = KINDS.into_iter().filter(|kind| package.contains_key(*kind));
        let files = ["sdist", "wheels"].into_iter().filter(|kind| package.contains_key(*kind));
        trees.chain(files.take(1))
    };
    let mut kinds = present();
    let kind = kinds.next();
    if let Some((key, _)) = kinds.next().and_then(|other| package.get_key_value(other)) {
        let oddity = oddity::odd(
            document.place(key.span()),
            "packages are of two kinds",
            format!("this package has `{}` beside `{}`", key.get_ref(), kind.unwrap_or_default()),
            "pip and uv refuse the file, others take one of them",
            oddity::RESTORE,
        );
        let about = collector.next();
        collector.odd(oddity.of(about));
    }
    let Some((kind, value)) = kind.and_then(|kind| Some((kind, package.get(kind)?))) else {
        return Ok(Origin::Files);
    };
    match kind {
        "vcs" => vcs(document, collector, value).map(Origin::Tree),
        "directory" => directory(document, collector, value).map(Origin::Tree),
        "archive" => Ok(Origin::Archive(value)),
        _ => Ok(Origin::Files),
    }
}

fn vcs<'a>(
    document: &Document<'a>,
    collector: &mut Collector,
    value: &Value<'a>,
) -> Result<SourceRef, Problem> {
    let table = document.table(value, "vcs")?;
    document.look_alikes(collector, table, VCS);
    let tool = document.required(collector, table, value, "type")?;
    let (url, path) = (document.string(collector, table, "url")?, document.string(collector, table, "path")?);
    // A path is taken before a URL.
    let address = path.or(url).ok_or_else(|| document.wrong(value, "this has neither `url` nor `path`"))?;
    let commit = document.string(collector, table, "commit-id")?;
    let asked = document.string(collector, table, "requested-revision")?;
    let subdirectory = document.string(collector, table, "subdirectory")?;
    let text = |atom: Option<Atom>| atom.map(|atom| collector.text(atom).to_owned());
    let (tool, address_text) =
        (text(Some(tool)).unwrap_or_default(), text(Some(address)).unwrap_or_default());
    let (commit, asked, subdirectory) = (text(commit), text(asked), text(subdirectory));
    let raw = format!("{tool}+{address_text}#{}", commit.as_deref().unwrap_or_default());
    let key = format!("vcs\0{raw}\0{asked:?}\0{subdirectory:?}");
    Ok(collector.source(address.place, &key, |_| {
        if tool != "git" {
            return source::unknown(&raw);
        }
        let reference = asked.as_deref().map(|asked| source::reference(kind_of(asked), asked));
        source::git(&raw, &address_text, reference, commit.as_deref())
    }))
}

/// A revision that was asked for may be a branch, a tag or a commit; only what looks like a commit can be
/// held against the one that is locked.
fn kind_of(asked: &str) -> ReferenceKind {
    let is_commit = asked.len() >= 7 && asked.bytes().all(|b| b.is_ascii_hexdigit());
    if is_commit { ReferenceKind::Rev } else { ReferenceKind::Ref }
}

fn directory<'a>(
    document: &Document<'a>,
    collector: &mut Collector,
    value: &Value<'a>,
) -> Result<SourceRef, Problem> {
    let table = document.table(value, "directory")?;
    document.look_alikes(collector, table, DIRECTORY);
    let path = document.required(collector, table, value, "path")?;
    let editable = table.get("editable").is_some_and(|value| value.get_ref().as_bool() == Some(true));
    let form = if editable { LocalForm::Editable } else { LocalForm::Directory };
    Ok(local(collector, form, path))
}

/// A file or folder, as `form` says.
pub(super) fn local(collector: &mut Collector, form: LocalForm, path: Atom) -> SourceRef {
    let text = collector.text(path).to_owned();
    let key = format!("{}\0{text}", form.name());
    collector.source(path.place, &key, |folder| source::local(folder, form, &text))
}
