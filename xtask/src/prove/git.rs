//! Attacks on git dependencies.

use super::lab::{Lab, PWNED};
use super::{Attack, Proof};

const LOCKED: &[&str] = &["run", "--quiet", "--locked"];

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "the manifest and the lockfile name one commit, the lockfile locks another",
        rule: "mismatched-revision",
        arm: |lab| {
            let (url, good) = repository(lab, "repo", "leaf", "hello")?;
            lab.replace(
                "project/Cargo.toml",
                "leaf = \"1\"",
                &format!("leaf = {{ git = \"{url}\", rev = \"{good}\" }}"),
            );
            lab.succeed("cargo", &["generate-lockfile"])?;
            let evil = repository(lab, "repo", "leaf", PWNED)?.1;
            lab.replace("project/Cargo.lock", &format!("#{good}"), &format!("#{evil}"));
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a git dependency from a repository nobody allowed",
        rule: "unknown-source",
        arm: |lab| {
            let url = repository(lab, "repo", "leaf", PWNED)?.0;
            lab.replace("project/Cargo.toml", "leaf = \"1\"", &format!("leaf = {{ git = \"{url}\" }}"));
            lab.succeed("cargo", &["generate-lockfile"]).map(|_| ())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a git dependency without a commit in the lockfile",
        rule: "unpinned-revision",
        arm: |lab| {
            let url = repository(lab, "repo", "leaf", PWNED)?.0;
            lab.replace("project/Cargo.toml", "leaf = \"1\"", &format!("leaf = {{ git = \"{url}\" }}"));
            lab.succeed("cargo", &["generate-lockfile"])?;
            let lock = lab.read("project/Cargo.lock");
            let kept: Vec<&str> = lock
                .lines()
                .map(|l| l.split_once('#').filter(|_| l.starts_with("source")).map_or(l, |(kept, _)| kept))
                .collect();
            lab.write("project/Cargo.lock", &(kept.join("\n").replace(&url, &format!("{url}\"")) + "\n"));
            Ok(())
        },
        cargo: &["run", "--quiet"],
        proof: Proof::Runs,
        policy: "",
    },
];

/// A git repository with one crate at its top; its URL and newest commit. Called again, it gets a
/// second commit.
pub(super) fn repository(
    lab: &Lab,
    folder: &str,
    name: &str,
    says: &str,
) -> Result<(String, String), String> {
    lab.plain(folder, name, says);
    commit(lab, folder, says)
}

/// Commits whatever stands in a folder; its URL and the commit.
pub(super) fn commit(lab: &Lab, folder: &str, message: &str) -> Result<(String, String), String> {
    let git = |args: &[&str]| {
        let outcome = lab.run_in(folder, "git", args);
        if outcome.accepted { Ok(outcome.printed) } else { Err(format!("git {args:?}: {}", outcome.printed)) }
    };
    git(&["init", "--quiet", "--initial-branch=main"])?;
    git(&["add", "--all"])?;
    git(&[
        "-c",
        "user.name=lab",
        "-c",
        "user.email=lab@example.com",
        "commit",
        "--quiet",
        "--message",
        message,
    ])?;
    let commit = git(&["rev-parse", "HEAD"])?.trim().to_owned();
    Ok((format!("file://{}", lab.path(folder).display()), commit))
}
