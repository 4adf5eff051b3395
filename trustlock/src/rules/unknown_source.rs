use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{LockfileContext, Sink};
use crate::model::{
    ArtifactRef, Declaration, Family, Finding, Judge, Level, PackageRef, Source, SourceKind, Subject, Url,
    WaiverNames,
};
use crate::policy::{SourcePattern, SourceVerdict, nearest, quote};

pub(super) static RULE: Declaration = Declaration {
    name: "unknown-source",
    family: Family::Sources,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Source,
    summary: "A package comes from a place that the policy does not list",
    why: "Whoever controls the place a package comes from controls what it does. A lockfile can name any \
          registry, any git repository and any fork, and one changed line among a thousand is easily missed \
          in review. Sources are compared as URLs: scheme, host, port and whole path segments, so that \
          `acme-evil` is not `acme` and `http:` is not `https:`.",
    fix: "Take the package from a source that the policy lists, or list the source in `[sources]` once you \
          trust everything that comes from it, or excuse this one package with a waiver.",
    accepted_by: "cargo 1.95 with `--locked`; cargo-deny 0.20 in its default configuration only warns, \
                  ignores scheme and port, and matches `private` sources by text prefix; cargo-vet 0.10 and \
                  cargo-audit 0.22 do not look",
    incident: None,
};

pub(super) fn check(context: &LockfileContext<'_>, sink: &mut Sink<'_>) {
    let lockfile = context.lockfile;
    let judge = |source| refusal(context, source);
    let sources: Vec<_> = lockfile.sources.iter().map(|source| judge(Some(source))).collect();
    let path = judge(None);
    for package in lockfile.packages().chain(lockfile.unused()) {
        let refusal = match package.package.source {
            None => path.as_ref(),
            Some(source) => sources.get(source.id as usize).and_then(Option::as_ref),
        };
        if let Some(refusal) = refusal {
            sink.push(refusal.finding(package));
        } else if package.source().is_some_and(Source::leaves_files_to_urls) {
            // Where no index is named, the URL of a file is its source.
            let hosts = package.artifacts().filter_map(|artifact| Some((artifact, artifact.url()?)));
            for (artifact, url) in hosts.filter(|(_, url)| !context.policy.allows_file(url)) {
                sink.push(from_url(artifact, url));
            }
        }
    }
}

fn from_url(artifact: ArtifactRef<'_>, text: &str) -> Finding {
    let package = artifact.package;
    let source = Source { raw: text.to_owned(), kind: SourceKind::Archive, url: Url::parse(text) };
    let host = source.url.as_ref().map_or("nowhere", Url::host).to_owned();
    let place = artifact.artifact.and_then(|a| a.url).map_or(artifact.place(), |url| package.at(url.place));
    let mut subject = Subject::artifact(artifact);
    let secure = source.url.as_ref().is_some_and(|url| !url.is_insecure());
    subject.source = Some(Arc::new(source));
    let finding = Finding::new(
        &RULE,
        subject,
        place,
        format!("{} comes from `{host}`, which the policy does not allow", artifact.label()),
    )
    .label("not an allowed source")
    .chain(package.chain())
    .cause(format!("files come from `{host}`, which the policy does not allow"));
    if secure {
        finding.paste(
            "if you trust everything from there, allow it in the policy",
            format!("[sources]\npypi = [\"pypi\", \"path\", {}]", quote(&format!("https://{host}/*"))),
        )
    } else {
        finding.fix("take it from a source that the policy lists")
    }
}

/// Why a source is refused, said once for all of its packages.
struct Refusal {
    source: String,
    judge: Option<Judge>,
    binding: bool,
    insecure: bool,
    hint: Option<String>,
    /// The list of the policy with the source in it.
    list: Option<String>,
    /// The pattern that names this source and nothing else.
    pattern: Option<SourcePattern>,
    /// A day until which a waiver may hold.
    latest: Date,
}

fn refusal(context: &LockfileContext<'_>, source: Option<&Source>) -> Option<Refusal> {
    let (policy, ecosystem) = (context.policy, context.lockfile.format.ecosystem);
    let SourceVerdict::Refused { judge, binding } = policy.judge_source(ecosystem, source) else { return None };
    if source.is_some_and(Source::leads_out) {
        // `path-escape` says so, and no list could allow it.
        return None;
    }
    let shown = source.map_or_else(|| "path".to_owned(), super::shown);
    // What the policy cannot name, or only by naming something else, it cannot allow either; and what
    // anybody on the way can alter, `insecure-source` tells how to mend.
    let pattern = SourcePattern::parse(&shown).ok().filter(|pattern| pattern.matches(source));
    let insecure = source.and_then(|s| s.url.as_ref()).is_some_and(Url::is_insecure);
    let pattern = pattern.filter(|_| !insecure);
    let refusing = policy.refusing_list(ecosystem, source);
    let patterns = || refusing.into_iter().flat_map(|list| list.patterns.iter().map(|p| p.value.as_str()));
    let list = pattern.as_ref().filter(|_| !binding).map(|pattern| {
        let all: Vec<_> = patterns().chain([pattern.as_str()]).map(quote).collect();
        format!("[sources]\n{ecosystem} = [{}]", all.join(", "))
    });
    let meant_git = patterns().find(|text| {
        SourcePattern::parse(&format!("git+{text}")).is_ok_and(|pattern| pattern.matches(source))
    });
    let hint = match meant_git {
        Some(text) => Some(format!("`{text}` names a registry; a git repository is `git+{text}`")),
        None => nearest(&shown, patterns().filter(|p| p.contains("://")))
            .map(|near| format!("the nearest that is allowed: `{near}`")),
    };
    let latest = context.today.saturating_add(i64::from(policy.max_waiver.value.min(90)).days());
    let source = if source.is_none() { "a path (`path`)".to_owned() } else { format!("`{shown}`") };
    Some(Refusal { source, judge, binding, insecure, hint, list, pattern, latest })
}

impl Refusal {
    fn finding(&self, package: PackageRef<'_>) -> Finding {
        let source = &self.source;
        let finding = Finding::new(
            &RULE,
            Subject::package(package),
            package.source_place(),
            format!("`{}` comes from {source}, which the policy does not allow", package.label()),
        )
        .label(self.hint.clone().unwrap_or_else(|| "not an allowed source".to_owned()))
        .judge(self.judge.clone())
        .chain(package.chain())
        .cause(format!("packages come from {source}, which the policy does not allow"));
        let Some(pattern) = &self.pattern else {
            return finding.fix(if self.insecure {
                "name it by `https` first"
            } else {
                "take it from a source that the policy lists; this one cannot be listed"
            });
        };
        if self.binding {
            return finding.fix("take it from a source that the overlay lists, or ask who keeps the overlay");
        }
        let finding = match &self.list {
            Some(list) => finding.paste("if you trust everything from there, allow it in the policy", list),
            None => finding,
        };
        finding.paste("excuse this package alone", waiver(package, pattern, self.latest))
    }
}

fn waiver(package: PackageRef<'_>, pattern: &SourcePattern, expires: Date) -> String {
    format!(
        "[[waivers]]\nrule = \"unknown-source\"\npackage = {}\nsource = {}\nreason = \"…\"\nowner = \"…\"\n\
         expires = {expires}",
        quote(&format!("{}:{}", package.ecosystem(), package.label())),
        quote(pattern.as_str()),
    )
}
