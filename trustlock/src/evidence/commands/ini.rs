//! Ini files as Python's `configparser` reads them: keys with values of several lines.

use std::ops::Range;

/// A section.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its keys, in lower case, each with the lines of its value that are not empty.
    pub(super) keys: Vec<(String, Vec<Range<usize>>)>,
}

impl Section<'_> {
    /// The lines of the value of `key`.
    pub(super) fn lines(&self, key: &str) -> &[Range<usize>] {
        self.keys
            .iter()
            .rev()
            .find(|(name, _)| name == key)
            .map(|(_, lines)| lines.as_slice())
            .unwrap_or_default()
    }
}

/// The sections of `text`. A line that is none of what is known is passed over.
pub(super) fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let indented = line.len() - line.trim_start().len();
        let value = |from: usize| {
            let text = line.get(from..).unwrap_or_default();
            let begin = start + from + (text.len() - text.trim_start().len());
            (!text.trim().is_empty()).then(|| begin..begin + text.trim().len())
        };
        if indented > 0 {
            if let Some((_, lines)) = sections.last_mut().and_then(|section| section.keys.last_mut()) {
                lines.extend(value(indented));
            }
        } else if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            sections.push(Section { name: name.0, keys: Vec::new() });
        } else if let (Some(section), Some(separator)) = (sections.last_mut(), line.find(['=', ':'])) {
            let key = line.get(..separator).unwrap_or_default().trim().to_lowercase();
            section.keys.push((key, value(separator + 1).into_iter().collect()));
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_on_over_indented_lines() {
        let text = "[tox]\nenvlist = py\n\n[testenv:a]\n# no\ndeps =\n    one\n    # no\n    two ; x\nCommands: run\n";
        let sections = sections(text);
        let names: Vec<_> = sections.iter().map(|section| section.name).collect();
        assert_eq!(names, ["tox", "testenv:a"]);
        let lines = |key: &str| {
            let ranges = sections.iter().flat_map(|section| section.lines(key).to_vec());
            ranges.filter_map(|range| text.get(range)).collect::<Vec<_>>()
        };
        assert_eq!(lines("deps"), ["one", "two ; x"]);
        assert_eq!(lines("commands"), ["run"]);
    }
}
