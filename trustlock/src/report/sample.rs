//! Reports made by hand, for the tests of every output.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use crate::model::{
    Declaration, Ecosystem, Family, File, Finding, Judge, Judged, Level, NotJudged, Note, Place, Problem,
    Report, Source, SourceKind, Stats, Subject, Url, Waived, WaiverNames,
};

const fn rule(name: &'static str, family: Family, level: Level) -> Declaration {
    Declaration {
        name,
        family,
        level,
        floor: Level::Allow,
        waiver: WaiverNames::Subject,
        summary: "a package comes from a place that the policy does not allow",
        why: "Whoever owns the place decides what runs.",
        fix: "Allow the source, or take the package from elsewhere.",
        accepted_by: "cargo builds it.",
        incident: None,
    }
}

pub(super) static UNKNOWN_SOURCE: Declaration = rule("unknown-source", Family::Sources, Level::Deny);
pub(super) static MISSING_HASH: Declaration = rule("missing-hash", Family::Hashes, Level::Deny);
pub(super) static TOO_OLD: Declaration = rule("stale-lockfile", Family::Lockfile, Level::Warn);

/// A lockfile with `count` packages, three lines and an empty one each.
pub(super) fn lockfile(path: &str, count: usize) -> Arc<File> {
    let package = |n: usize| {
        format!("[[package]]\nname = \"p{n}\"\nsource = \"git+https://git.example/p{n}?rev=abc#0123\"\n\n")
    };
    File::new(path, format!("version = 4\n\n{}", (0..count).map(package).collect::<String>()))
}

/// The first place where `what` stands in `file`.
pub(super) fn place(file: &Arc<File>, what: &str) -> Place {
    let start = file.text.find(what).unwrap();
    file.at(start..start + what.len())
}

pub(super) fn policy() -> Arc<File> {
    File::new("trustlock.toml", "schema = 1\n\n[sources]\ncargo = [\"crates.io\"]\n")
}

/// A subject that names the package `name` of `lockfile`.
pub(super) fn subject(name: &str, lockfile: &str) -> Subject {
    let url = format!("https://git.example/{name}");
    Subject {
        package: Some((Ecosystem::Cargo, name.to_owned(), Some("1.0.0".to_owned()))),
        source: Some(Arc::new(Source {
            raw: format!("git+{url}"),
            kind: SourceKind::Git { reference: None, commit: None },
            url: Url::parse(&url),
        })),
        lockfile: Some(lockfile.to_owned()),
        ..Subject::default()
    }
}

pub(super) fn unknown_source(lock: &Arc<File>, name: &str) -> Finding {
    let source = format!("\"git+https://git.example/{name}?rev=abc#0123\"");
    Finding::new(
        &UNKNOWN_SOURCE,
        subject(name, &lock.path),
        place(lock, &source),
        format!("`{name}` comes from a source that the policy does not allow"),
    )
    .label("this git repository")
    .judge(Some(Judge {
        place: place(&policy(), "[\"crates.io\"]"),
        says: "only these sources are allowed".to_owned(),
    }))
    .chain(vec!["app@0.1.0".to_owned(), "a@1.0.0".to_owned(), format!("{name}@1.0.0")])
    .paste(
        "allow it in `trustlock.toml`",
        format!("[sources]\ncargo = [\"crates.io\", \"git+https://git.example/{name}\"]"),
    )
}

pub(super) fn missing_hash(lock: &Arc<File>, name: &str) -> Finding {
    Finding::new(
        &MISSING_HASH,
        subject(name, &lock.path),
        place(lock, &format!("\"{name}\"")),
        format!("`{name}` has no checksum"),
    )
    .label("no checksum")
    .cause("packages have no checksum")
    .fix("run `cargo update --workspace`, and review what it writes")
}

pub(super) fn judged(file: &File, packages: usize) -> Judged {
    Judged { path: file.path.clone(), format: "Cargo.lock v4".to_owned(), packages, digests: packages }
}

/// A run over `lockfiles` that found nothing.
pub(super) fn clean(lockfiles: &[&Arc<File>]) -> Report {
    Report {
        policy: "trustlock.toml".to_owned(),
        lockfiles: lockfiles.iter().map(|f| judged(f, 10)).collect(),
        stats: Stats { elapsed: Duration::from_micros(2_140), settings: 1, manifests: 2 },
        ..Report::default()
    }
}

/// A run that has something of everything to say.
pub(super) fn everything() -> Report {
    let (root, tool) = (lockfile("Cargo.lock", 12), lockfile("tools/Cargo.lock", 2));
    let mut stale = Finding::new(
        &TOO_OLD,
        Subject::lockfile("tools/Cargo.lock"),
        tool.at(0..0),
        "`tools/Cargo.lock` does not fit its manifest",
    );
    stale.level = Level::Warn;
    let mut findings = vec![unknown_source(&root, "p1")];
    findings.extend((0..12).map(|n| missing_hash(&root, &format!("p{n}"))));
    findings.push(stale);
    let waivers = File::new("trustlock.toml", "schema = 1\n[[waivers]]\nrule = \"unknown-source\"\n");
    let broken = File::new("broken/Cargo.lock", "version = 9\n");
    Report {
        contact: Some("security@acme.example".to_owned()),
        findings,
        waived: vec![Waived {
            finding: unknown_source(&tool, "p0"),
            waiver: place(&waivers, "[[waivers]]"),
            reason: "fork until upstream merges".to_owned(),
        }],
        problems: vec![
            Problem::new("lockfile version 9 is not known").at(place(&broken, "9"), "known are 3 and 4"),
            Problem::new("`other/Cargo.lock` cannot be read")
                .path("other/Cargo.lock")
                .fix("make it readable"),
        ],
        not_judged: vec![NotJudged {
            fatal: false,
            rule: &TOO_OLD,
            reason: "a member is outside of the repository".to_owned(),
            count: 1,
        }],
        not_enforced: vec![&TOO_OLD, &MISSING_HASH],
        notes: vec![
            Note { path: Some("vendor".to_owned()), text: "vendored crates".to_owned(), verbose: true },
            Note { path: None, text: "a library without a lockfile".to_owned(), verbose: false },
        ],
        ..clean(&[&root, &tool])
    }
}
