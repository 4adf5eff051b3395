//! What a requirements file holds, as far as it matters for a command that installs from it.

use std::collections::BTreeSet;

use crate::tree::{Tree, TreePath};

/// How deep `-r` is followed, and how many files.
const FILES: usize = 64;

/// A larger one is read by nobody here.
const LIMIT: usize = 4 << 20;

/// What a requirements file and those that it includes hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Requirements that come from an index or from elsewhere, and not from this repository.
    pub foreign: usize,
    /// A digest stands in it: pip then demands one of every requirement.
    pub hashed: bool,
}

/// The requirements file that a word of a command names.
pub(super) fn named(word: &str) -> Option<&str> {
    let name = ["--requirement=", "--constraint=", "--requirements=", "--constraints=", "-r", "-c"]
        .into_iter()
        .find_map(|option| word.strip_prefix(option))
        .unwrap_or(word);
    let (_, extension) = name.rsplit_once('.')?;
    let is_one = matches!(extension, "txt" | "in" | "lock" | "pip" | "req" | "reqs");
    (is_one && !name.starts_with('-') && !name.contains("://")).then_some(name)
}

impl Requirements {
    /// Reads the file at `path`; `None` where there is none.
    pub(super) fn read(tree: &dyn Tree, path: &TreePath) -> Option<Self> {
        let mut found = Self::default();
        let mut seen = BTreeSet::new();
        found.add(tree, path, &mut seen)?;
        let mut waiting: Vec<TreePath> = seen.iter().filter(|other| *other != path).cloned().collect();
        while let Some(next) = waiting.pop() {
            let known = seen.clone();
            // One that is missing is for the readers of lockfiles to complain of.
            let _ = found.add(tree, &next, &mut seen);
            waiting.extend(seen.difference(&known).cloned());
        }
        Some(found)
    }

    /// Adds the file at `path`; the files that it includes are added to `seen`.
    fn add(&mut self, tree: &dyn Tree, path: &TreePath, seen: &mut BTreeSet<TreePath>) -> Option<()> {
        let text = tree.text(path).ok().filter(|text| text.len() <= LIMIT)?;
        seen.insert(path.clone());
        let folder = path.parent().unwrap_or_default();
        let text = text.replace("\\\r\n", " ").replace("\\\n", " ");
        for line in text.lines() {
            let line = line.split_once(" #").map_or(line, |(line, _)| line).trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            self.hashed |= line.contains("--hash=") || line.contains("--hash ");
            let included = ["-r", "-c", "--requirement", "--constraint"]
                .into_iter()
                .filter_map(|option| line.strip_prefix(option))
                .find(|rest| rest.starts_with([' ', '=']) || !line.starts_with("--"));
            if let Some(included) = included {
                let included = folder.join(included.trim_start_matches(['=', ' ']).trim());
                seen.extend(included.ok().filter(|_| seen.len() < FILES));
                continue;
            }
            let requirement =
                line.strip_prefix("-e").or_else(|| line.strip_prefix("--editable")).unwrap_or(line);
            let requirement = requirement.trim_start_matches(['=', ' ']);
            let is_local = requirement.starts_with(['.', '/', '-']) || requirement.starts_with("file:");
            self.foreign += usize::from(!is_local);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Memory;

    fn read(tree: &Memory) -> Option<Requirements> {
        Requirements::read(tree, &TreePath::root().child("a.txt"))
    }

    #[test]
    fn digests_and_foreign_requirements_are_found_through_includes() {
        let tree = Memory::new();
        assert_eq!(read(&tree), None);
        let tree = tree.with("a.txt", "# no\n-e .\n-r b/b.txt\n--index-url https://x\n");
        assert_eq!(read(&tree), Some(Requirements { foreign: 0, hashed: false }));
        let tree = tree.with("b/b.txt", "flask # web\n-c c.txt\n-r ../a.txt\n");
        assert_eq!(read(&tree), Some(Requirements { foreign: 1, hashed: false }));
        let tree = tree.with("b/c.txt", "flask==1 \\\n  --hash=sha256:00\n");
        assert_eq!(read(&tree), Some(Requirements { foreign: 2, hashed: true }));
    }

    #[test]
    fn names_are_those_of_files() {
        for (word, name) in [
            ("requirements.txt", Some("requirements.txt")),
            ("-rdev.in", Some("dev.in")),
            ("--requirement=a/b.txt", Some("a/b.txt")),
            ("https://example.com/r.txt", None),
            ("flask", None),
            ("--report.txt", None),
        ] {
            assert_eq!(named(word), name, "{word}");
        }
    }
}
