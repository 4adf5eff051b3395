//! What Python holds: a policy, a report, and the exception of a call that was refused.

use std::path::PathBuf;

use cargo_trustlock::{Failure, Scope, Session};
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use trustlock::report::{Format, Style};
use trustlock::{model, policy};

create_exception!(
    _native,
    Refused,
    PyException,
    "What the caller named cannot be used. Its arguments: what it is, `policy` or `path`, and a report \
     that says why."
);

/// What the caller named.
#[derive(Clone, Copy)]
pub(crate) enum Named {
    Policy,
    Path,
}

/// Why it cannot be used.
pub(crate) fn refused(what: Named, problems: Failure) -> PyErr {
    let what = match what {
        Named::Policy => "policy",
        Named::Path => "path",
    };
    Refused::new_err((what, Report(model::Report::failed(problems))))
}

/// A policy that was read and understood.
#[pyclass(frozen, module = "pytrustlock._native")]
pub(crate) struct Policy(pub(crate) policy::Policy);

#[pymethods]
impl Policy {
    /// The policy in that file, as `--policy` reads it in the repository around it.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(|| {
            let session = Session::open(&Scope::default(), std::slice::from_ref(&path))?;
            session.policy(&Scope { policy: Some(path), ..Scope::default() })
        })
        .map(Self)
        .map_err(|problems| refused(Named::Policy, problems))
    }

    /// The policy that `text` would be at the root of a repository.
    #[staticmethod]
    fn from_str(py: Python<'_>, text: &str) -> PyResult<Self> {
        py.detach(|| policy::draft(text)).map(Self).map_err(|problems| refused(Named::Policy, problems))
    }

    /// How people name it.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Every value that holds and where it comes from: what `trustlock policy` prints.
    fn describe(&self) -> String {
        policy::effective(&self.0)
    }
}

/// What a run has to say.
#[pyclass(frozen, module = "pytrustlock._native")]
pub(crate) struct Report(pub(crate) model::Report);

#[pymethods]
impl Report {
    /// 0 clean, 1 findings at `deny`, 2 could not check.
    #[getter]
    fn exit_code(&self) -> u8 {
        self.0.exit_code()
    }

    /// The report in one of the formats of `trustlock check --format`.
    #[pyo3(signature = (format, *, color, verbose, quiet))]
    fn render(
        &self,
        py: Python<'_>,
        format: &str,
        color: bool,
        verbose: bool,
        quiet: bool,
    ) -> PyResult<String> {
        let format = Format::named(format).ok_or_else(|| {
            let names = Format::ALL.map(Format::name).join(", ");
            PyValueError::new_err(format!("there is no format {format:?}; these are: {names}"))
        })?;
        let style = Style { color, verbose, quiet, unicode: true, width: None };
        Ok(py.detach(|| format.render(&self.0, &style)))
    }
}
