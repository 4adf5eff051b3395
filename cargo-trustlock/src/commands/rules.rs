//! `rules` and `explain`: what the rules say of themselves.

use std::fmt::Write;

use trustlock::model::{Family, Problem};
use trustlock::rules::{self, RULES, page};

use crate::args::RulesArgs;
use crate::output;
use crate::session::Session;

pub(super) fn explain(names: &[String]) -> u8 {
    let mut pages = Vec::new();
    for name in names {
        let Some(rule) = rules::named(name) else {
            let problem = Problem::new(format!("there is no rule `{name}`"));
            return output::fail(vec![match rules::nearest(name) {
                Some(near) => problem.fix(format!("did you mean `{near}`?")),
                None => problem.fix("`trustlock rules` lists them all"),
            }]);
        };
        pages.push(page::markdown(rule.declaration));
    }
    output::print(&pages.join("\n"))
}

pub(super) fn list(args: &RulesArgs) -> u8 {
    let policy = match Session::open(&args.scope, &[]).and_then(|s| s.policy(&args.scope)) {
        Ok(policy) => policy,
        Err(problems) => return output::fail(problems),
    };
    let width = RULES.iter().map(|r| r.declaration.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for family in Family::ALL {
        let _ = writeln!(text, "{}", family.name());
        for rule in RULES.iter().map(|r| r.declaration).filter(|r| r.family == family) {
            let level = policy.level(rule).value;
            let _ = writeln!(text, "  {:width$}  {level:5}  {}", rule.name, rule.summary);
        }
    }
    output::print(&text)
}
