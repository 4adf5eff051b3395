"""The hooks, run by pre-commit itself from a copy of this checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ORG, REPOSITORY, git
from tests.test_command import BUILT

WHEELS = Path(os.environ.get("TRUSTLOCK_WHEELS", REPOSITORY / "target/python/wheel"))
HOOKS = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository of hooks of everything that this checkout would commit."""
    folder = tmp_path_factory.mktemp("hooks")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    for name in listed.stdout.decode().split("\0"):
        file = REPOSITORY / name
        if name and file.exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / name, follow_symlinks=False)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Release")
    git(folder, "tag", "v1")
    return folder


def pre_commit(folder: Path, home: Path, *args: str) -> tuple[int, str]:
    """Run it; exit code and output."""
    env = {
        **os.environ,
        "PRE_COMMIT_HOME": str(home),
        "PRE_COMMIT_COLOR": "never",
        "PIP_FIND_LINKS": str(WHEELS),
        "PATH": f"{BUILT.parent}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", *args],
        cwd=folder,
        env=env,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.returncode, done.stdout.decode()


@pytest.mark.parametrize("hook", ["trustlock", "trustlock-installed"])
def test_a_commit_is_held_to_the_policy(
    hook: str, hooks: Path, project: Path, tmp_path: Path
) -> None:
    if hook == "trustlock" and not any(WHEELS.glob("*.whl")):
        pytest.skip(f"no wheel in {WHEELS}")
    if hook == "trustlock-installed" and not BUILT.exists():
        pytest.skip(f"{BUILT} is not built")
    config = {"repos": [{"repo": str(hooks), "rev": "v1", "hooks": [{"id": hook}]}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git(project, "add", ".")
    home = tmp_path / "home"
    code, log = pre_commit(project, home, "run")
    assert code == 1, log
    assert "error[unknown-source]" in log

    (project / "trustlock.toml").write_text(ORG)
    git(project, "add", ".")
    code, log = pre_commit(project, home, "run")
    assert code == 0, log
    assert "Passed" in log
    git(project, "commit", "--quiet", "--message", "Healthy")

    (project / "notes.md").write_text("hello\n")
    git(project, "add", ".")
    code, log = pre_commit(project, home, "run")
    assert code == 0, log
    assert "Skipped" in log


TRIGGERS = """
trustlock.toml trustlock.waivers.toml Cargo.lock Cargo.toml .cargo/config.toml .cargo/config
rust-toolchain rust-toolchain.toml requirements.txt requirements-dev.txt requirements.in
constraints.txt requirements/prod.txt pylock.toml pylock.dev.toml uv.lock uv.toml poetry.lock
poetry.toml pdm.lock pdm.toml Pipfile Pipfile.lock pyproject.toml pip.conf pip.ini setup.py
setup.cfg conda-lock.yml pixi.lock dev.conda-lock.yml script.py.lock
"""
OTHERS = "README.md src/main.rs Cargo.lock.md docs/lock.txt trustlock.toml.bak my-trustlock.toml"


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_it_runs_for_what_can_change_the_answer(hook: dict[str, str]) -> None:
    triggers = re.compile(hook["files"])
    for name in TRIGGERS.split():
        assert triggers.search(name), name
        assert triggers.search(f"services/api/{name}"), name
    for name in OTHERS.split():
        assert not triggers.search(name), name
