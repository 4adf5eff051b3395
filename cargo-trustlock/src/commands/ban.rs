//! `ban`: one line into a policy, its other lines untouched.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};
use trustlock::model::{File, Problem};
use trustlock::policy::keys::FileKind;
use trustlock::policy::{self, Selector, read};

use crate::args::BanArgs;
use crate::output;
use crate::session::{Failure, Session};

pub(super) fn run(args: &BanArgs) -> u8 {
    match try_run(args) {
        Ok(text) => output::print(&text),
        Err(problems) => output::fail(problems),
    }
}

fn try_run(args: &BanArgs) -> Result<String, Failure> {
    let session = Session::open(&args.scope, &[])?;
    let path = args.scope.policy.clone().unwrap_or_else(|| session.root.path().join(policy::FILE));
    if let Err(complaint) = Selector::parse(&args.selector) {
        let problem = Problem::new(format!("`{}`: {}", args.selector, complaint.what));
        return Err(vec![problem.fix(complaint.help)]);
    }
    let old = current(&path)?;
    let new = with_ban(&old, args).map_err(|why| vec![problem(&path, &why)])?;
    // What is written must be a policy that the next run understands.
    let draft = File::new(path.display().to_string(), new.as_str());
    read::read(&draft, FileKind::Policy).or_else(|problems| {
        // `--policy` may name an overlay, which has keys of its own.
        read::read(&draft, FileKind::Overlay).map_err(|_| problems)
    })?;
    replace(&path, &new).map_err(|e| vec![problem(&path, &e.to_string())])?;
    Ok(format!("banned {} in {}\n", args.selector, path.display()))
}

fn problem(path: &Path, why: &str) -> Problem {
    Problem::new(format!("`{}` could not be changed: {why}", path.display()))
}

fn current(path: &PathBuf) -> Result<String, Failure> {
    if path.is_symlink() {
        return Err(vec![problem(path, "it is a symbolic link, which is never followed")]);
    }
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok("schema = 1\n".to_owned()),
        Err(error) => Err(vec![problem(path, &error.to_string())]),
    }
}

/// The text with one more entry in `[versions] ban`.
fn with_ban(text: &str, args: &BanArgs) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|e: toml_edit::TomlError| e.message().to_owned())?;
    let versions = document.entry("versions").or_insert_with(|| Item::Table(Table::new()));
    let versions = versions.as_table_like_mut().ok_or("`versions` is no table")?;
    let ban = versions.entry("ban").or_insert_with(|| Item::Value(Value::Array(Array::new())));
    let ban = ban.as_array_mut().ok_or("`versions.ban` is no array")?;
    let same = |value: &Value| {
        value.as_inline_table().and_then(|t| t.get("package")).and_then(Value::as_str)
            == Some(args.selector.as_str())
    };
    if ban.iter().any(same) {
        return Err(format!("`{}` is banned already", args.selector));
    }
    let mut entry = InlineTable::new();
    entry.insert("package", args.selector.as_str().into());
    entry.insert("reason", args.reason.as_str().into());
    if let Some(url) = &args.url {
        entry.insert("url", url.as_str().into());
    }
    let mut value = Value::InlineTable(entry);
    value.decor_mut().set_prefix("\n    ");
    ban.push_formatted(value);
    ban.set_trailing("\n");
    ban.set_trailing_comma(true);
    Ok(document.to_string())
}

/// Writes beside the file and moves it into place, so that no half-written policy is ever read.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}.new", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&draft)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The draft is ours; nothing else is lost with it.
        let _ = fs::remove_file(&draft);
    }
    written
}
