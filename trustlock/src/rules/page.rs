//! A rule's page: what `explain` prints and `docs/rules/` holds.

use std::fmt::Write;

use crate::model::{Declaration, Family, Level, WaiverNames};

/// The page, as Markdown.
pub fn markdown(rule: &Declaration) -> String {
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(page, "# {}\n\n{}.\n", rule.name, rule.summary);
    let _ = writeln!(page, "Family: {} · level: {}{}\n", rule.family.name(), rule.level, lowest(rule));
    let _ = writeln!(page, "## Why\n\n{}\n", rule.why);
    let _ = writeln!(page, "Accepted today by: {}\n", rule.accepted_by);
    if let Some(incident) = rule.incident {
        let _ = writeln!(page, "## It happened\n\n{incident}\n");
    }
    let _ = writeln!(page, "## What to do\n\n{}\n", rule.fix);
    let _ = writeln!(page, "## Waiving it\n\n{}", waiving(rule));
    page
}

fn lowest(rule: &Declaration) -> String {
    match rule.floor {
        Level::Allow => String::new(),
        floor => format!(" (a policy cannot set it below {floor})"),
    }
}

fn waiving(rule: &Declaration) -> String {
    let names = match rule.waiver {
        WaiverNames::Never if rule.family == Family::Policy => {
            return "It speaks of the policy itself, so no waiver lifts it.".to_owned();
        }
        WaiverNames::Never => {
            return "What it finds is never an exception, so no waiver lifts it.".to_owned();
        }
        WaiverNames::Subject => "",
        WaiverNames::Source => "source = \"…\"                # the source that is excused\n",
        WaiverNames::Digest => "digest = \"sha256:…\"         # the digest that is excused\n",
    };
    let subject = if rule.family == Family::Settings {
        "file = \".cargo/config.toml\"\nkey = \"…\"\nvalue = \"…\"                   # this value, and no other"
    } else {
        "package = \"cargo:name@1.2.3\"  # and/or lockfile = \"path/Cargo.lock\""
    };
    format!(
        "```toml\n[[waivers]]\nrule = \"{}\"\n{subject}\n{names}reason = \"…\"\nowner = \"…\"\nexpires = 2027-01-31            # inclusive, in UTC\n```",
        rule.name
    )
}
