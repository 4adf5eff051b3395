//! Paths inside the tree.

use std::fmt;

/// A path relative to the tree's root: `/` between its parts, no `.`, no `..`, not absolute. The root
/// itself is the empty path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TreePath(String);

/// A path that leads out of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escapes;

impl TreePath {
    /// The root.
    pub fn root() -> Self {
        Self::default()
    }

    /// `text` as written in some file of the root directory.
    pub fn new(text: &str) -> Result<Self, Escapes> {
        Self::root().join(text)
    }

    /// `text`, as written in a file of this directory, resolved by its letters alone.
    pub fn join(&self, text: &str) -> Result<Self, Escapes> {
        let absolute = text.starts_with(['/', '\\']) || text.get(1..2) == Some(":");
        if absolute || text.contains('\0') {
            return Err(Escapes);
        }
        let mut parts: Vec<&str> = self.0.split('/').filter(|p| !p.is_empty()).collect();
        for part in text.split(['/', '\\']) {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop().ok_or(Escapes)?;
                }
                part => parts.push(part),
            }
        }
        Ok(Self(parts.join("/")))
    }

    /// `text` as git writes paths: relative to the root, only `/` separates, nothing to resolve.
    pub fn exact(text: &str) -> Result<Self, Escapes> {
        let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\0');
        if text.split('/').all(plain) { Ok(Self(text.to_owned())) } else { Err(Escapes) }
    }

    /// The entry `name` of this directory.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.0.is_empty() { Self(name.to_owned()) } else { Self(format!("{}/{name}", self.0)) }
    }

    /// The directory it stands in; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.0.is_empty() {
            return None;
        }
        Some(Self(self.0.rsplit_once('/').map_or_else(String::new, |(parent, _)| parent.to_owned())))
    }

    /// Its last part; empty for the root.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Its text, empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is `directory` or stands in it, at any depth.
    pub fn is_within(&self, directory: &Self) -> bool {
        directory.is_root()
            || self.0.strip_prefix(&directory.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Itself, its parent, its parent's parent, … up to the root.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self.clone()), Self::parent)
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}
