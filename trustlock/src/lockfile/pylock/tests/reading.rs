//! What a healthy file says.

use super::*;
use crate::model::{LocalForm, ReferenceKind, SourceKind};

#[test]
fn a_file_of_today_is_read_whole() {
    let entry = package("six", "1.16.0", &sha256())
        .replace("version =", "marker = \"'dev' in dependency_groups\"\nversion =")
        .replace("sdist", "dependencies = [{ name = \"attrs\" }, { name = \"gone\" }]\nattestation-identities = [{ kind = \"GitHub\" }]\nsdist");
    let lockfile =
        read_text(&lock(&(entry + &package("attrs", "26.1.0", &sha256()) + "[tool.x]\nhashes = 1\n")));
    assert_eq!(lockfile.format.to_string(), "pylock.toml v1.0");
    assert_eq!((&lockfile.oddities, lockfile.notes.len()), (&Vec::new(), 0));
    let six = lockfile.package(0).unwrap();
    assert!(six.source().unwrap().is_pypi());
    assert_eq!(six.marker(), Some("'dev' in dependency_groups"));
    let targets: Vec<_> = six.dependencies().iter().map(|d| d.target).collect();
    assert_eq!(targets, [Some(1), None]);
    assert_eq!(
        files(&lockfile, 0),
        [
            "sdist six-1.16.0.tar.gz https://files.pythonhosted.org/packages/00/six-1.16.0.tar.gz sha256:aaaa",
            "wheel six-1.16.0-py3-none-any.whl https://files.pythonhosted.org/packages/00/six-1.16.0-py3-none-any.whl sha256:aaaa",
        ]
    );
    let sdist = six.artifacts().next().unwrap();
    assert_eq!((sdist.uploaded(), sdist.artifact.unwrap().size), (Some("2026-02-03T13:30:14Z"), Some(10)));
}

#[test]
fn later_minor_versions_are_read_and_named() {
    let later = read_text(&lock("").replace("1.0", "1.1"));
    assert_eq!(later.format.version, "1.1");
    assert!(later.notes[0].starts_with("it is of version 1.1"), "{:?}", later.notes);
    for version in ["\"2.0\"", "\"1\"", "\"1.x\"", "1.0", "\"\"", "\"1.-1\""] {
        let (title, _) = refused(&lock("").replace("\"1.0\"", version));
        assert_eq!(title, format!("`pylock.toml` has the unknown lockfile version {version}"));
    }
    assert_eq!(refused("created-by = \"x\"\npackages = []\n").0, "`pylock.toml` names no `lock-version`");
    assert_eq!(
        refused("lock-version = \"1.0\"\n").0,
        "`pylock.toml` has no `packages`, which every `pylock.toml` does"
    );
}

#[test]
fn a_project_without_dependencies_is_healthy() {
    let lockfile = read_text(&lock(""));
    assert_eq!((lockfile.len(), lockfile.oddities.len()), (0, 0));
}

#[test]
fn names_of_files() {
    for (path, claim) in [
        ("pylock.toml", Claim::Yes),
        ("a/pylock.dev.toml", Claim::Yes),
        ("pylock.a.b.toml", Claim::No),
        ("pylock..toml", Claim::No),
        ("pylock-dev.toml", Claim::No),
        ("mypylock.toml", Claim::No),
        ("pylock", Claim::No),
    ] {
        assert_eq!(claims(path), claim, "{path}");
    }
}

#[test]
fn trees_and_archives() {
    let of = |kind: &str| {
        let lockfile = read_text(&lock(&format!("[[packages]]\nname = \"a\"\n{kind}\n")));
        assert_eq!(lockfile.oddities, [], "{kind}");
        (lockfile.package(0).unwrap().source().unwrap().clone(), files(&lockfile, 0))
    };
    let (git, _) = of(&format!(
        "vcs = {{ type = \"git\", url = \"https://h.example/acme/a.git\", requested-revision = \"main\", commit-id = \"{COMMIT}\" }}"
    ));
    assert_eq!(git.commit(), Some(COMMIT));
    assert_eq!(git.reference().map(|r| (r.kind, r.value.as_str())), Some((ReferenceKind::Ref, "main")));
    let (git, _) = of(&format!(
        "vcs = {{ type = \"git\", url = \"https://h/a\", requested-revision = \"0123456\", commit-id = \"{COMMIT}\" }}"
    ));
    assert_eq!(git.reference().map(|r| r.kind), Some(ReferenceKind::Rev));
    // The revision that was asked for is no pin, and a branch in place of a commit is none either.
    let (git, _) = of("vcs = { type = \"git\", url = \"https://h/a\", requested-revision = \"main\" }");
    assert_eq!(git.commit(), None);
    let (git, _) = of("vcs = { type = \"git\", url = \"https://h/a\", commit-id = \"main\" }");
    assert_eq!(git.commit(), Some("main"));
    let (hg, _) = of("vcs = { type = \"hg\", url = \"https://h/a\", commit-id = \"x\" }");
    assert_eq!(hg.kind, SourceKind::Unknown);
    let (folder, _) = of("directory = { path = \"libs/a\", editable = true }");
    assert_eq!(
        folder.kind,
        SourceKind::Local { form: LocalForm::Editable, inside: Some("libs/a".to_owned()) }
    );
    let (folder, _) = of("directory = { path = \"../a\" }");
    assert_eq!(folder.kind, SourceKind::Local { form: LocalForm::Directory, inside: None });
    let (archive, found) =
        of(&format!("archive = {{ url = \"https://h/main.zip\", hashes = {} }}", sha256()));
    assert_eq!(archive.kind, SourceKind::Archive);
    assert_eq!(found, ["sdist main.zip https://h/main.zip sha256:aaaa"]);
    let (archive, found) = of(&format!(
        "archive = {{ url = \"https://h/x\", path = \"dist/a-1-py3-none-any.whl\", hashes = {} }}",
        sha256()
    ));
    assert_eq!(
        archive.kind,
        SourceKind::Local { form: LocalForm::File, inside: Some("dist/a-1-py3-none-any.whl".to_owned()) }
    );
    assert_eq!(found, ["wheel a-1-py3-none-any.whl dist/a-1-py3-none-any.whl sha256:aaaa"]);
}

#[test]
fn files_without_an_index() {
    let of = |files: &str| {
        let lockfile =
            read_text(&lock(&format!("[[packages]]\nname = \"a\"\nversion = \"1\"\nwheels = [{files}]\n")));
        lockfile.package(0).unwrap().source().unwrap().kind.clone()
    };
    assert_eq!(of("{ url = \"https://h/a-1-py3-none-any.whl\" }"), SourceKind::Unrecorded);
    let local =
        |inside: Option<&str>| SourceKind::Local { form: LocalForm::File, inside: inside.map(str::to_owned) };
    assert_eq!(of("{ path = \"w/a-1-py3-none-any.whl\" }"), local(Some("w/a-1-py3-none-any.whl")));
    assert_eq!(
        of("{ path = \"w/a-1-py3-none-any.whl\" }, { path = \"../../a-1-py2-none-any.whl\" }"),
        local(None)
    );
    // uv names a folder of this machine as the index of what `find-links` gave it.
    let links = "[[packages]]\nname = \"a\"\nindex = \"file:///x/w\"\nwheels = [{ path = \"w/a-1-py3-none-any.whl\" }]\n";
    let links = read_text(&lock(links));
    assert_eq!(links.package(0).unwrap().source().unwrap().kind, local(Some("w/a-1-py3-none-any.whl")));
    // A path is taken before a URL and before the index.
    let both = read_text(&lock(
        &package("a", "1", &sha256()).replace("wheels = [{ url", "wheels = [{ path = \"../x\", url"),
    ));
    assert_eq!(both.package(0).unwrap().source().unwrap().kind, local(None));
}

#[test]
fn what_pipenv_makes_up_is_left_out() {
    let entry = package("jaraco.classes", "3.4.0", &sha256())
        .replace("2026-02-03T13:30:14Z", "\"2026-02-03T13:30:14Z\"");
    let entry = entry.replace("jaraco.classes-", "jaraco_classes-");
    let lockfile = read_text(&lock(&entry).replace("\"test\"", "\"pipenv\""));
    assert_eq!(lockfile.oddities, []);
    assert_eq!(lockfile.notes.len(), 1);
    assert_eq!(
        files(&lockfile, 0)[1],
        "unknown  https://files.pythonhosted.org/packages/00/jaraco_classes-3.4.0-py3-none-any.whl sha256:aaaa"
    );
    let uploaded = lockfile.package(0).unwrap().artifacts().next().unwrap().uploaded().map(str::to_owned);
    assert_eq!(uploaded.as_deref(), Some("2026-02-03T13:30:14Z"));
}
