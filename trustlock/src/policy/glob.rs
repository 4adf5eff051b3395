//! Globs over paths of the repository: `services/*/Cargo.lock`, `examples/**`.

use globset::{GlobBuilder, GlobMatcher};

use super::Complaint;

/// A glob, matched against a whole path relative to the root: `*` stays within one folder, `**` crosses
/// them.
#[derive(Clone, Debug)]
pub struct Glob {
    text: String,
    matcher: GlobMatcher,
}

impl Glob {
    /// Understands `text`.
    ///
    /// # Errors
    /// Where it is no glob, or could only name something outside the repository.
    pub fn parse(text: &str) -> Result<Self, Complaint> {
        /// Longer than any path worth writing; keeps the automaton small.
        const LONGEST: usize = 1024;
        let complain = |what: &str| {
            Complaint::new(
                what,
                "globs are relative to the root of the repository: `services/*/Cargo.lock`, `examples/**`",
            )
        };
        if text.is_empty() {
            return Err(complain("an empty glob names nothing"));
        }
        if text.len() > LONGEST {
            return Err(complain("this glob is too long"));
        }
        if text.contains(['\\', '\0']) || text.chars().any(char::is_control) {
            return Err(complain("paths are written with `/`, without control characters"));
        }
        if let Some(folder) = text.strip_suffix('/') {
            return Err(complain("a folder is named by what lies in it").paste(format!("{folder}/**")));
        }
        if text.starts_with('/') || text.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(complain("this glob names nothing inside the repository"));
        }
        let glob = GlobBuilder::new(text)
            .literal_separator(true)
            .build()
            .map_err(|error| complain(&format!("not a glob: {}", error.kind())))?;
        Ok(Self { text: text.to_owned(), matcher: glob.compile_matcher() })
    }

    /// Whether it names `path`.
    pub fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }

    /// Whether its last part is more than wildcards.
    pub fn names_a_file(&self) -> bool {
        self.text.rsplit('/').next().is_some_and(|last| last.contains(|c| !matches!(c, '*' | '?')))
    }

    /// The one path that it can name, where it has no wildcard: `[x]` stands for `x` itself.
    pub fn literal(&self) -> Option<String> {
        let mut literal = String::with_capacity(self.text.len());
        let mut rest = self.text.chars();
        while let Some(c) = rest.next() {
            literal.push(match c {
                '[' => rest.next().filter(|_| rest.next() == Some(']'))?,
                '*' | '?' | '{' | '}' => return None,
                c => c,
            });
        }
        Some(literal)
    }

    /// The glob that names this path and no other.
    pub fn exactly(path: &str) -> String {
        globset::escape(path)
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for Glob {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_its_own() {
        for path in ["Cargo.lock", "a/b/Cargo.lock", "a[1]/Cargo.lock", "a{b}*?/Cargo.lock", "!a/]/x"] {
            let glob = Glob::parse(&Glob::exactly(path)).unwrap();
            assert!(glob.matches(path), "{path}");
            assert_eq!(glob.literal().as_deref(), Some(path));
        }
        for text in ["*/Cargo.lock", "**/Cargo.lock", "a?/x", "{a,b}/x", "[ab]/x", "[!a]/x"] {
            assert_eq!(Glob::parse(text).unwrap().literal(), None, "{text}");
        }
    }
}
