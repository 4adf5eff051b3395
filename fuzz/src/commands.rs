//! The readers of commands.

use trustlock::evidence::commands::{Source, commands_of};
use trustlock::model::File;
use trustlock::tree::TreePath;

/// One path of each kind; the first byte of an input chooses.
const PATHS: [&str; 11] = [
    ".github/workflows/ci.yml",
    "action.yml",
    ".gitlab-ci.yml",
    "Dockerfile",
    "Makefile",
    "justfile",
    "install.sh",
    "tox.ini",
    "tox.toml",
    "noxfile.py",
    ".pre-commit-config.yaml",
];

/// Any bytes give commands or a problem; every place is a place of the text, and whoever gets the output
/// of a command is one of them.
pub fn commands(bytes: &[u8]) {
    let Some((first, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let path = PATHS.get(usize::from(*first) % PATHS.len()).and_then(|path| TreePath::new(path).ok());
    let Some((path, source)) = path.and_then(|path| Some((path.clone(), Source::of(&path)?))) else { return };
    let file = File::new(path.as_str(), text);
    let Ok(commands) = commands_of(&file, &path, source) else { return };
    for command in &commands {
        for word in &command.words {
            assert!(file.text.get(word.span.range()).is_some(), "{:?}", word.span);
        }
        assert!(command.into.is_none_or(|(index, _)| index < commands.len()), "{:?}", command.into);
    }
}
