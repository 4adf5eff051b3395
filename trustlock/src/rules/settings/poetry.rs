//! What the settings of Poetry may do.

use super::finding;
use super::python::{elsewhere, obeyed, source};
use crate::evidence::{Tool, Value};
use crate::model::{Declaration, LocalForm, SourceKind};
use crate::rules::{ProjectContext, Sink};

/// Where packages are taken from: the lockfile names a source, and this says where that is.
pub(in crate::rules) fn redirected(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for view in obeyed(context, Tool::Poetry) {
        let ["source", name, "url"] = *view.parts() else { continue };
        let Some(text) = view.string() else { continue };
        let place = source(&view, text, SourceKind::Index, LocalForm::Links);
        sink.extend(elsewhere(context, rule, &view, &place, &format!("the source `{name}` is")));
    }
}

/// Checks that are switched off.
pub(in crate::rules) fn disarmed(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for view in obeyed(context, Tool::Poetry) {
        let ["certificates", name, "cert" | "verify"] = *view.parts() else { continue };
        let (title, label) = match &view.value {
            Value::Bool(true) => continue,
            Value::Bool(false) => (
                format!("`{}` switches off the check of certificates", view.written),
                format!("whoever sits between answers for the source `{name}`"),
            ),
            _ => (
                format!("`{}` brings its own certificates", view.written),
                format!("whoever holds their keys answers for the source `{name}`"),
            ),
        };
        sink.extend(finding(context, rule, &view, title, label));
    }
}
