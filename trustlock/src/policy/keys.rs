//! Every key of a policy, declared once: the reader's checks, the JSON Schema and the reference page
//! are made from this tree.

use super::presets;
use crate::model::Ecosystem;

/// A key.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it means, in a sentence or two of Markdown.
    pub doc: &'static str,
    /// Whether its table is wrong without it.
    pub required: bool,
    /// How it composes with the same key of what a policy extends.
    pub composes: Composes,
    /// The kinds of files that may hold it.
    pub files: &'static [FileKind],
}

/// What a key takes.
#[derive(Debug)]
pub enum Kind {
    /// A schema number.
    Schema,
    /// Any text that is not empty.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number, 1 or more.
    Count,
    /// A number of days: `"180d"`.
    Days,
    /// A day: `2027-01-31`.
    Date,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The name of a rule.
    Rule,
    /// A dotted key of a policy.
    KeyPath,
    /// A selector of packages.
    Selector,
    /// A source pattern.
    Source,
    /// A source pattern for packages of one ecosystem.
    SourceOf(Ecosystem),
    /// The address of a Python index, or of its files.
    Index,
    /// A glob over paths.
    Glob,
    /// A link for people.
    Link,
    /// The 64 hex digits of a SHA-256.
    Sha256,
    /// A digest with its algorithm: `sha256:…`.
    Digest,
    /// A list.
    List(&'static Kind),
    /// A table with these keys.
    Table(&'static [Key]),
    /// One of two.
    Either(&'static Kind, &'static Kind),
    /// A table of rule names and their levels.
    Levels,
}

/// How a key composes with the same key of what its file extends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Composes {
    /// The extending file's value replaces it.
    Replaces,
    /// Both count.
    Accumulates,
    /// The stricter of both counts, and a looser one is an error.
    Tightens,
    /// It speaks of its own file only.
    Own,
}

/// The kinds of files that hold policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// `trustlock.toml`, a file that it extends, a preset.
    Policy,
    /// A file given with `--overlay`: it can only tighten.
    Overlay,
    /// A policy further down that `delegate` names: it can only tighten what lies beneath it.
    Nested,
    /// `trustlock.waivers.toml`.
    Waivers,
}

/// The newest schema.
pub const SCHEMA: u32 = 1;

const ALL: &[FileKind] = &[FileKind::Policy, FileKind::Overlay, FileKind::Nested, FileKind::Waivers];
const TIGHTENING: &[FileKind] = &[FileKind::Policy, FileKind::Overlay, FileKind::Nested];
const TRUSTED: &[FileKind] = &[FileKind::Policy, FileKind::Overlay];
const POLICY: &[FileKind] = &[FileKind::Policy];

const fn key(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, doc, required: false, composes: Composes::Own, files: ALL }
}

impl Key {
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn composes(mut self, composes: Composes) -> Self {
        self.composes = composes;
        self
    }

    const fn only_in(mut self, files: &'static [FileKind]) -> Self {
        self.files = files;
        self
    }
}

/// The keys of a policy, in the order of the reference.
pub static KEYS: &[Key] = &[
    key(
        "schema",
        Kind::Schema,
        "The version of this file format. It also fixes the levels of rules: a rule that comes with a \
         later schema is `warn` until the number is raised. Without it, the newest.",
    ),
    key(
        "extends",
        Kind::List(&Kind::Either(&Kind::Word(presets::NAMES), &Kind::Table(EXTENDS))),
        "What this policy builds on, the later over the earlier. Every policy builds on \
         `trustlock:strict`, whether it says so or not.",
    )
    .only_in(POLICY),
    key("contact", Kind::Text, "Whom to ask: printed after every denial.")
        .composes(Composes::Replaces)
        .only_in(TRUSTED),
    key(
        "final",
        Kind::List(&Kind::KeyPath),
        "Keys that a policy which extends this one may not set: `\"sources.cargo\"`, \
         `\"rules.unknown-source\"`, or a whole table, `\"rules\"`.",
    )
    .only_in(POLICY),
    key("max-waiver", Kind::Days, "How far ahead a waiver may expire.")
        .composes(Composes::Tightens)
        .only_in(TRUSTED),
    key(
        "waivable",
        Kind::Bool,
        "Whether waivers of the repository lift what this overlay forbids. They do not, unless this is \
         `true`.",
    )
    .only_in(&[FileKind::Overlay]),
    key("lockfiles", Kind::Table(LOCKFILES), "Which lockfiles the policy governs.").only_in(TRUSTED),
    key("versions", Kind::Table(VERSIONS), "What may be pinned.").only_in(TIGHTENING),
    key("sources", Kind::Table(SOURCES), "Where packages may come from.").only_in(TIGHTENING),
    key("hashes", Kind::Table(HASHES), "Which digests prove something.").only_in(TIGHTENING),
    key("settings", Kind::Table(SETTINGS), "What the files beside the lockfiles may change.")
        .only_in(TRUSTED),
    key("freshness", Kind::Table(FRESHNESS), "How long a release must have been public.").only_in(TIGHTENING),
    key(
        "permissions",
        Kind::Table(PERMISSIONS),
        "Which packages may run code without being called. A list that is not there is not enforced.",
    )
    .only_in(TIGHTENING),
    key(
        "rules",
        Kind::Levels,
        "The level of each rule: `deny` fails the run, `warn` is shown, `allow` is not looked at. In an \
         overlay or a nested policy the stricter level counts.",
    )
    .composes(Composes::Replaces)
    .only_in(TIGHTENING),
    key(
        "waivers",
        Kind::List(&Kind::Table(WAIVER)),
        "Exceptions: named, reasoned, dated. They may also stand in `trustlock.waivers.toml`, in the \
         same folder, which is read together with the policy and holds nothing else. A waiver names a \
         `package`, a `lockfile`, or a `file` with its `key` and `value`.",
    )
    .composes(Composes::Accumulates)
    .only_in(&[FileKind::Policy, FileKind::Waivers]),
];

const EXTENDS: &[Key] = &[
    key(
        "path",
        Kind::Text,
        "A policy, relative to this file. Inside the repository, or outside of it with `sha256`.",
    )
    .required(),
    key("sha256", Kind::Sha256, "The digest of that file; required where it is outside the repository."),
];

const LOCKFILES: &[Key] = &[
    key("include", Kind::List(&Kind::Glob), "Globs of the lockfiles that are governed.")
        .composes(Composes::Replaces)
        .only_in(POLICY),
    key(
        "exclude",
        Kind::List(&Kind::Glob),
        "Globs of lockfiles that are not. What an overlay asks of lockfiles it asks of these too, unless \
         the overlay names them under its own `exclude`, which takes nothing else out of any reach.",
    )
    .composes(Composes::Replaces)
    .only_in(TRUSTED),
    key("required", Kind::Bool, "Whether a manifest without a lockfile is a finding.")
        .composes(Composes::Tightens)
        .only_in(TRUSTED),
    key(
        "delegate",
        Kind::List(&Kind::Glob),
        "Globs of policies further down, `services/*/trustlock.toml`, that may tighten this one for the \
         lockfiles beneath them. Every other one is never obeyed.",
    )
    .composes(Composes::Replaces)
    .only_in(POLICY),
];

const VERSIONS: &[Key] = &[
    key(
        "git-reference",
        Kind::Word(&["any", "tag", "rev"]),
        "What a git dependency may name: `any`thing, a `tag` or a `rev`, or only a `rev`. Whatever it \
         names, the lockfile must pin one full commit.",
    )
    .composes(Composes::Tightens),
    key("ban", Kind::List(&Kind::Table(BAN)), "Versions that must not enter, whatever else allows them.")
        .composes(Composes::Accumulates),
];

const BAN: &[Key] = &[
    key("package", Kind::Selector, "The packages.").required(),
    key("source", Kind::Source, "Only from here. Without it, from wherever they come."),
    key("reason", Kind::Text, "Why; shown with every finding.").required(),
    key("url", Kind::Link, "Where to read more."),
];

const SOURCES: &[Key] = &[
    key(
        "cargo",
        Kind::List(&Kind::SourceOf(Ecosystem::Cargo)),
        "Where crates may come from: `crates.io`, `path` for the workspace and path dependencies, \
         `git+https://github.com/acme/*`, `sparse+https://crates.acme.example/index/`. An overlay's or \
         nested policy's list holds beside this one: both must allow a source.",
    )
    .composes(Composes::Replaces),
    key(
        "pypi",
        Kind::List(&Kind::Either(&Kind::SourceOf(Ecosystem::Pypi), &Kind::Table(INDEX))),
        "Where Python distributions may come from: `pypi`, `path` for what lies in the repository, an \
         index by its address, `git+https://github.com/acme/*`, or `https://acme.example/wheels/*` for \
         archives that are named by their own URL. An index may name the hosts of its files: \
         `{ index = \"https://pypi.acme.example/simple\", files = [\"https://cdn.acme.example/*\"] }`.",
    )
    .composes(Composes::Replaces),
    key(
        "bind",
        Kind::List(&Kind::Table(BIND)),
        "Names that may come from one place only, so that nobody can publish them elsewhere.",
    )
    .composes(Composes::Accumulates),
];

const INDEX: &[Key] = &[
    key("index", Kind::Index, "The address of the index.").required(),
    key("files", Kind::List(&Kind::Index), "Where its files are, besides its own host.").required(),
];

const BIND: &[Key] = &[
    key("package", Kind::Selector, "The packages, most often a prefix: `cargo:acme-*`.").required(),
    key("only", Kind::Source, "The one place they may come from.").required(),
];

const HASHES: &[Key] = &[key(
    "algorithms",
    Kind::List(&Kind::Word(&["sha256", "sha384", "sha512", "blake2b"])),
    "The algorithms whose digests count.",
)
.composes(Composes::Replaces)];

const SETTINGS: &[Key] = &[
    key(
        "allow",
        Kind::List(&Kind::Table(SETTING)),
        "Settings that were reviewed: exactly this file, key and value.",
    )
    .composes(Composes::Replaces),
    key(
        "templates",
        Kind::List(&Kind::Glob),
        "Globs of settings files that are templates, `{{…}}`, and no TOML until they are filled in: no tool \
         can obey them, so that they cannot be read is no error. One that is TOML is judged like any other.",
    )
    .composes(Composes::Replaces)
    .only_in(POLICY),
];

const SETTING: &[Key] = &[
    key("file", Kind::Text, "The settings file, relative to the root: `.cargo/config.toml`.").required(),
    key("key", Kind::Text, "The key, dotted: `build.rustc-wrapper`.").required(),
    key(
        "value",
        Kind::Text,
        "The value as the finding writes it: a string without its quotes, a list as TOML writes it.",
    )
    .required(),
];

const FRESHNESS: &[Key] = &[
    key(
        "min-age",
        Kind::Days,
        "How many days a release must have been public before it may enter, by the times that lockfiles \
         record. Most poisoned releases were found within a day.",
    )
    .composes(Composes::Tightens),
    key(
        "unknown",
        Kind::Word(&["allow", "warn", "deny"]),
        "What a file without a publish time counts as. Without this key such files cannot be judged, and \
         the run ends with exit code 2.",
    )
    .composes(Composes::Tightens),
    key(
        "exempt",
        Kind::List(&Kind::Selector),
        "Packages that may be younger: your own, for instance. Not lifted is an age that an overlay asks for.",
    )
    .composes(Composes::Replaces)
    .only_in(POLICY),
];

const PERMISSIONS: &[Key] = &[key(
    "sdist",
    Kind::List(&Kind::Selector),
    "Python packages that may be built from source at install, which runs their code. A prefix counts only \
     where `[sources] bind` binds it.",
)
.composes(Composes::Replaces)];

const WAIVER: &[Key] = &[
    key("rule", Kind::Rule, "The rule that it lifts.").required(),
    key("package", Kind::Selector, "The packages it speaks of."),
    key("lockfile", Kind::Glob, "The lockfiles it speaks of, as a glob."),
    key("file", Kind::Text, "The settings file it speaks of; together with `key` and `value`."),
    key("key", Kind::Text, "The setting it speaks of."),
    key(
        "value",
        Kind::Text,
        "The value that it excuses, as in `[settings] allow`: another value is another finding.",
    ),
    key(
        "source",
        Kind::Source,
        "The source it excuses; required for rules about sources. A `package` without it means the \
         package from crates.io or PyPI, or from the source its name is bound to.",
    ),
    key("digest", Kind::Digest, "The digest it excuses, `sha256:…`; required for rules about hashes."),
    key("reason", Kind::Text, "Why this is acceptable, for whoever reviews it next.").required(),
    key("owner", Kind::Text, "Who answers for it.").required(),
    key("expires", Kind::Date, "The last day on which it holds, in UTC.").required(),
    key(
        "max",
        Kind::Count,
        "Lifts at most this many findings of one `lockfile`, named without wildcards: a baseline that \
         can only shrink. It needs no source.",
    ),
];

/// The key at a dotted path, with every key on the way.
pub fn find(path: &str) -> Option<&'static Key> {
    let (table, rest) = match path.split_once('.') {
        Some((table, rest)) => (table, Some(rest)),
        None => (path, None),
    };
    let key = KEYS.iter().find(|k| k.name == table)?;
    match (rest, &key.kind) {
        (None, _) => Some(key),
        (Some(rest), Kind::Table(keys)) => keys.iter().find(|k| k.name == rest),
        (Some(rule), Kind::Levels) => crate::rules::named(rule).map(|_| key),
        _ => None,
    }
}

impl Key {
    /// Whether `final` may name it: it is a table that holds such a key, or its value can be replaced.
    pub fn can_be_final(&self) -> bool {
        match &self.kind {
            Kind::Table(keys) => keys.iter().any(Self::can_be_final),
            _ => matches!(self.composes, Composes::Replaces | Composes::Tightens),
        }
    }
}

/// Every path that `final` may name.
pub fn finals() -> impl Iterator<Item = String> {
    KEYS.iter().filter(|k| k.can_be_final()).flat_map(|key| {
        let inner: Vec<String> = match &key.kind {
            Kind::Table(keys) => {
                keys.iter().filter(|k| k.can_be_final()).map(|k| format!("{}.{}", key.name, k.name)).collect()
            }
            Kind::Levels => {
                crate::rules::RULES.iter().map(|r| format!("{}.{}", key.name, r.declaration.name)).collect()
            }
            _ => Vec::new(),
        };
        std::iter::once(key.name.to_owned()).chain(inner)
    })
}
