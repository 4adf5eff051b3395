//! The reference page of the policy, made from [`KEYS`].

use std::fmt::Write;

use super::keys::{Composes, FileKind, KEYS, Key, Kind};

const HEAD: &str = "\
# `trustlock.toml`

Made from the declarations in `trustlock/src/policy/keys.rs` by `cargo xtask docs`.

The policy of a repository is one file at its root. Without one, and with an empty one, the built-in
`trustlock:strict` holds: crates.io and paths inside the repository, nothing else. A key that is not
written is inherited from what the policy `extends`. An unknown key is an error.

A file given with `--overlay` comes from outside the repository and can only tighten: its lists hold
beside those of the policy, the stricter value of two counts, and waivers of the repository do not lift
what it forbids unless it says `waivable = true`. A policy further down holds only where `delegate` names
it, and then it can only tighten too.

`trustlock policy` prints the policy in force, with where each value comes from.
";

const FORMS: &str = r"
## Selectors

A selector names packages: an ecosystem, a name, and versions where only some are meant. Upper and lower
case, `-` and `_` are the same in a name.

| selector | names |
|---|---|
| `cargo:ring` | the package, in every version |
| `pypi:litellm@1.82.6` | exactly that version, as PEP 440 compares it: `1.82.6.0` is the same |
| `pypi:litellm@>=1.82.7,<=1.82.8` | a range: each part has an operator (`>=`, `>`, `<=`, `<`, `==`, `~=`), a comma is AND; pre-, post-, development and local releases between the bounds are inside |
| `cargo:acme-*` | every package whose name begins so; `*` may only end a name |
| `cargo:serde@1.0.219` | exactly that version |
| `cargo:time@>=0.1,<0.2.23` | a range: each part has an operator (`>=`, `>`, `<=`, `<`, `=`, `^`, `~`), a comma is AND |

Versions are compared by precedence alone, so a pre-release between the bounds is inside: `<0.2.23` names
`0.2.23-rc.1` too. A range that no version can be in is an error.

A `package` means the one from crates.io, or from the place that its name is bound to. Anything else needs
`source` beside it. A ban is the exception: without `source` it holds wherever a package comes from, except
for the repository's own.

## Source patterns

| pattern | covers |
|---|---|
| `crates.io` | the public registry, under its git and its sparse index |
| `path` | the workspace and its path dependencies |
| `git+https://github.com/acme/lib` | one git repository, whatever is asked of it |
| `git+https://github.com/acme/*` | everything beneath `acme`; in the middle of a path, `*` is one segment |
| `git+ssh://git@host/acme/*` | the same over ssh; `git@` is the usual user and goes without saying |
| `sparse+https://host/index/`, `registry+https://host/index` | a registry, by its index |
| `https://host/index` | a registry, under either form of its index |

Scheme, host, port and whole path segments are compared, so `acme/*` is not `acme-evil`, and `http:` is not
`https:`. Hosts fold case; `.git` and a trailing `/` do not count, and on github.com neither does case. A host
is never a pattern, and no pattern covers a URL with a user name or password in it.
";

/// The page, as Markdown.
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    section(&mut page, "Top level", KEYS.iter().filter(|k| !is_table(&k.kind)));
    for key in KEYS.iter().filter(|k| is_table(&k.kind)) {
        let title = match key.kind {
            Kind::List(_) => format!("`[[{}]]`", key.name),
            _ => format!("`[{}]`", key.name),
        };
        let _ = write!(page, "\n## {title}\n\n{}\n", key.doc);
        if let Some(keys) = keys_of(&key.kind) {
            table(&mut page, keys.iter());
            entries(&mut page, key.name, keys);
        }
    }
    page.push_str(FORMS);
    page
}

fn is_table(kind: &Kind) -> bool {
    matches!(kind, Kind::Table(_) | Kind::List(Kind::Table(_)) | Kind::Levels)
}

fn keys_of(kind: &Kind) -> Option<&'static [Key]> {
    match kind {
        Kind::Table(keys) | Kind::List(Kind::Table(keys) | Kind::Either(_, Kind::Table(keys))) => Some(keys),
        _ => None,
    }
}

fn section<'k>(page: &mut String, title: &str, keys: impl Iterator<Item = &'k Key> + Clone) {
    let _ = write!(page, "\n## {title}\n");
    table(page, keys.clone());
    for key in keys {
        if let Some(inner) = keys_of(&key.kind) {
            let _ = write!(page, "\nAn entry of `{}` that is a table:\n", key.name);
            table(page, inner.iter());
        }
    }
}

fn entries(page: &mut String, table_name: &str, keys: &'static [Key]) {
    for key in keys {
        if let Some(inner) = keys_of(&key.kind) {
            let _ = write!(page, "\nAn entry of `{table_name}.{}`:\n", key.name);
            table(page, inner.iter());
        }
    }
}

fn table<'k>(page: &mut String, keys: impl Iterator<Item = &'k Key>) {
    page.push_str("\n| key | takes | |\n|---|---|---|\n");
    for key in keys {
        let mut notes = vec![key.doc.to_owned()];
        if key.required {
            notes.push("Required.".to_owned());
        }
        notes.extend(match key.composes {
            Composes::Replaces => Some("Replaces the inherited value.".to_owned()),
            Composes::Accumulates => Some("Adds to the inherited value.".to_owned()),
            Composes::Tightens => Some("Can only be stricter than in a file it extends.".to_owned()),
            Composes::Own => None,
        });
        if key.files == [FileKind::Overlay] {
            notes.push("Only in overlays.".to_owned());
        }
        let _ = writeln!(page, "| `{}` | {} | {} |", key.name, takes(&key.kind), notes.join(" "));
    }
}

fn takes(kind: &Kind) -> String {
    match kind {
        Kind::Schema | Kind::Count => "a number".to_owned(),
        Kind::Text => "a text".to_owned(),
        Kind::Bool => "`true` or `false`".to_owned(),
        Kind::Days => "days: `\"90d\"`".to_owned(),
        Kind::Date => "a day: `2027-01-31`".to_owned(),
        Kind::Word(words) => words.iter().map(|w| format!("`\"{w}\"`")).collect::<Vec<_>>().join(" or "),
        Kind::Rule => "the name of a rule".to_owned(),
        Kind::KeyPath => "a dotted key".to_owned(),
        Kind::Selector => "a selector".to_owned(),
        Kind::Source | Kind::SourceOf(_) => "a source pattern".to_owned(),
        Kind::Index => "an index's address".to_owned(),
        Kind::Glob => "a glob".to_owned(),
        Kind::Link => "a link".to_owned(),
        Kind::Sha256 => "64 hex digits".to_owned(),
        Kind::Digest => "`\"sha256:…\"`".to_owned(),
        Kind::List(kind) => format!("a list of: {}", takes(kind)),
        Kind::Table(_) => "a table".to_owned(),
        Kind::Either(first, second) => format!("{}, or {}", takes(first), takes(second)),
        Kind::Levels => "rules and their levels".to_owned(),
    }
}
