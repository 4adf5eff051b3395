//! Requirements in Poetry's own form: `^1.2`, `~1.2`, `1.*`, `>=1,<2 || ^3`.

use super::{Lock, Wanted};
use crate::evidence::pyproject::Written;
use crate::evidence::{LockTool, Pyproject};
use super::super::super::Sink;
use crate::text::pep508::Specifiers;

pub(super) fn check(lock: &Lock<'_>, project: &Pyproject, sink: &mut Sink<'_>) {
    // Beside `[project]`, the table only adds to what stands there.
    for asked in project.locking.poetry.iter().filter(|asked| asked.always && !project.is_project) {
        let Some(constraint) = &asked.constraint else { continue };
        let Some(versions) = constraints(constraint) else { continue };
        let written =
            Written { text: format!("{} {constraint}", asked.name.text), place: asked.name.place };
        let wanted = Wanted {
            manifest: &project.file,
            name: &asked.name.text,
            written: &written,
            versions: &versions,
        };
        lock.satisfies(&wanted, LockTool::Poetry, sink);
    }
}

/// The alternatives of a constraint; `None` where it cannot be read.
fn constraints(text: &str) -> Option<Vec<Specifiers>> {
    text.split('|').map(str::trim).filter(|part| !part.is_empty()).map(all).collect()
}

/// Clauses that must all hold, with commas or spaces between them.
fn all(text: &str) -> Option<Specifiers> {
    let mut clauses = Vec::new();
    let mut operator = String::new();
    for word in text.split([',', ' ', '\t']).filter(|word| !word.is_empty()) {
        if word.chars().all(|c| matches!(c, '<' | '>' | '=' | '!' | '~' | '^')) {
            operator.push_str(word);
            continue;
        }
        clauses.push(clause(&format!("{}{word}", std::mem::take(&mut operator)))?);
    }
    if !operator.is_empty() {
        return None;
    }
    clauses.retain(|clause| !clause.is_empty());
    Specifiers::parse(&clauses.join(","))
}

/// One clause in the form of PEP 440.
fn clause(text: &str) -> Option<String> {
    if text == "*" {
        return Some(String::new());
    }
    if let Some(version) = text.strip_prefix('^') {
        let release = release(version)?;
        let first = release.iter().position(|part| *part != 0).unwrap_or(release.len() - 1);
        return Some(format!(">={version},<{}", raised(&release, first)?));
    }
    if let Some(version) = text.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        let release = release(version)?;
        return Some(format!(">={version},<{}", raised(&release, 1.min(release.len() - 1))?));
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(format!("=={text}"));
    }
    if let Some(version) = text.strip_prefix('=').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        return Some(format!("=={version}"));
    }
    Some(text.to_owned())
}

/// The numbers of a version without its epoch.
fn release(version: &str) -> Option<Vec<u64>> {
    let version: pep440_rs::Version = version.parse().ok()?;
    (version.epoch() == 0 && !version.release().is_empty()).then(|| version.release().to_vec())
}

/// The release with the part at `at` raised by one and the rest cut off, before its own pre-releases.
fn raised(release: &[u64], at: usize) -> Option<String> {
    let mut parts: Vec<u64> = release.get(..=at)?.to_vec();
    let last = parts.last_mut()?;
    *last = last.checked_add(1)?;
    Some(parts.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::constraints;

    /// As `poetry.core.constraints.version` has them.
    #[test]
    fn constraints_of_poetry() {
        for (constraint, version, allowed) in [
            ("*", "0.1", true),
            ("^1.2.3", "1.9", true),
            ("^1.2.3", "2.0", false),
            ("^1.2.3", "1.2.2", false),
            ("^0.2.3", "0.2.9", true),
            ("^0.2.3", "0.3.0", false),
            ("^0.0.3", "0.0.4", false),
            ("^0.0", "0.0.9", true),
            ("^0", "0.9", true),
            ("^0", "1.0", false),
            ("~1.2.3", "1.2.9", true),
            ("~1.2.3", "1.3", false),
            ("~1", "1.9", true),
            ("~1", "2", false),
            ("~=1.4", "1.9", true),
            ("1.2", "1.2.0", true),
            ("=1.2", "1.2", true),
            ("1.2", "1.2.1", false),
            ("1.*", "1.9", true),
            (">= 1, < 2", "1.5", true),
            (">=1 <2", "2.5", false),
            ("^1.0 || ^3.0", "3.1", true),
            ("^1.0|^3.0", "2.1", false),
            ("!=1.5", "1.5", false),
        ] {
            let all = constraints(constraint).unwrap();
            assert_eq!(all.iter().any(|s| s.allow(version).unwrap()), allowed, "{constraint} {version}");
        }
        for unreadable in ["latest", "^", "^x", "~", ">", "1.2.3.x.y"] {
            assert_eq!(constraints(unreadable), None, "{unreadable}");
        }
    }
}
