//! What pipenv is told beside the packages: sources of the `Pipfile`, and of `Pipfile.lock`, which pipenv
//! obeys before them.

use std::sync::Arc;

use super::python::{elsewhere, obeyed, source};
use super::{finding, single};
use crate::evidence::{Setting, Tool, Value};
use crate::lockfile::pipfile::NAME;
use crate::model::{Declaration, LocalForm, Lockfile, PackageRef, SourceKind, Span};
use crate::policy::SourceVerdict;
use crate::rules::{ProjectContext, Sink};
use crate::tree::TreePath;

/// Sources that the policy does not allow.
pub(in crate::rules) fn redirected(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for view in obeyed(context, Tool::Pipenv) {
        let ["source", name, "url"] = *view.parts() else { continue };
        let Some(text) = view.string() else { continue };
        let place = source(&view, text, SourceKind::Index, LocalForm::Links);
        sink.extend(elsewhere(context, rule, &view, &place, &format!("the source `{name}` is")));
    }
    for lockfile in lockfiles(context) {
        for index in &lockfile.indexes {
            let Some(source) = lockfile.sources.get(index.source.id as usize) else { continue };
            // Where packages are said to come from here, `unknown-source` says it of them.
            let said = |p: PackageRef<'_>| p.source().is_some_and(|s| s.key() == source.key());
            let unrecorded = |p: PackageRef<'_>| p.source().is_some_and(|s| s.kind == SourceKind::Unrecorded);
            let refused = context.policy.judge_source(crate::model::Ecosystem::Pypi, Some(source));
            let SourceVerdict::Refused { judge, .. } = refused else { continue };
            if lockfile.packages().any(said) || !lockfile.packages().any(unrecorded) {
                continue;
            }
            let setting = setting(lockfile, &["sources", "url"], &source.raw, index.source.place);
            let title = "a source of the lockfile is at a place that the policy does not allow";
            let label = "packages that name no source may come from here";
            sink.extend(finding(context, rule, &single(&setting), title, label).map(|f| f.judge(judge)));
        }
    }
}

/// Checks that are switched off.
pub(in crate::rules) fn disarmed(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    let mut told = Vec::new();
    for lockfile in lockfiles(context) {
        for option in &lockfile.options {
            let (title, label) = match option.name {
                "sources.verify_ssl" => {
                    told.extend(TreePath::new(&lockfile.file.path).ok().and_then(|path| path.parent()));
                    unverified(option.name)
                }
                "pip_args" if !only_configures(&option.value) => (
                    "`pip_args` starts pip with other arguments".to_owned(),
                    "they may take packages from elsewhere, or switch off what pip checks",
                ),
                _ => continue,
            };
            let key: Vec<&str> = option.name.split('.').collect();
            let setting = setting(lockfile, &key, &option.value, option.place);
            sink.extend(finding(context, rule, &single(&setting), title, label));
        }
    }
    for view in obeyed(context, Tool::Pipenv) {
        let off = matches!(view.value, Value::Bool(false) | Value::Integer(0));
        let ["source", _, "verify_ssl"] = *view.parts() else { continue };
        // One cause is one finding, where it is obeyed.
        if off && !view.setting.base.as_ref().is_some_and(|folder| told.contains(folder)) {
            let (title, label) = unverified(&view.written);
            sink.extend(finding(context, rule, &view, title, label));
        }
    }
}

fn unverified(key: &str) -> (String, &'static str) {
    let label = "pip is told to trust the host, and whoever sits between can answer in its name";
    (format!("`{key}` switches off the check of certificates"), label)
}

/// Whether arguments for pip speak to a build back-end alone. A word of its own is a package.
fn only_configures(arguments: &str) -> bool {
    let mut words = arguments.split_whitespace();
    while let Some(word) = words.next() {
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        if !matches!(name, "--config-settings" | "--config-setting" | "-C") {
            return false;
        }
        if value.is_none() && words.next().is_none_or(|value| value.starts_with('-')) {
            return false;
        }
    }
    true
}

fn lockfiles<'a>(context: &ProjectContext<'a>) -> impl Iterator<Item = &'a Lockfile> {
    context.lockfiles.iter().filter(|lockfile| lockfile.format.name == NAME)
}

/// A line of a lockfile in the form of any other setting.
fn setting(lockfile: &Lockfile, key: &[&str], value: &str, span: Span) -> Setting {
    Setting {
        tool: Tool::Pipenv,
        file: Arc::clone(&lockfile.file),
        base: TreePath::new(&lockfile.file.path).ok().and_then(|path| path.parent()),
        key: key.iter().map(|part| (*part).to_owned()).collect(),
        value: Value::Text(value.to_owned()),
        span,
    }
}

#[cfg(test)]
mod tests {
    use super::only_configures;

    #[test]
    fn arguments_that_reach_a_build_back_end_alone() {
        for plain in ["", "--config-settings a=b", "--config-settings=a=b -C c=d"] {
            assert!(only_configures(plain), "{plain}");
        }
        for other in
            ["evil", "--pre", "--config-settings a=b evil", "-C -i", "-C", "--index-url=https://evil.example"]
        {
            assert!(!only_configures(other), "{other}");
        }
    }
}
