"""Holds `trustlock list` to Python's own TOML reader over lockfiles of uv.

    python tests/differential/uv.py TRUSTLOCK DIR

DIR is a git repository; every `uv.lock` and `*.py.lock` in it is compared: names, versions, sources, edges
and each file with its digest, size and time. Needs Python 3.11. The exit code is 1 where anything differs.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import urllib.parse
from pathlib import Path

# The order in which uv tries them.
KINDS = ["registry", "git", "url", "path", "directory", "editable", "virtual"]


def fold(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def source_of(table: dict[str, str]) -> str:
    return next(table[kind] for kind in KINDS if kind in table)


def files_of(package: dict) -> list[tuple]:
    source, found = package["source"], []
    for file in [package["sdist"]] if "sdist" in package else []:
        found.append(("sdist", file))
    found += [("wheel", file) for file in package.get("wheels", [])]
    rows = []
    for kind, file in found:
        address = file.get("url") or file.get("path") or source.get("url") or source.get("path")
        last = urllib.parse.unquote(re.split(r"[?#]", address)[0] if "://" in address else address)
        name = file.get("filename") or last.rsplit("/", 1)[-1]
        time = file.get("upload-time") or file.get("upload_time")
        if name.endswith(".whl"):
            kind = "wheel"
        digests = [file["hash"]] if "hash" in file else []
        rows.append((kind, name, file.get("size"), time, digests))
        if "zstd" in file:
            zstd = file["zstd"]
            digests = [zstd["hash"]] if "hash" in zstd else []
            rows.append(("wheel", f"{name}.tar.zst", zstd.get("size"), None, digests))
    return rows


def edges_of(package: dict, packages: list[dict]) -> list[str]:
    asked = list(package.get("dependencies", []))
    for groups in ("optional-dependencies", "dev-dependencies", "dependency-groups"):
        for edges in package.get(groups, {}).values():
            asked += edges
    found = []
    for edge in asked:
        fits = [
            p
            for p in packages
            if fold(p["name"]) == fold(edge["name"])
            and edge.get("version", p.get("version")) == p.get("version")
            and edge.get("source", p["source"]) == p["source"]
        ]
        if len(fits) == 1:
            found.append(fits[0]["name"] + (f"@{fits[0]['version']}" if "version" in fits[0] else ""))
    return sorted(found)


def expected(path: Path) -> list[dict]:
    document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    packages = document.get("package") or document.get("distribution") or []
    return [
        {
            "name": fold(p["name"]),
            "version": p.get("version"),
            "source": source_of(p["source"]),
            "files": files_of(p),
            "edges": edges_of(p, packages),
        }
        for p in packages
    ]


def found(lockfile: dict) -> list[dict]:
    return [
        {
            "name": p["name"],
            "version": p["version"],
            "source": p["source"]["as_written"],
            "files": [
                (f["kind"], f["filename"], f["size"], f["uploaded"], f["digests"]) for f in p["artifacts"]
            ],
            "edges": sorted(p["dependencies"]),
        }
        for p in lockfile["packages"]
    ]


def main(trustlock: str, folder: str) -> int:
    run = subprocess.run([trustlock, "list", "--format", "json"], cwd=folder, capture_output=True, text=True)
    listed = json.loads(run.stdout)["lockfiles"]
    compared = differences = 0
    for lockfile in (one for one in listed if one["format"] == "uv.lock"):
        wanted, got = expected(Path(folder) / lockfile["path"]), found(lockfile)
        compared += len(wanted)
        if len(wanted) != len(got):
            differences += 1
            print(f"{lockfile['path']}: {len(wanted)} packages, trustlock has {len(got)}")
        for one, other in zip(wanted, got):
            for key in (k for k in one if one[k] != other[k]):
                differences += 1
                print(f"{lockfile['path']}: {one['name']} {key}: {one[key]!r}, trustlock has {other[key]!r}")
    print(f"{compared} packages compared, {differences} differences")
    return 1 if differences or not compared else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
