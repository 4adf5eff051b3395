"""Holds `trustlock list` to Python's own json and to plette, the reader of pipenv.

    python -m venv target/oracle/pipfile && target/oracle/pipfile/bin/pip install plette==2.4.0
    target/oracle/pipfile/bin/python tests/differential/pipfile_lock.py target/debug/trustlock [FOLDER...]

Each FOLDER is searched for `Pipfile.lock` files. Generated files are compared as well, some of them with
a part cut out. Files that one side refuses are counted. Exits with 1 where both read a file and differ.
"""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from plette import Lockfile

REPOSITORIES = ("git", "svn", "hg", "bzr")
HEX = "0123456789abcdef"
DIGEST = re.compile("sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}")


def ours(tool: str, folder: Path) -> list[tuple[Any, ...]] | None:
    """What trustlock reads, or None where it refuses the file."""
    run = subprocess.run(
        [tool, "list", "--format", "json", "Pipfile.lock"], capture_output=True, text=True, cwd=folder
    )
    if run.returncode == 2 or not run.stdout:
        return None
    [lockfile] = json.loads(run.stdout)["lockfiles"]
    found = []
    for package in lockfile["packages"]:
        artifacts = package["artifacts"]
        digests = sorted(digest for artifact in artifacts for digest in artifact["digests"])
        key = (package["groups"][0], package["name_as_written"])
        found.append((*key, package["version"], package["marker"], digests))
    return sorted(found, key=repr)


def theirs(text: str) -> list[tuple[Any, ...]] | None:
    """What plette reads, as pipenv pins it."""
    try:
        data = Lockfile.load(io.StringIO(text))._data
        found = []
        for category, entries in data.items():
            if category == "_meta":
                if data[category]["pipfile-spec"] not in (5, 6):
                    return None
                continue
            for name, entry in entries.items():
                if isinstance(entry, str):
                    entry = {"version": f"=={entry}" if entry != "*" else entry}
                placed = any(key in entry for key in (*REPOSITORIES, "file", "path"))
                version = entry.get("version") or ""
                pinned = version.startswith("==") and not set(version) & set("*,") and not placed
                marker = entry.get("markers") or entry.get("os_markers")
                # What is no digest is an oddity to trustlock, and no digest.
                hashes = sorted(hash for hash in entry.get("hashes") or [] if DIGEST.fullmatch(hash))
                found.append((category, name, version.lstrip("=") if pinned else None, marker, hashes))
        return sorted(found, key=repr)
    except Exception:
        return None


def generated(dice: random.Random) -> str:
    def entry() -> Any:
        digest = "sha256:" + "".join(dice.choices(HEX, k=64))
        version = dice.choice(["==1.0", "==2!1.0.post1", "===1.0", "*", ">=1,<2", "==1.*"])
        plain = {"hashes": [digest], "version": version}
        return dice.choice(
            [
                plain,
                {**plain, "index": "pypi", "markers": "python_version >= '3.8'"},
                {"git": "https://git.example/a.git", "ref": "".join(dice.choices(HEX, k=40))},
                {"editable": True, "path": "."},
                {"version": version},
                "1.0",
                "*",
            ]
        )

    categories = {
        category: {f"p{dice.randrange(30)}": entry() for _ in range(dice.randrange(6))}
        for category in dice.sample(["default", "develop", "docs", "ci"], k=dice.randrange(1, 5))
    }
    source = {"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}
    meta = {"hash": {"sha256": "0" * 64}, "pipfile-spec": 6, "requires": {}, "sources": [source]}
    text = json.dumps({"_meta": meta, **categories}, indent=dice.choice([None, 4]), ensure_ascii=True)
    if dice.random() < 0.3:
        at = dice.randrange(len(text))
        text = text[:at] + text[at + dice.randrange(12) :]
    return text


def main() -> int:
    tool = str(Path(sys.argv[1]).resolve())
    counts: Counter[str] = Counter()
    paths = [path for folder in sys.argv[2:] for path in Path(folder).rglob("Pipfile.lock")]
    files = [path.read_text("utf-8", "replace") for path in paths]
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for text in [*files, *(generated(dice) for _ in range(300))]:
            (folder / "Pipfile.lock").write_text(text)
            mine, other = ours(tool, folder), theirs(text)
            if mine is None or other is None:
                sides = {(True, True): "both", (True, False): "trustlock alone", (False, True): "plette alone"}
                counts["refused by " + sides[mine is None, other is None]] += 1
            elif mine == other:
                counts["alike"] += 1
            else:
                counts["differ"] += 1
                print(text[:2000], *(set(map(repr, mine)) ^ set(map(repr, other))), sep="\n")
    print(f"{len(files)} files found,", ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
