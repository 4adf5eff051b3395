//! The extension module beneath the Python package `pytrustlock`: the command line, and a check that
//! returns a report. It knows no rule and no format; what Python sees of a report is made by
//! `trustlock::report`, as for the command line.
//!
//! Other Python threads run while a function works.

#![forbid(unsafe_code)]

mod check;
mod objects;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    use std::ffi::OsString;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use pyo3::prelude::*;

    #[pymodule_export]
    use super::check::{check, check_text};
    #[pymodule_export]
    use super::objects::{Policy, Refused, Report};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's habit")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    /// Runs the command line; its exit code.
    #[pyfunction]
    fn run(py: Python<'_>, program: &str, args: Vec<OsString>) -> u8 {
        // A panic has said what it is on standard error; where nobody caught it, Python would end with
        // the exit code of findings.
        py.detach(|| catch_unwind(AssertUnwindSafe(|| cargo_trustlock::run(program, args))).unwrap_or(2))
    }
}
