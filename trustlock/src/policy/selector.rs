//! Selectors name packages: `cargo:ring`, `pypi:acme-*`, `cargo:serde@1.0.219`,
//! `pypi:litellm@>=1.82.7,<=1.82.8`.

mod cargo;
mod pypi;

use super::complaint::{Complaint, nearest};
use crate::model::{Ecosystem, fold};

/// No registry knows longer names; crates.io takes 64 characters.
const LONGEST: usize = 256;

/// A selector.
#[derive(Clone, Debug)]
pub struct Selector {
    text: String,
    ecosystem: Ecosystem,
    /// Folded, without the `*`.
    name: String,
    prefix: bool,
    versions: Versions,
}

#[derive(Clone, Debug)]
enum Versions {
    Any,
    /// Build metadata counts only where the selector writes it: no registry holds two versions that
    /// differ in nothing else.
    Exactly(semver::Version),
    Within(cargo::Range),
    PypiExactly(pep440_rs::Version),
    PypiWithin(pypi::Range),
}

impl Selector {
    /// Understands `text`.
    ///
    /// # Errors
    /// Where the ecosystem is missing or unknown, the name is none, a wildcard is not the last
    /// character, a range has no operator, or no version can satisfy it.
    pub fn parse(text: &str) -> Result<Self, Complaint> {
        let (ecosystem, rest) = split_ecosystem(text)?;
        let (name, versions) = match rest.split_once('@') {
            Some((name, versions)) => (name, Some(versions)),
            None => (rest, None),
        };
        let (stem, prefix) = match name.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (name, false),
        };
        if stem.contains('*') {
            return Err(Complaint::new(
                "`*` may only end a name",
                "name a prefix, `cargo:acme-*`, or each package on its own line",
            ));
        }
        let is_name = match ecosystem {
            Ecosystem::Cargo => stem.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')),
            Ecosystem::Pypi => is_distribution(stem, prefix),
        };
        if stem.len() > LONGEST || (stem.is_empty() && !prefix) || !is_name {
            return Err(Complaint::new(
                format!("`{name}` is no name of a package"),
                match ecosystem {
                    Ecosystem::Cargo => "names are made of letters, digits, `-` and `_`: `cargo:serde_json`",
                    Ecosystem::Pypi => {
                        "names are made of letters, digits, `-`, `_` and `.`, and begin and end with a \
                         letter or digit: `pypi:ruamel.yaml`"
                    }
                },
            ));
        }
        let versions = versions.map_or(Ok(Versions::Any), |text| parse_versions(ecosystem, name, text))?;
        let name = fold(ecosystem, stem).into_owned();
        Ok(Self { text: text.to_owned(), ecosystem, name, prefix, versions })
    }

    /// Whether it names that package. A package without a readable version is named only by a
    /// selector without one.
    pub fn matches(&self, ecosystem: Ecosystem, name: &str, version: Option<&str>) -> bool {
        self.matches_name(ecosystem, name)
            && match &self.versions {
                Versions::Any => true,
                Versions::Exactly(exactly) => parsed(version).is_some_and(|v| {
                    v.cmp_precedence(exactly).is_eq()
                        && (exactly.build.is_empty() || v.build == exactly.build)
                }),
                Versions::Within(range) => parsed(version).is_some_and(|v| range.contains(&v)),
                Versions::PypiExactly(exactly) => {
                    version.and_then(pypi::version).is_some_and(|v| pypi::is_exactly(&v, exactly))
                }
                Versions::PypiWithin(range) => {
                    version.and_then(pypi::version).is_some_and(|v| range.contains(&v))
                }
            }
    }

    /// Whether it names a package of that name, in any version.
    pub fn matches_name(&self, ecosystem: Ecosystem, name: &str) -> bool {
        let name = fold(ecosystem, name);
        self.ecosystem == ecosystem
            && if self.prefix { name.starts_with(&self.name) } else { *name == self.name }
    }

    /// The name, folded and without its `*`, and whether it is only the beginning of one.
    pub(crate) fn folded(&self) -> (&str, bool) {
        (&self.name, self.prefix)
    }

    /// Whether it names every package there is.
    pub fn is_everything(&self) -> bool {
        self.prefix && self.name.is_empty()
    }

    /// Whether it names some versions only.
    pub fn names_versions(&self) -> bool {
        !matches!(self.versions, Versions::Any)
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Selector {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for Selector {}

/// Whether it can be the name of a distribution, or the beginning of one.
fn is_distribution(stem: &str, prefix: bool) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    edge(stem.chars().next())
        && (prefix || edge(stem.chars().next_back()))
        && stem.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn parsed(version: Option<&str>) -> Option<semver::Version> {
    semver::Version::parse(version?).ok()
}

fn split_ecosystem(text: &str) -> Result<(Ecosystem, &str), Complaint> {
    let known = || Ecosystem::ALL.map(|e| format!("`{}:`", e.name())).join(", ");
    let Some((prefix, rest)) = text.split_once(':') else {
        return Err(Complaint::new("a selector begins with its ecosystem", format!("known: {}", known()))
            .paste(format!("{}:{text}", Ecosystem::Cargo)));
    };
    if let Some(ecosystem) = Ecosystem::ALL.into_iter().find(|e| e.name() == prefix) {
        return Ok((ecosystem, rest));
    }
    let complaint = Complaint::new(
        format!("`{prefix}` is no ecosystem that trustlock knows"),
        format!("known: {}", known()),
    );
    Err(match nearest(prefix, Ecosystem::ALL.map(Ecosystem::name)) {
        Some(near) => complaint.paste(format!("{near}:{rest}")),
        None => complaint,
    })
}

fn parse_versions(ecosystem: Ecosystem, name: &str, text: &str) -> Result<Versions, Complaint> {
    if ecosystem == Ecosystem::Pypi {
        return parse_pypi(name, text);
    }
    if text.starts_with(['<', '>', '=', '^', '~']) || text.contains(',') {
        return cargo::Range::parse(text).map(Versions::Within);
    }
    semver::Version::parse(text).map(Versions::Exactly).map_err(|_| {
        // `@1.0` could mean one version or many, so it means neither.
        let complaint = Complaint::new(
            format!("`{text}` is not a full version"),
            "one version is written in full, `@1.0.219`; a range needs an operator: `@>=1.0,<1.0.219`",
        );
        match semver::VersionReq::parse(text) {
            Ok(_) if !text.contains('*') => complaint.paste(format!("{ecosystem}:{name}@^{text}")),
            _ => complaint,
        }
    })
}

fn parse_pypi(name: &str, text: &str) -> Result<Versions, Complaint> {
    if text.starts_with(['<', '>', '=', '~', '!']) || text.contains(',') {
        return pypi::Range::parse(text).map(Versions::PypiWithin);
    }
    pypi::version(text).map(Versions::PypiExactly).ok_or_else(|| {
        let complaint = Complaint::new(
            format!("`{text}` is no version by PEP 440"),
            "one version is written as it is, `@1.82.6`; a range needs an operator: `@>=1.82.7,<=1.82.8`",
        );
        match text.strip_suffix(".*").filter(|stem| pypi::version(stem).is_some()) {
            Some(stem) => complaint.paste(format!("pypi:{name}@~={stem}.0")),
            None => complaint,
        }
    })
}

#[cfg(test)]
mod tests;
