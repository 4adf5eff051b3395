#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

fn read(path: &str, text: &str) -> (Arc<File>, Vec<Command>) {
    let path = TreePath::new(path).unwrap();
    let file = File::new(path.as_str(), text);
    let commands = commands_of(&file, &path, Source::of(&path).unwrap()).unwrap();
    (file, commands)
}

/// The commands of a file: their words joined by `|`, then what stands at their place.
#[track_caller]
fn gives(path: &str, text: &str, expected: &[(&str, &str)]) {
    let (file, commands) = read(path, text);
    let found: Vec<(String, String)> = commands
        .iter()
        .filter(|command| !command.words.is_empty())
        .map(|command| {
            let words = command.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join("|");
            (words, file.slice(command.span()).to_owned())
        })
        .collect();
    let expected: Vec<(String, String)> =
        expected.iter().map(|(words, place)| ((*words).to_owned(), (*place).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_kind_of_scalar_of_a_workflow() {
    let text = r#"on: push
jobs:
  a:
    steps:
      - run: pip install a  # not this
      - name: é
        run: |
          pip install \
            b
          if true; then
            c 'd e'
          fi
      - run: >-
          pip install
          f
      - run: 'echo ''g'' h'
      - run: "i \"j\" \
          k"
      - run: l
          m
      - uses: x/y@v1
      - shell: python
        run: n
"#;
    gives(
        ".github/workflows/ci.yml",
        text,
        &[
            ("pip|install|a", "pip install a"),
            ("pip|install|b", "pip install \\\n            b"),
            ("true", "true"),
            ("c|d e", "c 'd e'"),
            ("fi", "fi"),
            ("pip|install|f", "pip install\n          f"),
            ("echo|g|h", "echo ''g'' h"),
            ("i|j|k", "i \\\"j\\\" \\\n          k"),
            ("l|m", "l\n          m"),
        ],
    );
}

#[test]
fn what_a_workflow_sets_holds_further_in() {
    let text = "
env: { A: 1 }
defaults: { run: { working-directory: sub } }
jobs:
  a:
    env: { B: 2 }
    steps:
      - run: echo C=3 >> $GITHUB_ENV
      - env: { A: 4 }
        run: x
      - run: cd deeper && y
      - uses: actions/checkout@v4
        with: { repository: other/one, path: other }
      - working-directory: other
        run: z
";
    let (_, commands) = read(".github/workflows/ci.yml", text);
    let of = |program: &str| commands.iter().find(|command| command.words[0].text == program).unwrap();
    assert_eq!(["A", "B", "C"].map(|name| of("x").variable(name)), [Some("4"), Some("2"), Some("3")]);
    assert_eq!(of("y").variable("A"), Some("1"));
    let here = |path: &str| Directory::Here(TreePath::new(path).unwrap());
    assert_eq!([&of("x").directory, &of("y").directory], [&here("sub"), &here("sub/deeper")]);
    assert_eq!(of("z").directory, Directory::Elsewhere);
}

#[test]
fn an_action_knows_what_all_of_its_users_set() {
    let workflow = |env: &str| {
        format!(
            "jobs:\n  a:\n    env: {{ {env} }}\n    steps:\n      - uses: ./.github/actions/x\n      - run: y\n"
        )
    };
    let tree = crate::tree::Memory::new()
        .with(".github/workflows/a.yml", workflow("A: 1, B: 1"))
        .with(".github/workflows/b.yml", workflow("A: 1, B: 2"))
        .with(
            ".github/actions/x/action.yml",
            "runs:\n  using: composite\n  steps:\n    - run: z\n      shell: sh\n",
        );
    let paths = [".github/actions/x/action.yml", ".github/workflows/a.yml", ".github/workflows/b.yml"];
    let paths = paths.map(|path| TreePath::new(path).unwrap());
    let commands = Commands::read(&tree, &paths, &|_| false);
    let action = commands.scripts.iter().find(|script| script.source == Source::Action).unwrap();
    assert_eq!(["A", "B"].map(|name| action.commands[0].variable(name)), [Some("1"), None]);
}

#[test]
fn lines_of_a_pipeline() {
    let text = "
variables: { A: 1 }
before_script: [a]
job:
  variables: { B: 2 }
  script:
    - b c
    - [d, \"e f\"]
    - |
      g
";
    gives(".gitlab-ci.yml", text, &[("a", "a"), ("b|c", "b c"), ("d", "d"), ("e|f", "e f"), ("g", "g")]);
    let (_, commands) = read(".gitlab-ci.yml", text);
    assert_eq!(["A", "B"].map(|name| commands[1].variable(name)), [Some("1"), Some("2")]);
}

#[test]
fn forms_of_run_in_a_dockerfile() {
    let text = r#"# comment
FROM base AS one
ENV A=1 B="2 3"
RUN pip install a && \
    # a comment in between
    pip install b
run --mount=type=cache,target=/x ["pip", "install", "c d"]
ONBUILD RUN ["sh", "-c", "e \"f\""]
RUN <<EOF
g h
EOF
RUN cat <<EOF > /file && i
pip install never
EOF
COPY <<EOF /x
pip install never
EOF
RUN <<EOF
#!/usr/bin/env python
pip install never
EOF
FROM one
RUN j
FROM other
RUN k
"#;
    gives(
        "Dockerfile",
        text,
        &[
            ("pip|install|a", "pip install a"),
            ("pip|install|b", "pip install b"),
            ("pip|install|c d", "pip\", \"install\", \"c d"),
            ("sh|-c|e \"f\"", "sh\", \"-c\", \"e \\\"f\\\""),
            ("e|f", "e \\\"f\\\""),
            ("g|h", "g h"),
            ("cat", "cat"),
            ("i", "i"),
            ("j", "j"),
            ("k", "k"),
        ],
    );
    let (_, commands) = read("Dockerfile", text);
    let of = |program: &str| commands.iter().find(|command| command.words[0].text == program).unwrap();
    assert_eq!(["A", "B"].map(|name| of("j").variable(name)), [Some("1"), Some("2 3")]);
    assert_eq!(of("k").variable("A"), None);
}

#[test]
fn recipes_of_a_makefile() {
    let text = "PIP = pip \\\n\tinstall never\nall: x\n\t@-pip install a \\\n\t  b\n\t$(PIP) install $$X $(shell x)\nifdef Y\n\tc # d\nendif\n";
    gives(
        "Makefile",
        text,
        &[
            ("pip|install|a|b", "pip install a \\\n\t  b"),
            ("${PIP}|install|$X|${make}", "$(PIP) install $$X $(shell x)"),
            ("c", "c"),
        ],
    );
}

#[test]
fn recipes_of_a_justfile() {
    let text = "x := 'pip install never'\n# pip install never\n\na b='c':\n    @pip install {{ b }} d\n    cd e && \\\n      f\n\ng: a\n    #!/usr/bin/env bash\n    h\n\ni:\n    #!/usr/bin/env python\n    never\n";
    gives(
        "justfile",
        text,
        &[("pip|install|${value}|d", "pip install {{ b }} d"), ("cd|e", "cd e"), ("f", "f"), ("h", "h")],
    );
}

#[test]
fn environments_of_tox() {
    let text = "[tox]\nenvlist = a\n[testenv]\ndeps =\n    pytest >= 7 ; python_version < '4'\n    py39: -r r.txt\n    {[x]deps}\ncommands =\n    lint: - python -m pip install a {posargs} \\\n        b\n[other]\ndeps = never\n";
    gives(
        "tox.ini",
        text,
        &[
            (
                "pytest >= 7|-r|r.txt|{[x]deps}",
                "pytest >= 7 ; python_version < '4'\n    py39: -r r.txt\n    {[x]deps}",
            ),
            ("python|-m|pip|install|a|${value}|b", "python -m pip install a {posargs} \\\n        b"),
        ],
    );
    let text = "[tool.tox]\nlegacy_tox_ini = \"\"\"\n[testenv]\ndeps = a\n\"\"\"\n[tool.tox.env.b]\ndeps = [\"c\"]\ncommands = [[\"pip\", \"install\", \"d\"]]\n";
    gives(
        "pyproject.toml",
        text,
        &[("a", "a"), ("c", "\"c\""), ("pip|install|d", "pip\", \"install\", \"d")],
    );
    let hashed = "[testenv]\ninstall_command = pip install --require-hashes {opts} {packages}\n[testenv:a]\ndeps = b\n";
    assert_eq!(read("tox.ini", hashed).1[0].variable("PIP_REQUIRE_HASHES"), Some("1"));
}

#[test]
fn sessions_of_nox() {
    let text = "import nox\n\n# session.install('never')\n\"\"\"session.install('never')\"\"\"\n@nox.session\ndef a(session: nox.Session) -> None:\n    session.install('pytest', \"mypy\" '>=1', f'x{v}', *rest, silent=False)\n    session.run('pip', 'install', 'b', external=True)\n    session.notify('never')\n";
    gives(
        "noxfile.py",
        text,
        &[
            ("pytest|mypy>=1|${value}|${value}", "pytest', \"mypy\" '>=1', f'x{v}', *rest"),
            ("pip|install|b", "pip', 'install', 'b"),
        ],
    );
}

#[test]
fn hooks_of_pre_commit() {
    let text = "repos:\n- repo: https://x\n  rev: main\n  hooks:\n  - id: a\n    additional_dependencies: [b, 'c==1']\n  - id: d\n";
    gives(".pre-commit-config.yaml", text, &[("main", "main"), ("b|c==1", "b, 'c==1'")]);
}

#[test]
fn what_cannot_be_read_is_told() {
    let tree = crate::tree::Memory::new()
        .with(".github/workflows/a.yml", "a: [")
        .with("b.sh", b"\xff".to_vec())
        .with("c.sh", "x".repeat(FILE_LIMIT + 1))
        .with("fixtures/d.sh", "pip install never")
        .with("e.sh", "#!/usr/bin/env python\npip install never")
        .with("docs/f.sh", "g");
    let paths = [".github/workflows/a.yml", "b.sh", "c.sh", "docs/f.sh", "e.sh", "fixtures/d.sh", "gone.sh"];
    let paths = paths.map(|path| TreePath::new(path).unwrap());
    let commands = Commands::read(&tree, &paths, &|path| path.as_str().starts_with("docs/"));
    let unread: Vec<&str> = commands.unread.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(commands.scripts.len(), 0);
    assert_eq!(unread, [".github/workflows/a.yml", "c.sh", "b.sh"]);
}

const PATHS: [&str; 11] = [
    ".github/workflows/ci.yml",
    "action.yml",
    ".gitlab-ci.yml",
    "Dockerfile",
    "Makefile",
    "justfile",
    "a.sh",
    "tox.ini",
    "tox.toml",
    "noxfile.py",
    ".pre-commit-config.yaml",
];

fn stays_inside(text: &str) {
    for path in PATHS.map(|path| TreePath::new(path).unwrap()) {
        let file = File::new(path.as_str(), text);
        for command in commands_of(&file, &path, Source::of(&path).unwrap()).unwrap_or_default() {
            for word in &command.words {
                assert!(text.get(word.span.range()).is_some(), "{path}: {:?} of {text:?}", word.span);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_keeps_its_places(text in "([a-zé:=\\[\\]{}$()|>&'\"`\\\\#%, \n\t\r.-]|<<E|E\n|RUN |jobs|steps|run|deps|session\\.install\\(|- |: |\n  ){0,50}") {
        stays_inside(&text);
    }

    #[test]
    fn any_file_of_known_parts(parts in proptest::collection::vec(prop_oneof![
        Just("jobs:\n  a:\n    steps:\n"), Just("      - run: |\n          "), Just("      - run: >\n          "), Just("      - run: \""),
        Just("a:\n  script:\n    - "), Just("RUN "), Just("FROM x AS y\n"), Just("[\"a\", \"b\\\"é\"]\n"), Just("<<EOF\n"), Just("EOF\n"),
        Just("[testenv]\ndeps =\n  "), Just("commands = "), Just("a:\n\t"), Just("a:\n    "), Just("session.install("), Just("'"), Just("\""),
        Just("\"\"\""), Just(")"), Just("pip install é\n"), Just("\\\n"), Just("$("), Just("{{"), Just("}}"), Just("`"), Just("\n"), Just("\r\n"),
        Just("repos:\n- rev: x\n  hooks:\n  - additional_dependencies: [a, 'b']\n")], 0..14)) {
        stays_inside(&parts.concat());
    }
}
