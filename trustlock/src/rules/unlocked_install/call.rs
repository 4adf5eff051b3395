//! Which tool a command starts, and what stands behind it.

use crate::evidence::commands::Word;

/// A tool and its arguments.
pub(super) struct Call<'a> {
    /// The tool: `pip`, `uv`, `cargo`, …, whatever path, version or variable it is started by.
    pub(super) tool: String,
    /// The words up to and with the tool.
    pub(super) head: &'a [Word],
    /// Everything behind it.
    pub(super) rest: &'a [Word],
}

impl<'a> Call<'a> {
    /// What a command starts.
    pub(super) fn of(words: &'a [Word]) -> Option<Self> {
        /// Longer than any path of a program.
        const LONGEST: usize = 1024;
        let first = words.first().filter(|word| word.text.len() <= LONGEST)?;
        let tool = tool(first)?;
        let is_python = tool == "python" || tool == "py";
        if is_python || first.varies {
            // `python -I -m pip`, `$PYTHON -m pip`.
            let module = words.iter().take(6).position(|word| word.text == "-m");
            let options = |at: usize| words.get(1..at).is_some_and(|w| w.iter().all(|w| w.text.starts_with('-')));
            if let Some(at) = module.filter(|at| options(*at)) {
                let tool = words.get(at + 1)?.text.clone();
                return Some(Self { tool, head: words.get(..at + 2)?, rest: words.get(at + 2..)? });
            }
        }
        Some(Self { tool, head: words.get(..1)?, rest: words.get(1..)? })
    }

    /// Its arguments behind the subcommands `names`, which may stand behind options; `valued` are those
    /// with a value.
    pub(super) fn behind(&self, names: &[&str], valued: &[&str]) -> Option<(&'a [Word], &'a [Word])> {
        let mut at = 0;
        for name in names {
            while let Some(word) = self.rest.get(at).filter(|word| word.text.starts_with(['-', '+'])) {
                at += if valued.contains(&&*word.text) { 2 } else { 1 };
            }
            if self.rest.get(at)?.text != *name {
                return None;
            }
            at += 1;
        }
        Some((self.rest.get(..at)?, self.rest.get(at..)?))
    }
}

/// The name of the tool that a word starts: without folder, `.exe` and version; of a variable, its name.
fn tool(word: &Word) -> Option<String> {
    let text = word.text.rsplit(['/', '\\']).next()?;
    let text = text.trim_start_matches(['$', '{', '(', ' ']).trim_end_matches(['}', ')', ' ']);
    // `${{ env.CARGO }}`
    let text = if word.varies { text.rsplit('.').next()? } else { text };
    let text = text.to_ascii_lowercase();
    let text = text.strip_suffix(".exe").unwrap_or(&text);
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end_matches('-');
    Some(match bare {
        "pip" | "pip_" => "pip",
        "python" | "pypy" => "python",
        _ => text,
    }
    .to_owned())
}

/// Options and names of a call.
pub(super) struct Arguments<'a> {
    options: Vec<(&'a str, Option<&'a Word>, &'a str)>,
    /// What is no option.
    pub(super) names: Vec<&'a Word>,
}

impl<'a> Arguments<'a> {
    /// Of `words`, where the options in `valued` take a value.
    pub(super) fn new(words: &'a [Word], valued: &[&str]) -> Self {
        Self::read(words, valued, false)
    }

    /// The same up to the first name: what follows belongs to the program of that name.
    pub(super) fn up_to_a_name(words: &'a [Word], valued: &[&str]) -> Self {
        Self::read(words, valued, true)
    }

    fn read(words: &'a [Word], valued: &[&str], stop: bool) -> Self {
        let mut found = Self { options: Vec::new(), names: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.text.as_str();
            if text == "--" {
                found.names.extend(words.by_ref().take(usize::from(stop)));
                break;
            }
            if !text.starts_with('-') || text == "-" {
                found.names.push(word);
                if stop {
                    break;
                }
                continue;
            }
            let attached = valued.iter().find(|known| {
                known.len() == 2 && !text.starts_with("--") && text.len() > 2 && text.starts_with(**known)
            });
            if let Some((name, value)) = text.split_once('=').filter(|_| text.starts_with("--")) {
                found.options.push((name, Some(word), value));
            } else if valued.contains(&text) {
                let value = words.next();
                found.options.push((text, value, value.map_or("", |value| &*value.text)));
            } else if let Some(name) = attached {
                let (name, value) = text.split_at(name.len());
                found.options.push((name, Some(word), value));
            } else {
                found.options.push((text, None, ""));
            }
        }
        found
    }

    /// Whether one of the options `names` is there.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.options.iter().any(|(name, ..)| names.contains(name))
    }

    /// The values of the options `names`: each with whether only a shell would know it.
    pub(super) fn values<'s>(&'s self, names: &'s [&str]) -> impl Iterator<Item = (&'a str, bool)> + 's {
        let named = self.options.iter().filter(|(name, ..)| names.contains(name));
        named.map(|(_, word, value)| (*value, word.is_some_and(|word| word.varies)))
    }
}
