//! Files that are not part of the checkout: a policy or an overlay named on the command line, and what
//! `extends` pins by digest.

use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::model::{File, Origin, Problem};
use crate::tree::TreePath;

/// How files outside the checkout are read.
#[derive(Clone, Copy, Debug)]
pub struct Outside<'a> {
    /// The checkout, without symbolic links in its path: what lies in it is read through the tree.
    pub root: &'a Path,
    /// The largest file that is read, in bytes.
    pub limit: u64,
}

/// Where a policy file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    Inside(TreePath),
    Outside(PathBuf),
}

impl Outside<'_> {
    /// Where `path`, as typed by the user, is.
    pub(super) fn locate(&self, path: &Path) -> Result<Location, Problem> {
        let shown = path.display();
        let missing =
            |error| Problem::new(format!("`{shown}` cannot be opened: {error}")).path(shown.to_string());
        let absolute = std::path::absolute(path).map_err(missing)?;
        let (Some(folder), Some(name)) = (absolute.parent(), absolute.file_name()) else {
            return Err(Problem::new(format!("`{shown}` is no file")).path(shown.to_string()));
        };
        // Only the folder is resolved: in the checkout the file itself must not be a link.
        let resolved = fs::canonicalize(folder).map_err(missing)?.join(name);
        Ok(self.place(resolved))
    }

    /// Where `text`, as written in a policy in `folder`, is. Its letters alone decide.
    pub(super) fn resolve(&self, folder: &Path, text: &str) -> Location {
        let mut resolved = PathBuf::new();
        for part in folder.join(text).components() {
            match part {
                Component::ParentDir => {
                    resolved.pop();
                }
                Component::CurDir => {}
                part => resolved.push(part),
            }
        }
        self.place(resolved)
    }

    fn place(&self, path: PathBuf) -> Location {
        let inside = path.strip_prefix(self.root).ok().and_then(Path::to_str);
        match inside.map(TreePath::new) {
            Some(Ok(inside)) => Location::Inside(inside),
            _ => Location::Outside(path),
        }
    }

    /// Reads a regular file that is not part of the checkout.
    /// People know it as `shown`.
    pub(super) fn read(&self, path: &Path, shown: &str) -> Result<Arc<File>, Problem> {
        let problem = |what: String| Problem::new(what).path(shown);
        let unreadable = |error| problem(format!("`{shown}` cannot be read: {error}"));
        let real = fs::canonicalize(path).map_err(unreadable)?;
        if real.starts_with(self.root) {
            return Err(problem(format!("`{shown}` leads back into the repository"))
                .fix("the repository could change it; keep it elsewhere"));
        }
        // Opening a pipe would wait for whoever writes to it.
        if !fs::metadata(&real).map_err(unreadable)?.is_file() {
            return Err(problem(format!("`{shown}` is not a regular file")));
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(&real).map_err(unreadable)?;
        file.take(self.limit.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > self.limit {
            return Err(problem(format!("`{shown}` has more than {} bytes, the limit", self.limit)));
        }
        let text = String::from_utf8(bytes).map_err(|_| problem(format!("`{shown}` is not UTF-8")))?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(Arc::new(File { path: shown.to_owned(), text, origin: Origin::Outside }))
    }
}
