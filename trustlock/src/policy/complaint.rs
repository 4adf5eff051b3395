//! What policy texts that are not understood are answered with.

/// Why a text of a policy was not understood, in words for its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, as a sentence without a full stop.
    pub what: String,
    /// What to do.
    pub help: String,
    /// What to write instead, where that is known.
    pub paste: Option<String>,
}

impl Complaint {
    /// A complaint with advice.
    pub fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: help.into(), paste: None }
    }

    /// With the text to write instead.
    #[must_use]
    pub fn paste(mut self, text: impl Into<String>) -> Self {
        self.paste = Some(text.into());
        self
    }
}

/// The candidate that `word` was probably meant to be.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Below this, a suggestion puzzles more than it helps.
    const LIKE: f64 = 0.5;
    /// The comparison is quadratic, and no name of ours comes near this length.
    const LONG: usize = 80;
    if word.len() > LONG {
        return None;
    }
    let folded = word.to_lowercase().replace('_', "-");
    candidates
        .into_iter()
        .map(|c| (strsim::normalized_damerau_levenshtein(&folded, c), c))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, c)| c)
}
