"""A project to look at."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
COMMIT = "3512a9f33ead0b3c2a1e5b6c7d8e9f0a1b2c3d4e"
MANIFEST = """\
[package]
name = "app"
version = "0.1.0"
edition = "2021"
publish = false

[dependencies]
leaf = { git = "https://github.com/acme/leaf" }
"""
LOCK = f"""\
version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = ["leaf"]

[[package]]
name = "leaf"
version = "1.0.0"
# Allowed by `policy/org.toml` only.
source = "git+https://github.com/acme/leaf#{COMMIT}"
"""
ORG = """\
[sources]
cargo = ["crates.io", "path", "git+https://github.com/acme/*"]
"""


def git(folder: Path, *args: str) -> None:
    """Run git without the machine's configuration."""
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *who, *args], cwd=folder, env=quiet, check=True, capture_output=True)


@pytest.fixture(autouse=True)
def away_from_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no settings of whoever runs the tests be seen."""
    monkeypatch.setenv("HOME", str(tmp_path / "no-home"))
    for name in ("XDG_CONFIG_HOME", "GITHUB_ACTIONS", "NO_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay out a repository with one finding, and work in it."""
    folder = tmp_path / "project"
    (folder / "policy").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(MANIFEST)
    (folder / "Cargo.lock").write_text(LOCK)
    (folder / "policy/org.toml").write_text(ORG)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    monkeypatch.chdir(folder)
    return folder
