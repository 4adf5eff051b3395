use super::{LockfileContext, Sink, tool};
use crate::model::{Declaration, Ecosystem, Family, Finding, Level, Source, Subject, WaiverNames};

pub(super) static RULE: Declaration = Declaration {
    name: "unpinned-version",
    family: Family::Versions,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Subject,
    summary: "A package is locked to a range of versions, or to none",
    why: "A range is decided anew on every machine: the newest release of that minute is what enters. The two \
          poisoned LiteLLM releases of March 2026 were the newest for some hours, and whoever asked for \
          `litellm>=1.80` got them. `==1.0.*` is a range too, and so is a name without anything.",
    fix: "Pin one version with `==` and its digests. The tool that resolves (`pip-compile`, `uv pip compile`, \
          `pipenv lock`, …) writes such a file; ranges belong in the file that it reads.",
    accepted_by: "pip 26.3, uv 0.13 and pipenv 2026.10 install the newest release that fits",
    incident: Some(
        "2026-03-24, LiteLLM 1.82.7 and 1.82.8 on PyPI: a stolen credential published both; whoever did not \
         pin took them.",
    ),
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let lockfile = context.lockfile;
    // What only constrains installs nothing, and may leave a choice.
    if lockfile.format.ecosystem == Ecosystem::Cargo || lockfile.constrains {
        return;
    }
    let ranges = lockfile.packages().filter(|p| p.version().is_none() && !p.backing().is_some_and(|b| b.version));
    for package in ranges.filter(|p| p.source().is_some_and(Source::is_registry)) {
        let specifier = package.package.specifier;
        let label = match specifier.map(|atom| lockfile.text(atom)) {
            Some(range) if !range.is_empty() && range != "*" => {
                format!("`{range}` lets in whatever release is newest")
            }
            _ => "any release may come in".to_owned(),
        };
        let place = specifier.filter(|s| !s.place.is_empty()).unwrap_or(package.package.name).place;
        let finding = Finding::new(
            &RULE,
            Subject::package(package),
            package.at(place),
            format!("`{}` is not pinned to one version", package.name()),
        )
        .label(label)
        .cause("packages are not pinned to one version")
        .chain(package.chain());
        sink.push(match tool::relock(package) {
            Some(relock) => finding.paste("lock one version", relock),
            None => finding.paste(
                "pin one version and its digest; `pip-compile --generate-hashes` writes both",
                format!("{}==VERSION --hash=sha256:…", package.name()),
            ),
        });
    }
}
