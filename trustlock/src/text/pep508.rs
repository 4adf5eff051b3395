//! Requirements of Python packages: `flask[async] >=3,<4; python_version > "3.9"` (the dependency
//! specifiers specification). Markers are kept as text.

use pep440_rs::{Version, VersionSpecifier};

#[cfg(test)]
mod tests;

/// A requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The name as written.
    pub name: String,
    /// The extras as written.
    pub extras: Vec<String>,
    /// Which versions may satisfy it.
    pub specifiers: Specifiers,
    /// The address of `name @ address`.
    pub url: Option<String>,
    /// The condition under which it counts.
    pub marker: Option<String>,
}

/// Version specifiers, all of which a version must satisfy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Specifiers {
    clauses: Vec<VersionSpecifier>,
    /// The texts of `===`, which compare as texts.
    arbitrary: Vec<String>,
}

impl Specifiers {
    /// Reads `>=3,<4`; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut specifiers = Self::default();
        let text = blank(text);
        let clauses: Vec<&str> = text.split(',').map(blank).collect();
        let last = clauses.len().saturating_sub(1);
        for (at, clause) in clauses.into_iter().enumerate() {
            if clause.is_empty() {
                // Nothing at all is a requirement without specifiers; a comma at the end is let through.
                if at == last {
                    continue;
                }
                return None;
            }
            match clause.strip_prefix("===") {
                Some(text) => {
                    let text = blank(text);
                    let plain = !text.is_empty()
                        && !text.contains(|c: char| c.is_whitespace() || matches!(c, ';' | ')'));
                    specifiers.arbitrary.push(plain.then(|| text.to_owned())?);
                }
                None => specifiers.clauses.push(clause.parse().ok()?),
            }
        }
        Some(specifiers)
    }

    /// Whether any version satisfies them.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty() && self.arbitrary.is_empty()
    }

    /// Whether they let `version` in; `None` where it is no version.
    pub fn allow(&self, version: &str) -> Option<bool> {
        let parsed: Version = version.parse().ok()?;
        let arbitrary = self.arbitrary.iter().all(|text| text.eq_ignore_ascii_case(version));
        Some(arbitrary && self.clauses.iter().all(|clause| clause.contains(&parsed)))
    }

    /// Whether both hold the same clauses, in whatever order and spelling.
    pub fn same(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }

    fn canonical(&self) -> Vec<String> {
        let clauses = self.clauses.iter().map(ToString::to_string);
        let mut all: Vec<String> =
            clauses.chain(self.arbitrary.iter().map(|text| format!("==={text}"))).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// Reads a requirement; `None` where it is none.
pub fn parse(text: &str) -> Option<Requirement> {
    let text = blank(text);
    let in_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let length = text.bytes().take_while(|b| in_name(*b)).count();
    let (name, rest) = text.split_at_checked(length)?;
    if !is_name(name) {
        return None;
    }
    let (extras, rest) = extras(blank(rest))?;
    let (specifiers, url, marker) = match rest.strip_prefix('@') {
        Some(address) => {
            let address = blank(address);
            let end = address.find(|c: char| c.is_whitespace()).unwrap_or(address.len());
            let (url, after) = address.split_at_checked(end)?;
            let marker = match blank(after) {
                "" => None,
                after => Some(blank(after.strip_prefix(';')?)),
            };
            (Specifiers::default(), (!url.is_empty()).then(|| Some(url.to_owned()))?, marker)
        }
        None => {
            let (asked, marker) = match rest.split_once(';') {
                Some((asked, marker)) => (blank(asked), Some(blank(marker))),
                None => (rest, None),
            };
            let asked = match asked.strip_prefix('(') {
                Some(inner) => inner.strip_suffix(')')?,
                None => asked,
            };
            (Specifiers::parse(asked)?, None, marker)
        }
    };
    if marker == Some("") {
        return None;
    }
    Some(Requirement { name: name.to_owned(), extras, specifiers, url, marker: marker.map(str::to_owned) })
}

/// The extras at the start of `text`, and what follows them.
fn extras(text: &str) -> Option<(Vec<String>, &str)> {
    let Some(inner) = text.strip_prefix('[') else { return Some((Vec::new(), text)) };
    let (inner, after) = inner.split_once(']')?;
    let inner = blank(inner);
    let extras = inner.split(',').map(blank).filter(|_| !inner.is_empty());
    let extras: Vec<String> =
        extras.map(|extra| is_name(extra).then(|| extra.to_owned())).collect::<Option<_>>()?;
    Some((extras, blank(after)))
}

fn blank(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

fn is_name(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    edge(text.chars().next())
        && edge(text.chars().next_back())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
