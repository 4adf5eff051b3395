//! Traces of a merge that nobody finished.

use std::ops::Range;
use std::sync::Arc;

use crate::model::{File, Problem};

/// Why a file with conflict markers cannot be read; `None` where it holds none.
pub(super) fn problem(file: &Arc<File>) -> Option<Problem> {
    let problem = Problem::new(format!("`{}` holds an unresolved merge conflict", file.path));
    Some(
        problem
            .at(file.at(marker(&file.text)?), "git left this marker")
            .fix("resolve the conflict; let the tool that writes the file write it again"),
    )
}

/// The first line that git left in the file because two branches disagree.
fn marker(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if ["<<<<<<<", "|||||||", ">>>>>>>"].iter().any(|m| bare.starts_with(m)) || bare == "=======" {
            return Some(start..start + bare.len());
        }
        start += line.len();
    }
    None
}
