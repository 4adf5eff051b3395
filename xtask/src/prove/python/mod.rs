//! The attacks on Python: real pip and uv install what a server on this machine gives them.
//!
//! The index `acme` is honest. What the attacker has is `evil/`, a file of the same name with other
//! contents; `stolen/`, an index that hands it out; and `public/`, where anybody can register a name.

mod lab;
mod pylock;
mod requirements;
mod uv;

use std::path::Path;

use self::lab::PythonLab;
use super::lab::PWNED;
use crate::python::{Interpreter, Venv};

/// A healthy file and what an attacker makes of it. `{…}` stands for what [`PythonLab`] knows.
pub(super) struct Attack {
    /// What is done, in a few words.
    name: &'static str,
    /// The rule that must name it.
    rule: &'static str,
    /// The lockfile.
    file: &'static str,
    /// Its honest text, from which no tool installs anything of the attacker's.
    healthy: &'static str,
    /// The text that fools.
    armed: &'static str,
    /// The tools that are fooled today.
    fooled: &'static [Fooled],
    /// What the policy says besides where packages may come from.
    policy: &'static str,
}

/// A command that installs the attacker's package.
#[derive(Clone, Copy)]
enum Fooled {
    /// `pip install -r FILE`.
    Pip,
    /// `uv pip install -r FILE`.
    Uv,
    /// `uv sync --locked`.
    Locked,
    /// `uv sync --frozen`.
    Frozen,
}

/// Runs every attack, or those whose name holds `only`; how many were proved and how many failed.
pub(super) fn run(only: Option<&str>, trustlock: &Path) -> Result<(usize, usize), String> {
    let attacks: Vec<&Attack> = [pylock::ATTACKS, requirements::ATTACKS, uv::ATTACKS]
        .into_iter()
        .flatten()
        .filter(|attack| only.is_none_or(|only| attack.name.contains(only)))
        .collect();
    if attacks.is_empty() {
        return Ok((0, 0));
    }
    let tools = Interpreter::default().and_then(|python| Venv::new("prove", &python, &["prove"]));
    let tools = match tools {
        Ok(tools) => tools,
        Err(why) if crate::python::ci() => return Err(format!("pip and uv: {why}")),
        Err(why) => {
            println!("skipped: {} attacks on pip and uv: {why}", attacks.len());
            return Ok((0, 0));
        }
    };
    let failed = attacks
        .iter()
        .filter(|attack| !super::told(attack.rule, attack.name, &prove(attack, &tools, trustlock)))
        .count();
    Ok((attacks.len() - failed, failed))
}

fn prove(attack: &Attack, tools: &Venv, trustlock: &Path) -> Result<(), String> {
    let lab = PythonLab::new(tools, attack.file, attack.policy)?;
    lab.write(attack.file, attack.healthy)?;
    let healthy = lab.check(trustlock);
    if !healthy.accepted {
        return Err(format!("the healthy twin is refused:\n{}", healthy.printed));
    }
    for tool in attack.fooled {
        let (installed, printed) = lab.install(*tool, attack.file);
        if installed.contains(PWNED) {
            let command = tool.command(attack.file);
            return Err(format!("{command:?} is fooled by the healthy twin:\n{printed}"));
        }
    }

    lab.write(attack.file, attack.armed)?;
    let judged = super::judged(&lab.lab, trustlock)?;
    if !judged.printed.contains(&format!("[{}]", attack.rule)) {
        return Err(format!("trustlock does not name it:\n{}", judged.printed));
    }
    for tool in attack.fooled {
        let (installed, printed) = lab.install(*tool, attack.file);
        if !installed.contains(PWNED) {
            let command = tool.command(attack.file);
            return Err(format!("{command:?} no longer accepts it:\n{printed}"));
        }
    }
    Ok(())
}
