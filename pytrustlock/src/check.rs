//! Judging a checkout, or a text.

use std::path::PathBuf;

use cargo_trustlock::{Failure, Scope, Session};
use jiff::civil::Date;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use trustlock::{model, policy};

use crate::objects::{Named, Policy, Report, refused};

/// A policy as the caller gives it.
#[derive(FromPyObject)]
pub(crate) enum Given<'py> {
    /// One that was read before.
    Read(PyRef<'py, Policy>),
    /// The one in that file.
    File(PathBuf),
}

/// Year, month and day.
type Day = (i16, i8, i8);

fn date(day: Option<Day>) -> PyResult<Option<Date>> {
    day.map(|(year, month, day)| Date::new(year, month, day))
        .transpose()
        .map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Judges the lockfile at `path`, or everything in that folder, as `trustlock check PATH` does.
#[pyfunction]
#[pyo3(signature = (path, *, policy, overlays, now))]
pub(crate) fn check(
    py: Python<'_>,
    path: PathBuf,
    policy: Option<Given<'_>>,
    overlays: Vec<PathBuf>,
    now: Option<Day>,
) -> PyResult<Report> {
    let mut scope = Scope { overlay: overlays, now: date(now)?, ..Scope::default() };
    let read = match policy {
        Some(Given::Read(policy)) => Some(policy.0.clone()),
        Some(Given::File(file)) => {
            scope.policy = Some(file);
            None
        }
        None => None,
    };
    py.detach(|| judge(path, read, &scope)).map(Report).map_err(|(named, problems)| refused(named, problems))
}

/// What is wrong with the checkout, its own policy included, is in the report; what is wrong with what
/// the caller named is an error.
fn judge(
    path: PathBuf,
    read: Option<policy::Policy>,
    scope: &Scope,
) -> Result<model::Report, (Named, Failure)> {
    let session = Session::open(scope, &[path]).map_err(|problems| (Named::Path, problems))?;
    let policy = match read.map_or_else(|| session.main_policy(scope), Ok) {
        Ok(policy) => policy,
        Err(problems) if scope.policy.is_some() => return Err((Named::Policy, problems)),
        Err(problems) => return Ok(model::Report::failed(problems)),
    };
    let policy = session.under(policy, scope).map_err(|problems| (Named::Policy, problems))?;
    Ok(session.judge(policy).unwrap_or_else(model::Report::failed))
}

/// Judges `text` as the lockfile `name` of a repository that holds nothing else.
#[pyfunction]
#[pyo3(signature = (name, text, *, policy, now))]
pub(crate) fn check_text(
    py: Python<'_>,
    name: &str,
    text: &str,
    policy: Option<PyRef<'_, Policy>>,
    now: Option<Day>,
) -> PyResult<Report> {
    let now = date(now)?;
    let read = policy.map(|policy| policy.0.clone());
    py.detach(|| {
        let policy = read.map_or_else(policy::built_in, Ok).map_err(|problems| (Named::Policy, problems))?;
        cargo_trustlock::check_text(name, text, &policy, now).map_err(|problems| (Named::Path, problems))
    })
    .map(Report)
    .map_err(|(named, problems)| refused(named, problems))
}
