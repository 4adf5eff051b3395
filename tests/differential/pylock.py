"""Holds `trustlock list` to `packaging.pylock` over `pylock.toml` files.

    python tests/differential/pylock.py TRUSTLOCK DIR

DIR is a git repository; every `pylock.toml` and `pylock.NAME.toml` in it is compared: names, versions,
markers, kinds, and each file with its digests and size. Then small changes are made to a good file, and what
`packaging` refuses must be refused by trustlock too, or named in `MILDER`. Needs packaging 26 and Python
3.11. The exit code is 1 where anything differs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.pylock import Pylock, PylockValidationError

GOOD = """lock-version = "1.0"
created-by = "x"

[[packages]]
name = "six"
version = "1.16.0"
marker = "os_name == 'nt'"
index = "https://pypi.org/simple"
wheels = [{ url = "https://h.example/six-1.16.0-py3-none-any.whl", size = 1, hashes = { sha256 = "%s" } }]
""" % ("a" * 64)

CHANGES = [
    ('lock-version = "1.0"', 'lock-version = "1.1"'),
    ('lock-version = "1.0"', 'lock-version = "2.0"'),
    ('lock-version = "1.0"\n', ""),
    ('created-by = "x"\n', ""),
    ('name = "six"\n', ""),
    ('name = "six"', 'name = "Six"'),
    ('name = "six"', 'name = "-six"'),
    ('version = "1.16.0"\n', ""),
    ('version = "1.16.0"', 'version = "latest"'),
    ("marker = \"os_name == 'nt'\"", 'marker = "nonsense"'),
    ('{ sha256 = "%s" }' % ("a" * 64), "{}"),
    ('{ sha256 = "%s" }' % ("a" * 64), '{ crc32 = "00" }'),
    ('sha256 = "a', 'sha256 = 1, x = "a'),
    (', hashes = { sha256 = "%s" }' % ("a" * 64), ""),
    ('url = "https://h.example/six-1.16.0-py3-none-any.whl", ', ""),
    ("size = 1", 'size = "1"'),
    ("six-1.16.0-py3", "evil-9.9-py3"),
    ("wheels = ", 'directory = { path = "x" }\nwheels = '),
]

# What packaging refuses and trustlock reads or names otherwise, and why.
MILDER = {
    'created-by = "x"\n': "who made the file decides nothing",
    'name = "six"': "tools write names that are not normalised; they are folded",
    "marker = \"os_name == 'nt'\"": "a marker is kept as text, and every package is judged",
    "size = 1": "a size that is no number says nothing",
    'url = "https://h.example/six-1.16.0-py3-none-any.whl", ': "a file without an address installs nothing",
}


def listed(trustlock: str, folder: str) -> list[dict]:
    run = subprocess.run([trustlock, "list", "--format", "json"], cwd=folder, capture_output=True, text=True)
    return json.loads(run.stdout)["lockfiles"] if run.stdout.startswith("{") else []


def rows(path: Path) -> list[tuple]:
    lock = Pylock.from_dict(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    found = []
    for p in lock.packages:
        files = [f for f in (p.archive, p.sdist, *(p.wheels or [])) if f]
        digests = [sorted(f"{a.lower()}:{h}" for a, h in f.hashes.items()) for f in files]
        marker = str(p.marker) if p.marker else None
        found.append((str(p.name), str(p.version) if p.version else None, marker, digests, [f.size for f in files]))
    return found


def ours(lockfile: dict) -> list[tuple]:
    return [
        (
            p["name"],
            p["version"],
            p["marker"],
            [sorted(f["digests"]) for f in p["artifacts"]],
            [f["size"] for f in p["artifacts"]],
        )
        for p in lockfile["packages"]
    ]


def same(one: tuple, other: tuple) -> bool:
    """Markers by their words: packaging writes them anew."""
    plain = lambda text: text and "".join(text.replace('"', "'").replace("(", "").replace(")", "").split())
    return (*one[:2], plain(one[2]), *one[3:]) == (*other[:2], plain(other[2]), *other[3:])


def main(trustlock: str, folder: str) -> int:
    compared = differences = 0
    for lockfile in (one for one in listed(trustlock, folder) if one["format"] == "pylock.toml"):
        try:
            wanted = rows(Path(folder) / lockfile["path"])
        except PylockValidationError as error:
            print(f"{lockfile['path']}: packaging refuses it: {error}")
            continue
        got = ours(lockfile)
        compared += len(wanted)
        pairs = [(a, b) for a, b in zip(wanted, got) if not same(a, b)]
        differences += len(pairs) + (len(wanted) != len(got))
        for one, other in pairs:
            print(f"{lockfile['path']}: {one!r}\n    trustlock has {other!r}")
    for old, new in CHANGES:
        with tempfile.TemporaryDirectory() as place:
            subprocess.run(["git", "init", "-q", place], check=True)
            path = Path(place) / "pylock.toml"
            path.write_text(GOOD.replace(old, new, 1))
            try:
                Pylock.from_dict(tomllib.loads(path.read_text()))
                refused = None
            except PylockValidationError as error:
                refused = str(error)
            code = subprocess.run([trustlock, "check", "-q"], cwd=place, capture_output=True).returncode
        if refused and code == 0 and old not in MILDER:
            differences += 1
            print(f"packaging refuses {new!r} ({refused}), trustlock does not")
    print(f"{compared} packages and {len(CHANGES)} changes compared, {differences} differences")
    return 1 if differences or not compared else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
