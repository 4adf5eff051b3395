use super::{ProjectContext, Sink};
use crate::model::{Declaration, Family, File, Finding, Level, Origin, Subject, WaiverNames};
use crate::policy::quote;

pub(super) static RULE: Declaration = Declaration {
    name: "nested-policy",
    family: Family::Policy,
    level: Level::Warn,
    floor: Level::Allow,
    waiver: WaiverNames::Never,
    summary: "A `trustlock.toml` below the root is not obeyed",
    why: "A policy that any folder could bring along would be a policy that any pull request could bring \
          along, so only the one at the root holds. Whoever wrote the other one believes that it does too.",
    fix: "Let it tighten the policy for what lies beneath it (`[lockfiles] delegate`), move what it says to the \
          root, exclude its folder, or remove it.",
    accepted_by: "cargo-deny 0.20 takes the configuration nearest to the manifest, whoever wrote it",
    incident: None,
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    let policy = context.policy;
    let part_of_it =
        |path: &str| policy.files.iter().any(|f| f.origin == Origin::Checkout && f.path == path);
    for path in &context.evidence.discovery.nested_policies {
        let text = path.as_str();
        let excluded = policy.governed.exclude.value.iter().any(|glob| glob.value.matches(text));
        if part_of_it(text) || excluded || policy.delegates(path) {
            continue;
        }
        sink.push(
            Finding::new(
                &RULE,
                Subject::default(),
                File::new(text, "").at(0..0),
                format!("`{text}` is not obeyed: only the policy at the root is"),
            )
            .label("this policy has no effect")
            .paste(
                "let it tighten the policy for what lies beneath it",
                format!("[lockfiles]\ndelegate = [{}]", quote(text)),
            )
            .fix("or move what it says to the root, or remove it"),
        );
    }
}
