//! `[[waivers]]`.

use toml::de::DeValue;

use super::{Reader, Table};
use crate::model::{Algorithm, Declaration, Family, Place, Problem, WaiverNames};
use crate::policy::{Complaint, Glob, Selector, SourcePattern, Waiver};
use crate::rules;

impl Reader<'_> {
    pub(super) fn waiver(&mut self, entry: Table<'_>, place: Place) -> Option<Waiver> {
        let rule = self.rule(entry);
        let package = self.parsed(entry, "package", Selector::parse);
        let lockfile = self.parsed(entry, "lockfile", Glob::parse);
        let source = self.parsed(entry, "source", SourcePattern::parse);
        let digest = self.parsed(entry, "digest", parse_digest);
        let expires = self.date(entry);
        if let Some(rule) = rule {
            self.names_enough(rule, entry, &place);
        }
        if package.as_ref().is_some_and(Selector::is_everything) {
            self.refuse(&place, "a waiver cannot speak of every package", "name the packages", || {
                "`cargo:serde`, `cargo:acme-*`; `[rules]` sets the level of a whole rule".to_owned()
            });
        }
        let (expires, expires_place) = expires?;
        Some(Waiver {
            rule: rule?,
            package,
            lockfile,
            setting: setting(entry),
            source,
            digest,
            reason: entry.words("reason")?,
            owner: entry.words("owner")?,
            expires,
            expires_place,
            max: entry.number("max").map(|(max, place)| (max as usize, place)),
            place,
        })
    }

    fn rule(&mut self, entry: Table<'_>) -> Option<&'static Declaration> {
        let (name, place) = entry.text("rule")?;
        let Some(rule) = rules::named(name) else {
            if !name.is_empty() {
                self.checker.unknown_rule(name, place);
            }
            return None;
        };
        let rule = rule.declaration;
        if rule.waiver == WaiverNames::Never {
            let why = match rule.family {
                Family::Policy => "it speaks of the policy itself",
                _ => "what it finds is never an exception",
            };
            self.refuse(&place, &format!("`{}` cannot be waived", rule.name), why, || rule.fix.to_owned());
        }
        Some(rule)
    }

    /// A waiver excuses one thing and nothing else, so it must say which.
    fn names_enough(&mut self, rule: &Declaration, entry: Table<'_>, place: &Place) {
        let has = |key| entry.get(key).is_some();
        let setting = ["file", "key", "value"].into_iter().filter(|key| has(key)).count();
        let baseline = has("max");
        if setting != 0 && setting != 3 {
            self.refuse(place, "`file`, `key` and `value` belong together", "one of them is missing", || {
                "name all three, so that the same key with another value is not excused: `file = \
                 \".cargo/config.toml\"`, `key = \"build.rustc-wrapper\"`, `value = \"tools/wrap.sh\"`"
                    .to_owned()
            });
        } else if !(has("package") || has("lockfile") || setting == 3) {
            self.refuse(place, "this waiver does not say what it speaks of", "add what it lifts", || {
                "`package = \"cargo:…\"`, `lockfile = \"…\"`, or `file`, `key` and `value` of a setting"
                    .to_owned()
            });
        }
        if baseline && !has("lockfile") {
            self.refuse(
                place,
                "`max` needs a `lockfile`",
                "a baseline counts the findings of a lockfile",
                || "add `lockfile = \"Cargo.lock\"`".to_owned(),
            );
        }
        let lockfile = entry.text("lockfile").map(|(text, place)| (Glob::parse(text), place));
        if let Some((Ok(glob), place)) = lockfile.filter(|_| baseline)
            && glob.literal().is_none()
        {
            self.refuse(
                &place,
                "a baseline is of one lockfile, and this glob may name several",
                "name one lockfile",
                || "write one waiver for each, as `trustlock init --baseline` does".to_owned(),
            );
        }
        if rule.waiver == WaiverNames::Source && !has("source") && !baseline {
            self.refuse(
                place,
                &format!("a waiver of `{}` names the source", rule.name),
                "add `source`",
                || {
                    "the source as the lockfile names it: `source = \"git+https://github.com/acme/lib\"`"
                        .to_owned()
                },
            );
        }
        if rule.waiver == WaiverNames::Digest && !has("digest") && !baseline {
            self.refuse(
                place,
                &format!("a waiver of `{}` names the digest", rule.name),
                "add `digest`",
                || "the digest that is excused: `digest = \"sha256:…\"`".to_owned(),
            );
        }
    }

    fn refuse(&mut self, place: &Place, title: &str, label: &str, fix: impl Fn() -> String) {
        self.checker.problems.push(Problem::new(title).at(place.clone(), label).fix(fix()));
    }

    fn date(&mut self, entry: Table<'_>) -> Option<(jiff::civil::Date, Place)> {
        let value = entry.get("expires")?;
        let place = entry.file.at(value.span());
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return None,
        };
        // Only a day on its own: jiff would also take the day out of a longer text.
        let date = if text.len() == 10 { text.parse().ok() } else { None };
        let date =
            date.ok_or_else(|| Complaint::new(format!("`{text}` is no day"), "write it as `2027-01-31`"));
        Some((self.understand(date, &place)?, place))
    }
}

fn setting(entry: Table<'_>) -> Option<(String, String, String)> {
    Some((entry.words("file")?, entry.words("key")?, entry.words("value")?))
}

fn parse_digest(text: &str) -> Result<String, Complaint> {
    let complaint = || {
        Complaint::new(
            "this is no digest",
            "an algorithm and hex digits, as in the finding: `sha256:` and 64 digits",
        )
    };
    let (algorithm, hex) = text.split_once(':').ok_or_else(complaint)?;
    let algorithm = Algorithm::named(algorithm).ok_or_else(complaint)?;
    if !algorithm.has_length(hex.len()) || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(complaint());
    }
    Ok(text.to_ascii_lowercase())
}
