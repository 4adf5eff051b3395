//! What a healthy file says.

use super::*;
use crate::model::{LocalForm, ReferenceKind, SourceKind};

#[test]
fn a_file_of_today_is_read_whole() {
    let lockfile = read_text(&lock(&(app(&["\"six\""]) + &package("six", "1.16.0", PYPI))));
    assert_eq!(lockfile.format.to_string(), "uv.lock v1.5");
    assert_eq!(lockfile.oddities, []);
    assert_eq!(lockfile.notes, Vec::<String>::new());
    let six = lockfile.package(1).unwrap();
    assert!(six.source().unwrap().is_pypi());
    assert_eq!(six.chain(), ["app@0.1.0", "six@1.16.0"]);
    assert_eq!(
        files(&lockfile, 1),
        [
            "sdist six-1.16.0.tar.gz https://files.pythonhosted.org/packages/00/six-1.16.0.tar.gz sha256:aaaa",
            "wheel six-1.16.0-py3-none-any.whl https://files.pythonhosted.org/packages/00/six-1.16.0-py3-none-any.whl sha256:bbbb",
        ]
    );
    let sdist = six.artifacts().next().unwrap();
    assert_eq!(sdist.uploaded(), Some("2026-02-03T13:30:14.33Z"));
    assert_eq!(sdist.artifact.unwrap().size, Some(10));
}

#[test]
fn every_revision_is_read_and_an_unknown_one_is_named() {
    let text = lock(&app(&[]));
    assert_eq!(read_text(&text.replace("revision = 5\n", "")).format.version, "1.0");
    for revision in 0..=5 {
        let lockfile = read_text(&text.replace("revision = 5", &format!("revision = {revision}")));
        assert_eq!((lockfile.format.version, lockfile.notes.len()), (format!("1.{revision}"), 0));
    }
    let later = read_text(&text.replace("revision = 5", "revision = 99"));
    assert_eq!(later.format.version, "1.99");
    assert!(later.notes[0].starts_with("it is of revision 99"), "{:?}", later.notes);
}

#[test]
fn other_versions_and_old_forms_are_named() {
    let text = lock(&(app(&["\"six\""]) + &package("six", "1.16.0", PYPI)));
    let (title, at, label) = refused(&text.replace("version = 1\n", "version = 2\n"));
    assert_eq!(title, "`uv.lock` has the unknown lockfile version 2");
    assert_eq!((at.as_str(), label.as_str()), ("2", "this program knows version 1"));
    assert_eq!(
        refused(&text.replacen("version = 1\n", "", 1)).0,
        "`uv.lock` names no version, which every `uv.lock` does"
    );
    assert_eq!(refused(&text.replacen("version = 1\n", "version = \"1\"\n", 1)).1, "\"1\"");
    let old =
        text.replace(PYPI, "\"registry+https://pypi.org/simple\"").replace("[[package]]", "[[distribution]]");
    let (title, at, _) = refused(&old);
    assert_eq!(title, "`uv.lock` names sources as uv did before its lockfile was settled");
    assert_eq!(at, "\"registry+https://pypi.org/simple\"");
    // The table by its older name is read, beside the newer one it is not.
    assert_eq!(read_text(&text.replace("[[package]]", "[[distribution]]")).len(), 2);
    let both = text.clone() + &package("b", "1", PYPI).replace("[[package]]", "[[distribution]]");
    assert_eq!(refused(&both).2, "uv takes this for `package` by an older name, and refuses both");
}

#[test]
fn values_of_another_type_are_errors() {
    let text = lock(&package("six", "1.16.0", PYPI));
    for (from, to, label) in [
        ("name = \"six\"", "name = 6", "`name` must be a string"),
        ("name = \"six\"\n", "", "this entry has no `name`"),
        ("source = { registry = \"https://pypi.org/simple\" }\n", "", "this entry has no `source`"),
        ("{ registry = ", "{ hg = ", "uv knows no such kind of source"),
        ("wheels = [", "wheels = [1, ", "`an entry of `wheels`` must be a table"),
        ("revision = 5", "revision = \"5\"", "`revision` must be a number"),
    ] {
        assert_eq!(refused(&text.replace(from, to)).2, label);
    }
}

#[test]
fn each_kind_of_source() {
    let of = |source: &str| {
        let lockfile = read_text(&lock(&package("a", "1", source)));
        lockfile.package(0).unwrap().source().unwrap().clone()
    };
    assert_eq!(of("{ registry = \"https://h.example/simple/\" }").kind, SourceKind::Index);
    let links = of("{ registry = \"../wheels\" }");
    assert_eq!(links.kind, SourceKind::Local { form: LocalForm::Links, inside: None });
    let links = of("{ registry = \"./wheels\" }");
    assert_eq!(links.kind, SourceKind::Local { form: LocalForm::Links, inside: Some("wheels".to_owned()) });
    let archive = of("{ url = \"https://h.example/a-1.tar.gz\", subdirectory = \"x\" }");
    assert_eq!(archive.kind, SourceKind::Archive);
    for (key, form) in [
        ("path", LocalForm::File),
        ("directory", LocalForm::Directory),
        ("editable", LocalForm::Editable),
        ("virtual", LocalForm::Virtual),
    ] {
        let inside = of(&format!("{{ {key} = \"libs/a\" }}"));
        assert_eq!(inside.kind, SourceKind::Local { form, inside: Some("libs/a".to_owned()) });
        let outside = of(&format!("{{ {key} = \"../../core\" }}"));
        assert_eq!(outside.kind, SourceKind::Local { form, inside: None });
    }
}

#[test]
fn git_sources_have_a_query_and_a_commit() {
    let of = |url: &str| {
        let lockfile = read_text(&lock(&package("a", "1", &format!("{{ git = \"{url}\" }}"))));
        let source = lockfile.package(0).unwrap().source().unwrap().clone();
        let reference = source.reference().map(|r| (r.kind, r.value.clone()));
        (source.url.as_ref().unwrap().to_string(), reference, source.commit().map(str::to_owned))
    };
    let commit = Some(COMMIT.to_owned());
    let home = "https://h.example/acme/a".to_owned();
    assert_eq!(of(&format!("https://h.example/acme/a#{COMMIT}")), (home.clone(), None, commit.clone()));
    for (query, kind, value) in [
        ("branch=feat%2Fx%231", ReferenceKind::Branch, "feat/x#1"),
        ("tag=v1.0", ReferenceKind::Tag, "v1.0"),
        ("rev=0123456&lfs=true&subdirectory=a%20b&path=d", ReferenceKind::Rev, "0123456"),
        ("subdirectory=x&%62ranch=a+b", ReferenceKind::Branch, "a b"),
    ] {
        let found = of(&format!("https://h.example/acme/a?{query}#{COMMIT}"));
        assert_eq!(found, (home.clone(), Some((kind, value.to_owned())), commit.clone()));
    }
    assert_eq!(of("https://h.example/acme/a?branch=main").2, None);
    assert_eq!(of(&format!("ssh://git@h.example/acme/a?tag=v1#{COMMIT}")).0, "ssh://git@h.example/acme/a");
}

#[test]
fn files_are_named_by_url_path_or_their_source() {
    let entry = |source: &str, files: &str| {
        read_text(&lock(&format!("[[package]]\nname = \"a\"\nversion = \"1\"\nsource = {source}\n{files}\n")))
    };
    let hash = format!("hash = \"sha256:{}\"", hex('c'));
    let links = entry(
        "{ registry = \"wheels\" }",
        &format!(
            "sdist = {{ path = \"a-1.tar.gz\" }}\nwheels = [{{ path = \"a-1-py3-none-any.whl\", {hash} }}]"
        ),
    );
    assert_eq!(
        files(&links, 0),
        ["sdist a-1.tar.gz a-1.tar.gz ", "wheel a-1-py3-none-any.whl a-1-py3-none-any.whl sha256:cccc"]
    );
    let escaping = entry("{ registry = \"wheels\" }", "sdist = { path = \"../../a-1.tar.gz\" }");
    let source = escaping.package(0).unwrap().source().unwrap();
    assert_eq!(source.kind, SourceKind::Local { form: LocalForm::File, inside: None });
    let direct = entry("{ url = \"https://h.example/x/a-1.tar.gz\" }", &format!("sdist = {{ {hash} }}"));
    assert_eq!(files(&direct, 0), ["sdist a-1.tar.gz https://h.example/x/a-1.tar.gz sha256:cccc"]);
    let path = entry(
        "{ path = \"dist/a-1-py3-none-any.whl\" }",
        &format!("wheels = [{{ filename = \"a-1-py3-none-any.whl\", {hash} }}]"),
    );
    assert_eq!(files(&path, 0), ["wheel a-1-py3-none-any.whl dist/a-1-py3-none-any.whl sha256:cccc"]);
    let old =
        entry(PYPI, "sdist = { url = \"https://h/a-1.tar.gz\", upload_time = \"2026-01-01T00:00:00Z\" }");
    let file = old.package(0).unwrap().artifacts().next().unwrap().uploaded().map(str::to_owned);
    assert_eq!(file.as_deref(), Some("2026-01-01T00:00:00Z"));
    let zstd = entry(
        PYPI,
        &format!(
            "wheels = [{{ url = \"https://h/a-1-py3-none-any.whl\", {hash}, zstd = {{ {hash}, size = 5 }} }}]"
        ),
    );
    assert_eq!(files(&zstd, 0)[1], "wheel a-1-py3-none-any.whl.tar.zst  sha256:cccc");
    assert_eq!(zstd.oddities, []);
}

#[test]
fn forks_are_told_apart_by_version_and_source() {
    let other = "{ registry = \"https://other.example/simple\" }";
    let text = lock(
        &(app(&[
            "\"a\", version = \"1.0\", source = { registry = \"https://pypi.org/simple\" }",
            "\"a\", version = \"2.0\"",
            "\"A\", version = \"1.0\", source = { registry = \"https://other.example/simple\" }, extra = [\"x\"], marker = \"y\"",
            "\"b\"",
        ]) + "[package.optional-dependencies]\nx = [{ name = \"b\" }]\n\n[package.dev-dependencies]\ndev = [{ name = \"a\", version = \"2.0\" }]\n\n"
            + &package("a", "1.0", PYPI).replace(
                "sdist",
                "resolution-markers = [\n    \"python_full_version < '3.10'\",\n    \"sys_platform == 'win32'\",\n]\nsdist",
            )
            + &package("a", "1.0", other)
            + &package("a", "2.0", PYPI)
            + &package("b", "1.0", PYPI).replace("sdist", "resolution-markers = [\"os_name == 'nt'\"]\nsdist")),
    );
    let lockfile = read_text(&text);
    assert_eq!(lockfile.oddities, []);
    assert_eq!(edges(&lockfile, 0), ["a@1.0", "a@2.0", "a@1.0", "b@1.0", "b@1.0", "a@2.0"]);
    let targets: Vec<_> =
        lockfile.package(0).unwrap().dependencies().iter().map(|d| d.target.unwrap()).collect();
    assert_eq!(targets, [1, 3, 2, 4, 4, 3]);
    let marker = |index| lockfile.package(index).unwrap().marker().map(str::to_owned);
    assert_eq!(marker(1).as_deref(), Some("python_full_version < '3.10' or sys_platform == 'win32'"));
    assert_eq!(marker(4).as_deref(), Some("os_name == 'nt'"));
}

#[test]
fn requests_are_those_of_members_and_of_the_manifest() {
    let text = lock(
        &("[manifest]\nmembers = [\"app\"]\nrequirements = [{ name = \"s\", specifier = \">=1\" }]\noverrides = [{ name = \"o\", specifier = \"==1\" }]\nexcludes = [\"e\"]\n\n[manifest.dependency-groups]\ndev = [{ name = \"d\" }]\n\n".to_owned()
            + &app(&[])
            + "[package.metadata]\nrequires-dist = [{ name = \"six\", specifier = \">=1.16\" }, { name = \"x\", marker = \"extra == 'web'\", editable = \"x\" }]\nprovides-extras = [\"web\"]\n\n[package.metadata.requires-dev]\nlint = [{ name = \"ruff\", specifier = \"==0.9.0\" }]\n"),
    );
    let lockfile = read_text(&text);
    let requests: Vec<String> = lockfile
        .requests
        .iter()
        .map(|r| {
            let text = |atom: Option<crate::model::Atom>| atom.map_or("", |a| lockfile.text(a));
            let name = lockfile.text(r.name);
            format!("{:?} {name}{} {}", r.package, text(r.specifier), text(r.group))
        })
        .collect();
    assert_eq!(
        requests,
        ["None s>=1 ", "None d dev", "Some(0) six>=1.16 ", "Some(0) x ", "Some(0) ruff==0.9.0 lint"]
    );
    let options: Vec<_> = lockfile.options.iter().map(|o| (o.name, o.value.as_str())).collect();
    assert_eq!(options, [("manifest.overrides", "o"), ("manifest.excludes", "e")]);
}

#[test]
fn the_lock_of_a_script_is_told_by_its_content() {
    let text = "# made by uv\nversion = 1\nrequires-python = \">=3.9\"\n";
    assert!(recognises(text));
    assert!(recognises("\"version\"=1\n 'requires-python' = '*'\n[x]"));
    assert!(recognises("\"vers\\u0069on\" = 1\n"));
    for other in [
        "version = 4\n[[package]]\n",
        "",
        "[x]\nversion = 1\nrequires-python = 2\n",
        "flask==3.0\n",
        "# yarn lockfile v1\n",
    ] {
        assert!(!recognises(other), "{other}");
    }
    assert_eq!(claims("a/uv.lock"), Claim::Yes);
    assert_eq!(claims("tool.py.lock"), Claim::Maybe);
    assert_eq!(claims("uv.lock.bak"), Claim::No);
}
