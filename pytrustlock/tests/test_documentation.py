"""Every example is run, and every public name has one."""

from __future__ import annotations

import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pytrustlock
from tests.conftest import REPOSITORY

# Plain values that examples of others show.
WITHOUT_EXAMPLE = {
    "NotJudged",
    "Note",
    "Point",
    "Related",
    "Setting",
    "Span",
    "Waived",
    "__version__",
}
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("name", ["pytrustlock", *pytrustlock.__all__])
@pytest.mark.usefixtures("project")
def test_examples(name: str) -> None:
    thing = pytrustlock if name == "pytrustlock" else getattr(pytrustlock, name)
    found = doctest.DocTestFinder(recurse=inspect.isclass(thing)).find(
        thing, name, module=False, globs={"pytrustlock": pytrustlock}
    )
    tests = [test for test in found if test.examples]
    assert bool(tests) != (name in WITHOUT_EXAMPLE)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for test in tests:
        assert runner.run(test).failed == 0


def test_every_public_name_is_there() -> None:
    assert sorted(pytrustlock.__all__) == pytrustlock.__all__
    for name in pytrustlock.__all__:
        thing = getattr(pytrustlock, name)
        assert name == "__version__" or inspect.getdoc(thing)
    assert set(pytrustlock.__all__) <= set(dir(pytrustlock))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = getattr(pytrustlock, "nonsense")  # noqa: B009


def test_public_methods_are_described() -> None:
    for name in pytrustlock.__all__:
        thing = getattr(pytrustlock, name)
        if inspect.isclass(thing):
            for member, value in vars(thing).items():
                if not member.startswith("_") and callable(getattr(value, "__func__", value)):
                    assert inspect.getdoc(value), f"{name}.{member}"


def test_the_readme(project: Path) -> None:
    """What the README shows is run: the session of Python, and every command in order."""
    readme = (REPOSITORY / "pytrustlock/README.md").read_text()
    session = "\n".join(re.findall(r"```python\n(.*?)```", readme, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", None, None)
    assert test.examples
    assert doctest.DocTestRunner(optionflags=FLAGS).run(test).failed == 0

    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", readme, re.DOTALL))
    commands = [line.partition("#")[0].split() for line in blocks.splitlines()]
    assert len(commands) >= 5
    for command, *args in commands:
        program = Path(sys.executable).with_name(command)
        done = subprocess.run([program, *args], cwd=project, check=False, capture_output=True)
        # Until `init` writes the policy, there is a finding.
        before = not (project / "trustlock.toml").exists()
        assert done.returncode == (1 if before and args[0] == "check" else 0), (args, done)


def test_the_workflow_of_the_readme_asks_for_no_rights() -> None:
    readme = (REPOSITORY / "pytrustlock/README.md").read_text()
    assert "permissions:\n  contents: read\n" in readme
    assert "on: [push, pull_request, merge_group]\n" in readme
