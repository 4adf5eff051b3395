//! The Python face in `cargo xtask test`: one wheel, checked by pinned tools, tried under every Python
//! that is supported and found.

mod interpreter;
mod venv;

use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) use self::interpreter::Interpreter;
pub(crate) use self::venv::Venv;
use crate::run::{cargo, step};

/// The package's folder.
pub(crate) fn package() -> PathBuf {
    crate::root().join("pytrustlock")
}

/// The environment of the pinned tools, under the default Python.
pub(crate) fn tools() -> Result<Venv, String> {
    let python = Interpreter::default().map_err(|why| format!("python3: {why}"))?;
    Venv::new("dev", &python, &["dev"])
}

/// Whether this run is one of CI, where nothing may be skipped.
pub(crate) fn ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}

pub(crate) fn test() -> Result<(), String> {
    let ci = ci();
    let default = match Interpreter::default() {
        Ok(default) => default,
        Err(why) if ci => return Err(format!("python3: {why}")),
        Err(why) => {
            println!("\nskipped: the Python face: {why}");
            return Ok(());
        }
    };
    println!("\n== Python {default}: tools");
    let tools = tools()?;
    let wheel = wheel(&tools, "dev", &crate::root().join("target/python/wheel"))?;
    tools.install(&wheel)?;
    let package = package();
    let run = |what: &str, module: &[&str]| step(what, in_folder(tools.python(module), &package));
    run("Python: lints", &["ruff", "check", "--quiet"])?;
    run("Python: format", &["ruff", "format", "--check", "--quiet"])?;
    run("Python: types", &["mypy"])?;
    let stubs = ["mypy.stubtest", "pytrustlock._native", "--mypy-config-file", "pyproject.toml"];
    run("Python: stubs", &stubs)?;

    step("the other face", cargo(&["build", "--quiet", "--package", "cargo-trustlock"]))?;
    let mut tests = in_folder(tools.python(&["pytest", "--quiet"]), &package);
    tests.env("TRUSTLOCK_WHEELS", wheel.parent().unwrap_or(&wheel));
    step("Python: tests", tests)?;
    let mut both = cargo(&["test", "--quiet", "--package", "cargo-trustlock", "--test", "*"]);
    // What users see is tested through the Python command as well.
    both.env("TRUSTLOCK_FACE", tools.program("pytrustlock"));
    step("tests of the command line, through Python", both)?;

    for other in Interpreter::others(&default) {
        let (version, found) = other;
        match found {
            Ok(python) => under(&python, &wheel)?,
            Err(why) => println!("\nskipped: Python 3.{version}: {why}"),
        }
    }
    Ok(())
}

/// The tests of the package under another Python.
fn under(python: &Interpreter, wheel: &Path) -> Result<(), String> {
    println!("\n== Python {python}");
    let venv = Venv::new(&python.name(), python, &["test"])?;
    venv.install(wheel)?;
    let tests = venv.python(&["pytest", "--quiet", "--ignore", "tests/integrations"]);
    step(&format!("Python {python}: tests"), in_folder(tests, &package()))
}

fn in_folder(mut command: Command, folder: &Path) -> Command {
    command.current_dir(folder);
    command
}

/// Builds the wheel into `folder`, which holds nothing else afterwards.
pub(crate) fn wheel(tools: &Venv, profile: &str, folder: &Path) -> Result<PathBuf, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(failed)?;
    }
    let mut maturin = tools.python(&["maturin", "build", "--quiet", "--locked", "--profile", profile]);
    maturin.arg("--interpreter").arg(tools.interpreter()).arg("--out").arg(folder).current_dir(package());
    step("wheel", maturin)?;
    let found = std::fs::read_dir(folder).map_err(failed)?.flatten().map(|entry| entry.path());
    found
        .into_iter()
        .find(|path| path.extension().is_some_and(|e| e == "whl"))
        .ok_or("no wheel was built".to_owned())
}
