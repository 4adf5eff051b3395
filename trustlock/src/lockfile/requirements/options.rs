//! Options of a requirements file, as pip's parser (Python's `optparse`) takes them: abbreviated to any
//! unique beginning, with values attached or apart, under every alias.

use super::words::Word;

/// An option of pip 26.3.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spec {
    /// The long name that people know.
    pub(super) name: &'static str,
    aliases: &'static [&'static str],
    short: Option<char>,
    value: bool,
}

const fn spec(name: &'static str, short: Option<char>, value: bool) -> Spec {
    Spec { name, aliases: &[], short, value }
}

static SPECS: &[Spec] = &[
    Spec { name: INDEX, aliases: &["--pypi-url"], short: Some('i'), value: true },
    spec(EXTRA_INDEX, None, true),
    spec(NO_INDEX, None, false),
    spec(CONSTRAINT, Some('c'), true),
    spec(REQUIREMENT, Some('r'), true),
    spec(EDITABLE, Some('e'), true),
    spec(FIND_LINKS, Some('f'), true),
    spec("--no-binary", None, true),
    spec("--only-binary", None, true),
    spec("--prefer-binary", None, false),
    spec("--require-hashes", None, false),
    spec("--no-require-hashes", None, false),
    spec("--pre", None, false),
    spec("--all-releases", None, true),
    spec("--only-final", None, true),
    spec("--trusted-host", None, true),
    spec("--use-feature", None, true),
    spec(HASH, None, true),
    spec(CONFIG_SETTINGS, Some('C'), true),
];

pub(super) const INDEX: &str = "--index-url";
pub(super) const EXTRA_INDEX: &str = "--extra-index-url";
pub(super) const NO_INDEX: &str = "--no-index";
pub(super) const CONSTRAINT: &str = "--constraint";
pub(super) const REQUIREMENT: &str = "--requirement";
pub(super) const EDITABLE: &str = "--editable";
pub(super) const FIND_LINKS: &str = "--find-links";
pub(super) const HASH: &str = "--hash";
pub(super) const CONFIG_SETTINGS: &str = "--config-settings";

/// An option as it stands in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given<'a> {
    pub(super) name: &'static str,
    /// The word that names it; its value too, where that is attached.
    pub(super) word: Word<'a>,
    pub(super) value: Option<Word<'a>>,
    /// Spelled otherwise than any document spells it.
    pub(super) abbreviated: bool,
}

/// The options of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options<'a> {
    pub(super) given: Vec<Given<'a>>,
    /// Words that are no option and belong to none: pip passes over them.
    pub(super) ignored: Vec<Word<'a>>,
}

/// Why pip refuses a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused<'a> {
    pub(super) word: Word<'a>,
    pub(super) why: &'static str,
}

/// Takes the words of a line for options.
pub(super) fn parse(words: Vec<Word<'_>>) -> Result<Options<'_>, Refused<'_>> {
    let mut options = Options::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if word.text == "--" {
            options.ignored.extend(words);
            break;
        } else if word.text.starts_with("--") {
            options.given.push(long(word, &mut words)?);
        } else if word.text.len() > 1 && word.text.starts_with('-') {
            options.given.push(short(word, &mut words)?);
        } else {
            options.ignored.push(word);
        }
    }
    Ok(options)
}

const UNKNOWN: &str = "pip has no such option";
const NO_VALUE: &str = "this option takes a value, and none follows";

fn long<'a>(word: Word<'a>, rest: &mut impl Iterator<Item = Word<'a>>) -> Result<Given<'a>, Refused<'a>> {
    let split = word.text.find('=');
    let name = word.text.get(..split.unwrap_or(word.text.len())).unwrap_or_default();
    let spec = match meant(name) {
        Ok(found) => found,
        Err(why) => return Err(Refused { word, why }),
    };
    let abbreviated = name != spec.name;
    let attached = split.map(|at| word.after(at + 1));
    let value = match (spec.value, attached) {
        (true, None) => match rest.next() {
            None => return Err(Refused { word, why: NO_VALUE }),
            apart => apart,
        },
        (false, Some(_)) => return Err(Refused { word, why: "this option takes no value" }),
        (_, attached) => attached,
    };
    Ok(Given { name: spec.name, word, value, abbreviated })
}

/// The option of that name, or the only one whose name begins so.
fn meant(name: &str) -> Result<&'static Spec, &'static str> {
    let names = || SPECS.iter().flat_map(|s| s.aliases.iter().chain([&s.name]).map(move |n| (s, *n)));
    if let Some((spec, _)) = names().find(|(_, n)| *n == name) {
        return Ok(spec);
    }
    let mut near = names().filter(|(_, n)| n.starts_with(name));
    match (near.next(), near.next()) {
        (Some((spec, _)), None) => Ok(spec),
        (Some(_), Some(_)) => Err("several options begin like this"),
        (None, _) => Err(UNKNOWN),
    }
}

/// Every short option takes a value, so what stands attached is one.
fn short<'a>(word: Word<'a>, rest: &mut impl Iterator<Item = Word<'a>>) -> Result<Given<'a>, Refused<'a>> {
    let letter = word.text.chars().nth(1);
    let Some(spec) = SPECS.iter().find(|s| s.short.is_some() && s.short == letter) else {
        return Err(Refused { word, why: UNKNOWN });
    };
    let value = if word.text.len() > 2 { Some(word.after(2)) } else { rest.next() };
    if value.is_none() {
        return Err(Refused { word, why: NO_VALUE });
    }
    Ok(Given { name: spec.name, word, value, abbreviated: false })
}
