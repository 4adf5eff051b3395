//! One line of an ignore file, matched as git's `wildmatch` does.
//!
//! Nothing is compiled beyond a list of steps: most runs ask a handful of paths, and building regular
//! expressions for them would cost more than all the rest of a check.

/// A pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    /// The line in its file.
    pub(super) line: usize,
    /// As written.
    pub(super) text: String,
    /// `!pattern`: not ignored after all.
    pub(super) negated: bool,
    /// `pattern/`: directories only.
    directories: bool,
    /// Without a slash in it, the pattern speaks of names at any depth.
    anywhere: bool,
    steps: Vec<Step>,
}

#[derive(Debug, PartialEq)]
enum Step {
    Byte(u8),
    /// `?`
    Any,
    /// `[…]`
    Class {
        negated: bool,
        ranges: Vec<(u8, u8)>,
    },
    /// `*`: anything within one name.
    Star,
    /// `**/`: no folder, or any number of them.
    Folders,
    /// `**` at the end: anything.
    Everything,
}

impl Pattern {
    /// Reads a line; `None` for an empty one, for a comment, and for what can match nothing.
    pub(super) fn parse(line: usize, text: &str) -> Option<Self> {
        let text = without_trailing_spaces(text.strip_suffix('\r').unwrap_or(text));
        if text.starts_with('#') {
            return None;
        }
        let (negated, rest) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let (directories, rest) = rest.strip_suffix('/').map_or((false, rest), |rest| (true, rest));
        if rest.is_empty() {
            return None;
        }
        let anywhere = !rest.contains('/');
        let steps = steps(rest.strip_prefix('/').unwrap_or(rest).as_bytes())?;
        Some(Self { line, text: text.to_owned(), negated, directories, anywhere, steps })
    }

    /// Whether it speaks of `path`, which is relative to the folder of its file and ends in `name`.
    pub(super) fn matches(&self, path: &str, name: &str, is_directory: bool) -> bool {
        let asked = is_directory || !self.directories;
        asked && follow(&self.steps, if self.anywhere { name } else { path }.as_bytes())
    }
}

/// Git drops spaces at the end that no backslash protects.
fn without_trailing_spaces(text: &str) -> &str {
    let bare = text.trim_end_matches(' ');
    let backslashes = bare.len() - bare.trim_end_matches('\\').len();
    let protected = usize::from(backslashes % 2 == 1 && bare.len() < text.len());
    text.get(..bare.len() + protected).unwrap_or(text)
}

fn steps(pattern: &[u8]) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = pattern;
    let mut at_start = true;
    // Git compares what stands before the first special character by itself and takes what follows for
    // a pattern of its own: in `a**/b` the stars stand at a start, in `a?**/b` they do not.
    let special = |byte: &u8| matches!(byte, b'*' | b'?' | b'[' | b'\\');
    let prefix = pattern.len() - pattern.iter().position(special).unwrap_or_default();
    while let Some((&byte, after)) = rest.split_first() {
        at_start |= rest.len() == prefix;
        rest = after;
        let step = match byte {
            b'*' => {
                let stars = 1 + rest.iter().take_while(|b| **b == b'*').count();
                rest = rest.get(stars - 1..)?;
                match rest {
                    [] if stars > 1 && at_start => Step::Everything,
                    [b'/', after @ ..] if stars > 1 && at_start => {
                        rest = after;
                        Step::Folders
                    }
                    _ => Step::Star,
                }
            }
            b'?' => Step::Any,
            b'[' => class(&mut rest)?,
            b'\\' => {
                let (&escaped, after) = rest.split_first()?;
                rest = after;
                Step::Byte(escaped)
            }
            byte => Step::Byte(byte),
        };
        at_start = step == Step::Byte(b'/') || step == Step::Folders;
        if step != Step::Star || steps.last() != Some(&Step::Star) {
            steps.push(step);
        }
    }
    Some(steps)
}

/// Reads what follows `[`, up to and with its `]`.
fn class(rest: &mut &[u8]) -> Option<Step> {
    let mut next = || {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        Some((byte, after))
    };
    let (mut byte, mut after) = next()?;
    let negated = matches!(byte, b'!' | b'^');
    if negated {
        (byte, after) = next()?;
    }
    let mut ranges = Vec::new();
    loop {
        if byte == b'['
            && let Some((name, length)) = class_name(after)
        {
            ranges.extend_from_slice(named_class(name)?);
            for _ in 0..length {
                next()?;
            }
        } else {
            if byte == b'\\' {
                (byte, after) = next()?;
            }
            ranges.push((byte, byte));
            if let [b'-', upper, ..] = after
                && *upper != b']'
            {
                let low = byte;
                next()?;
                (byte, _) = next()?;
                if byte == b'\\' {
                    (byte, _) = next()?;
                }
                ranges.push((low, byte));
            }
        }
        (byte, after) = next()?;
        if byte == b']' {
            return Some(Step::Class { negated, ranges });
        }
    }
}

/// The name in what stands after the `[` of `[:name:]`, and how long all that is.
fn class_name(after: &[u8]) -> Option<(&[u8], usize)> {
    let rest = after.strip_prefix(b":")?;
    let end = rest.iter().position(|byte| *byte == b']')?;
    Some((rest.get(..end)?.strip_suffix(b":")?, end + 2))
}

/// The classes of POSIX, in ASCII.
fn named_class(name: &[u8]) -> Option<&'static [(u8, u8)]> {
    Some(match name {
        b"alnum" => &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')],
        b"alpha" => &[(b'A', b'Z'), (b'a', b'z')],
        b"blank" => &[(b' ', b' '), (b'\t', b'\t')],
        b"cntrl" => &[(0, 31), (127, 127)],
        b"digit" => &[(b'0', b'9')],
        b"graph" => &[(b'!', b'~')],
        b"lower" => &[(b'a', b'z')],
        b"print" => &[(b' ', b'~')],
        b"punct" => &[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')],
        b"space" => &[(b'\t', b'\r'), (b' ', b' ')],
        b"upper" => &[(b'A', b'Z')],
        b"xdigit" => &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')],
        _ => return None,
    })
}

/// Whether `steps` lead through all of `text`. On a dead end the last `*` takes one more byte; where
/// it may not, the last `**/` takes one more folder. Earlier choices need no second thought: from
/// where they first led, the later ones reach everything that they could reach from further on.
fn follow(steps: &[Step], text: &[u8]) -> bool {
    let (mut step, mut at) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    let mut folders: Option<(usize, usize)> = None;
    loop {
        let byte = text.get(at).copied();
        let fits = match (steps.get(step), byte) {
            (None, None) | (Some(Step::Everything), _) => return true,
            (Some(Step::Star), _) => {
                step += 1;
                star = Some((step, at));
                continue;
            }
            (Some(Step::Folders), _) => {
                step += 1;
                folders = Some((step, at));
                star = None;
                continue;
            }
            (None, _) | (_, None) => false,
            (Some(Step::Byte(wanted)), Some(byte)) => *wanted == byte,
            (Some(Step::Any), Some(byte)) => byte != b'/',
            (Some(Step::Class { negated, ranges }), Some(byte)) => {
                byte != b'/' && ranges.iter().any(|(low, high)| (*low..=*high).contains(&byte)) != *negated
            }
        };
        if fits {
            (step, at) = (step + 1, at + 1);
        } else if let Some((after, from)) = star
            && text.get(from).is_some_and(|b| *b != b'/')
        {
            star = Some((after, from + 1));
            (step, at) = (after, from + 1);
        } else if let Some((after, from)) = folders
            && let Some(slash) = text.get(from..).and_then(|rest| rest.iter().position(|b| *b == b'/'))
        {
            folders = Some((after, from + slash + 1));
            star = None;
            (step, at) = (after, from + slash + 1);
        } else {
            return false;
        }
    }
}
