//! Python programs that commands run, as far as it matters what they bring in.

use crate::tree::{Kind, Tree, TreePath};

/// A Python program, as `uv run` sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// It runs with what its project locks.
    OfProject,
    /// It names its own requirements (PEP 723), and no lockfile stands beside it.
    Open,
    /// It names none, or a lockfile pins them.
    Closed,
}

impl Program {
    /// Reads the program at `path`; `None` where there is none.
    pub(super) fn read(tree: &dyn Tree, path: &TreePath) -> Option<Self> {
        let text = tree.text(path).ok()?;
        let lock = path.parent()?.child(&format!("{}.lock", path.name()));
        Some(Self::of(&text, tree.kind(&lock) == Some(Kind::File)))
    }

    fn of(text: &str, locked: bool) -> Self {
        let block = text.lines().skip_while(|line| line.trim_end() != "# /// script").skip(1);
        let mut block =
            block.take_while(|line| line.starts_with('#') && line.trim_end() != "# ///").peekable();
        if block.peek().is_none() {
            return Self::OfProject;
        }
        let names_some = block.any(|line| {
            let value = line.trim_start_matches(['#', ' ']).strip_prefix("dependencies");
            value.is_some_and(|value| value.trim_start_matches(['=', ' ']).trim_end() != "[]")
        });
        if names_some && !locked { Self::Open } else { Self::Closed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_asks_for() {
        let block =
            |dependencies: &str| format!("#!/usr/bin/env python\n# /// script\n# {dependencies}\n# ///\n");
        assert_eq!(Program::of("print()\n", false), Program::OfProject);
        assert_eq!(Program::of(&block("dependencies = []"), false), Program::Closed);
        assert_eq!(Program::of(&block("requires-python = '>=3.9'"), false), Program::Closed);
        assert_eq!(Program::of(&block("dependencies = ['rich']"), false), Program::Open);
        assert_eq!(Program::of(&block("dependencies = ["), false), Program::Open);
        assert_eq!(Program::of(&block("dependencies = ['rich']"), true), Program::Closed);
    }
}
