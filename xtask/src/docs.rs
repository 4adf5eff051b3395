//! Documents that are made from declarations: a page a rule, the policy reference, the schemas.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use trustlock::model::Family;
use trustlock::rules::{RULES, page};
use trustlock::{policy, report};

/// Every generated file, by its path from the root.
fn generated() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for rule in RULES {
        let name = rule.declaration.name;
        files.insert(format!("docs/rules/{name}.md"), page::markdown(rule.declaration));
    }
    files.insert("docs/rules/README.md".to_owned(), index());
    files.insert("docs/policy.md".to_owned(), policy::reference());
    files.insert("docs/policy.schema.json".to_owned(), format!("{:#}\n", policy::schema::schema()));
    files.insert("docs/report.schema.json".to_owned(), format!("{:#}\n", report::json::schema()));
    files.insert("docs/list.schema.json".to_owned(), format!("{:#}\n", report::list::schema()));
    files
}

fn index() -> String {
    let mut text =
        "# Rules\n\nMade from the declarations in `trustlock/src/rules/` by `cargo xtask docs`.\n".to_owned();
    for family in Family::ALL {
        let _ = write!(text, "\n## {}\n\n| rule | level | finds |\n|---|---|---|\n", family.name());
        for rule in RULES.iter().map(|r| r.declaration).filter(|r| r.family == family) {
            let _ = writeln!(text, "| [{0}]({0}.md) | {1} | {2} |", rule.name, rule.level, rule.summary);
        }
    }
    text
}

/// Writes them, or says which are not current.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let root = crate::root();
    let mut stale = Vec::new();
    let files = generated();
    for (path, text) in &files {
        let file = root.join(path);
        if fs::read_to_string(&file).is_ok_and(|now| now == *text) {
            continue;
        }
        if check {
            stale.push(path.clone());
            continue;
        }
        let folder = file.parent().ok_or("a generated file has no folder")?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, text))
            .map_err(|e| format!("{path}: {e}"))?;
        println!("wrote {path}");
    }
    for entry in fs::read_dir(root.join("docs/rules")).into_iter().flatten().flatten() {
        let path = format!("docs/rules/{}", entry.file_name().to_string_lossy());
        if !files.contains_key(&path) {
            stale.push(format!("{path} (no such rule: remove it)"));
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!("not current, run `cargo xtask docs`: {}", stale.join(", ")))
    }
}
