use super::*;

/// What is said about a text, and where.
fn said(text: &str, expected: &[(&str, &str)]) {
    let found = oddities(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(what, at)| (what.as_str(), at.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

const REFUSED: &str = "pip refuses this line";

#[test]
fn a_comment_takes_the_hashes_with_it() {
    const LOST: &str = "this hash belongs to no requirement";
    said("six==1 \\\n    # why\n    --hash=sha256:00", &[(LOST, "--hash=sha256:00")]);
    said("six==1 # why\n    --hash=sha256:00", &[(LOST, "--hash=sha256:00")]);
    said(
        "six==1 # why \\\n    --hash=sha256:00\n",
        &[("this line is part of the comment above it", "--hash=sha256:00")],
    );
    said("# six==1 \\\nidna==2\n", &[]);
    said("six==1 \\\n    --hash=sha256:{SHA} \\\n    # via idna\nidna==2", &[]);
    said("six==1 # a \\\n# b\n", &[]);
}

#[test]
fn lines_end_where_nobody_sees_it() {
    for (end, name) in [
        ("\u{2028}", "U+2028 (line separator)"),
        ("\u{2029}", "U+2029 (paragraph separator)"),
        ("\u{85}", "U+0085 (next line)"),
        ("\u{b}", "a vertical tab"),
        ("\u{c}", "a form feed"),
        ("\u{1c}", "a separator of ASCII"),
        ("\u{1d}", "a separator of ASCII"),
        ("\u{1e}", "a separator of ASCII"),
        ("\r", "a carriage return without a line feed"),
    ] {
        let text = format!("# note{end}evil==6\n");
        said(&text, &[(&format!("a line ends here, in {name}"), end)]);
        assert_eq!(packages(&text), ["evil@6 from default index"]);
        said(&format!("six==1\n{end}\n# a{end}# b{end}\n"), &[]);
    }
    said("six==1\u{1f}\r\n", &[]);
    said("# \u{202e}x\n", &[("U+202E changes the order in which people see this line", "\u{202e}")]);
}

#[test]
fn options_that_have_no_effect() {
    let no_effect = |name: &str| format!("`{name}` has no effect here");
    said("six==1 --index-url https://x", &[(&no_effect("--index-url"), "--index-url https://x")]);
    said("six==1 -r other.txt", &[(&no_effect("--requirement"), "-r other.txt")]);
    said("-r a.txt --pre", &[(&no_effect("--pre"), "--pre")]);
    said("-r a.txt -r b.txt", &[("this `--requirement` has no effect", "-r b.txt")]);
    said("-r a.txt -c b.txt", &[("this `--constraint` has no effect", "-c b.txt")]);
    said("-f a -f b", &[("this `--find-links` has no effect", "-f b")]);
    said("-e . -e ./x", &[("this `--editable` has no effect", "-e ./x")]);
    said("six==1 -- --hash=sha256:00", &[("pip passes over this", "--hash=sha256:00")]);
    said("six==1 --hash=sha256:{SHA} ; os_name == 'nt'", &[("pip passes over this", "; os_name == 'nt'")]);
    said("-i https://a https://b", &[("pip passes over this", "https://b")]);
    said(
        "--extra-index-url https://a\n-i https://b\n--no-index\n-i https://c",
        &[
            ("this `--extra-index-url` has no effect in pip", "--extra-index-url https://a"),
            ("this `--index-url` has no effect in pip", "-i https://b"),
            ("this `--index-url` has no effect in pip", "-i https://c"),
        ],
    );
    said("six==1 --no-binary=six --config-settings=a=b", &[]);
}

#[test]
fn options_that_nobody_looks_for() {
    said("--extra https://a", &[("`--extra` is `--extra-index-url` for pip", "--extra")]);
    said("--pypi-url=https://a", &[("`--pypi-url` is `--index-url` for pip", "--pypi-url")]);
    said("six==1 --has=sha256:{SHA}", &[("`--has` is `--hash` for pip", "--has")]);
}

#[test]
fn lines_that_pip_refuses() {
    for (text, at) in [
        ("six==1\t--hash=sha256:00", "six==1\t--hash=sha256:00"),
        ("six=1", "six=1"),
        ("six >= ", "six >="),
        ("six==2004d", "six==2004d"),
        ("six==1 --global-option=x", "--global-option=x"),
        ("--process-dependency-links", "--process-dependency-links"),
        ("--no=x", "--no=x"),
        ("--pre=x", "--pre=x"),
        ("-x", "-x"),
        ("six==1 --hash", "--hash"),
        ("six==1 --hash 'sha256", "--hash 'sha256"),
        ("six==1 --hash=sha256", "--hash=sha256"),
        ("six===1,==2 ,x", "six===1,==2 ,x"),
        ("six; os_name == 'nt'\t--hash=sha256:00", "six; os_name == 'nt'\t--hash=sha256:00"),
        ("six; why", "six; why"),
        ("-e ./x.zip", "-e ./x.zip"),
        ("-e https://h.example/x.zip", "-e https://h.example/x.zip"),
        ("zero\u{200b}width==1", "zero\u{200b}width==1"),
        ("\u{feff}six==1", "\u{feff}six==1"),
    ] {
        said(text, &[(REFUSED, at)]);
    }
}

#[test]
fn variables() {
    said("six==${V}", &[("a variable decides what is installed", "${V}")]);
    said("six===${V}", &[("a variable decides what is installed", "six")]);
    said("${P}", &[("a variable decides what is installed", "${P}")]);
    said("--index-url https://${USER}:${TOKEN}@a.example/simple", &[]);
    said("app @ git+https://${TOKEN}@h.example/app@{COMMIT}", &[]);
}

#[test]
fn digests_that_are_none_or_disagree() {
    said("six==1 --hash=sha256:0", &[("this is not a digest", "0")]);
    said(
        "six==1 --hash=SHA256:{SHA}",
        &[("`SHA256` is not an algorithm that tools check by that name", &filled("SHA256:{SHA}"))],
    );
    said(
        "https://h.example/six.zip#sha256={SHA} --hash=sha256:{OTHER}",
        &[("this digest and the one in the URL's fragment are of different files", SHA)],
    );
    said("https://h.example/six.zip#sha256={SHA} --hash=sha256:{SHA}", &[]);
    assert_eq!(
        packages("six==1 --hash=md5:00000000000000000000000000000000"),
        ["six@1 from default index md5:00000000000000000000000000000000"]
    );
}
