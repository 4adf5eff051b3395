use super::{ProjectContext, Sink};
use crate::model::{Declaration, Family, Finding, Level, Subject, WaiverNames};
use crate::policy::{Glob, Set};

pub(super) static RULE: Declaration = Declaration {
    name: "unmatched-glob",
    family: Family::Policy,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Never,
    summary: "A glob of the policy matches nothing",
    why: "A folder that was renamed, or a typing error in `include`, takes lockfiles out of the policy's reach \
          without a word, and a typing error in `delegate` leaves a stricter policy without effect. In \
          `exclude` it only governs more than was meant, so there it is a warning.",
    fix: "Correct the glob, or remove it. Globs are relative to the root; `*` stays within one folder, `**` \
          crosses folders.",
    accepted_by: "every tool that takes lists of paths",
    incident: None,
};

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    if !context.complete {
        return;
    }
    let found = &context.evidence.discovery;
    let mut lockfiles: Vec<String> = found.lockfiles.iter().map(|path| path.as_str().to_owned()).collect();
    lockfiles.extend(found.hidden.iter().map(|hidden| hidden.path.as_str().to_owned()));
    // A project without a lockfile and a folder that is never looked into can be excluded too.
    let folders = found.manifests.iter().filter_map(crate::tree::TreePath::parent);
    let folders = folders.chain(found.skipped.iter().map(|skipped| skipped.path.clone()));
    lockfiles.extend(folders.map(|folder| folder.child("Cargo.lock").as_str().to_owned()));
    let policies: Vec<String> = found.nested_policies.iter().map(|p| p.as_str().to_owned()).collect();
    let scripts = found.scripts.iter().map(|path| path.as_str().to_owned());
    let excludable: Vec<String> = lockfiles.iter().chain(&policies).cloned().chain(scripts).collect();

    let governed = &context.policy.governed;
    let mut judge = |key: &str, globs: &[Set<Glob>], paths: &[String], what: &str, level: Level| {
        for glob in globs.iter().filter(|glob| !paths.iter().any(|path| glob.value.matches(path))) {
            let Some(place) = written(glob) else { continue };
            let text = glob.value.as_str();
            let finding =
                Finding::new(&RULE, Subject::default(), place.clone(), format!("`{key}` names `{text}`, which matches nothing"))
                    .label(format!("no {what} here"))
                    .at_most(level);
            let folder = Glob::parse(&format!("{text}/**"))
                .is_ok_and(|glob| paths.iter().any(|path| glob.matches(path)));
            sink.push(if folder {
                finding.paste("a folder is named by what lies in it", format!("\"{text}/**\""))
            } else {
                finding.fix("correct it, or remove it")
            });
        }
    };
    judge("include", &governed.include.value, &lockfiles, "lockfile or project", Level::Deny);
    judge("exclude", &governed.exclude.value, &excludable, "lockfile or project", Level::Warn);
    let settings: Vec<String> = found.settings.iter().map(|p| p.as_str().to_owned()).collect();
    judge("templates", &context.policy.templates.value, &settings, "settings file", Level::Warn);
    judge("delegate", &governed.delegate.value, &policies, "policy", Level::Deny);
}

/// Where somebody wrote the glob; the built-in ones need not match.
fn written(glob: &Set<Glob>) -> Option<&crate::model::Place> {
    glob.place.as_ref().filter(|place| place.file.origin != crate::model::Origin::BuiltIn)
}
