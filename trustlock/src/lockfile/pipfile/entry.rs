//! One entry of a category.

use super::{Reading, oddity, truthy};
use crate::lockfile::python::oddity::{bad_name, bad_version, is_name};
use crate::lockfile::python::source;
use crate::model::{
    Artifact, ArtifactKind, Atom, Digest, FileOption, LocalForm, Package, Problem, ReferenceKind, SourceRef,
    Span,
};
use crate::text::json::{Kind, Value};

/// The keys of an entry. Those that look like one of them are for show.
const KEYS: [&str; 18] = [
    "version",
    "hashes",
    "index",
    "markers",
    "os_markers",
    "extras",
    "git",
    "svn",
    "hg",
    "bzr",
    "ref",
    "subdirectory",
    "editable",
    "file",
    "path",
    "pip_args",
    "no_binary",
    "name",
];

/// In the order in which pipenv looks for them; the first decides.
const REPOSITORIES: [&str; 4] = ["git", "svn", "hg", "bzr"];

const IDLE: &str = "pipenv drops the hashes of an entry with a repository, a file or a path";

/// The values of an entry that count.
#[derive(Default)]
struct Fields<'v> {
    version: Option<Atom>,
    hashes: Option<Value<'v>>,
    index: Option<Atom>,
    marker: Option<Atom>,
    repository: Option<(&'static str, Atom)>,
    reference: Option<Atom>,
    editable: bool,
    location: Option<Atom>,
}

impl Reading<'_> {
    pub(super) fn entry(
        &mut self,
        category: Atom,
        name: Atom,
        value: Value<'_>,
        place: Span,
    ) -> Result<(), Problem> {
        if !is_name(self.text(name)) {
            let about = self.collector.next();
            let oddity = bad_name(name.place, self.text(name)).of(about);
            self.collector.odd(oddity);
        }
        let mut package = self.collector.builder.entry(place, name);
        self.collector.builder.group(&mut package, category);
        let fields = match value.kind() {
            Kind::String => {
                let version = self.atom(value, "a version")?;
                self.bare(&mut package, version);
                Fields::default()
            }
            _ => {
                let what = format!("`{}`", self.text(name));
                let fields = self.fields(value, &what)?;
                package.marker = fields.marker;
                fields
            }
        };
        let idle = fields.repository.is_some() || fields.location.is_some();
        let mut digests = match fields.hashes {
            Some(hashes) => self.hashes(hashes, idle)?,
            None => Vec::new(),
        };
        if let Some((system, address)) = fields.repository {
            let text = self.text(address).to_owned();
            let reference = fields.reference.map(|atom| self.text(atom).to_owned());
            package.source = Some(self.repository(address, system, &text, reference.as_deref()));
        } else if let Some(location) = fields.location {
            self.location(&mut package, location, fields.editable, &mut digests);
        } else {
            package.source = Some(self.index(&package, fields.index));
            if let Some(version) = fields.version {
                self.version(&mut package, version);
            }
        }
        for digest in digests {
            self.collector.builder.digest(&mut package, digest);
        }
        self.collector.builder.push(package);
        Ok(())
    }

    fn fields<'v>(&mut self, value: Value<'v>, what: &str) -> Result<Fields<'v>, Problem> {
        let members = self.object(value, what)?;
        self.look_alikes(&members, &KEYS);
        let mut fields = Fields::default();
        let (mut file, mut path, mut os_markers) = (None, None, None);
        for (key, value) in members {
            let name = KEYS.into_iter().find(|known| *known == self.text(key)).unwrap_or_default();
            match name {
                "version" | "index" | "markers" | "os_markers" | "ref" | "subdirectory" | "file" | "path"
                | "git" | "svn" | "hg" | "bzr" => {
                    let atom = self.atom(value, &format!("`{name}`"))?;
                    if !matches!(name, "index" | "version") {
                        self.unspliced(atom, &format!("`{name}`"));
                    }
                    match name {
                        "version" => fields.version = Some(atom),
                        "index" => fields.index = Some(atom),
                        "markers" => fields.marker = Some(atom),
                        "os_markers" => os_markers = Some(atom),
                        "ref" => fields.reference = Some(atom),
                        "file" => file = Some(atom),
                        "path" => path = Some(atom),
                        "subdirectory" => {}
                        system => {
                            let rank = |name| REPOSITORIES.iter().position(|known| *known == name);
                            if fields.repository.is_none_or(|(before, _)| rank(name) < rank(before)) {
                                fields.repository = Some((system, atom));
                            }
                        }
                    }
                }
                "extras" => self.extras(value)?,
                "hashes" => fields.hashes = Some(value),
                "editable" => fields.editable = truthy(value),
                "pip_args" | "no_binary" if truthy(value) => {
                    let place = Span { start: key.place.start.saturating_sub(1), end: value.span().end };
                    let words: Vec<_> = value.items().filter_map(Value::string).collect();
                    let value = if words.is_empty() { value.written().to_owned() } else { words.join(" ") };
                    self.collector.builder.options.push(FileOption { place, name, value });
                }
                _ => {}
            }
        }
        fields.location = file.or(path);
        fields.marker = fields.marker.or(os_markers);
        Ok(fields)
    }

    /// Reports a value that would be more than a value in the line that pip reads.
    fn unspliced(&mut self, atom: Atom, what: &str) {
        let about = self.collector.next();
        if let Some(oddity) = oddity::spliced(atom.place, what, self.text(atom)) {
            self.collector.odd(oddity.of(about));
        }
    }

    fn extras(&mut self, list: Value<'_>) -> Result<(), Problem> {
        if list.kind() != Kind::List {
            return Err(self.wrong(list, "`extras` must be a list"));
        }
        for extra in list.items() {
            let extra = self.atom(extra, "an extra")?;
            if !is_name(self.text(extra)) {
                let about = self.collector.next();
                let oddity = bad_name(extra.place, self.text(extra)).of(about);
                self.collector.odd(oddity);
            }
        }
        Ok(())
    }

    /// The version of an entry that is an object: with its operator, or several with theirs.
    fn version(&mut self, package: &mut Package, written: Atom) {
        let text = self.text(written).to_owned();
        if matches!(text.trim(), "" | "*") {
            package.specifier = Some(written);
            return;
        }
        if !text.split(',').all(is_clause) {
            let about = self.collector.next();
            self.collector.odd(oddity::glued(written.place, &text).of(about));
            package.specifier = Some(written);
            return;
        }
        let operator = if text.starts_with("===") { 3 } else { 2 };
        let version = text.get(operator..).map(str::trim).unwrap_or_default();
        if !text.starts_with("==") || version.contains([',', '*']) {
            package.specifier = Some(written);
            return;
        }
        let start = text.len() - text.get(operator..).unwrap_or_default().trim_start().len();
        let atom = self.collector.builder.part(written, start..start + version.len());
        package.version = Some(atom);
        if operator == 2 && !is_version(version) {
            let about = self.collector.next();
            self.collector.odd(bad_version(atom.place, version).of(about));
        }
    }

    /// An entry that is a text: a version without operator, or `*`.
    fn bare(&mut self, package: &mut Package, written: Atom) {
        self.unspliced(written, "the version");
        let text = self.text(written);
        if is_version(text) {
            package.version = Some(written);
            return;
        }
        package.specifier = Some(written);
        if !matches!(text, "" | "*") {
            let about = self.collector.next();
            let oddity = bad_version(written.place, self.text(written)).of(about);
            self.collector.odd(oddity);
        }
    }

    /// The index that serves a package.
    fn index(&mut self, package: &Package, index: Option<Atom>) -> SourceRef {
        let unrecorded = |reading: &mut Self, place| {
            reading.collector.source(place, "unrecorded", |_| source::unrecorded())
        };
        let Some(index) = index else {
            let only = self.sources.only().map(|only| SourceRef { place: package.name.place, ..only });
            return only.unwrap_or_else(|| unrecorded(self, package.name.place));
        };
        if let Some(source) = self.named(self.text(index)) {
            return SourceRef { place: index.place, ..source };
        }
        let about = self.collector.next();
        let oddity = oddity::unknown_index(index.place, self.text(index)).of(about);
        self.collector.odd(oddity);
        unrecorded(self, index.place)
    }

    /// A repository at `address`; a reference there counts where `reference` is none.
    fn repository(&mut self, address: Atom, system: &str, text: &str, reference: Option<&str>) -> SourceRef {
        let key = format!("{system} {text} {}", reference.unwrap_or_default());
        self.collector.source(address.place, &key, |_| {
            if system != "git" {
                return source::unknown(&format!("{system}+{text}"));
            }
            let bare = text.split('#').next().unwrap_or_default();
            let (repository, own) = match bare.rsplit_once('@') {
                Some((repository, own)) if !own.contains(['/', ':']) => (repository, Some(own)),
                _ => (bare, None),
            };
            let repository = repository.strip_prefix("git+").unwrap_or(repository);
            let asked = reference.filter(|r| !r.is_empty()).or(own);
            let commit = asked.filter(|asked| is_commit(asked));
            let named = asked.filter(|asked| !is_commit(asked));
            let raw = asked.map_or_else(|| format!("git+{repository}"), |r| format!("git+{repository}@{r}"));
            let reference = named.map(|named| source::reference(ReferenceKind::Ref, named));
            source::git(&raw, repository, reference, commit)
        })
    }

    /// What `file` or `path` names. pip looks at the text alone: either may be a URL, a repository, an
    /// archive or a folder.
    fn location(&mut self, package: &mut Package, location: Atom, editable: bool, digests: &mut Vec<Digest>) {
        let text = self.text(location).to_owned();
        let system = text.split_once('+').map(|(system, _)| system);
        if let Some(system) = system.filter(|system| text.contains("://") && REPOSITORIES.contains(system)) {
            package.source = Some(self.repository(location, system, &text, None));
            return;
        }
        let remote = text.contains("://") && !text.starts_with("file:");
        let bare = text.split('#').next().unwrap_or_default().to_owned();
        let kind = ArtifactKind::of(&bare);
        let source = if remote {
            self.collector.source(location.place, &format!("url {text}"), |_| source::archive(&text))
        } else {
            let form = match kind {
                ArtifactKind::Unknown if editable => LocalForm::Editable,
                ArtifactKind::Unknown => LocalForm::Directory,
                _ => LocalForm::File,
            };
            let key = format!("{} {text}", form.name());
            self.collector.source(location.place, &key, |folder| source::local(folder, form, &bare))
        };
        package.source = Some(source);
        // A digest in the address itself is one that pip compares.
        digests.splice(0..0, self.fragment(location, &text));
        if kind == ArtifactKind::Wheel {
            let mut artifact = Artifact::new(location.place, kind);
            artifact.filename = self.collector.filename(location);
            (artifact.url, artifact.path) =
                if remote { (Some(location), None) } else { (None, Some(location)) };
            self.collector.artifact(package, artifact, &std::mem::take(digests));
        }
    }

    /// The first digest in the fragment of an address, the one that pip takes.
    fn fragment(&mut self, location: Atom, text: &str) -> Option<Digest> {
        let start = text.find('#')? + 1;
        let mut at = start;
        for part in text.get(start..)?.split('&') {
            if let Some((name, hex)) = part.split_once('=')
                && matches!(name, "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512")
            {
                let from = at + name.len() + 1;
                let hex = self.collector.builder.part(location, from..from + hex.len());
                return self.collector.named_digest(name, location.place, hex);
            }
            at += part.len() + 1;
        }
        None
    }

    fn hashes(&mut self, list: Value<'_>, idle: bool) -> Result<Vec<Digest>, Problem> {
        if list.kind() != Kind::List {
            return Err(self.wrong(list, "`hashes` must be a list"));
        }
        if list.items().next().is_none() && !idle {
            let about = self.collector.next();
            self.collector.odd(oddity::no_hashes(list.span()).of(about));
        }
        let mut digests = Vec::new();
        for hash in list.items() {
            let text = self.atom(hash, "a hash")?;
            if let Some(mut digest) = self.collector.digest(text) {
                digest.idle = idle.then_some(IDLE);
                digests.push(digest);
            }
        }
        Ok(digests)
    }
}

fn is_version(text: &str) -> bool {
    text.parse::<pep440_rs::Version>().is_ok()
}

/// Whether `text` is a whole commit of git.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether `text` is an operator and a version.
fn is_clause(text: &str) -> bool {
    let text = text.trim();
    let version = text.trim_start_matches(['=', '<', '>', '!', '~']);
    let operator = text.get(..text.len() - version.len()).unwrap_or_default();
    let version = version.trim();
    matches!(operator, "==" | "===" | ">=" | "<=" | ">" | "<" | "!=" | "~=")
        && !version.is_empty()
        && version
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '*' | '+' | '!' | '-' | '_'))
}
