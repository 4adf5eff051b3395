//! Attacks on the lockfile and the manifests.

use super::lab::{PWNED, digest};
use super::{Attack, Proof};

const LOCK: &str = "project/Cargo.lock";
const BUILD: &[&str] = &["build", "--quiet", "--offline"];
const LOCKED: &[&str] = &["run", "--quiet", "--locked", "--offline"];

pub(super) const ATTACKS: &[Attack] = &[
    Attack {
        name: "checksum removed from a vendored package",
        rule: "missing-hash",
        arm: |lab| {
            lab.vendored("vendor", "leaf", PWNED, "1");
            lab.write("vendor/leaf/.cargo-checksum.json", r#"{"files":{},"package":null}"#);
            let line = format!("checksum = \"{}\"\n", digest("1"));
            lab.replace(LOCK, &line, "");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a `[metadata]` line disarms every checksum",
        rule: "malformed-lockfile",
        arm: |lab| {
            lab.vendored("vendor", "leaf", PWNED, "2");
            lab.append(LOCK, "\n[metadata]\n\"checksum gone 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)\" = \"<none>\"\n");
            Ok(())
        },
        cargo: &["run", "--quiet", "--offline"],
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a misspelt checksum key",
        rule: "malformed-lockfile",
        arm: |lab| {
            lab.vendored("vendor", "leaf", PWNED, "2");
            lab.replace(LOCK, "checksum = ", "checksun = ");
            Ok(())
        },
        cargo: &["run", "--quiet", "--offline"],
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "an orphan package",
        rule: "malformed-lockfile",
        arm: |lab| {
            lab.append(LOCK, &format!("\n[[package]]\nname = \"stray\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{}\"\n", digest("3")));
            Ok(())
        },
        cargo: BUILD,
        proof: Proof::Accepts,
        policy: "",
    },
    Attack {
        name: "a `replace` line that no manifest asks for",
        rule: "replaced-package",
        arm: |lab| {
            lab.append(
                LOCK,
                "replace = \"leaf 1.0.0\"\n\n[[package]]\nname = \"leaf\"\nversion = \"1.0.0\"\n",
            );
            Ok(())
        },
        cargo: BUILD,
        proof: Proof::Accepts,
        policy: "",
    },
    Attack {
        name: "the lockfile is gone",
        rule: "missing-lockfile",
        arm: |lab| std::fs::remove_file(lab.path(LOCK)).map_err(|e| e.to_string()),
        cargo: BUILD,
        proof: Proof::Accepts,
        policy: "",
    },
    Attack {
        name: "git ignores the lockfile",
        rule: "missing-lockfile",
        arm: |lab| {
            lab.append("project/.gitignore", "Cargo.lock\n");
            lab.succeed("git", &["rm", "--quiet", "--cached", "--force", "Cargo.lock"]).map(|_| ())
        },
        cargo: BUILD,
        proof: Proof::Accepts,
        policy: "",
    },
    Attack {
        name: "a requirement that the lockfile does not satisfy",
        rule: "stale-lockfile",
        arm: |lab| {
            lab.vendored("vendor", "other", "hello", "4");
            lab.append("project/Cargo.toml", "other = \"1\"\n");
            Ok(())
        },
        cargo: BUILD,
        proof: Proof::Accepts,
        policy: "",
    },
    Attack {
        name: "a banned version",
        rule: "banned-version",
        arm: |_| Ok(()),
        cargo: LOCKED,
        proof: Proof::Accepts,
        policy: "schema = 1\n[versions]\nban = [{ package = \"cargo:leaf@1.0.0\", reason = \"stolen\" }]\n",
    },
    Attack {
        name: "a package from a registry nobody allowed",
        rule: "unknown-source",
        arm: |lab| other_registry(lab, "https://evil.example/index"),
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a package over plain http",
        rule: "insecure-source",
        arm: |lab| other_registry(lab, "http://evil.example/index"),
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "schema = 1\n[sources]\ncargo = [\"crates.io\", \"path\", \"registry+http://evil.example/index\"]\n",
    },
    Attack {
        name: "dependency confusion: a bound name from another allowed registry",
        rule: "unbound-source",
        arm: |lab| other_registry(lab, "https://other.example/index"),
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "schema = 1\n[sources]\ncargo = [\"crates.io\", \"path\", \"registry+https://other.example/index\"]\nbind = [{ package = \"cargo:leaf\", only = \"crates.io\" }]\n",
    },
    Attack {
        name: "`package.workspace` points out of the repository: the lockfile here is a decoy",
        rule: "path-escape",
        arm: |lab| {
            lab.write("outside/Cargo.toml", "[workspace]\nmembers = [\"../project\"]\nresolver = \"2\"\n");
            lab.write("outside/Cargo.lock", &lab.read(LOCK).replace(&digest("1"), &digest("2")));
            lab.vendored("vendor", "leaf", PWNED, "2");
            lab.replace("project/Cargo.toml", "[package]\n", "[package]\nworkspace = \"../outside\"\n");
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a path dependency outside the repository",
        rule: "path-escape",
        arm: |lab| {
            lab.plain("outside/leaf", "leaf", PWNED);
            lab.replace("project/Cargo.toml", "leaf = \"1\"", "leaf = { path = \"../outside/leaf\" }");
            lab.succeed("cargo", &["generate-lockfile", "--offline"]).map(|_| ())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "a crate replaced by `[patch]` from a git repository",
        rule: "unknown-source",
        arm: |lab| {
            let url = super::git::repository(lab, "fork", "leaf", PWNED)?.0;
            lab.append("project/Cargo.toml", &format!("[patch.crates-io]\nleaf = {{ git = \"{url}\" }}\n"));
            lab.succeed("cargo", &["generate-lockfile"]).map(|_| ())
        },
        cargo: LOCKED,
        proof: Proof::Runs,
        policy: "",
    },
    Attack {
        name: "two lockfiles that disagree on one artifact",
        rule: "conflicting-hash",
        arm: |lab| {
            lab.write("project/two/Cargo.toml", "[package]\nname = \"two\"\nversion = \"0.1.0\"\nedition = \"2021\"\npublish = false\n[dependencies]\nleaf = \"1\"\n[workspace]\n");
            lab.write("project/two/src/main.rs", "fn main() { leaf::say() }\n");
            let lock = lab.read(LOCK).replace("\"app\"", "\"two\"").replace(&digest("1"), &digest("2"));
            lab.write("project/two/Cargo.lock", &lock);
            Ok(())
        },
        cargo: LOCKED,
        proof: Proof::Accepts,
        policy: "",
    },
];

/// Takes `leaf` from another registry, whose place in this laboratory is `evil/`.
fn other_registry(lab: &super::Lab, index: &str) -> Result<(), String> {
    lab.vendored("evil", "leaf", PWNED, "5");
    lab.append(
        "home/config.toml",
        &format!(
            "[registries.evil]\nindex = \"{index}\"\n[source.evil-origin]\nregistry = \"{index}\"\nreplace-with = \"evil-lab\"\n[source.evil-lab]\ndirectory = \"{}\"\n",
            lab.path("evil").display()
        ),
    );
    lab.replace("project/Cargo.toml", "leaf = \"1\"", "leaf = { version = \"1\", registry = \"evil\" }");
    lab.succeed("cargo", &["generate-lockfile", "--offline"]).map(|_| ())
}
