use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{ProjectContext, Sink};
use crate::model::{
    Algorithm, ArtifactRef, Declaration, Digest, Ecosystem, Family, Finding, Level, Lockfile, PackageRef, Source,
    SourceKind, Subject, Url, WaiverNames,
};

pub(super) static RULE: Declaration = Declaration {
    name: "conflicting-hash",
    family: Family::Hashes,
    level: Level::Deny,
    floor: Level::Allow,
    waiver: WaiverNames::Digest,
    summary: "Two lockfiles disagree on the digest of one artifact",
    why: "A registry never replaces a published artifact, so one file of one version has one digest. If two \
          lockfiles of a repository record different ones, one of them was written against altered bytes, or \
          was altered itself. Each on its own looks healthy.",
    fix: "Stop, and keep both files. Compare both digests with the registry's own index, find out when the \
          wrong one came in, and treat every machine that built with it as suspect. Locking again would only \
          hide the evidence.",
    accepted_by: "cargo 1.95 with `--locked` (each lockfile is looked at alone), cargo-deny 0.20, cargo-vet \
                  0.10, cargo-audit 0.22",
    incident: None,
};

/// One artifact; two spellings of its source are one.
#[derive(PartialEq, Eq, Hash)]
struct Artifact<'a> {
    source: Cow<'a, str>,
    name: Cow<'a, str>,
    version: &'a str,
    /// Empty where the format names no files and the package has just one, as with crates.
    file: &'a str,
    algorithm: Algorithm,
}

pub(super) fn check(context: &ProjectContext<'_>, sink: &mut Sink<'_>) {
    let keys: Vec<Vec<String>> =
        context.lockfiles.iter().map(|l| l.sources.iter().map(key).collect()).collect();
    let mut first: HashMap<Artifact<'_>, (ArtifactRef<'_>, &Digest)> = HashMap::new();
    for (lockfile, keys) in context.lockfiles.iter().zip(&keys) {
        for artifact in lockfile.packages().flat_map(PackageRef::artifacts).filter(|a| names_one_file(*a)) {
            for digest in artifact.digests() {
                let Some(key) = identify(artifact, keys, digest.algorithm) else { continue };
                let (other, known) = *first.entry(key).or_insert((artifact, digest));
                // Upper case is another oddity, not another digest.
                let (here, there) = (hex(artifact, digest), hex(other, known));
                if !here.eq_ignore_ascii_case(there) {
                    sink.push(finding(artifact, digest, other, known));
                }
            }
        }
    }
    flat_sets(context, &keys, sink);
}

/// Whether its digests can be of one file only.
fn names_one_file(artifact: ArtifactRef<'_>) -> bool {
    artifact.artifact.is_some() || artifact.package.ecosystem() == Ecosystem::Cargo
}

/// What no file records comes from PyPI, unless settings say otherwise.
fn key(source: &Source) -> String {
    if source.kind == SourceKind::Unrecorded { "pypi".to_owned() } else { source.key() }
}

fn identify<'a>(artifact: ArtifactRef<'a>, keys: &'a [String], algorithm: Algorithm) -> Option<Artifact<'a>> {
    let package = artifact.package;
    let source = package.package.source.and_then(|s| keys.get(s.id as usize))?;
    let source = match artifact.url() {
        // Where no index is recorded, the host of the file tells which one served it.
        Some(url) if package.source().is_some_and(|s| s.kind == SourceKind::Unrecorded) => {
            Cow::Owned(served_by(url))
        }
        _ => Cow::Borrowed(source.as_str()),
    };
    let file = match artifact.artifact {
        Some(_) => artifact.filename()?,
        None => "",
    };
    let name = match package.ecosystem() {
        Ecosystem::Cargo => Cow::Borrowed(package.name()),
        Ecosystem::Pypi => package.folded(),
    };
    // A file has its version in its name; formats spell the version beside it in their own ways.
    let version = if file.is_empty() { package.version()? } else { "" };
    Some(Artifact { source, name, version, file, algorithm })
}

/// PyPI by the host of its files, any other host by its name.
fn served_by(url: &str) -> String {
    match Url::parse(url) {
        Some(url) if url.host() == "files.pythonhosted.org" => "pypi".to_owned(),
        Some(url) => url.host().to_owned(),
        None => url.to_owned(),
    }
}

/// Some formats keep one set of digests for all files of a package. Such a set may be larger than what
/// another lockfile records, or smaller; but if the two have nothing in common, one of them is of other
/// bytes.
fn flat_sets(context: &ProjectContext<'_>, keys: &[Vec<String>], sink: &mut Sink<'_>) {
    type Known<'a> = (ArtifactRef<'a>, &'a Digest, HashSet<String>, &'a Lockfile);
    let is_flat = |p: &PackageRef<'_>| p.files().is_empty() && !p.digests().is_empty();
    let python = |l: &&Lockfile| l.format.ecosystem == Ecosystem::Pypi;
    if !context.lockfiles.iter().filter(python).any(|l| l.packages().any(|p| is_flat(&p))) {
        return;
    }
    let mut sets: HashMap<Artifact<'_>, Known<'_>> = HashMap::new();
    for (lockfile, keys) in context.lockfiles.iter().zip(keys).filter(|(l, _)| python(l)) {
        for package in lockfile.packages() {
            let algorithm = Algorithm::Sha256;
            let all = || package.artifacts().flat_map(|a| a.digests().iter().map(move |d| (a, d)));
            let Some((artifact, digest)) = all().find(|(_, d)| d.algorithm == algorithm) else { continue };
            let whole = ArtifactRef { package, artifact: None };
            let Some(key) = identify(whole, keys, algorithm) else { continue };
            let set: HashSet<String> = all()
                .filter(|(_, d)| d.algorithm == algorithm)
                .map(|(a, d)| hex(a, d).to_ascii_lowercase())
                .collect();
            match sets.get_mut(&key) {
                None => {
                    sets.insert(key, (artifact, digest, set, lockfile));
                }
                Some((other, known, theirs, from)) => {
                    let flat = is_flat(&package) || is_flat(&other.package);
                    if flat && !std::ptr::eq(*from, lockfile) && theirs.is_disjoint(&set) {
                        sink.push(finding(artifact, digest, *other, known));
                    }
                    theirs.extend(set);
                }
            }
        }
    }
}

fn hex<'a>(artifact: ArtifactRef<'a>, digest: &Digest) -> &'a str {
    artifact.package.lockfile.text(digest.hex)
}

fn finding(artifact: ArtifactRef<'_>, digest: &Digest, other: ArtifactRef<'_>, known: &Digest) -> Finding {
    let package = artifact.package;
    let word = match package.ecosystem() {
        Ecosystem::Cargo => "checksum",
        Ecosystem::Pypi => "digest",
    };
    Finding::new(
        &RULE,
        Subject::digest(artifact, digest),
        package.at(digest.hex.place),
        format!("{} has another {word} here than in `{}`", artifact.label(), other.package.lockfile.file.path),
    )
    .label(format!("`{}` here", hex(artifact, digest)))
    .related(other.package.at(known.hex.place), format!("`{}` there", hex(other, known)))
    .chain(package.chain())
    .fix("stop and keep both lockfiles: one of them records altered bytes; compare both with the registry's index")
}
