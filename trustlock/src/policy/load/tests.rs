#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use crate::model::{Algorithm, Ecosystem, Level, Source, SourceKind, Url};
use crate::policy::{GitReferencePolicy, SourceVerdict, effective};
use crate::tree::Memory;

fn source(kind: SourceKind, url: &str) -> Source {
    Source { raw: url.to_owned(), kind, url: Url::parse(url) }
}

fn git(url: &str) -> Source {
    source(SourceKind::Git { reference: None, commit: None }, url)
}

fn crates_io() -> Source {
    source(SourceKind::Registry, "https://github.com/rust-lang/crates.io-index")
}

/// A policy from files of a checkout; `trustlock.toml` is the first.
fn load_files(files: &[(&str, &str)]) -> Result<Policy, Vec<Problem>> {
    let tree = files.iter().fold(Memory::new(), |tree, (path, text)| tree.with(path, *text));
    load(&tree, &Outside { root: Path::new("/nowhere"), limit: 1 << 20 }, None, &[])
}

fn load_one(text: &str) -> Result<Policy, Vec<Problem>> {
    load_files(&[("trustlock.toml", text)])
}

fn titles(result: Result<Policy, Vec<Problem>>) -> Vec<String> {
    result.err().into_iter().flatten().map(|p| p.title).collect()
}

fn allows(policy: &Policy, source: Option<&Source>) -> bool {
    policy.judge_source(Ecosystem::Cargo, source) == SourceVerdict::Allowed
}

#[test]
fn nothing_and_an_empty_file_are_the_strict_policy() {
    let absent = built_in().unwrap();
    let empty = load_one("").unwrap();
    assert!(absent.built_in && !empty.built_in);
    assert_eq!((&*absent.name, &*empty.name), ("trustlock:strict", "trustlock.toml"));
    for policy in [&absent, &empty, &load_one("extends = [\"trustlock:strict\"]").unwrap()] {
        assert!(allows(policy, None));
        assert!(allows(policy, Some(&crates_io())));
        assert!(!allows(policy, Some(&git("https://github.com/acme/lib"))));
        assert!(policy.governed.covers("a/b/Cargo.lock") && policy.governed.covers("Cargo.lock"));
        assert_eq!(policy.max_waiver.value, 180);
        assert_eq!(policy.algorithms.value, Algorithm::STRONG[..3]);
        assert_eq!(policy.git_reference.value, GitReferencePolicy::Any);
        assert!(policy.governed.required.value && policy.git_reference.place.is_some());
        for rule in crate::rules::RULES {
            assert_eq!(policy.level(rule.declaration).value, rule.declaration.level);
        }
    }
}

#[test]
fn every_error_of_every_file_is_reported() {
    let problems = load_files(&[
        (
            "trustlock.toml",
            "schema = 2\nextends = [\"trustlock:strct\", { path = \"org.toml\" }]\ninclude = []\n\
             max-waiver = \"12 weeks\"\n[lockfiles]\nexclde = []\nrequired = \"yes\"\n[versions]\n\
             git-reference = \"tags\"\nban = [{ package = \"cargo:x@1.0\" }]\n[rules]\nunknown-sorce = \"deny\"\n\
             unknown-source = \"forbid\"\nexpired-waiver = \"allow\"\n[pypi]\n",
        ),
        ("org.toml", "waivable = true\n"),
        ("trustlock.waivers.toml", "contact = \"me\"\n[[waivers]]\nrule = \"unused-waiver\"\n"),
    ]);
    let all = titles(problems);
    let expected = [
        "this trustlock does not know schema 2",
        "`extends` cannot be `trustlock:strct`",
        "unknown key `include` at the top",
        "`12 weeks` is no number of days",
        "unknown key `exclde` in `lockfiles`",
        "`lockfiles.required` takes `true` or `false`",
        "`versions.git-reference` cannot be `tags`",
        "`reason` is missing in `versions.ban`",
        "`1.0` is not a full version",
        "there is no rule `unknown-sorce`",
        "`rules.unknown-source` cannot be `forbid`",
        "`expired-waiver` cannot be set to `allow`",
        "unknown key `pypi` at the top",
        "`contact` has no place in a file of waivers",
        "`reason` is missing in `waivers`",
        "`owner` is missing in `waivers`",
        "`expires` is missing in `waivers`",
        "`unused-waiver` cannot be waived",
        "this waiver does not say what it speaks of",
    ];
    for title in expected {
        assert!(all.iter().any(|t| t == title), "{title}: {all:#?}");
    }
    assert_eq!(all.len(), expected.len(), "{all:#?}");
}

#[test]
fn what_is_extended_is_replaced_or_accumulates() {
    let policy = load_files(&[
        (
            "trustlock.toml",
            "extends = [{ path = \"policy/org.toml\" }]\n[sources]\ncargo = [\"path\"]\n\
             bind = [{ package = \"cargo:b\", only = \"path\" }]\n[rules]\nmissing-hash = \"warn\"\n",
        ),
        (
            "policy/org.toml",
            "contact = \"#security\"\nmax-waiver = \"30d\"\n[lockfiles]\nexclude = [\"a/**\"]\n[versions]\n\
             git-reference = \"tag\"\n[sources]\ncargo = [\"crates.io\"]\n\
             bind = [{ package = \"cargo:a\", only = \"path\" }]\n",
        ),
    ])
    .unwrap();
    assert!(allows(&policy, None) && !allows(&policy, Some(&crates_io())));
    assert_eq!(policy.binds.len(), 2);
    assert_eq!(policy.contact.as_ref().unwrap().value, "#security");
    assert_eq!((policy.max_waiver.value, policy.git_reference.value), (30, GitReferencePolicy::Tag));
    assert!(!policy.governed.covers("a/Cargo.lock"));
    let rule = crate::rules::named("missing-hash").unwrap().declaration;
    assert_eq!(policy.level(rule).value, Level::Warn);
    let files: Vec<_> = policy.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(files, ["trustlock:strict", "policy/org.toml", "trustlock.toml"]);
}

#[test]
fn an_inherited_prohibition_cannot_be_loosened_and_final_holds() {
    let org = "final = [\"sources.cargo\", \"rules\"]\nmax-waiver = \"30d\"\n[lockfiles]\nrequired = true\n\
               [versions]\ngit-reference = \"tag\"\nban = [{ package = \"cargo:x\", reason = \"no\" }]\n";
    let child = "extends = [{ path = \"org.toml\" }]\nmax-waiver = \"90d\"\n[lockfiles]\nrequired = false\n\
                 [versions]\ngit-reference = \"any\"\nban = [{ package = \"cargo:y\", reason = \"no\" }]\n\
                 [sources]\ncargo = [\"path\"]\n[rules]\nmissing-hash = \"allow\"\n";
    let all = titles(load_files(&[("trustlock.toml", child), ("org.toml", org)]));
    assert_eq!(
        all,
        [
            "`sources.cargo` is final in `org.toml`",
            "`rules.missing-hash` is final in `org.toml`",
            "`max-waiver` is looser than what `org.toml` asks for",
            "`lockfiles.required` is looser than what `org.toml` asks for",
            "`versions.git-reference` is looser than what `org.toml` asks for",
        ]
    );
}

#[test]
fn the_built_in_prohibitions_are_only_defaults() {
    let policy = load_one("max-waiver = \"365d\"\n[lockfiles]\nrequired = false\n").unwrap();
    assert!(!policy.governed.required.value);
    assert_eq!(policy.max_waiver.value, 365);
    let paranoid = load_one("extends = [\"trustlock:paranoid\"]").unwrap();
    assert_eq!((paranoid.max_waiver.value, paranoid.git_reference.value), (90, GitReferencePolicy::Rev));
    assert_eq!(titles(load_one("extends = [\"trustlock:paranoid\"]\nmax-waiver = \"180d\"")).len(), 1);
}

#[test]
fn cycles_and_long_chains_are_refused_and_diamonds_are_not() {
    let extends = |path: &str| format!("extends = [{{ path = \"{path}\" }}]");
    assert_eq!(titles(load_one(&extends("trustlock.toml"))), ["this policy extends itself"]);
    assert_eq!(
        titles(load_files(&[
            ("trustlock.toml", &extends("a/b.toml")),
            ("a/b.toml", &extends("../trustlock.toml"))
        ])),
        ["this policy extends itself"]
    );
    let diamond = load_files(&[
        ("trustlock.toml", "extends = [{ path = \"a.toml\" }, { path = \"b.toml\" }]"),
        ("a.toml", &extends("c.toml")),
        ("b.toml", &extends("./c.toml")),
        ("c.toml", "[versions]\nban = [{ package = \"cargo:x\", reason = \"no\" }]"),
    ])
    .unwrap();
    assert_eq!(diamond.bans.len(), 1);
    let chain: Vec<_> = (0..20).map(|n| (format!("{n}.toml"), extends(&format!("{}.toml", n + 1)))).collect();
    let mut files: Vec<_> = chain.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let main = extends("0.toml");
    files.push(("trustlock.toml", &main));
    assert_eq!(titles(load_files(&files)), ["too many policies extend each other"]);
}

#[test]
fn a_list_that_everything_is_held_against_stays_short() {
    let list = |count: usize| format!("[sources]\ncargo = [{}]", "\"path\", ".repeat(count));
    assert!(load_one(&list(1024)).is_ok());
    assert_eq!(titles(load_one(&list(1025))), ["`sources.cargo` has 1025 entries"]);
}

#[test]
fn a_missing_or_unpinned_file_is_refused() {
    let extends = |path: &str| format!("extends = [{{ path = \"{path}\" }}]");
    assert_eq!(titles(load_one(&extends("org.toml"))), ["`org.toml` does not exist"]);
    for path in ["../org.toml", "/etc/org.toml", "a/../../org.toml"] {
        let all = titles(load_one(&extends(path)));
        assert_eq!(all, [format!("`{path}` is outside the repository, and nothing says what it must hold")]);
    }
}

/// A folder with a checkout beside other files; the root is without links.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("repo")).unwrap();
        for (path, text) in files {
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        Self { folder }
    }

    fn load(&self, main: Option<&str>, overlays: &[&str]) -> Result<Policy, Vec<Problem>> {
        let base = std::fs::canonicalize(self.folder.path()).unwrap();
        let root = base.join("repo");
        let tree = crate::tree::Disk::open(&root, 1 << 20).unwrap();
        let overlays: Vec<_> = overlays.iter().map(|path| base.join(path)).collect();
        load(
            &tree,
            &Outside { root: &root, limit: 4096 },
            main.map(|path| base.join(path)).as_deref(),
            &overlays,
        )
    }

    /// The same in two steps, as for a policy that is kept.
    fn load_then_lay(&self, overlay: &str) -> Result<Policy, Vec<Problem>> {
        let base = std::fs::canonicalize(self.folder.path()).unwrap();
        let outside = Outside { root: &base.join("repo"), limit: 4096 };
        self.load(None, &[]).unwrap().under(&outside, &[base.join(overlay)])
    }
}

#[test]
fn a_file_outside_is_read_only_as_the_one_that_was_reviewed() {
    const ORG: &str = "[versions]\nban = [{ package = \"cargo:x\", reason = \"no\" }]\n";
    // As `sha256sum` prints it.
    let digest = "1261b1b670df81b1db52e25b892a1ace86bfece2e8f197042f9c1da4ecb329f5";
    let main = |digest: &str| format!("extends = [{{ path = \"../org.toml\", sha256 = \"{digest}\" }}]");
    let good = Disk::new(&[("org.toml", ORG), ("repo/trustlock.toml", &main(digest))]);
    assert_eq!(good.load(None, &[]).unwrap().bans.len(), 1);
    let upper = Disk::new(&[("org.toml", ORG), ("repo/trustlock.toml", &main(&digest.to_uppercase()))]);
    assert!(upper.load(None, &[]).is_ok());
    let other = Disk::new(&[("org.toml", "# evil\n"), ("repo/trustlock.toml", &main(digest))]);
    let problems = other.load(None, &[]).unwrap_err();
    assert!(problems[0].title.ends_with("is not the file that was reviewed"));
    let short = Disk::new(&[("org.toml", ORG), ("repo/trustlock.toml", &main("abc"))]);
    assert_eq!(titles(short.load(None, &[])), ["this is no SHA-256 digest"]);
}

#[test]
fn what_is_no_ordinary_file_outside_is_not_opened() {
    let digest = "0".repeat(64);
    for path in ["/dev/zero", "/dev/stdin", "..", "../big"] {
        let main = format!("extends = [{{ path = \"{path}\", sha256 = \"{digest}\" }}]");
        let disk = Disk::new(&[("repo/trustlock.toml", &main), ("big", &"#".repeat(5000))]);
        assert_eq!(disk.load(None, &[]).unwrap_err().len(), 1, "{path}");
    }
}

#[test]
fn an_overlay_tightens() {
    let overlay = "contact = \"machine owner\"\nmax-waiver = \"30d\"\n[versions]\ngit-reference = \"rev\"\n\
                   ban = [{ package = \"cargo:x\", reason = \"no\" }]\n[sources]\n\
                   cargo = [\"crates.io\", \"git+https://github.com/acme/*\"]\n[hashes]\nalgorithms = [\"sha256\"]\n\
                   [settings]\nallow = []\n[rules]\nunused-waiver = \"deny\"\nmissing-hash = \"deny\"\n";
    let main = "[sources]\ncargo = [\"crates.io\", \"path\"]\n[settings]\n\
                allow = [{ file = \"f\", key = \"k\", value = \"v\" }]\n[rules]\nmissing-hash = \"allow\"\n";
    let disk = Disk::new(&[("repo/trustlock.toml", main), ("overlay.toml", overlay)]);
    let loose = disk.load(None, &[]).unwrap();
    assert!(loose.allows_setting("f", "k", "v"));
    let policy = disk.load(None, &["overlay.toml"]).unwrap();
    assert_eq!(effective(&policy), effective(&disk.load_then_lay("overlay.toml").unwrap()));
    assert!(allows(&policy, Some(&crates_io())));
    assert!(!allows(&policy, None) && !allows(&policy, Some(&git("https://github.com/acme/lib"))));
    assert!(!policy.allows_setting("f", "k", "v"));
    assert_eq!(policy.algorithms.value, [Algorithm::Sha256]);
    assert_eq!((policy.max_waiver.value, policy.git_reference.value), (30, GitReferencePolicy::Rev));
    assert_eq!(policy.contact.as_ref().unwrap().value, "machine owner");
    for rule in ["unused-waiver", "missing-hash"] {
        let level = policy.level(crate::rules::named(rule).unwrap().declaration);
        assert!(level.value == Level::Deny && level.binding, "{rule}");
    }
    assert!(policy.bans[0].binding && policy.is_binding(policy.bans[0].place.as_ref().unwrap()));
    assert!(policy.max_waiver.binding);
}

#[test]
fn an_overlay_that_would_loosen_is_refused() {
    for (overlay, title) in [
        (
            "[rules]\nunknown-source = \"warn\"",
            "`rules.unknown-source` is looser than what `trustlock:strict` asks for",
        ),
        ("max-waiver = \"365d\"", "`max-waiver` is looser than what `trustlock:strict` asks for"),
        (
            "[lockfiles]\nrequired = false",
            "`lockfiles.required` is looser than what `trustlock:strict` asks for",
        ),
        ("[lockfiles]\ninclude = [\"a\"]", "`include` has no place in an overlay"),
        ("[lockfiles]\ndelegate = [\"a\"]", "`delegate` has no place in an overlay"),
        ("extends = []", "`extends` has no place in an overlay"),
        ("waivers = []", "`waivers` has no place in an overlay"),
        ("final = []", "`final` has no place in an overlay"),
    ] {
        let disk = Disk::new(&[("repo/trustlock.toml", ""), ("overlay.toml", overlay)]);
        assert_eq!(titles(disk.load(None, &["overlay.toml"])), [title], "{overlay}");
        assert_eq!(titles(disk.load_then_lay("overlay.toml")), [title], "{overlay}");
    }
    // A repository that is stricter than the overlay asks for stays so.
    let disk = Disk::new(&[
        ("repo/trustlock.toml", "max-waiver = \"10d\"\n[rules]\nunused-waiver = \"deny\""),
        ("overlay.toml", "max-waiver = \"90d\"\n[rules]\nunused-waiver = \"warn\""),
        ("waivable.toml", "waivable = true\n[versions]\nban = [{ package = \"cargo:x\", reason = \"no\" }]"),
    ]);
    let policy = disk.load(None, &["overlay.toml", "waivable.toml"]).unwrap();
    assert_eq!(policy.max_waiver.value, 10);
    assert_eq!(policy.level(crate::rules::named("unused-waiver").unwrap().declaration).value, Level::Deny);
    assert!(!policy.bans[0].binding);
    // Nothing of the checkout can be an overlay, by whatever way.
    let inside = Disk::new(&[("repo/trustlock.toml", ""), ("repo/overlay.toml", "")]);
    assert_eq!(titles(inside.load(None, &["repo/overlay.toml"])), ["`overlay.toml` cannot be an overlay"]);
    #[cfg(unix)]
    {
        let base = inside.folder.path();
        std::os::unix::fs::symlink(base.join("repo/overlay.toml"), base.join("link.toml")).unwrap();
        assert!(titles(inside.load(None, &["link.toml"]))[0].ends_with("leads back into the repository"));
    }
}

#[test]
fn a_policy_can_be_named_and_must_then_exist() {
    let disk = Disk::new(&[
        ("repo/trustlock.toml", "contact = \"root\""),
        ("repo/ci.toml", "contact = \"ci\""),
        ("own.toml", "contact = \"own\""),
        ("trustlock.waivers.toml", "schema = 1"),
    ]);
    for (main, contact) in [(None, "root"), (Some("repo/ci.toml"), "ci"), (Some("own.toml"), "own")] {
        let policy = disk.load(main, &[]).unwrap();
        assert_eq!(policy.contact.unwrap().value, contact);
    }
    assert!(disk.load(Some("repo/none.toml"), &[]).is_err());
    assert!(disk.load(Some("none.toml"), &[]).is_err());
    let into = Disk::new(&[("own.toml", "extends = [{ path = \"repo/a.toml\" }]"), ("repo/a.toml", "")]);
    assert_eq!(
        titles(into.load(Some("own.toml"), &[])),
        ["a policy from outside the repository cannot build on a file of the repository"]
    );
}

#[test]
fn waivers_are_read_beside_the_policy_even_without_one() {
    let waivers = "schema = 1\n[[waivers]]\nrule = \"missing-hash\"\nlockfile = \"Cargo.lock\"\nreason = \"r\"\n\
                   owner = \"o\"\nexpires = 2027-01-31\nmax = 3\n";
    let policy = load_files(&[("trustlock.waivers.toml", waivers)]).unwrap();
    assert!(policy.built_in);
    assert_eq!(policy.waivers[0].max.as_ref().unwrap().0, 3);
    let quoted = waivers.replace("2027-01-31", "\"2027-01-31\"");
    assert_eq!(load_files(&[("trustlock.waivers.toml", &quoted)]).unwrap().waivers.len(), 1);
    for bad in ["2027-01-31T00:00:00Z", "\"2027-1-31\"", "\"soon\"", "\"2027-02-30\""] {
        let text = waivers.replace("2027-01-31", bad);
        assert_eq!(load_files(&[("trustlock.waivers.toml", &text)]).unwrap_err().len(), 1, "{bad}");
    }
}

#[test]
fn delegated_policies_tighten_what_lies_beneath_them() {
    let files = [
        ("trustlock.toml", "[lockfiles]\ndelegate = [\"services/**/trustlock.toml\"]"),
        ("services/a/trustlock.toml", "[sources]\ncargo = [\"path\"]"),
        (
            "services/a/deep/trustlock.toml",
            "[rules]\nunknown-source = \"deny\"\n[versions]\ngit-reference = \"rev\"",
        ),
        ("tools/trustlock.toml", "[sources]\ncargo = [\"git+https://evil.example/*\"]"),
    ];
    let tree = files.iter().fold(Memory::new(), |tree, (path, text)| tree.with(path, *text));
    let mut policy = load_files(&files).unwrap();
    let found: Vec<_> = files[1..].iter().map(|(path, _)| TreePath::new(path).unwrap()).collect();
    policy.read_nested(&tree, &found).unwrap();
    assert!(allows(policy.for_lockfile("Cargo.lock"), Some(&crates_io())));
    assert!(allows(policy.for_lockfile("tools/Cargo.lock"), Some(&crates_io())));
    assert!(allows(policy.for_lockfile("services/ab/Cargo.lock"), Some(&crates_io())));
    assert!(!allows(policy.for_lockfile("services/a/Cargo.lock"), Some(&crates_io())));
    let deep = policy.for_lockfile("services/a/deep/x/Cargo.lock");
    assert!(!allows(deep, Some(&crates_io())) && allows(deep, None));
    assert_eq!(deep.git_reference.value, GitReferencePolicy::Rev);

    for (text, title) in [
        ("[rules]\nmissing-lockfile = \"deny\"", "`missing-lockfile` judges the repository as a whole"),
        (
            "[rules]\nmissing-hash = \"warn\"",
            "`rules.missing-hash` is looser than what `trustlock:strict` asks for",
        ),
        ("contact = \"me\"", "`contact` has no place in a nested policy"),
        ("waivers = []", "`waivers` has no place in a nested policy"),
    ] {
        let path = TreePath::new("services/b/trustlock.toml").unwrap();
        let tree = Memory::new().with(path.as_str(), text);
        let problems = load_files(&files).unwrap().read_nested(&tree, &[path]).unwrap_err();
        assert_eq!(problems.iter().map(|p| p.title.as_str()).collect::<Vec<_>>(), [title]);
    }
}

proptest::proptest! {
    /// Whatever an overlay says, what was refused stays refused.
    #[test]
    fn no_overlay_loosens(
        rule in 0..crate::rules::RULES.len(),
        levels in (0..3_usize, 0..3_usize),
        sources in (0..4_usize, 0..4_usize),
    ) {
        let lists = ["[]", "[\"crates.io\"]", "[\"path\"]", "[\"git+https://github.com/acme/*\", \"crates.io\"]"];
        let name = crate::rules::RULES[rule].declaration.name;
        let text = |level: usize, list: usize| {
            format!("[rules]\n{name} = \"{}\"\n[sources]\ncargo = {}\n", Level::ALL[level].name(), lists[list])
        };
        let disk = Disk::new(&[
            ("repo/trustlock.toml", &text(levels.0, sources.0)),
            ("overlay.toml", &text(levels.1, sources.1)),
        ]);
        let (Ok(before), Ok(after)) = (disk.load(None, &[]), disk.load(None, &["overlay.toml"])) else {
            return Ok(());
        };
        let rule = crate::rules::RULES[rule].declaration;
        proptest::prop_assert!(after.level(rule).value >= before.level(rule).value);
        for source in [None, Some(crates_io()), Some(git("https://github.com/acme/lib"))] {
            if allows(&after, source.as_ref()) {
                proptest::prop_assert!(allows(&before, source.as_ref()));
            }
        }
    }
}
