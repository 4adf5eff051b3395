"""Holds `trustlock list` to pip's own parser of requirements files.

Run it with the Python of an environment that has the pip to compare with:

    python tests/differential/requirements.py TRUSTLOCK [--files DIR] [--count N] [--seed N]

It writes generated files (or takes those of DIR), asks both readers, and prints each difference that is
not one of the known ones, which `known` explains. The exit code is 1 where there is any.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import pip  # noqa: E402
from pip._internal.exceptions import PipError  # noqa: E402
from pip._internal.network.session import PipSession  # noqa: E402
from pip._internal.req import constructors, req_file  # noqa: E402
from pip._vendor.packaging.markers import Marker  # noqa: E402
from pip._vendor.packaging.specifiers import SpecifierSet  # noqa: E402
from pip._vendor.packaging.utils import canonicalize_name  # noqa: E402

HEX = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
# Before pip 25.1 a line knew whether it is a requirement when it was made.
NEW = isinstance(getattr(req_file.ParsedLine, "requirement", None), property)

# --- what pip says -------------------------------------------------------------------------------


def pip_reads(text: str, name: str) -> list[tuple]:
    """Every line that pip acts upon, in order."""
    found: list[tuple] = []
    parse_line = req_file.get_line_parser(None)
    for number, line in req_file.preprocess(text):
        try:
            args, opts = parse_line(line)
            parsed = req_file.ParsedLine(name, number, args, opts, False)
            asks = parsed.requirement is not None if NEW else parsed.is_requirement
            if asks:
                found.append(("requirement", requirement(parsed)))
            elif opts.requirements or opts.constraints:
                target = (opts.requirements or opts.constraints)[0]
                found.append(("include", (target, not opts.requirements)))
            else:
                found.extend(("option", option) for option in options(opts))
        except (req_file.OptionParsingError, PipError, ValueError, AssertionError) as error:
            found.append(("refused", line, str(error)))
        except Exception as error:  # an old pip lets other errors through
            found.append(("refused", line, f"{type(error).__name__}: {error}"))
    return found


def requirement(parsed) -> dict:
    made = req_file.handle_requirement_line(parsed)
    found = constructors.install_req_from_parsed_requirement(made)
    link = found.link
    hashes = {(name, value.lower()) for name, all in found.hash_options.items() for value in all}
    if made.is_editable and parsed.opts.hashes:
        # pip drops them; they are shown, and marked as idle.
        hashes |= {(name, value.lower()) for name, all in parsed.opts.hashes.items() for value in all}
    if link is not None and link.hash_name:
        hashes.add((link.hash_name, link.hash.lower()))
    return {
        "name": canonicalize_name(found.name) if found.name else None,
        "specifier": str(found.req.specifier) if found.req is not None and link is None else "",
        "editable": made.is_editable,
        "link": link.url if link is not None else None,
        "marker": str(found.markers) if found.markers else "",
        "hashes": {(n, v) for n, v in hashes if is_digest(n, v)},
    }


def is_digest(name: str, value: str) -> bool:
    return len(value) == HEX.get(name, 0) and re.fullmatch("[0-9a-f]+", value) is not None


def options(opts) -> list[tuple[str, str]]:
    """Options of a line of their own, as far as both sides can tell them."""
    found = []
    if opts.index_url:
        found.append(("--index-url", opts.index_url))
    for name, values in (
        ("--extra-index-url", opts.extra_index_urls),
        ("--find-links", (opts.find_links or [])[:1]),
        ("--trusted-host", opts.trusted_hosts),
    ):
        found.extend((name, value) for value in values or [])
    found = sorted(set(found))
    for name, flag in (
        ("--no-index", opts.no_index),
        ("--pre", opts.pre),
        ("--prefer-binary", opts.prefer_binary),
        ("--require-hashes", opts.require_hashes),
        ("--no-require-hashes", getattr(opts, "no_require_hashes", False)),
    ):
        if flag:
            found.append((name, ""))
    return sorted(found)


# --- what trustlock says -------------------------------------------------------------------------


def trustlock_reads(binary: str, folder: Path) -> dict[str, dict]:
    answer = subprocess.run(
        [binary, "list", "--format", "json"], cwd=folder, capture_output=True, text=True, check=False
    )
    return {file["path"]: file for file in json.loads(answer.stdout)["lockfiles"]}


def package(found: dict) -> dict:
    source = found["source"]
    direct = source["kind"] not in ("index", "default index", "links")
    version, specifier = found["version"], found["specifier"]
    text = f"=={version}" if version and not direct else (specifier or "")
    digests = (digest.split(":", 1) for artifact in found["artifacts"] for digest in artifact["digests"])
    return {
        "name": found["name"],
        "specifier": text,
        "direct": direct,
        "editable": source["kind"] == "editable",
        "marker": found["marker"] or "",
        "hashes": {(name, value.lower()) for name, value in digests},
        "line": found["line"],
    }


# --- where they differ ---------------------------------------------------------------------------


def same_specifier(ours: str, theirs: str) -> bool:
    if ours.startswith("==") and theirs == f"={ours}":
        return True  # `===`, which the list shows as a version too
    ours = ours.strip()
    ours = ours[1:-1] if ours.startswith("(") else ours
    try:
        return SpecifierSet(ours) == SpecifierSet(theirs)
    except ValueError:
        return ours.replace(" ", "") == theirs


def same_marker(ours: str, theirs: str) -> bool:
    try:
        return (str(Marker(ours)) if ours else "") == theirs
    except ValueError:
        return False


def differences(ours: dict, theirs: list[tuple]) -> list[str]:
    said = []
    packages = [package(found) for found in ours["packages"]]
    wanted = [entry[1] for entry in theirs if entry[0] == "requirement"]
    if len(packages) != len(wanted):
        said.append(f"packages: {len(packages)} here, {len(wanted)} in pip")
    else:
        for mine, his in zip(packages, wanted):
            if his["name"] is not None and mine["name"] != his["name"]:
                said.append(f"name: {mine['name']} here, {his['name']} in pip")
            if mine["direct"] != (his["link"] is not None):
                said.append(f"direct: {mine} {his}")
            if not mine["direct"] and not same_specifier(mine["specifier"], his["specifier"]):
                said.append(f"specifier: {mine['specifier']} here, {his['specifier']} in pip")
            if not same_marker(mine["marker"], his["marker"]):
                said.append(f"marker: {mine['marker']} here, {his['marker']} in pip")
            # A second digest of a URL is shown, and pip does not look at it.
            if not his["hashes"] <= mine["hashes"] or (mine["hashes"] - his["hashes"] and not his["link"]):
                said.append(f"hashes: {sorted(mine['hashes'])} here, {sorted(his['hashes'])} in pip")
            if his["editable"] and not mine["direct"]:
                said.append(f"editable: {mine} {his}")
    mine = [(include["target"], include["constraints"]) for include in ours["includes"]]
    # Credentials are not shown.
    his = [(re.sub("//[^/@]*@", "//***@", entry[1][0]), entry[1][1]) for entry in theirs if entry[0] == "include"]
    if mine != his:
        said.append(f"includes: {mine} here, {his} in pip")
    known = {name for name, _ in options_of(theirs)} | set(FLAGS)
    mine = {(o["name"], o["value"], o["line"]) for o in ours["options"] if o["name"] in known}
    mine = collections.Counter((name, value) for name, value, _ in mine)
    his = collections.Counter(options_of(theirs))
    if mine != his:
        said.append(f"options: {sorted(mine.elements())} here, {sorted(his.elements())} in pip")
    refused = sum(oddity["what"] == "pip refuses this line" for oddity in ours["oddities"])
    his_refused = [entry[1:] for entry in theirs if entry[0] == "refused"]
    if refused != len(his_refused):
        said.append(f"refused: {refused} here, {len(his_refused)} in pip: {his_refused}")
    return said


FLAGS = ("--index-url", "--extra-index-url", "--find-links", "--trusted-host", "--no-index",
         "--pre", "--prefer-binary", "--require-hashes", "--no-require-hashes")  # fmt: skip


def options_of(theirs: list[tuple]) -> list[tuple[str, str]]:
    return [entry[1] for entry in theirs if entry[0] == "option"]


def known(text: str, theirs: list[tuple]) -> str | None:
    """Why a file is expected to be read otherwise, where it is."""
    errors = " ".join(entry[2] for entry in theirs if entry[0] == "refused")
    if "Allowed hash algorithms" in errors:
        return "a weak or unknown algorithm after --hash: pip refuses the line, here the digest is shown and judged"
    if "egg fragment" in errors or "InvalidEggFragment" in errors:
        return "#egg= with more than a name: pip 25 and later refuse it, older ones read it, and so do we"
    if "invalid choice" in errors:
        return "--use-feature of another pip"
    if "does not exist" in errors or "is not a valid editable requirement" in errors or "at the start of" in errors:
        return "a path to nothing: pip looks at the disk and refuses it, here it is shown and judged"
    if "please specify one with" in errors or "Could not detect requirement name" in errors:
        return "an editable without a name: pip refuses it, here it is shown and judged"
    if "must be of the form KEY=VAL" in errors:
        return "--config-settings without a value"
    if not NEW:
        return "an older pip: it knows fewer options, more kinds of versions, and another grammar"
    if "${" in text:
        return "variables: told by an oddity of their own"
    return None


# --- files ---------------------------------------------------------------------------------------

SHA = ["".join(random.Random(n).choices("0123456789abcdef", k=64)) for n in range(4)]


def generated(chance: random.Random) -> str:
    pick = chance.choice

    def name() -> str:
        return pick(["six", "Foo_Bar", "zope.interface", "a", "python-dateutil", "A.B-c_d", "x9", "_x", "é"])

    def version() -> str:
        return pick(["1.0", "2.3.1", "1!2.0", "1.0+cpu.1", "1.0rc1", "1.0.post1", "1.0.*", "2004d", "1.0.dev1", "v1"])

    def specifier() -> str:
        one = lambda: pick(["==", "==", "==", "===", ">=", "~=", "<", "!=", "<=", "> ", "== ", "="]) + version()  # noqa: E731
        return pick([one(), one(), one(), f"{one()},{one()}", f"({one()})", "", f" {one()}", f"{one()},", "==", "()"])

    def marker() -> str:
        return pick(["", "", "", ' ; python_version >= "3.8"', "; os_name == 'nt' and extra == 'x'", ";", chance.choices(["", " ;bad"], [9, 1])[0]])

    def digest() -> str:
        if chance.random() < 0.02:
            return pick(["md5:" + "0" * 32, "SHA256:" + pick(SHA)])
        return pick(["sha256:" + pick(SHA), "sha256:" + pick(SHA).upper(), "sha256:00", "sha384:" + "1" * 96, "sha256", "sha512:" + "a" * 128])

    def option_name(text: str) -> str:
        return text if chance.random() < 0.7 else text[: chance.randint(3, len(text))]

    def hashes() -> str:
        some = chance.choices([0, 1, 2], [3, 4, 2])[0]
        return "".join(
            pick([" ", " \\\n    ", " \\\n", "  ", "\t", " \\\n    # note\n    ", " # c \\\n "])
            + option_name("--hash") + pick(["=", "=", "=", " "]) + pick(["{}", "{}", "'{}'", '"{}"', "'{}"]).format(digest())
            for _ in range(some)
        )  # fmt: skip

    def extras() -> str:
        return pick(["", "", "", "[x]", "[x, y]", "[]", " [x]", "[", "[x y]"])

    def url() -> str:
        return pick(["https://h.example/", "http://h.example:8080/a/", "HTTPS://u:p@h.example/", "file:///srv/"]) + pick(
            ["six-1.16.0-py2.py3-none-any.whl", "app-1.0.tar.gz", "main.zip", "a;b", "x", ""]
        ) + pick(["", "", f"#sha256={SHA[0]}", f"#egg=app&sha256={SHA[1]}", chance.choices(["", "#egg=app[x]"], [9, 1])[0], f"#md5={'0' * 32}&sha256={SHA[0]}", f"?a=1&sha256={SHA[2]}", "#subdirectory=x"])  # fmt: skip

    def vcs() -> str:
        return pick(["git+https://h.example/a/app.git", "git+ssh://git@h.example/app", "hg+https://h.example/app", "svn+https://h/x", "git+file:///srv/app", "git://h/app", "bzr+lp:app"]) + pick(
            ["", "@main", "@" + "0123456789" * 4, "@v1@v2"]
        ) + pick(["", "#egg=app", "#egg=App_X&subdirectory=y"])  # fmt: skip

    def path() -> str:
        return pick([".", "./lib", "lib/", "./lib[x]", "wheels/six-1.16.0-py2.py3-none-any.whl", "x.tar.gz", "./missing.zip", "six-1.0.zip", "./lib ; os_name == 'nt'"])

    def option() -> str:
        long = lambda text, value: option_name(text) + pick([" ", "=", "="]) + value  # noqa: E731
        return pick([
            long("--index-url", "https://i.example/simple"), "-i https://i.example/simple", "-ihttps://i.example/s",
            long("--extra-index-url", "https://e.example/simple"), long("--find-links", "wheels"), "-f ./wheels",
            long("--trusted-host", "h.example"), "--pypi-url=https://p.example/s", option_name("--no-index"),
            option_name("--pre"), option_name("--prefer-binary"), option_name("--require-hashes"),
            option_name("--no-require-hashes"), long("--no-binary", ":all:"), long("--only-binary", "six"),
            long("--use-feature", "fast-deps"), "--hash=sha256:" + SHA[0], "--", "-", "-x", "--nope", "--pre=x",
            "--index-url", "-C a=b", "'quoted", '-i "https://q.example/s"', "-i https://a\\ b",
        ])  # fmt: skip

    def include() -> str:
        return pick(["-r base.txt", "-rbase.txt", "--requirement=base.txt", "-c base.txt", "--constraint base.txt", "-r base.txt -c other.txt", "-r base.txt --pre", "-r 'base.txt'", "-r"])

    def line() -> str:
        kind = chance.random()
        if kind < 0.4:
            return name() + extras() + specifier() + marker() + hashes()
        if kind < 0.5:
            return pick(["", name() + extras() + pick([" @ ", "@", " @"])]) + url() + marker() + hashes()
        if kind < 0.6:
            return pick(["", "-e ", "--editable=", name() + " @ ", "-e app@"]) + vcs() + marker() + hashes()
        if kind < 0.68:
            return pick(["", "-e ", "-e"]) + path() + hashes()
        if kind < 0.82:
            return pick(["", "", "", name() + "==1.0 "]) + " ".join(option() for _ in range(pick([1, 1, 1, 2])))
        if kind < 0.9:
            return include()
        if kind < 0.96:
            return pick(["# comment", "  # c \\", "", "six # c", "six #c\\", "#six==1", "six==1#x"])
        return "".join(chance.choices(["six", "==", "1", " ", "\\", "#", "-", "--hash=", "@", ";", "[", "'", '"', "\t", "\u2028", "\x0c", "\x85", "\xa0", "\x1f", "\r", "."], k=6))

    end = lambda: pick(["\n"] * 12 + ["\r\n", "\n\n", "\\\n", " \\\n", "\u2028", "\x0c", "\r", "\x85", "\x1c"])  # noqa: E731
    return "".join(line() + end() for _ in range(chance.randint(1, 6)))


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("trustlock")
    arguments.add_argument("--files", type=Path)
    arguments.add_argument("--count", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    binary = os.path.abspath(given.trustlock)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        texts = {}
        if given.files:
            for at, file in enumerate(sorted(given.files.rglob("*"))):
                if file.is_file() and ".git" not in file.parts:
                    texts[f"{at}/requirements.txt"] = (str(file), file.read_bytes())
        else:
            chance = random.Random(given.seed)
            for at in range(given.count):
                texts[f"{at}/requirements.txt"] = (str(at), generated(chance).encode())
        for path, (_, data) in texts.items():
            (root / path).parent.mkdir()
            (root / path).write_bytes(data)
        ours = trustlock_reads(binary, root)
        work = root / "work"
        for part in ("lib", "wheels"):
            (work / part).mkdir(parents=True)
        for part in (".", "lib"):
            (work / part / "pyproject.toml").write_text("")
        (work / "x.tar.gz").write_text("")
        os.chdir(work)
        agree = lines = 0
        excused: collections.Counter[str] = collections.Counter()
        different = []
        for path, (name, data) in texts.items():
            try:
                _, text = req_file.get_file_content(str(root / path), PipSession())
            except (UnicodeDecodeError, LookupError) as error:
                excused[f"pip cannot decode it ({type(error).__name__})"] += 1
                continue
            theirs = pip_reads(text, path)
            lines += len(theirs)
            if path not in ours:
                different.append((name, text, ["not read here"]))
                continue
            said = differences(ours[path], theirs)
            refused = any(s.startswith("refused") for s in said)
            why = known(text, theirs) if said and (refused or not NEW) else None
            if not said:
                agree += 1
            elif why:
                excused[why] += 1
            else:
                different.append((name, text, said))
        os.chdir("/")
    print(f"pip {pip.__version__}: {len(texts)} files, {lines} lines: {agree} agree, {len(different)} differ")
    for why, count in excused.most_common():
        print(f"  {count} as expected: {why}")
    for name, text, said in different[:15]:
        print(f"\n--- {name}\n{text if len(text) < 600 else text[:300] + '…'}\n" + "\n".join(f"  * {s}" for s in said))
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
