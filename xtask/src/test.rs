//! `cargo xtask test`: what a change must pass.

use crate::run::{cargo, step};

pub(crate) fn all() -> Result<(), String> {
    step("format", cargo(&["fmt", "--all", "--check"]))?;
    step("lints", cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    crate::docs::run(true)?;
    step("tests", cargo(&["test", "--workspace", "--all-targets", "--quiet"]))?;
    step("doc tests", cargo(&["test", "--workspace", "--doc", "--quiet"]))?;
    let mut docs = cargo(&["doc", "--workspace", "--no-deps", "--quiet"]);
    // Module docs name private neighbours on purpose: they are a map for whoever reads the source.
    docs.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links");
    step("public documentation", docs)?;
    crate::python::test()
}
