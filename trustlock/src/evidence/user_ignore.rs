//! The user's own ignore file: `core.excludesFile` of their git configuration, else git's default place.
//! It belongs to the machine's owner, not to the checkout.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::model::Problem;

/// Its text, where there is one.
///
/// # Errors
/// Where it exists and cannot be read.
pub fn read() -> Result<Option<String>, Problem> {
    let Some(path) = path(&|name| std::env::var_os(name)) else { return Ok(None) };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => {
            let shown = path.display().to_string();
            Err(Problem::new(format!("your git ignore file `{shown}` cannot be read: {error}")).path(shown))
        }
    }
}

/// Where it is, by the environment. A configuration that includes other files is read without them:
/// a rule that is missed here means that more is governed.
fn path(environment: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name| environment(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = folder("HOME").or_else(|| folder("USERPROFILE"));
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(home.as_ref()?.join(".config")));
    let config = config.map(|config| config.join("git"));

    // The later one of them wins in git, so the first that says something is asked for here.
    let files = match environment("GIT_CONFIG_GLOBAL") {
        Some(file) => [Some(PathBuf::from(file)), None],
        None => {
            [home.as_ref().map(|home| home.join(".gitconfig")), config.as_ref().map(|c| c.join("config"))]
        }
    };
    let system = environment("GIT_CONFIG_NOSYSTEM").is_none().then(|| PathBuf::from("/etc/gitconfig"));
    let set = files.into_iter().chain([system]).flatten().find_map(|file| {
        let text = fs::read(file).ok()?;
        excludes_file(&String::from_utf8_lossy(&text), home.as_deref())
    });
    set.or_else(|| config.map(|config| config.join("ignore")))
}

/// The last `core.excludesFile` of a git configuration.
fn excludes_file(config: &str, home: Option<&Path>) -> Option<PathBuf> {
    let mut in_core = false;
    let mut found = None;
    for line in config.lines().map(str::trim) {
        let line = match line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((section, rest)) => {
                in_core = section.trim().eq_ignore_ascii_case("core");
                rest.trim()
            }
            None => line,
        };
        if in_core
            && let Some((key, value)) = line.split_once('=')
            && key.trim().eq_ignore_ascii_case("excludesfile")
        {
            let value = value.split([';', '#']).next().unwrap_or_default().trim().trim_matches('"');
            found = match (value.strip_prefix("~/"), home) {
                (Some(rest), Some(home)) => Some(home.join(rest)),
                _ => Some(PathBuf::from(value)),
            };
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(variables: &[(&str, &Path)]) -> Option<PathBuf> {
        path(&|name| match variables.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => Some(value.as_os_str().to_owned()),
            None => (name == "GIT_CONFIG_NOSYSTEM").then(|| "1".into()),
        })
    }

    #[test]
    fn the_file_is_where_git_looks_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path();
        let config = home.join("xdg");
        assert_eq!(at(&[]), None);
        assert_eq!(at(&[("HOME", home)]), Some(home.join(".config/git/ignore")));
        let both = [("HOME", home), ("XDG_CONFIG_HOME", config.as_path())];
        assert_eq!(at(&both), Some(config.join("git/ignore")));

        fs::create_dir_all(config.join("git")).unwrap();
        fs::write(config.join("git/config"), "[core]\n\texcludesFile = /from/xdg\n").unwrap();
        assert_eq!(at(&both), Some("/from/xdg".into()));
        fs::write(home.join(".gitconfig"), "[user]\nname = a\n[Core]\nExcludesfile = \"~/mine\" # all\n")
            .unwrap();
        assert_eq!(at(&both), Some(home.join("mine")));
        fs::write(home.join("other"), "[core] excludesfile = /other\n[x]\nexcludesfile = /no\n").unwrap();
        let other = home.join("other");
        assert_eq!(at(&[("HOME", home), ("GIT_CONFIG_GLOBAL", &other)]), Some("/other".into()));
    }
}
