//! What the settings of PDM may do.

use super::python::{elsewhere, obeyed, requirement_source, source};
use super::{View, finding};
use crate::evidence::{Tool, Value};
use crate::model::{Declaration, LocalForm, SourceKind};
use crate::rules::{ProjectContext, Sink};

/// What a setting is about: a source, by the name that people see.
enum Of {
    /// The address of a source.
    Url(String),
    /// Whether its certificate is checked.
    VerifySsl(String),
    /// Whose certificates are trusted.
    CaCerts(String),
}

/// In `pyproject.toml` a source is `source.NAME`, in `pdm.toml` it is `pypi.NAME`, and the default one
/// `pypi`.
fn meaning(view: &View<'_>) -> Option<Of> {
    // PDM joins the parts of a key, so that a quoted `"pypi.url"` is the same.
    let joined = view.key.join(".");
    let parts: Vec<&str> = joined.split('.').collect();
    let (name, key) = match *parts {
        ["source" | "pypi", ref name @ .., key] if !name.is_empty() => {
            (format!("the source `{}`", name.join(".")), key)
        }
        ["pypi", key] => ("the default source".to_owned(), key),
        _ => return None,
    };
    match key {
        "url" => Some(Of::Url(name)),
        "verify_ssl" => Some(Of::VerifySsl(name)),
        "ca_certs" => Some(Of::CaCerts(name)),
        _ => None,
    }
}

/// Where packages are taken from: the lockfile does not say.
pub(in crate::rules) fn redirected(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for view in obeyed(context, Tool::Pdm) {
        let (Some(Of::Url(name)), Some(text)) = (meaning(&view), view.string()) else { continue };
        let place = source(&view, text, SourceKind::Index, LocalForm::Links);
        sink.extend(elsewhere(context, rule, &view, &place, &format!("{name} is")));
    }
}

/// Checks that are switched off.
pub(in crate::rules) fn disarmed(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for view in obeyed(context, Tool::Pdm) {
        let (title, label) = match (meaning(&view), &view.value) {
            (Some(Of::VerifySsl(name)), Value::Bool(false)) => (
                format!("`{}` switches off the check of certificates", view.written),
                format!("whoever sits between answers for {name}"),
            ),
            (Some(Of::CaCerts(name)), _) => (
                format!("`{}` brings its own certificates", view.written),
                format!("whoever holds their keys answers for {name}"),
            ),
            _ => continue,
        };
        sink.extend(finding(context, rule, &view, title, label));
    }
}

/// Packages that come from another place than their source.
pub(in crate::rules) fn replaced(
    context: &ProjectContext<'_>,
    rule: &'static Declaration,
    sink: &mut Sink<'_>,
) {
    for view in obeyed(context, Tool::Pdm) {
        let ["resolution", "overrides", name] = *view.parts() else { continue };
        // Another version is a matter of the lockfile; another place is not.
        let Some(place) = view.string().filter(|text| text.contains("://")) else { continue };
        let source = requirement_source(&view, place);
        sink.extend(elsewhere(context, rule, &view, &source, &format!("`{name}` is replaced by what is")));
    }
}
