"""The command is the one of the Rust program: same words, same bytes, same exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import pytrustlock
from tests.conftest import LOCK, REPOSITORY

BUILT = Path(os.environ.get("TRUSTLOCK", REPOSITORY / "target/debug/trustlock"))
SCRIPT = Path(sys.executable).with_name("pytrustlock")
TODAY = "2026-11-24"
needs_rust = pytest.mark.skipif(not BUILT.exists(), reason=f"{BUILT} is not built")

COMMANDS = [
    ["check"],
    [],
    ["check", "-v"],
    ["check", "-q"],
    ["check", "--color", "always"],
    ["check", "--format", "json"],
    ["check", "--format", "sarif"],
    ["check", "--format", "github"],
    ["check", "Cargo.lock"],
    ["check", "policy"],
    ["check", "--policy", "policy/org.toml"],
    ["check", "--manifest-path", "Cargo.toml"],
    ["check", "--max-file-size", "10"],
    ["list"],
    ["list", "--format", "json"],
    ["explain", "unknown-source", "missing-hash"],
    ["explain", "nonsense"],
    ["nonsense"],
    ["rules"],
    ["schema"],
    ["schema", "report"],
    ["schema", "list"],
    ["policy"],
    ["policy", "--policy", "missing.toml"],
    ["--version"],
]
# These write or say the name of the program, as the user typed it.
NAMED = [
    ["--help"],
    ["-h"],
    ["check", "--help"],
    ["check", "--nonsense"],
    ["completions", "bash"],
    ["completions", "fish"],
]


def run(program: list[str], args: list[str], folder: Path | None = None) -> tuple[int, str, str]:
    """Run it; exit code, standard output, standard error, with times made equal."""
    done = subprocess.run([*program, *args], cwd=folder, capture_output=True, check=False)
    out, err = (
        re.sub(r" in [0-9.]+ (ms|s|µs)", " in [time]", text.decode())
        for text in (done.stdout, done.stderr)
    )
    return done.returncode, out, err


FACES = [[str(SCRIPT)], [sys.executable, "-m", "pytrustlock"]]


@needs_rust
@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
@pytest.mark.usefixtures("project")
def test_both_faces_print_the_same(args: list[str]) -> None:
    args = [*args, "--now", TODAY] if args[:1] in (["check"], ["list"]) else args
    for face in FACES:
        assert run(face, args) == run([str(BUILT)], args)


@needs_rust
@pytest.mark.parametrize("args", NAMED, ids=" ".join)
@pytest.mark.usefixtures("project")
def test_help_says_what_the_user_typed(args: list[str]) -> None:
    expected = run([str(BUILT)], args)
    typed = ("pytrustlock", "python -m pytrustlock")
    for face, name in zip(FACES, typed):
        found = run(face, args)
        if args[0] != "completions":
            assert name in found[1] + found[2]
        plain = [text.replace(name, "trustlock") for text in found[1:]]
        plain = [text.replace("pytrustlock", "trustlock") for text in plain]
        # Lines are broken elsewhere where a name is longer.
        assert found[0] == expected[0]
        assert [text.split() for text in plain] == [text.split() for text in expected[1:]]


@needs_rust
def test_both_faces_write_the_same(project: Path) -> None:
    written = []
    for face in [[str(BUILT)], *FACES]:
        out = run(face, ["init", "--now", TODAY])
        ban = run(face, ["ban", "cargo:time@0.1.0", "--reason", "old"])
        policy = project / "trustlock.toml"
        written.append((out, ban[0], policy.read_text()))
        policy.unlink()
    assert written[0] == written[1] == written[2]
    assert written[0][0][0] == 0


@pytest.mark.usefixtures("project")
def test_the_library_and_the_command_make_the_same_report() -> None:
    for path in (".", "Cargo.lock", "policy"):
        code, out, _ = run(FACES[0], ["check", path, "--format", "json"])
        report = pytrustlock.check(path)
        assert (code, out) == (report.exit_code, report.to_json())
        assert report.to_dict() == json.loads(out)
    for form in ("sarif", "github"):
        code, out, _ = run(FACES[0], ["check", ".", "--format", form])
        assert out == pytrustlock.check(".").render(form)


@pytest.mark.parametrize("args", [["schema"], ["list", "--format", "json"]])
def test_a_reader_that_has_seen_enough_is_no_failure(project: Path, args: list[str]) -> None:
    many = LOCK + "".join(
        f'\n[[package]]\nname = "p{n}"\nversion = "1.0.0"\nchecksum = "{"0" * 64}"\n'
        'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
        for n in range(2000)
    )
    (project / "Cargo.lock").write_text(many)
    for face in FACES:
        process = subprocess.Popen([*face, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no such shell")
@pytest.mark.usefixtures("project")
def test_without_any_output_the_exit_code_still_tells() -> None:
    for face in FACES:
        for closed in (">&-", ">&- 2>&-", "<&- >&- 2>&-"):
            command = ["sh", "-c", f'"$@" {closed}', "sh", *face, "check"]
            done = subprocess.run(command, capture_output=True, check=False)
            assert (done.returncode, done.stderr) == (1, b""), closed


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_an_interrupt_ends_it_at_once(tmp_path: Path) -> None:
    """The run waits for a reader that never reads; Ctrl-C ends it without a traceback."""
    rows = '[[package]]\nname = "p"\nversion = "1.0.0"\n'
    (tmp_path / "Cargo.lock").write_text("version = 4\n" + rows * 20_000)
    for face in FACES:
        process = subprocess.Popen(
            [*face, "list", "Cargo.lock"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
        assert process.wait() == -signal.SIGINT
        process.stdout.close()
        process.stderr.close()
