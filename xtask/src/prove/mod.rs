//! `cargo xtask prove`: each attack is run against the real tool, which must still accept it, and
//! against trustlock, which must name it. An attack that the tool has stopped accepting fails: the
//! rule's page says something that is no longer true.

mod attacks;
mod git;
mod lab;
mod python;
mod settings;

use std::path::Path;

use self::lab::{Lab, Outcome, PWNED};
use crate::run::{cargo, step};

/// An attack on a healthy project.
pub(crate) struct Attack {
    /// What is done, in a few words.
    pub(crate) name: &'static str,
    /// The rule that must name it.
    pub(crate) rule: &'static str,
    /// Arms the healthy project.
    pub(crate) arm: fn(&Lab) -> Result<(), String>,
    /// What the user runs.
    pub(crate) cargo: &'static [&'static str],
    /// What shows that the tool was fooled.
    pub(crate) proof: Proof,
    /// The policy of the project; empty for none.
    pub(crate) policy: &'static str,
}

/// What shows that the tool was fooled.
#[derive(Clone, Copy)]
pub(crate) enum Proof {
    /// It ends with success.
    Accepts,
    /// The attacker's code ran: in the program that was built, or in place of a tool.
    Runs,
}

/// Runs every attack, or those whose name holds `only`.
pub(crate) fn run(only: Option<&str>) -> Result<(), String> {
    step("build", cargo(&["build", "--quiet", "--package", "cargo-trustlock"]))?;
    let trustlock = crate::root().join("target/debug/trustlock");
    let tables = [attacks::ATTACKS, git::ATTACKS, settings::ATTACKS];
    let (mut passed, mut failed) = python::run(only, &trustlock)?;
    for attack in tables.into_iter().flatten().filter(|a| only.is_none_or(|only| a.name.contains(only))) {
        if told(attack.rule, attack.name, &prove(attack, &trustlock)) {
            passed += 1;
        } else {
            failed += 1;
        }
    }
    println!("{passed} proved, {failed} failed");
    if failed == 0 { Ok(()) } else { Err(format!("{failed} attacks are not as their rules say")) }
}

/// Prints how it went; whether it went well.
fn told(rule: &str, name: &str, proved: &Result<(), String>) -> bool {
    match proved {
        Ok(()) => println!("proved   {rule:<22} {name}"),
        Err(why) => println!("FAILED   {rule:<22} {name}\n         {}", why.replace('\n', "\n         ")),
    }
    proved.is_ok()
}

/// What trustlock says of the project, of which it may run and change nothing.
fn judged(lab: &Lab, trustlock: &Path) -> Result<Outcome, String> {
    let before = lab.snapshot();
    let judged = lab.run(trustlock, &["check", "--color", "never"]);
    if lab.marked() {
        return Err("trustlock ran code of the checkout".to_owned());
    }
    if lab.snapshot() != before {
        return Err("trustlock changed the checkout".to_owned());
    }
    Ok(judged)
}

fn prove(attack: &Attack, trustlock: &Path) -> Result<(), String> {
    let lab = Lab::healthy()?;
    let healthy = lab.run(trustlock, &["check", "--color", "never"]);
    if !healthy.accepted {
        return Err(format!("the healthy twin is refused:\n{}", healthy.printed));
    }

    (attack.arm)(&lab)?;
    if !attack.policy.is_empty() {
        lab.write("project/trustlock.toml", attack.policy);
    }
    lab.commit()?;
    let judged = judged(&lab, trustlock)?;
    // A finding at `warn` names it too: what embedded projects do every day cannot be denied to all.
    if !judged.printed.contains(&format!("[{}]", attack.rule)) {
        return Err(format!("trustlock does not name it:\n{}", judged.printed));
    }

    let fooled = lab.run("cargo", attack.cargo);
    let proved = match attack.proof {
        Proof::Accepts => fooled.accepted,
        Proof::Runs => fooled.printed.contains(PWNED) || lab.marked(),
    };
    if proved {
        Ok(())
    } else {
        Err(format!("cargo {:?} no longer accepts it:\n{}", attack.cargo, fooled.printed))
    }
}
