//! The commands as a user types them, on real repositories made by real git.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{repository, seen, trustlock};

const LOCK: &str = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"leaf\",\n]\n\n[[package]]\nname = \"leaf\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"9f91161f43433e49a6de6db680d79f60159f2e4ac9172621a12846428158440b\"\n";
const MANIFEST: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\npublish = false\n\n[dependencies]\nleaf = \"1\"\n";

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(project.root()).unwrap();
        support::case::git(&project.root(), &["init", "--quiet"]);
        project.with("Cargo.toml", MANIFEST).with("Cargo.lock", LOCK)
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    fn with(self, path: &str, text: &str) -> Self {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
        self
    }

    fn git_dependency() -> Self {
        let commit = "3512a9f33ead0b3c2a1e5b6c7d8e9f0a1b2c3d4e";
        let source = format!("source = \"git+https://github.com/acme/leaf#{commit}\"\n");
        let lock: String = LOCK
            .lines()
            .filter(|l| !l.starts_with("checksum"))
            .map(|l| if l.starts_with("source") { source.clone() } else { format!("{l}\n") })
            .collect();
        let manifest = MANIFEST.replace("leaf = \"1\"", "leaf = { git = \"https://github.com/acme/leaf\" }");
        Self::new().with("Cargo.toml", &manifest).with("Cargo.lock", &lock)
    }

    fn run(&self, args: &[&str]) -> (i32, String) {
        self.run_in("", args)
    }

    fn run_in(&self, folder: &str, args: &[&str]) -> (i32, String) {
        let output = trustlock(&self.root().join(folder), args);
        (output.status.code().unwrap(), seen(&output))
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }
}

#[test]
fn a_newcomer_checks_writes_the_policy_and_is_protected() {
    let project = Project::git_dependency();
    let (code, text) = project.run(&["check"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("error[unknown-source]"), "{text}");

    let (code, text) = project.run(&["init", "--now", "2026-11-24"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(
        text,
        "wrote trustlock.toml; review and commit it\n\
         not yet strict:\n  \
         - `git+https://github.com/acme/leaf` may supply any package; `[sources] bind` ties names to it\n\
         from now on `trustlock check` judges every change by it\n"
    );
    let (code, text) = project.run(&["check"]);
    assert_eq!(code, 0, "{text}");

    let moved = project.read("Cargo.lock").replace("acme/leaf", "evil/leaf");
    let project = project.with("Cargo.lock", &moved);
    let (code, text) = project.run(&["check"]);
    assert_eq!(code, 1, "{text}");
}

#[test]
fn a_named_file_that_is_no_lockfile_is_said() {
    let project = Project::new().with("foo.lock", "hello\n");
    let (code, text) = project.run(&["check", "Cargo.lock", "foo.lock"]);
    assert!(code == 2 && text.contains("`foo.lock` is no lockfile that trustlock reads"), "{text}");
    assert_eq!(project.run(&["check", "Cargo.lock"]).0, 0);
}

#[test]
fn a_baseline_of_nothing_is_no_file() {
    let project = Project::new();
    let (code, text) = project.run(&["init", "--baseline"]);
    assert!(code == 0 && text.starts_with("wrote trustlock.toml; review and commit it\n"), "{text}");
    let (code, text) = project.run(&["init", "--baseline"]);
    assert!(code == 0 && text.starts_with("nothing is refused today"), "{text}");
    assert!(!project.root().join("trustlock.waivers.toml").exists());
}

#[test]
fn init_lists_the_indexes_of_python_and_where_their_files_are() {
    let uv = format!(
        "version = 1\nrequires-python = \">=3.12\"\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n\
         source = {{ virtual = \".\" }}\n\n[[package]]\nname = \"six\"\nversion = \"1.17.0\"\n\
         source = {{ registry = \"https://pypi.acme.example/simple\" }}\n\
         wheels = [{{ url = \"https://cdn.acme.example/six-1.17.0-py3-none-any.whl\", hash = \"sha256:{}\" }}]\n",
        "ab".repeat(32)
    );
    let project = Project::new().with("uv.lock", &uv);
    assert_eq!(project.run(&["check"]).0, 1);
    let (code, text) = project.run(&["init"]);
    assert_eq!(code, 0, "{text}");
    let policy = project.read("trustlock.toml");
    let pypi = "cargo = [\n    \"crates.io\",\n    \"path\",\n]\npypi = [\n    \"path\",\n    \"pypi\",\n    \
                { index = \"https://pypi.acme.example/simple\", files = [\"https://cdn.acme.example/*\"] },\n]\n";
    assert!(policy.contains(pypi), "{policy}");
    let (code, text) = project.run(&["check"]);
    assert_eq!(code, 0, "{text}");

    let project = project.with("uv.lock", &uv.replace("cdn.acme.example", "cdn.evil.example"));
    assert_eq!(project.run(&["check"]).0, 1);
}

#[test]
fn init_never_overwrites_and_a_baseline_may_only_fall() {
    let project = Project::new().with("Cargo.lock", &LOCK.replace("checksum", "#checksum"));
    let (code, text) = project.run(&["init", "--baseline", "--owner", "platform", "--now", "2026-11-24"]);
    assert_eq!(code, 0, "{text}");
    let waivers = project.read("trustlock.waivers.toml");
    assert!(waivers.contains("rule = \"missing-hash\"\nlockfile = \"Cargo.lock\"\nmax = 1\n"), "{waivers}");
    assert!(waivers.contains("owner = \"platform\"\nexpires = 2027-02-22\n"), "{waivers}");
    assert_eq!(project.run(&["check", "--now", "2026-11-24"]).0, 0);
    assert_eq!(project.run(&["check", "--now", "2027-02-23"]).0, 1, "the baseline has an end");

    for args in [&["init"][..], &["init", "--baseline"]] {
        let before = (project.read("trustlock.toml"), project.read("trustlock.waivers.toml"));
        let (code, text) = project.run(args);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("never overwrites"), "{text}");
        assert_eq!(before, (project.read("trustlock.toml"), project.read("trustlock.waivers.toml")));
    }
}

#[test]
fn init_excuses_no_way_in() {
    let project = Project::new().with(".cargo/config.toml", "[build]\nrustc-wrapper = \"tools/wrap.sh\"\n");
    let (code, text) = project.run(&["init"]);
    assert_eq!(code, 0, "{text}");
    assert!(!project.read("trustlock.toml").contains("hijacked-tool"));
    assert!(text.contains("hijacked-tool") && text.contains("not excused"), "{text}");
    assert_eq!(project.run(&["check"]).0, 1);
}

#[test]
fn init_writes_no_waiver_that_lifts_nothing() {
    let lock = LOCK.replace("https://github.com/rust-lang", "https://user:hunter2@crates.example/rust-lang");
    let project = Project::new().with("Cargo.lock", &lock);
    let (code, text) = project.run(&["init", "--now", "2026-11-24"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("unknown-source") && text.contains("not excused; mend it"), "{text}");
    let policy = project.read("trustlock.toml");
    assert!(!policy.contains("crates.example") && !policy.contains("hunter2"), "{policy}");
    let (_, text) = project.run(&["check", "--now", "2026-11-24"]);
    assert!(!text.contains("unused-waiver"), "{text}");
}

#[test]
fn init_names_the_value_of_a_setting_and_a_lockfile_exactly() {
    let settings = "[patch.crates-io]\nleaf = { path = \"local/leaf\" }\n";
    let project = Project::new()
        .with(".cargo/config.toml", settings)
        .with("a[1]/Cargo.toml", MANIFEST)
        .with("a[1]/Cargo.lock", &LOCK.replace("checksum", "#checksum"));
    assert_eq!(project.run(&["init", "--now", "2026-11-24"]).0, 0);
    let policy = project.read("trustlock.toml");
    assert!(policy.contains("value = \"{ path = \\\"local/leaf\\\" }\""), "{policy}");
    assert!(policy.contains("lockfile = \"a[[]1[]]/Cargo.lock\""), "{policy}");
    let (code, text) = project.run(&["check", "--now", "2026-11-24"]);
    assert_eq!(code, 0, "{text}");
    let project = project.with(".cargo/config.toml", &settings.replace("local", "other"));
    let (code, text) = project.run(&["check", "--now", "2026-11-24"]);
    assert_eq!(code, 1, "the waiver is of another value: {text}");
}

#[test]
fn a_baseline_keeps_to_the_policy_that_it_stands_beside() {
    let project = Project::new()
        .with("Cargo.lock", &LOCK.replace("checksum", "#checksum"))
        .with("trustlock.toml", "schema = 1\nmax-waiver = \"30d\"\n");
    let (code, text) = project.run(&["init", "--baseline", "--now", "2026-11-24"]);
    assert_eq!(code, 0, "{text}");
    assert!(project.read("trustlock.waivers.toml").contains("expires = 2026-12-24"));
    let (code, text) = project.run(&["check", "--now", "2026-11-24"]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn ban_writes_one_line_and_keeps_the_others() {
    let policy = "# ours\nschema = 1 # first\n\n[sources] # where from\ncargo = [\"crates.io\", \"path\"]\n";
    let project = Project::new().with("trustlock.toml", policy);
    let args =
        ["ban", "cargo:leaf@1.0.0", "--reason", "stolen account", "--url", "https://example.com/advisory"];
    let (code, text) = project.run(&args);
    assert_eq!(code, 0, "{text}");
    let written = project.read("trustlock.toml");
    assert!(written.starts_with(policy), "{written}");
    let (code, text) = project.run(&["check"]);
    assert_eq!(code, 1);
    assert!(text.contains("error[banned-version]") && text.contains("stolen account"), "{text}");

    assert_eq!(project.run(&args).0, 2, "banned already");
    assert_eq!(project.run(&["ban", "cargo:leaf@>=2,<1", "--reason", "x"]).0, 2, "nothing satisfies it");
    assert_eq!(project.read("trustlock.toml"), written);
}

#[test]
fn paths_narrow_a_run_and_manifest_path_works_from_elsewhere() {
    let project = Project::new()
        .with("sub/Cargo.toml", MANIFEST)
        .with("sub/Cargo.lock", &LOCK.replace("checksum", "#c"));
    assert_eq!(project.run(&["check"]).0, 1);
    assert_eq!(project.run(&["check", "Cargo.lock"]).0, 0);
    assert_eq!(project.run(&["check", "sub"]).0, 1);
    assert_eq!(project.run_in("sub", &["check", "."]).0, 1);
    let manifest = project.root().join("Cargo.toml");
    let elsewhere =
        trustlock(project.folder.path(), &["check", "--manifest-path", manifest.to_str().unwrap()]);
    assert!(elsewhere.status.code().is_some(), "{}", seen(&elsewhere));
}

#[test]
fn the_whole_repository_named_is_a_whole_run() {
    let waiver = "[[waivers]]\nrule = \"missing-hash\"\nlockfile = \"Cargo.lock\"\nmax = 1\nreason = \"x\"\n\
                  owner = \"x\"\nexpires = 2026-12-24\n";
    let project = Project::new().with("trustlock.toml", waiver);
    let whole = project.run(&["check", "--now", "2026-11-24"]);
    assert!(whole.1.contains("[unused-waiver]"), "{}", whole.1);
    assert_eq!(project.run(&["check", ".", "--now", "2026-11-24"]), whole);
    assert!(!project.run(&["check", "Cargo.lock", "--now", "2026-11-24"]).1.contains("[unused-waiver]"));
}

#[test]
fn an_overlay_only_tightens() {
    let project = Project::new();
    let overlay = project.folder.path().join("overlay.toml");
    fs::write(
        &overlay,
        "schema = 1\n[versions]\nban = [{ package = \"cargo:leaf\", reason = \"incident 7\" }]\n",
    )
    .unwrap();
    let (code, text) = project.run(&["check", "--overlay", overlay.to_str().unwrap()]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("incident 7"), "{text}");
    fs::write(&overlay, "schema = 1\n[lockfiles]\ninclude = [\"none\"]\n").unwrap();
    assert_eq!(project.run(&["check", "--overlay", overlay.to_str().unwrap()]).0, 2);
    // An overlay that looks away takes nothing from the policy.
    fs::write(&overlay, "schema = 1\n[lockfiles]\nexclude = [\"**\"]\n").unwrap();
    let project = project.with("Cargo.lock", &LOCK.replace("checksum", "#checksum"));
    let (code, text) = project.run(&["check", "--overlay", overlay.to_str().unwrap()]);
    assert_eq!(code, 1, "{text}");
}

#[test]
fn a_repository_cannot_lift_what_an_overlay_asks() {
    let ban = "[versions]\nban = [{ package = \"cargo:leaf\", reason = \"incident 7\" }]\n";
    let lax = [
        "",
        "[lockfiles]\nexclude = [\"**\"]\n",
        "[lockfiles]\ninclude = [\"no/Cargo.lock\"]\n[rules]\nunmatched-glob = \"allow\"\n",
        "[rules]\nbanned-version = \"allow\"\n",
        "[rules]\nbanned-version = \"warn\"\n",
        "[lockfiles]\nexclude = [\"Cargo.lock\"]\n[rules]\nbanned-version = \"allow\"\n",
        "[[waivers]]\nrule = \"banned-version\"\npackage = \"cargo:leaf\"\nreason = \"x\"\nowner = \"x\"\nexpires = 2027-01-31\n",
        "[lockfiles]\nexclude = [\"**\"]\n[[waivers]]\nrule = \"banned-version\"\nlockfile = \"Cargo.lock\"\nreason = \"x\"\nowner = \"x\"\nexpires = 2027-01-31\n",
    ];
    for policy in lax {
        let project = Project::new().with("trustlock.toml", policy);
        let overlay = project.folder.path().join("overlay.toml");
        let overlay = overlay.to_str().unwrap();
        let check = |text: &str| {
            fs::write(overlay, text).unwrap();
            project.run(&["check", "--now", "2026-11-24", "--overlay", overlay])
        };
        let (code, text) = check(ban);
        assert_eq!(code, 1, "{policy}: {text}");
        assert!(text.contains("error[banned-version]") && text.contains("incident 7"), "{policy}: {text}");
    }
}

#[test]
fn what_a_repository_excludes_is_judged_by_the_overlay_alone() {
    // Without a checksum, which the built-in policy would refuse and the overlay does not speak of.
    let project = Project::new()
        .with("fixtures/Cargo.toml", MANIFEST)
        .with("fixtures/Cargo.lock", &LOCK.replace("checksum", "#checksum"))
        .with("trustlock.toml", "[lockfiles]\nexclude = [\"fixtures/**\"]\n");
    let overlay = project.folder.path().join("overlay.toml");
    let overlay = overlay.to_str().unwrap();
    let check = |text: &str| {
        fs::write(overlay, text).unwrap();
        project.run(&["check", "--overlay", overlay])
    };
    let silent = [
        "contact = \"security\"\n",
        "[settings]\nallow = []\n",
        "[sources]\ncargo = [\"crates.io\", \"path\"]\n",
        "[versions]\nban = [{ package = \"cargo:other\", reason = \"no\" }]\n",
        "[hashes]\nalgorithms = [\"sha256\"]\n[lockfiles]\nexclude = [\"fixtures/**\"]\n",
    ];
    for text in silent {
        let (code, shown) = check(text);
        assert_eq!(code, 0, "{text}: {shown}");
    }
    for text in ["[hashes]\nalgorithms = [\"sha256\"]\n", "[rules]\nmissing-hash = \"deny\"\n"] {
        let (code, shown) = check(text);
        assert_eq!(code, 1, "{text}: {shown}");
        assert!(shown.contains("fixtures/Cargo.lock"), "{shown}");
    }
}

#[test]
fn what_cannot_be_understood_exits_with_2() {
    let cases: &[(&str, &str)] = &[
        ("Cargo.lock", "version = 99\n"),
        ("Cargo.lock", "not toml at all"),
        ("Cargo.lock", ""),
        ("trustlock.toml", "schema = 1\nsurces = 1\n"),
        ("trustlock.toml", "schema = 99\n"),
        (".cargo/config.toml", "[build\n"),
    ];
    for (path, text) in cases {
        let project = Project::new().with(path, text);
        let (code, shown) = project.run(&["check"]);
        assert_eq!(code, 2, "{path} {text:?}: {shown}");
        assert!(shown.contains(path), "{shown}");
        for format in ["json", "sarif"] {
            let (code, shown) = project.run(&["check", "--format", format]);
            assert_eq!(code, 2);
            serde_json::from_str::<serde_json::Value>(&shown).expect("a machine reads this too");
        }
    }
    for args in
        [&["check", "--nonsense"][..], &["explain", "nonsense"], &["check", "/"], &["check", "missing"]]
    {
        assert_eq!(Project::new().run(args).0, 2, "{args:?}");
    }
}

#[test]
fn every_format_says_the_same_and_nothing_leaks() {
    let lock = LOCK.replace("https://github.com/rust-lang", "https://user:hunter2@evil.example/rust-lang");
    let project = Project::new().with("Cargo.lock", &lock);
    for args in [
        &["check"][..],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["check", "--format", "github"],
        &["check", "-v"],
        &["list"],
        &["list", "--format", "json"],
    ] {
        let (code, text) = project.run(args);
        assert_eq!(code, i32::from(args[0] == "check"), "{args:?}: {text}");
        assert!(text.contains("evil.example") && !text.contains("hunter2"), "{args:?}: {text}");
    }
}

#[test]
fn quiet_is_quiet_and_output_goes_to_a_file() {
    let project = Project::new();
    assert_eq!(project.run(&["check", "--quiet"]), (0, String::new()));
    let (code, text) = project.run(&["check", "--format", "json", "--output", "report.json"]);
    assert_eq!((code, text.as_str()), (0, ""));
    let report: serde_json::Value = serde_json::from_str(&project.read("report.json")).unwrap();
    assert_eq!(report["version"], 1);
}

#[test]
fn colours_are_asked_for() {
    let project = Project::new().with("Cargo.lock", &LOCK.replace("checksum", "#checksum"));
    let colored = trustlock(&project.root(), &["check", "--color", "always"]);
    assert!(colored.stdout.contains(&0x1b));
    let piped = trustlock(&project.root(), &["check"]);
    assert!(!piped.stdout.contains(&0x1b));
}

#[test]
fn schemas_describe_what_is_printed() {
    let project = Project::new().with("Cargo.lock", &LOCK.replace("checksum", "#checksum"));
    for (of, args) in
        [("report", &["check", "--format", "json"][..]), ("list", &["list", "--format", "json"])]
    {
        let schema = serde_json::from_str(&project.run(&["schema", of]).1).unwrap();
        let printed = serde_json::from_str(&project.run(args).1).unwrap();
        let errors: Vec<String> = jsonschema::validator_for(&schema)
            .unwrap()
            .iter_errors(&printed)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{of}: {errors:?}");
    }
}

#[test]
fn list_shows_what_was_read() {
    let (code, text) = Project::new().run(&["list"]);
    assert_eq!(code, 0);
    assert_eq!(
        text,
        "Cargo.lock (Cargo.lock v4, 2 packages)\n  \
         line  package  version  source                                                 digest or commit\n  \
         4     app      0.1.0    (this repository)\n  \
         11    leaf     1.0.0    registry https://github.com/rust-lang/crates.io-index  sha256:9f91161f43433e49a6de6db680d79f60159f2e4ac9172621a12846428158440b\n"
    );
}

#[test]
fn both_binaries_are_one_command_line() {
    let project = Project::new();
    for args in [&["trustlock", "check"][..], &["check"], &["trustlock"], &[]] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-trustlock"))
            .args(args)
            .current_dir(project.root())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}

/// Every `sh` block of the README that starts trustlock is run, in a project like the reader's.
#[test]
fn the_commands_of_the_readme_work() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let commands: Vec<&str> = readme
        .split("```sh\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .flat_map(str::lines)
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter_map(|line| line.strip_prefix("cargo trustlock").or_else(|| line.strip_prefix("trustlock ")))
        .collect();
    assert!(commands.len() >= 5, "{commands:?}");
    let project = Project::new();
    for command in commands {
        let args: Vec<&str> = command.split_whitespace().collect();
        let (code, text) = project.run(&args);
        assert_eq!(code, 0, "{command}: {text}");
    }
}

/// The manifest's `rust-version` is what the dependencies need.
#[test]
fn the_stated_rust_version_is_what_the_dependencies_need() {
    let output = std::process::Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
        .args(["metadata", "--format-version=1", "--locked", "--all-features"])
        .current_dir(repository())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let version = |value: &serde_json::Value| {
        let mut parts = value.as_str()?.split('.').map(|part| part.parse::<u32>().unwrap());
        Some((parts.next()?, parts.next()?))
    };
    let packages = metadata["packages"].as_array().unwrap();
    let by_id = |id: &serde_json::Value| packages.iter().find(|p| p["id"] == *id).unwrap();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let ours = packages.iter().find(|p| p["name"] == "cargo-trustlock").unwrap();
    let mut queue = vec![ours["id"].clone()];
    let mut seen = Vec::new();
    while let Some(id) = queue.pop() {
        if seen.contains(&id) {
            continue;
        }
        let node = nodes.iter().find(|n| n["id"] == id).unwrap();
        for dependency in node["deps"].as_array().unwrap() {
            let shipped = dependency["dep_kinds"].as_array().unwrap().iter().any(|k| k["kind"] != "dev");
            if shipped {
                queue.push(dependency["pkg"].clone());
            }
        }
        seen.push(id);
    }
    let needed = seen.iter().filter_map(|id| version(&by_id(id)["rust_version"])).max();
    assert_eq!(version(&ours["rust_version"]), needed);
}

#[test]
fn the_root_is_found_from_a_sub_folder() {
    let project = Project::new().with("src/deep/main.rs", "");
    assert_eq!(project.run_in("src/deep", &["check"]).0, 0);
    assert!(Path::new(&project.root()).join(".git").exists());
}

/// The finding that the README shows is what its case prints.
#[test]
fn the_finding_in_the_readme_is_real() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let shown =
        readme.split("<!-- finding -->\n```\n").nth(1).and_then(|rest| rest.split("\n```").next()).unwrap();
    let case = repository().join("tests/cases/mismatched-revision/attack-rev-is-another-commit.txt");
    let case = fs::read_to_string(case).unwrap();
    assert!(shown.starts_with("error[") && case.contains(shown), "{shown}");
}
