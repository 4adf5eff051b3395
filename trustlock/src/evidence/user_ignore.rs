//! The user's own ignore file: `core.excludesFile` of their git configuration, else git's default place.
//! It belongs to the machine's owner, not to the checkout.

use std::fs;
use std::io::ErrorKind;

use crate::model::Problem;

/// Its text, where there is one.
///
/// # Errors
/// Where it exists and cannot be read.
pub fn read() -> Result<Option<String>, Problem> {
    let Some(path) = ignore::gitignore::gitconfig_excludes_path() else { return Ok(None) };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => {
            let shown = path.display().to_string();
            Err(Problem::new(format!("your git ignore file `{shown}` cannot be read: {error}")).path(shown))
        }
    }
}
