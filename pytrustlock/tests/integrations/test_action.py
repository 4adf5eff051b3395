"""The action, as a runner runs it: its steps, under an environment of our making."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ORG, REPOSITORY

WHEELS = Path(os.environ.get("TRUSTLOCK_WHEELS", REPOSITORY / "target/python/wheel"))
ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]
INPUT = re.compile(r"\$\{\{ inputs\.(\w+) \}\}")

pytestmark = [
    pytest.mark.skipif(shutil.which("bash") is None, reason="no bash"),
    pytest.mark.skipif(not any(WHEELS.glob("*.whl")), reason=f"no wheel in {WHEELS}"),
]


class Runner:
    """A runner of our making."""

    def __init__(self, temp: Path) -> None:
        """Keep what the steps install in `temp`."""
        self.temp = temp
        self.summary = temp / "summary.md"

    def step(self, at: int, folder: Path, given: dict[str, str]) -> tuple[int, str]:
        """Run a step in `folder`; exit code and log."""
        inputs = {name: about["default"] for name, about in ACTION["inputs"].items()} | given
        step = STEPS[at]
        found = {name: INPUT.fullmatch(value) for name, value in step["env"].items()}
        env = {name: inputs[match[1]] for name, match in found.items() if match}
        assert env.keys() == step["env"].keys()
        runner = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(self.temp),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(WHEELS),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env=runner | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode()

    def install(self, folder: Path, **inputs: str) -> tuple[int, str]:
        """Run the first step."""
        return self.step(0, folder, inputs)

    def check(self, folder: Path, **inputs: str) -> tuple[int, str]:
        """Run the second step, with a summary of its own."""
        self.summary.write_text("")
        return self.step(1, folder, inputs)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Install once, in a checkout whose files are named like what the step starts and imports."""
    folder = tmp_path_factory.mktemp("hostile")
    bait(folder)
    runner = Runner(tmp_path_factory.mktemp("runner"))
    (wheel,) = WHEELS.glob("*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    code, log = runner.install(folder, sha256=digest)
    assert code == 0, log
    assert not (folder / "ran").exists()
    return runner


def bait(folder: Path) -> None:
    """Lay out files that leave a mark when they are run."""
    for name in ("venv", "pip", "json", "pytrustlock", "signal", "encodings"):
        (folder / f"{name}.py").write_text('open("ran", "w")\n')
    for name in ("python3", "pytrustlock", "sed", "head"):
        (folder / name).write_text("#!/bin/sh\ntouch ran\n")
        (folder / name).chmod(0o755)


def test_no_input_is_pasted_into_a_script() -> None:
    for step in STEPS:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_findings_are_annotations_and_a_summary(runner: Runner, project: Path) -> None:
    bait(project)
    code, log = runner.check(project)
    assert code == 1, log
    assert not (project / "ran").exists()
    assert "\n::error file=Cargo.lock,line=12," in log
    heading, _, block = runner.summary.read_text().partition("\n\n")
    assert heading == "## trustlock"
    assert "error[unknown-source]" in block
    assert "::error" not in block
    assert all(line.startswith("    ") for line in block.splitlines() if line)
    assert runner.check(project, policy="policy/org.toml")[0] == 0
    assert runner.check(project, path="policy")[0] == 2


def test_a_clean_run(runner: Runner, project: Path) -> None:
    (project / "trustlock.toml").write_text(ORG)
    code, log = runner.check(project)
    assert (code, "::" in log) == (0, False), log
    assert "clean" in runner.summary.read_text()


def test_another_wheel_than_the_one_reviewed_is_refused(project: Path, tmp_path: Path) -> None:
    code, log = Runner(tmp_path).install(project, sha256="0" * 64)
    assert code == 1
    assert "HASH" in log.upper()


@pytest.mark.parametrize(
    "inputs",
    [
        {"version": "0.1.0 --index-url https://evil.example"},
        {"version": "0.1.0\nevil"},
        {"version": ""},
        {"sha256": "abc"},
        {"sha256": f"{'0' * 64} evil"},
    ],
)
def test_only_a_release_and_a_digest_are_taken(
    inputs: dict[str, str], project: Path, tmp_path: Path
) -> None:
    code, log = Runner(tmp_path).install(project, **inputs)
    assert code == 2
    assert log.startswith("::error::trustlock")


@pytest.mark.parametrize("value", ["$(touch ran)", "`touch ran`", "; touch ran", '"; touch ran; "'])
@pytest.mark.parametrize("name", ["path", "policy", "overlay"])
def test_inputs_are_no_commands(runner: Runner, project: Path, name: str, value: str) -> None:
    assert runner.check(project, **{name: value})[0] == 2
    assert not (project / "ran").exists()


def test_the_release_is_the_one_of_this_checkout() -> None:
    """The action and the hook install what this checkout releases."""
    manifest = (REPOSITORY / "Cargo.toml").read_text()
    found = re.search(r'^version = "(.+)"$', manifest, re.MULTILINE)
    assert found
    version: Any = found[1]
    assert ACTION["inputs"]["version"]["default"] == version
    hook = (REPOSITORY / "pyproject.toml").read_text()
    assert f'dependencies = ["pytrustlock=={version}"]' in hook
    assert f'\nversion = "{version}"\n' in hook
    readme = (REPOSITORY / "pytrustlock/README.md").read_text()
    assert f"rev: v{version}\n" in readme
    assert f"trustlock/trustlock@v{version}" in readme
