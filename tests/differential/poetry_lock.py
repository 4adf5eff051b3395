"""Holds `trustlock list` to Poetry's own reader of poetry.lock.

    python -m venv target/oracle/poetry && target/oracle/poetry/bin/pip install poetry==2.5.1
    target/oracle/poetry/bin/python tests/differential/poetry_lock.py target/debug/trustlock [FOLDER...]

Each FOLDER is searched for `poetry.lock` files. Generated files are compared as well, some of them broken.
Files that one side refuses are counted; `--refused` prints those that only trustlock refuses. Exits with 1
where both read a file and differ.
"""

from __future__ import annotations

import json
import logging
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from poetry.packages.locker import Locker

logging.disable(logging.CRITICAL)

HEX = "0123456789abcdef"
DIGEST = re.compile("(md5:.{32}|sha256:[0-9a-f]{64})")


def ours(tool: str, folder: Path) -> list[dict[str, Any]] | None:
    """What trustlock reads, or None where it refuses the file."""
    run = subprocess.run([tool, "list", "--format", "json", str(folder)], capture_output=True, text=True, cwd=folder)
    if run.returncode == 2 or not run.stdout:
        return None
    lists = json.loads(run.stdout)["lockfiles"]
    return lists[0]["packages"] if lists else None


def theirs(folder: Path) -> list[dict[str, Any]] | None:
    """What Poetry reads, or None where it refuses the file or stops with an error."""
    try:
        return [described(package) for package in Locker(folder / "poetry.lock", {}).locked_repository().packages]
    except Exception:
        return None


def source(package: Any) -> tuple[Any, ...]:
    kind = {"legacy": "index", None: "default index"}.get(package.source_type, package.source_type)
    if kind == "directory" and package.develop:
        kind = "editable"
    if kind not in ("index", "default index", "git", "url", "file", "directory", "editable"):
        kind = "unknown"
    return (kind, package.source_resolved_reference if kind == "git" else None)


def described(package: Any) -> dict[str, Any]:
    return {
        "name": str(canonicalize_name(package.name)),
        "version": package.pretty_version,
        "source": source(package),
        "files": sorted((f["file"], f["hash"]) for f in package.files),
        "dependencies": sorted({str(d.name) for d in package.requires}),
    }


def read(package: dict[str, Any]) -> dict[str, Any]:
    place = package["source"]
    files = [(a["filename"], d) for a in package["artifacts"] for d in a["digests"] if not d.startswith("unknown:")]
    return {
        "name": package["name"],
        "version": package["version"],
        "source": (place["kind"], place["commit"] if place["kind"] == "git" else None),
        "files": sorted(files),
        "dependencies": sorted({str(canonicalize_name(d.split("@")[0])) for d in package["dependencies"]}),
    }


def compare(tool: str, folder: Path, seen: Counter[str]) -> list[str]:
    mine, poetry = ours(tool, folder), theirs(folder)
    if mine is None or poetry is None:
        who = {(True, True): "both refuse", (True, False): "only trustlock refuses", (False, True): "only Poetry refuses"}
        seen[who[mine is None, poetry is None]] += 1
        if mine is None and poetry is not None and "--refused" in sys.argv:
            print((folder / "poetry.lock").read_text())
        return []
    seen["both read"] += 1
    differences = []
    if len(mine) != len(poetry):
        return [f"{folder}: {len(mine)} packages, Poetry reads {len(poetry)}"]
    shared = "[metadata.files]" in (folder / "poetry.lock").read_text(encoding="utf-8")
    versions = Counter(package["name"] for package in poetry)
    for a, b in zip(map(read, mine), poetry, strict=True):
        if shared and versions[b["name"]] > 1:
            # Poetry gives every version the whole list; we tell them apart.
            seen["shared lists told apart"] += a["files"] != b["files"]
            a["files"] = b["files"] = []
        # What is no digest is an oddity, and none of ours.
        b["files"] = [(file, hash) for file, hash in b["files"] if DIGEST.fullmatch(hash)]
        # The list names the packages that an edge leads to.
        b["dependencies"] = [name for name in b["dependencies"] if versions[name] == 1]
        if a["source"][0] == "git" or (shared and a["source"][0] == "url"):
            # Digests that Poetry drops, we keep and call unenforced.
            b["files"] = b["files"] or a["files"]
        if a["source"][0] == "unknown" and b["source"][0] == "default index":
            # A source without a type: Poetry asks the default index, we allow nothing.
            seen["sources without a type"] += 1
            b["source"] = a["source"]
        if a != b:
            differences.append(f"{folder}:\n  ours   {a}\n  Poetry {b}")
    return differences


def generated(rng: random.Random) -> str:
    """A poetry.lock, now and then with one thing wrong."""

    def digest() -> str:
        return "sha256:" + "".join(rng.choice(HEX) for _ in range(64))

    def rows(name: str, version: str) -> str:
        files = [f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.tar.gz"]
        chosen = rng.sample(files, rng.randint(0, 2))
        return "[\n" + "".join(f'    {{file = "{f}", hash = "{digest()}"}},\n' for f in chosen) + "]\n"

    version = rng.choice(["1.0", "1.1", "2.0", "2.1", "2.1", "2.3", "2"])
    old = version.startswith("1")
    text, lists = "", ""
    names = rng.sample(["six", "Flask", "ruamel.yaml", "zope_interface", "a", "b-c"], rng.randint(0, 5))
    for name in names:
        number = rng.choice(["1.0", "2.1.3", "1!4.0", "3.0+local.1", "5.0rc1"])
        text += f'[[package]]\nname = "{name}"\nversion = "{number}"\ndescription = ""\n'
        text += f'optional = {rng.choice(["true", "false"])}\npython-versions = "*"\n'
        text += 'category = "main"\n' if old else 'groups = ["main", "dev"]\n'
        plain = name.replace(".", "_").replace("-", "_")
        kind = rng.choice(["", "", "", "legacy", "git", "url", "file", "directory"])
        if kind in ("git", "directory"):
            text += f'develop = {rng.choice(["true", "false"])}\n'
        if not old:
            text += "files = " + ("[]\n" if kind in ("git", "directory") else rows(plain, number))
        elif kind in ("", "legacy"):
            lists += f'"{name}" = {rows(plain, number)}'
        else:
            lists += f'"{name}" = []\n'
        if rng.random() < 0.5:
            text += '\n[package.dependencies]\nidna = ">=2"\n"x.y" = [{version = "1"}, {version = "2", markers = "os_name == \'nt\'"}]\n'
        if kind:
            text += f'\n[package.source]\ntype = "{kind}"\nurl = "https://h.example/{plain}"\nreference = "main"\n'
            if kind == "git" and rng.random() < 0.8:
                text += f'resolved_reference = "{"".join(rng.choice(HEX) for _ in range(40))}"\n'
        text += "\n"
    if not names:
        text = "package = []\n\n"
    text += f'[metadata]\nlock-version = "{version}"\npython-versions = "*"\ncontent-hash = "{digest()[7:]}"\n'
    if old:
        text += "\n[metadata.files]\n" + lists
    if rng.random() < 0.4:
        start = rng.randrange(len(text))
        text = text[:start] + rng.choice(["", '"', "\n", "]", "x", "1", '[[package]]\n']) + text[start + rng.randint(0, 8) :]
    return text


def main() -> int:
    tool = str(Path(sys.argv[1]).resolve())
    seen: Counter[str] = Counter()
    differences: list[str] = []
    for root in [argument for argument in sys.argv[2:] if argument != "--refused"]:
        for lock in sorted(Path(root).rglob("poetry.lock")):
            differences += compare(tool, lock.parent.resolve(), seen)
    print("files:", dict(seen))
    seen = Counter()
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder, "poetry.lock")
        for _ in range(400):
            lock.write_text(generated(rng), encoding="utf-8")
            found = compare(tool, Path(folder), seen)
            differences += [f"{lock.read_text()}\n{line}" for line in found]
    print("generated:", dict(seen))
    print("\n".join(differences[:20]))
    print(f"{len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
