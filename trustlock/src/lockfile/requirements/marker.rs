//! Whether a text is an environment marker (PEP 508). What is none, pip refuses together with its line,
//! and whatever else stands in it: a hash behind a tab, for instance.

/// The variables that markers compare.
const VARIABLES: [&str; 19] = [
    "python_version",
    "python_full_version",
    "os_name",
    "os.name",
    "sys_platform",
    "sys.platform",
    "platform_release",
    "platform_system",
    "platform_version",
    "platform.version",
    "platform_machine",
    "platform.machine",
    "platform_python_implementation",
    "platform.python_implementation",
    "python_implementation",
    "implementation_name",
    "implementation_version",
    "extra",
    "extras",
];

const OPERATORS: [&str; 8] = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

/// Whether `text` is a marker: comparisons joined by `and` and `or`, in any parentheses.
pub(super) fn is_marker(text: &str) -> bool {
    let mut rest = blank(text);
    let mut open = 0_usize;
    loop {
        while let Some(inner) = rest.strip_prefix('(') {
            open += 1;
            rest = blank(inner);
        }
        let Some(after) = operand(rest).map(blank).and_then(operator).map(blank).and_then(operand) else {
            return false;
        };
        rest = blank(after);
        while let Some(outer) = rest.strip_prefix(')') {
            let Some(still) = open.checked_sub(1) else { return false };
            open = still;
            rest = blank(outer);
        }
        if rest.is_empty() {
            return open == 0;
        }
        let Some(next) = word(rest, "and").or_else(|| word(rest, "or")) else { return false };
        rest = blank(next);
    }
}

fn blank(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// What follows a word that ends there.
fn word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(word)?;
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    (!rest.starts_with(goes_on)).then_some(rest)
}

fn operand(text: &str) -> Option<&str> {
    for quote in ['\'', '"'] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).map(|(_, rest)| rest);
        }
    }
    VARIABLES.iter().chain(&["dependency_groups"]).find_map(|name| word(text, name))
}

fn operator(text: &str) -> Option<&str> {
    if let Some(rest) = OPERATORS.iter().find_map(|operator| text.strip_prefix(operator)) {
        return Some(rest);
    }
    if let Some(rest) = word(text, "in") {
        return Some(rest);
    }
    let rest = word(text, "not")?;
    word(blank(rest), "in").filter(|_| rest.starts_with([' ', '\t']))
}
