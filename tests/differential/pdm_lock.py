"""Holds `trustlock list` to PDM's own reader of pdm.lock.

    python -m venv target/oracle/pdm && target/oracle/pdm/bin/pip install pdm==2.29.3 'hishel[httpx]<2'
    target/oracle/pdm/bin/python tests/differential/pdm_lock.py target/debug/trustlock [FOLDER...]

Each FOLDER is searched for `pdm.lock` files. Generated files are compared as well, some of them broken.
Files that one side refuses are counted; `--refused` prints those that only trustlock refuses. Exits with 1
where both read a file and differ.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from pdm.core import Core
from pdm.project.lockfile.base import Compatibility

HEX = "0123456789abcdef"
DIGEST = re.compile("(md5:.{32}|sha256:[0-9a-f]{64})")
VCS = ("git", "hg", "svn", "bzr")


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def ours(tool: str, folder: Path) -> list[tuple[Any, ...]] | None:
    """What trustlock reads, or None where it refuses the file."""
    run = subprocess.run([tool, "list", "--format", "json", str(folder)], capture_output=True, text=True, cwd=folder)
    if run.returncode == 2 or not run.stdout:
        return None
    found = []
    for package in json.loads(run.stdout)["lockfiles"][0]["packages"]:
        place = package["source"]
        files = [(a["filename"], d) for a in package["artifacts"] for d in a["digests"] if not d.startswith("unknown:")]
        commit = place["commit"] if place["kind"] == "git" else None
        found.append((package["name"], package["version"], place["kind"], commit, tuple(sorted(set(files)))))
    return sorted(set(found), key=str)


def theirs(core: Core, folder: Path) -> list[tuple[Any, ...]] | None:
    """What PDM reads, or None where it refuses the file or stops with an error."""
    found = []
    try:
        project = core.create_project(folder)
        if project.lockfile.compatibility() is Compatibility.NONE:
            return None
        for package in project.get_locked_repository().packages.values():
            candidate, req = package.candidate, package.candidate.req
            if req.is_vcs:
                kind = "git" if req.vcs == "git" else "unknown"
            elif req.is_file_or_url:
                kind = ("editable" if req.editable else "path") if req.path else "url"
            else:
                kind = "default index"
            name = lambda f: f.get("file") or f["url"].split("#")[0].split("?")[0].rsplit("/", 1)[-1]  # noqa: E731
            files = [(name(f), f["hash"]) for f in candidate.hashes if "hash" in f and DIGEST.fullmatch(f["hash"])]
            commit = getattr(req, "revision", None) if kind == "git" else None
            found.append((normalised(candidate.name), candidate.version, kind, commit, tuple(sorted(set(files)))))
    except BaseException:
        return None
    return sorted(set(found), key=str)


def compare(tool: str, core: Core, folder: Path, seen: Counter[str]) -> list[str]:
    mine, pdm = ours(tool, folder), theirs(core, folder)
    text = (folder / "pdm.lock").read_text(encoding="utf-8")
    if mine is None or pdm is None:
        who = {(True, True): "both refuse", (True, False): "only trustlock refuses", (False, True): "only PDM refuses"}
        seen[who[mine is None, pdm is None]] += 1
        if mine is None and pdm is not None and "--refused" in sys.argv:
            print(text)
        return []
    seen["both read"] += 1

    def plain(package: tuple[Any, ...], old: bool) -> tuple[Any, ...]:
        name, version, kind, commit, files = package
        # PDM tells a file from a folder when it opens it, and loads none of the oldest digests.
        kind = "path" if kind in ("file", "directory") else kind
        return (name, version, kind, commit, () if old or kind in ("git", "unknown") else files)

    old = "[metadata.files]" in text
    mine_plain, pdm_plain = {plain(p, old) for p in mine}, {plain(p, old) for p in pdm}
    if mine_plain == pdm_plain:
        return []
    only = lambda a, b: "\n".join(f"    {line}" for line in sorted(map(str, a - b)))  # noqa: E731
    return [f"{folder}:\n  only ours\n{only(mine_plain, pdm_plain)}\n  only PDM\n{only(pdm_plain, mine_plain)}"]


def generated(rng: random.Random) -> str:
    """A pdm.lock, now and then with one thing wrong."""

    def digest() -> str:
        return "sha256:" + "".join(rng.choice(HEX) for _ in range(64))

    static = rng.random() < 0.3
    strategy = '"inherit_metadata"' + (', "static_urls"' if static else "")
    version = rng.choice(["4.0", "4.2", "4.3", "4.4.1", "4.5.0", "4.5.1", "4.6", "3.1"])
    text = f'[metadata]\ngroups = ["default"]\nstrategy = [{strategy}]\nlock_version = "{version}"\n'
    text += f'content_hash = "{digest()}"\n\n[[metadata.targets]]\nrequires_python = ">=3.9"\n\n'
    for name in rng.sample(["six", "flask", "ruamel-yaml", "a", "b-c"], rng.randint(0, 5)):
        number = rng.choice(["1.0", "2.1.3", "1!4.0", "3.0+local.1", "5.0rc1"])
        plain = name.replace("-", "_")
        files = rng.sample([f"{plain}-{number}-py3-none-any.whl", f"{plain}-{number}.tar.gz"], rng.randint(0, 2))
        key = "url" if static else "file"
        base = "https://files.example/" if static else ""
        rows = "".join(f'    {{{key} = "{base}{file}", hash = "{digest()}"}},\n' for file in files)
        kind = rng.choice(["", "", "", "git", "url", "path", "editable"])
        places = {
            "": "",
            "git": f'git = "https://h.example/{plain}.git"\nref = "main"\nrevision = "{"".join(rng.choice(HEX) for _ in range(40))}"\n',
            "url": f'url = "https://h.example/{plain}-{number}.tar.gz"\n',
            "path": f'path = "./{plain}"\n',
            "editable": f'path = "./{plain}"\neditable = true\n',
        }
        for extras in rng.choice([[""], ["", 'extras = ["x"]\n']]):
            text += f'[[package]]\nname = "{name}"\nversion = "{number}"\n{extras}requires_python = ">=3.8"\n{places[kind]}'
            text += 'summary = ""\ngroups = ["default"]\ndependencies = [\n    "idna>=2; os_name == \'nt\'",\n]\n'
            text += f"files = [\n{rows}]\n\n" if kind in ("", "url") else "\n"
    if rng.random() < 0.4:
        start = rng.randrange(len(text))
        text = text[:start] + rng.choice(["", '"', "\n", "]", "x", "1", "[[package]]\n"]) + text[start + rng.randint(0, 8) :]
    return text


def main() -> int:
    tool, core = str(Path(sys.argv[1]).resolve()), Core()
    seen: Counter[str] = Counter()
    differences: list[str] = []
    for root in [argument for argument in sys.argv[2:] if argument != "--refused"]:
        for lock in sorted(Path(root).rglob("pdm.lock")):
            differences += compare(tool, core, lock.parent.resolve(), seen)
    print("files:", dict(seen))
    seen = Counter()
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder, "pdm.lock")
        Path(folder, "pyproject.toml").write_text('[project]\nname = "app"\nrequires-python = ">=3.9"\n', encoding="utf-8")
        for _ in range(200):
            lock.write_text(generated(rng), encoding="utf-8")
            found = compare(tool, core, Path(folder), seen)
            differences += [f"{lock.read_text()}\n{line}" for line in found]
    print("generated:", dict(seen))
    print("\n".join(differences[:20]))
    print(f"{len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
