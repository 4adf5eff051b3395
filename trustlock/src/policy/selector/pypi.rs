//! Versions of Python distributions, compared as PEP 440 orders them. A range has every release
//! between its bounds inside, pre-, post-, development and local ones too: somebody who bans
//! `<=1.82.8` means `1.82.8+cpu` as well. Specifiers of PEP 440 itself leave those out.

use std::str::FromStr;

use pep440_rs::Version;

use crate::policy::Complaint;

/// Long versions could make a check slow; no release has one.
const LONGEST: usize = 256;

/// A version, where `text` is one.
pub(super) fn version(text: &str) -> Option<Version> {
    (text.len() <= LONGEST).then(|| Version::from_str(text).ok())?
}

/// Whether a selector that names `exactly` means `version`: a local part counts only where the selector
/// writes it.
pub(super) fn is_exactly(version: &Version, exactly: &Version) -> bool {
    if exactly.local().is_empty() { version.clone().without_local() == *exactly } else { version == exactly }
}

/// Parts that all hold.
#[derive(Clone, Debug)]
pub(super) struct Range {
    parts: Vec<(Operator, Version)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    Compatible,
    From,
    To,
    Above,
    Below,
}

impl Operator {
    /// The longer ones first, since the shorter begin them.
    const ALL: [(&'static str, Self); 7] = [
        ("==", Self::Equal),
        ("~=", Self::Compatible),
        (">=", Self::From),
        ("<=", Self::To),
        (">", Self::Above),
        ("<", Self::Below),
        ("=", Self::Equal),
    ];
}

impl Range {
    /// Understands `>=1.82.7,<=1.82.8`; a comma is AND.
    pub(super) fn parse(text: &str) -> Result<Self, Complaint> {
        let mut parts = Vec::new();
        for part in text.split(',').map(str::trim) {
            let Some((operator, rest)) =
                Operator::ALL.iter().find_map(|(sign, operator)| Some((*operator, part.strip_prefix(sign)?)))
            else {
                return Err(Complaint::new(
                    format!("`{part}` has no operator"),
                    "each part of a range begins with `>=`, `>`, `<=`, `<`, `==` or `~=`",
                ));
            };
            let written = rest.trim();
            let Some(version) = version(written) else {
                return Err(Complaint::new(
                    format!("`{written}` is no version by PEP 440"),
                    "ranges are written as in a requirement: `>=1.82.7,<=1.82.8`",
                ));
            };
            if operator == Operator::Compatible && version.release().len() < 2 {
                return Err(Complaint::new(
                    format!("`~={written}` means nothing"),
                    "`~=` needs two numbers at least: `~=1.82`",
                ));
            }
            parts.push((operator, version));
        }
        let range = Self { parts };
        if range.is_empty() {
            return Err(Complaint::new(
                format!("no version can be within `{text}`"),
                "a comma means AND; write two entries for two ranges",
            ));
        }
        Ok(range)
    }

    pub(super) fn contains(&self, version: &Version) -> bool {
        let bare = version.clone().without_local();
        self.parts.iter().all(|(operator, bound)| match operator {
            Operator::Equal => is_exactly(version, bound),
            Operator::From => version >= bound,
            Operator::To => version <= bound || bare == *bound,
            Operator::Above => bare > *bound,
            Operator::Below => version < bound,
            Operator::Compatible => {
                let prefix = bound.release().len() - 1;
                version >= bound
                    && version.epoch() == bound.epoch()
                    && (0..prefix).all(|at| {
                        version.release().get(at).copied().unwrap_or_default()
                            == bound.release().get(at).copied().unwrap_or_default()
                    })
            }
        })
    }

    /// Whether no version can be inside: the highest lower bound is past the lowest upper bound.
    fn is_empty(&self) -> bool {
        let bounds = |wanted: &[Operator]| {
            let of = self.parts.iter().filter(|(operator, _)| wanted.contains(operator));
            of.map(|(operator, version)| (version, *operator)).collect::<Vec<_>>()
        };
        let lower = bounds(&[Operator::From, Operator::Above, Operator::Equal, Operator::Compatible]);
        let upper = bounds(&[Operator::To, Operator::Below, Operator::Equal]);
        lower.iter().any(|(low, from)| {
            upper.iter().any(|(high, to)| {
                let open = *from == Operator::Above || *to == Operator::Below;
                low > high || (open && low == high)
            })
        })
    }
}
