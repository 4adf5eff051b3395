//! The policy in force as TOML, each value with where it comes from: the answer of `trustlock policy`.

use std::fmt::Write;

use super::{AllowList, Policy, Set, Waiver};
use crate::model::{Ecosystem, Origin, Place};

/// The effective policy, as a document that a policy file could hold, with the origin of every value in
/// a comment beside it.
pub fn effective(policy: &Policy) -> String {
    let mut out = Out { text: String::new() };
    let files = policy.files.iter().map(|f| f.path.as_str()).collect::<Vec<_>>();
    out.comment(&format!("the policy in force, from {}", files.join(", ")));
    out.line(&format!("schema = {}", super::keys::SCHEMA), None);
    if let Some(contact) = &policy.contact {
        out.set("contact", contact, |c| quote(c));
    }
    out.set("max-waiver", &policy.max_waiver, |days| quote(&format!("{days}d")));

    out.header("lockfiles");
    let governed = &policy.governed;
    for (key, globs) in
        [("include", &governed.include), ("exclude", &governed.exclude), ("delegate", &governed.delegate)]
    {
        out.list(key, &globs.value, globs.place.as_ref(), |glob| quote(glob.as_str()));
    }
    out.set("required", &governed.required, ToString::to_string);

    out.header("versions");
    out.set("git-reference", &policy.git_reference, |v| quote(v.name()));
    out.list("ban", &policy.bans, None, |ban| {
        table(&[
            ("package", Some(ban.package.as_str())),
            ("source", ban.source.as_ref().map(super::SourcePattern::as_str)),
            ("reason", Some(&ban.reason)),
            ("url", ban.url.as_deref()),
        ])
    });

    out.header("sources");
    for ecosystem in Ecosystem::ALL {
        let lists: Vec<_> = policy.sources.iter().filter(|l| l.ecosystem == ecosystem).collect();
        out.sources(ecosystem, &lists);
    }
    out.list("bind", &policy.binds, None, |bind| {
        table(&[("package", Some(bind.package.as_str())), ("only", Some(bind.only.as_str()))])
    });

    out.header("hashes");
    out.set("algorithms", &policy.algorithms, |all| {
        let names: Vec<_> = all.iter().map(|a| quote(a.name())).collect();
        format!("[{}]", names.join(", "))
    });

    out.header("settings");
    for (index, list) in policy.settings.iter().enumerate() {
        let key = out.and_also(index, "allow", list.place.as_ref());
        out.list(key, &list.value, list.place.as_ref(), |s| {
            table(&[("file", Some(&s.file)), ("key", Some(&s.key)), ("value", Some(&s.value))])
        });
    }
    let templates = &policy.templates;
    out.list("templates", &templates.value, templates.place.as_ref(), |glob| quote(glob.as_str()));

    if policy.min_age.is_some() || policy.unknown_age.is_some() || !policy.age_exempt.is_empty() {
        out.header("freshness");
        if let Some(age) = &policy.min_age {
            out.set("min-age", age, |days| quote(&format!("{days}d")));
        }
        if let Some(level) = &policy.unknown_age {
            out.set("unknown", level, |level| quote(level.name()));
        }
        out.list("exempt", &policy.age_exempt, None, |s| quote(s.as_str()));
    }
    if !policy.sdist.is_empty() {
        out.header("permissions");
        for (index, list) in policy.sdist.iter().enumerate() {
            let key = out.and_also(index, "sdist", list.place.as_ref());
            out.list(key, &list.value, list.place.as_ref(), |s| quote(s.as_str()));
        }
    }

    out.header("rules");
    for (rule, level) in &policy.levels {
        out.set(rule.name, level, |l| quote(l.name()));
    }
    for waiver in &policy.waivers {
        out.waiver(waiver);
    }
    if policy.beyond.is_some() {
        out.text.push('\n');
        out.comment("what `lockfiles` leaves out is judged by what the overlays ask of it");
    }
    for (folder, _) in &policy.nested {
        out.text.push('\n');
        out.comment(&format!("tightened beneath {folder} by {folder}/trustlock.toml"));
    }
    out.text
}

struct Out {
    text: String,
}

impl Out {
    fn comment(&mut self, text: &str) {
        let _ = writeln!(self.text, "# {}", plain(text));
    }

    fn header(&mut self, table: &str) {
        let _ = writeln!(self.text, "\n[{table}]");
    }

    fn line(&mut self, line: &str, place: Option<&Place>) {
        match place {
            Some(place) => {
                let _ = writeln!(self.text, "{line}  # {}", origin(place));
            }
            None => {
                let _ = writeln!(self.text, "{line}");
            }
        }
    }

    fn set<T>(&mut self, key: &str, set: &Set<T>, show: impl Fn(&T) -> String) {
        let line = format!("{key} = {}", show(&set.value));
        let origin = set.place.as_ref().map_or_else(|| super::presets::STRICT.to_owned(), origin);
        let _ = writeln!(self.text, "{line}  # {origin}");
    }

    fn list<T>(&mut self, key: &str, list: &[Set<T>], place: Option<&Place>, show: impl Fn(&T) -> String) {
        if list.is_empty() {
            return self.line(&format!("{key} = []"), place);
        }
        let _ = writeln!(self.text, "{key} = [");
        for item in list {
            self.line(&format!("    {},", show(&item.value)), item.place.as_ref());
        }
        self.text.push_str("]\n");
    }

    /// Lists hold together, which one TOML key cannot say: the further ones are comments.
    fn and_also<'k>(&mut self, index: usize, key: &'k str, place: Option<&Place>) -> &'k str {
        if index > 0 {
            let origin = place.map(origin).unwrap_or_default();
            self.comment(&format!("and each of them must also be allowed here, {origin}:"));
        }
        key
    }

    fn sources(&mut self, ecosystem: Ecosystem, lists: &[&AllowList]) {
        for (index, list) in lists.iter().enumerate() {
            let key = self.and_also(index, ecosystem.name(), list.place.as_ref());
            self.list(key, &list.patterns, list.place.as_ref(), |p| match p.files() {
                [] => quote(p.as_str()),
                files => {
                    let files: Vec<_> = files.iter().map(|f| quote(f.as_str())).collect();
                    format!("{{ index = {}, files = [{}] }}", quote(p.as_str()), files.join(", "))
                }
            });
        }
    }

    fn waiver(&mut self, waiver: &Waiver) {
        self.text.push('\n');
        self.line("[[waivers]]", Some(&waiver.place));
        let setting = waiver.setting.as_ref();
        let max = waiver.max.as_ref().map(|(max, _)| max.to_string());
        for (key, value) in [
            ("rule", Some(quote(waiver.rule.name))),
            ("package", waiver.package.as_ref().map(|p| quote(p.as_str()))),
            ("lockfile", waiver.lockfile.as_ref().map(|g| quote(g.as_str()))),
            ("file", setting.map(|(file, ..)| quote(file))),
            ("key", setting.map(|(_, key, _)| quote(key))),
            ("value", setting.map(|(.., value)| quote(value))),
            ("source", waiver.source.as_ref().map(|s| quote(s.as_str()))),
            ("digest", waiver.digest.as_deref().map(quote)),
            ("reason", Some(quote(&waiver.reason))),
            ("owner", Some(quote(&waiver.owner))),
            ("expires", Some(waiver.expires.to_string())),
            ("max", max),
        ] {
            if let Some(value) = value {
                self.line(&format!("{key} = {value}"), None);
            }
        }
    }
}

/// `trustlock.toml:12`, or `trustlock:strict`.
fn origin(place: &Place) -> String {
    let path = plain(&place.file.path);
    if place.file.origin == Origin::BuiltIn {
        return path;
    }
    let before = place.file.text.get(..place.span.start as usize).unwrap_or_default();
    format!("{path}:{}", before.matches('\n').count() + 1)
}

fn table(entries: &[(&str, Option<&str>)]) -> String {
    let entries: Vec<_> =
        entries.iter().filter_map(|(key, value)| Some(format!("{key} = {}", quote((*value)?)))).collect();
    format!("{{ {} }}", entries.join(", "))
}

/// `text` as a TOML string, with nothing in it that a terminal would obey.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if is_unsafe(c) => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// `text` for a comment.
fn plain(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) || c == '\n' || c == '\t' { '\u{fffd}' } else { c }).collect()
}

/// Control characters, and those that change the direction of what follows.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
