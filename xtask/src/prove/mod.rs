//! `cargo xtask prove`: each attack is run against the real tool, which must still accept it, and
//! against trustlock, which must name it. An attack that the tool has stopped accepting fails: the
//! rule's page says something that is no longer true.

mod attacks;
mod git;
mod lab;
mod settings;

use std::path::Path;

use self::lab::{Lab, PWNED};
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
    let mut failed = 0;
    let mut passed = 0;
    for attack in tables.into_iter().flatten().filter(|a| only.is_none_or(|only| a.name.contains(only))) {
        match prove(attack, &trustlock) {
            Ok(()) => {
                passed += 1;
                println!("proved   {:<22} {}", attack.rule, attack.name);
            }
            Err(why) => {
                failed += 1;
                println!(
                    "FAILED   {:<22} {}\n         {}",
                    attack.rule,
                    attack.name,
                    why.replace('\n', "\n         ")
                );
            }
        }
    }
    println!("{passed} proved, {failed} failed");
    if failed == 0 { Ok(()) } else { Err(format!("{failed} attacks are not as their rules say")) }
}

fn prove(attack: &Attack, trustlock: &Path) -> Result<(), String> {
    let lab = Lab::healthy()?;
    let check = || lab.run(trustlock, &["check", "--color", "never"]);
    let healthy = check();
    if !healthy.accepted {
        return Err(format!("the healthy twin is refused:\n{}", healthy.printed));
    }

    (attack.arm)(&lab)?;
    if !attack.policy.is_empty() {
        lab.write("project/trustlock.toml", attack.policy);
    }
    lab.commit()?;
    let before = lab.snapshot();
    let judged = check();
    if lab.marked() {
        return Err("trustlock ran code of the checkout".to_owned());
    }
    if lab.snapshot() != before {
        return Err("trustlock changed the checkout".to_owned());
    }
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
