//! What pip is told beside the packages: options inside requirements files, and its configuration files.

use std::sync::Arc;

use super::{View, finding};
use crate::evidence::{Setting, Tool, Value};
use crate::lockfile::python_index;
use crate::model::{
    Declaration, Ecosystem, FileOption, Finding, Index, IndexRole, Leads, Level, Lockfile, PackageRef,
    Source, SourceKind, Subject,
};
use crate::policy::{SourcePattern, SourceVerdict, quote};
use crate::rules::{ProjectContext, Sink, shown};
use crate::tree::TreePath;

/// Who obeys a configuration file of a repository.
const OBEYED: &str = "pip obeys this file where `PIP_CONFIG_FILE` names it, or where a build copies it into \
                      place";

/// Indexes that the policy does not allow: of requirements files, and of `pip.conf`.
pub(in crate::rules) fn redirected_source(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for (lockfile, loose) in requirements(context) {
        for index in &lockfile.indexes {
            let Some(source) = lockfile.sources.get(index.source.id as usize) else { continue };
            if leads_on(source, index.role)
                && let Some(option) = option_at(lockfile, index)
            {
                let setting = setting_of(lockfile, option);
                let title =
                    format!("`{}` names pages of the repository, whose links lead anywhere", option.name);
                let label = "pip downloads whatever the page links to, from any host";
                if let Some(finding) = finding(context, rule, &view(&setting), title, label) {
                    sink.push(capped(finding, loose));
                }
            }
            // Where packages are said to come from here, `unknown-source` says it of them.
            let said = |p: PackageRef<'_>| p.source().is_some_and(|s| s.key() == source.key());
            if source.leads_out() || (!loose && lockfile.packages().any(said)) {
                continue;
            }
            if let Some(option) = option_at(lockfile, index) {
                let setting = setting_of(lockfile, option);
                if let Some(finding) =
                    elsewhere(context, rule, &view(&setting), source, "pip takes packages from")
                {
                    sink.push(capped(finding, loose));
                }
            }
        }
    }
    for setting in configuration(context) {
        let Some(key @ ("index-url" | "extra-index-url" | "find-links")) =
            setting.key.get(1).map(String::as_str)
        else {
            continue;
        };
        let values = match &setting.value {
            Value::List(values) => values.clone(),
            value => vec![value.to_string()],
        };
        for value in values {
            let is_url = value.contains("://") && !value.starts_with("file:");
            // A folder is the machine's own, or under review.
            if key == "find-links" && !is_url {
                continue;
            }
            if let Some(finding) = elsewhere(context, rule, &view(setting), &python_index(&value), OBEYED) {
                sink.push(finding.at_most(Level::Warn));
            }
        }
    }
}

/// Checks that are switched off, and lists that nobody reviews.
pub(in crate::rules) fn disarmed_check(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for (lockfile, loose) in requirements(context) {
        for option in &lockfile.options {
            let said = match option.name {
                "--trusted-host" => Some((
                    format!("`--trusted-host` switches off TLS for `{}`", option.value),
                    "whoever sits on the way can answer in the name of that host",
                )),
                "--no-require-hashes" => Some((
                    "`--no-require-hashes` lets in packages without a digest".to_owned(),
                    "without it, one digest in the file makes pip refuse whatever has none",
                )),
                _ => None,
            };
            if let Some((title, label)) = said {
                let setting = setting_of(lockfile, option);
                if let Some(finding) = finding(context, rule, &view(&setting), title, label) {
                    sink.push(capped(finding, loose));
                }
            }
        }
        for include in &lockfile.includes {
            let name = if include.constraints { "--constraint" } else { "--requirement" };
            let said = match &include.leads {
                Leads::Remote => Some((
                    "requirements are fetched from a URL",
                    "what stands there today is not in this repository, and no review sees it change",
                )),
                Leads::Nowhere => Some((
                    "a file of requirements is included that is not in this repository",
                    "what will stand there cannot be judged; pip stops where it is missing",
                )),
                _ => None,
            };
            if let Some((title, label)) = said {
                let option = FileOption { place: include.place, name, value: include.target.clone() };
                let setting = setting_of(lockfile, &option);
                if let Some(finding) = finding(context, rule, &view(&setting), title, label) {
                    sink.push(capped(finding, loose));
                }
            }
        }
    }
    for setting in configuration(context) {
        if setting.key.get(1).is_some_and(|key| key == "trusted-host") {
            let title = "`trusted-host` switches off TLS for a host".to_owned();
            if let Some(finding) = finding(context, rule, &view(setting), title, OBEYED) {
                sink.push(finding.at_most(Level::Warn));
            }
        }
    }
}

/// A URL, judged by `[sources]` alone.
fn elsewhere(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    view: &View<'_>,
    source: &Source,
    label: &str,
) -> Option<Finding> {
    let SourceVerdict::Refused { judge, .. } = context.policy.judge_source(Ecosystem::Pypi, Some(source))
    else {
        return None;
    };
    let file = &view.setting.file.path;
    let place = shown(source);
    let mut subject = Subject::setting(file, &view.written, &view.text);
    subject.source = Some(Arc::new(source.clone()));
    let title = format!("`{}` names `{place}`, which the policy does not allow", view.written);
    let label = if label == OBEYED { label.to_owned() } else { format!("{label} there as well") };
    let found = Finding::new(rule, subject, view.setting.place(), title).label(label).judge(judge);
    let found = found.fix(format!("remove it from `{file}`"));
    let pattern = SourcePattern::parse(&place).ok().filter(|pattern| pattern.matches(Some(source)));
    Some(match pattern {
        Some(_) => found.paste(
            "or, if that is where your packages come from, list it in `trustlock.toml`",
            format!("[sources]\npypi = [\"pypi\", \"path\", {}]", quote(&place)),
        ),
        None => found,
    })
}

/// Whether it is a page, or pages, in the repository: a folder of archives holds what is installed, a page
/// only says where that is.
fn leads_on(source: &Source, role: IndexRole) -> bool {
    let SourceKind::Local { inside: Some(path), .. } = &source.kind else { return false };
    role != IndexRole::Links || super::python::is_page(path)
}

/// Requirements files, and whether they are lists that pin nothing.
fn requirements<'a>(context: &ProjectContext<'a>) -> impl Iterator<Item = (&'a Lockfile, bool)> {
    let all = context.lockfiles.iter().map(|l| (l, false)).chain(context.loose.iter().map(|l| (l, true)));
    all.filter(|(l, _)| l.format.name == crate::lockfile::requirements::READER.name)
}

/// Nothing is locked where nothing is pinned, so what such a list tells pip is shown and fails nothing.
fn capped(finding: Finding, loose: bool) -> Finding {
    if loose { finding.at_most(Level::Warn) } else { finding }
}

fn configuration<'a>(context: &ProjectContext<'a>) -> impl Iterator<Item = &'a Setting> {
    context.evidence.settings.settings.iter().filter(|setting| setting.tool == Tool::Pip)
}

fn option_at<'a>(lockfile: &'a Lockfile, index: &Index) -> Option<&'a FileOption> {
    lockfile.options.iter().find(|option| option.place == index.source.place)
}

/// An option of a requirements file in the form of any other setting.
fn setting_of(lockfile: &Lockfile, option: &FileOption) -> Setting {
    Setting {
        tool: Tool::Pip,
        file: Arc::clone(&lockfile.file),
        base: TreePath::new(&lockfile.file.path).ok().and_then(|path| path.parent()),
        key: vec![option.name.to_owned()],
        value: Value::Text(option.value.clone()),
        span: option.place,
    }
}

fn view(setting: &Setting) -> View<'_> {
    View {
        key: setting.key.clone(),
        value: setting.value.clone(),
        setting,
        written: setting.dotted(),
        text: setting.value.to_string(),
    }
}
