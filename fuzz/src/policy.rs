//! The policy reader, selectors and source patterns.

use std::path::Path;

use trustlock::model::{Ecosystem, File, Problem, Source, SourceKind, Url};
use trustlock::policy::keys::FileKind;
use trustlock::policy::{self, Outside, Selector, SourcePattern, read};
use trustlock::tree::Memory;

/// Any bytes give a policy or problems with places in the text; what `trustlock policy` shows of a policy
/// is a policy, and is shown again as the same.
pub fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let file = File::new("trustlock.toml", text);
    for kind in [FileKind::Policy, FileKind::Overlay, FileKind::Nested, FileKind::Waivers] {
        if let Err(problems) = read::read(&file, kind) {
            assert!(!problems.is_empty(), "refused without a word");
            for problem in &problems {
                in_the_text(&file, problem);
            }
        }
    }
    let load = |text: &str| {
        let tree = Memory::new().with("trustlock.toml", text);
        policy::load(&tree, &Outside { root: Path::new("/nowhere"), limit: 0 }, None, &[])
    };
    if let Ok(policy) = load(text) {
        let values = |shown: String| -> Vec<String> {
            shown.lines().filter(|l| !l.starts_with('#')).map(without_origin).collect()
        };
        let shown = policy::effective(&policy);
        let again = load(&shown).expect("what is shown is a policy");
        assert_eq!(values(policy::effective(&again)), values(shown));
    }
}

/// A comment begins after the last two spaces and `#`.
fn without_origin(line: &str) -> String {
    line.rsplit_once("  # ").map_or(line, |(value, _)| value).to_owned()
}

fn in_the_text(file: &File, problem: &Problem) {
    if let Some(place) = &problem.place {
        assert!(file.text.get(place.span.range()).is_some(), "{problem:?}");
    }
}

/// A line with a selector, a line with a name, a line with a version.
pub fn selector(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut lines = text.lines();
    let (selector, name, version) = (lines.next(), lines.next(), lines.next());
    let Ok(selector) = Selector::parse(selector.unwrap_or_default()) else { return };
    let name = name.unwrap_or("serde");
    if selector.matches(Ecosystem::Cargo, name, version) {
        assert!(selector.matches_name(Ecosystem::Cargo, name));
        assert!(version.is_some() || !selector.names_versions());
    }
}

/// A line with a pattern, a line with a source: what matches has the same scheme, host and port.
pub fn source_pattern(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut lines = text.lines();
    let (pattern, raw) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let Ok(parsed) = SourcePattern::parse(pattern) else { return };
    let source = source(raw);
    if !parsed.matches(Some(&source)) {
        return;
    }
    let at = source.url.as_ref().expect("only an address can match");
    assert!(!at.has_password() && (at.user().is_empty() || at.user() == "git"), "{raw}");
    if source.is_crates_io() {
        return;
    }
    let address = pattern.split_once('+').map_or(pattern, |(_, address)| address);
    let named = Url::parse(address).expect("a pattern that is no name is an address");
    assert_eq!((named.scheme(), named.host(), named.port()), (at.scheme(), at.host(), at.port()), "{raw}");
}

fn source(raw: &str) -> Source {
    let (kind, address) = match raw.split_once('+') {
        Some(("git", rest)) => (SourceKind::Git { reference: None, commit: None }, rest),
        Some(("registry", rest)) => (SourceKind::Registry, rest),
        Some(("sparse", rest)) => (SourceKind::SparseRegistry, rest),
        _ => (SourceKind::Unknown, raw),
    };
    Source { raw: raw.to_owned(), kind, url: Url::parse(address) }
}
