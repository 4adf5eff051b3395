"""What the functions promise."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import threading
from dataclasses import FrozenInstanceError, fields
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest

import pytrustlock
from tests.conftest import LOCK, MANIFEST, ORG, REPOSITORY

TODAY = date(2026, 11, 24)
WAIVER = """
[[waivers]]
rule = "unknown-source"
package = "cargo:leaf@1.0.0"
source = "git+https://github.com/acme/leaf"
reason = "until upstream merges"
owner = "platform"
expires = 2027-01-31
"""


def test_a_finding_says_what_where_why_and_how_to_fix_it(project: Path) -> None:
    report = pytrustlock.check(project)
    assert (report.exit_code, report.ok, bool(report)) == (1, False, False)
    (finding,) = report.findings
    assert (finding.rule, finding.family, finding.level) == ("unknown-source", "sources", "deny")
    assert (finding.path, finding.line, finding.column) == ("Cargo.lock", 12, 11)
    assert LOCK.splitlines()[11][10:].startswith("git+https://")
    assert finding.package == "cargo:leaf@1.0.0"
    assert finding.subject.source == f"git+{LOCK.split('git+')[1].strip().rstrip(chr(34))}"
    assert finding.chain == ("app@0.1.0", "leaf@1.0.0")
    assert finding.message in str(finding)
    assert finding.message in repr(finding)
    assert "[[waivers]]" in finding.help
    assert finding.url.endswith("/unknown-source.md")


def test_the_line_of_the_policy_that_decides_is_shown(project: Path) -> None:
    (project / "trustlock.toml").write_text('[sources]\ncargo = ["path"]\n')
    (finding,) = pytrustlock.check(".").findings
    assert finding.judge is not None
    assert str(finding.judge.place).startswith("trustlock.toml:2:")


def test_a_file_as_a_whole_has_no_line(project: Path) -> None:
    (project / "Cargo.lock").unlink()
    report = pytrustlock.check(".", policy=pytrustlock.Policy.from_str(""))
    places = [finding.place for finding in report.findings]
    assert places
    for finding in report.findings:
        if finding.place.span is None:
            assert (finding.line, finding.column) == (None, None)


def test_policies_come_from_the_checkout_a_file_or_a_value(project: Path) -> None:
    own = pytrustlock.check(".")
    assert (own.policy.name, own.policy.built_in) == ("trustlock:strict", True)
    by_path = pytrustlock.check(".", policy="policy/org.toml")
    assert by_path.ok
    assert by_path == pytrustlock.check(".", policy=Path("policy/org.toml"))
    assert by_path == pytrustlock.check(".", policy=pytrustlock.Policy.load("policy/org.toml"))
    assert pytrustlock.check(".", policy=pytrustlock.Policy.from_str(ORG)).ok
    (project / "trustlock.toml").write_text(ORG)
    assert pytrustlock.check(".").ok
    assert pytrustlock.check(".", policy=pytrustlock.Policy.from_str("")).exit_code == 1


def test_a_policy_may_come_from_another_repository(project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "org"
    elsewhere.mkdir()
    (elsewhere / "base.toml").write_text(ORG)
    (elsewhere / "org.toml").write_text('extends = [{ path = "base.toml" }]\n')
    policy = pytrustlock.Policy.load(elsewhere / "org.toml")
    assert pytrustlock.check(project, policy=policy).ok


def test_an_overlay_only_tightens(tmp_path: Path, project: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    ban = 'ban = [{ package = "cargo:leaf", reason = "incident 7" }]'
    overlay.write_text(f"[versions]\n{ban}\n")
    for policy in ("policy/org.toml", pytrustlock.Policy.load("policy/org.toml")):
        report = pytrustlock.check(".", policy=policy, overlays=[overlay])
        assert [finding.rule for finding in report.findings] == ["banned-version"]
        again = pytrustlock.check(".", policy=policy)
        assert again.ok, "a policy is not changed by a run"
    overlay.write_text("surces = 1")
    with pytest.raises(pytrustlock.PolicyError, match="unknown key `surces`"):
        pytrustlock.check(".", overlays=[overlay])
    inside = project / "inside.toml"
    inside.write_text("")
    with pytest.raises(pytrustlock.PolicyError, match="cannot be an overlay"):
        pytrustlock.check(".", policy=pytrustlock.Policy.from_str(ORG), overlays=[inside])


@pytest.mark.usefixtures("project")
def test_waivers_are_judged_on_a_day() -> None:
    policy = pytrustlock.Policy.from_str(WAIVER)
    report = pytrustlock.check(".", policy=policy, now=TODAY)
    assert report.ok
    (waived,) = report.waived
    assert (waived.finding.rule, waived.reason) == ("unknown-source", "until upstream merges")
    assert not pytrustlock.check(".", policy=policy, now=date(2027, 2, 1)).ok
    with pytest.raises(TypeError, match="not a `datetime`"):
        pytrustlock.check(".", now=datetime(2026, 11, 24, tzinfo=timezone.utc))


def test_what_is_wrong_with_the_checkout_is_in_the_report(project: Path) -> None:
    for path, text in [
        ("Cargo.lock", "version = 99\n"),
        ("Cargo.lock", "not toml"),
        ("Cargo.lock", ""),
        ("trustlock.toml", "surces = 1\n"),
        (".cargo/config.toml", "[build\n"),
    ]:
        file = project / path
        file.parent.mkdir(exist_ok=True)
        before = file.read_text() if file.exists() else None
        file.write_text(text)
        report = pytrustlock.check(".")
        assert (report.exit_code, report.ok) == (2, False), path
        assert any(problem.path == path for problem in report.problems), path
        assert all(problem.message in str(problem) for problem in report.problems)
        file.unlink() if before is None else file.write_text(before)


@pytest.mark.usefixtures("project")
def test_what_is_wrong_with_the_call_is_raised() -> None:
    with pytest.raises(pytrustlock.PathError, match="`missing` cannot be opened") as path_error:
        pytrustlock.check("missing")
    assert isinstance(path_error.value, pytrustlock.TrustlockError)
    again = pickle.loads(pickle.dumps(path_error.value))  # noqa: S301
    assert (type(again), str(again)) == (pytrustlock.PathError, str(path_error.value))
    assert again.problems == path_error.value.problems
    with pytest.raises(pytrustlock.PolicyError) as policy_error:
        pytrustlock.check(".", policy="missing.toml")
    assert policy_error.value.problems[0].path == "missing.toml"
    with pytest.raises(pytrustlock.PolicyError):
        pytrustlock.Policy.from_str("schema = 99")
    with pytest.raises(pytrustlock.PathError, match="leads out"):
        pytrustlock.check_text("../Cargo.lock", LOCK)
    wrong: Any
    for wrong in (3, b"x", None):
        with pytest.raises(TypeError):
            pytrustlock.check(wrong)
    wrong = "overlay.toml"
    with pytest.raises(TypeError, match="a list of paths"):
        pytrustlock.check(".", overlays=wrong)
    with pytest.raises(ValueError, match="there is no format"):
        pytrustlock.check(".").render("yaml")  # type: ignore[arg-type]


def test_a_text_is_judged_without_any_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    report = pytrustlock.check_text("services/api/Cargo.lock", LOCK)
    assert [str(finding.place) for finding in report.findings] == ["services/api/Cargo.lock:12:11"]
    assert pytrustlock.check_text("Cargo.lock", LOCK, pytrustlock.Policy.from_str(ORG)).ok
    for name, text in [("Cargo.lock", "\0"), ("Cargo.lock", ""), ("notes.md", "hello"), ("", "x")]:
        assert pytrustlock.check_text(name, text).exit_code == 2, (name, text)


def test_values_are_equal_and_immutable(project: Path) -> None:
    one, two = pytrustlock.check("."), pytrustlock.check(project)
    assert one == two
    assert len({one, two}) == 1
    assert one.findings == two.findings
    assert len({*one.findings, *two.findings}) == 1
    assert one != "a report"
    assert one != pytrustlock.check(".", policy="policy/org.toml")
    assert pickle.loads(pickle.dumps(one.findings)) == two.findings  # noqa: S301
    with pytest.raises(FrozenInstanceError):
        one.findings[0].rule = "other"  # type: ignore[misc]
    document = one.to_dict()
    document.clear()
    assert one.to_dict()["version"] == 1


@pytest.mark.usefixtures("project")
def test_every_value_of_the_document_has_a_home() -> None:
    """The schema of the JSON report names every field; so do the classes."""
    schema = json.loads((REPOSITORY / "docs/report.schema.json").read_text())
    spelled = {"message": "title", "url": "help"}

    def names(of: type) -> set[str]:
        return {spelled.get(field.name, field.name) for field in fields(of)}

    def properties(*path: str) -> set[str]:
        found = schema
        for key in path:
            found = found["properties"][key]
            found = found.get("items", found)
            found = next((f for f in found.get("oneOf", []) if "properties" in f), found)
            found = next((f for f in found.get("anyOf", []) if "properties" in f), found)
            while "$ref" in found:
                found = schema["$defs"][found["$ref"].rsplit("/", 1)[-1]]
        return set(found["properties"])

    assert names(pytrustlock.Finding) == properties("findings")
    assert names(pytrustlock.Subject) == properties("findings", "subject")
    assert names(pytrustlock.Place) == properties("findings", "place")
    assert names(pytrustlock.Fix) == properties("findings", "fixes")
    assert names(pytrustlock.Related) == properties("findings", "related")
    assert names(pytrustlock.Problem) == properties("problems")
    assert names(pytrustlock.Waived) == properties("waived")
    assert names(pytrustlock.Judged) == properties("lockfiles")
    assert names(pytrustlock.NotJudged) == properties("not_judged")
    assert names(pytrustlock.Note) == properties("notes")
    assert names(pytrustlock.PolicyInForce) == properties("policy")
    # The first three are about the document; the counts are those of the lists.
    rest = set(schema["properties"]) - {"version", "tool", "exit_code", "summary"}
    assert all(hasattr(pytrustlock.Report, name) for name in rest)


@pytest.mark.usefixtures("project")
def test_many_threads_may_check_at_once() -> None:
    """Many checks at once, with one policy, say the same as one."""
    policy = pytrustlock.Policy.from_str("")
    expected = pytrustlock.check(".", policy=policy)
    reports: list[pytrustlock.Report] = []

    def work() -> None:
        reports.extend(pytrustlock.check(".", policy=policy) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reports == [expected] * 40


def test_importing_loads_nothing() -> None:
    """What costs time is loaded when it is first used."""
    code = "import sys; old = set(sys.modules); import pytrustlock; print(*set(sys.modules) - old)"
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True
    )
    assert loaded.stdout.split() == ["pytrustlock"]


def test_a_lockfile_with_a_manifest_beside_it_needs_no_git(tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text(MANIFEST)
    (tmp_path / "Cargo.lock").write_text(LOCK)
    report = pytrustlock.check(tmp_path / "Cargo.lock")
    assert [finding.rule for finding in report.findings] == ["unknown-source"]


def test_odd_arguments_are_errors_of_python() -> None:
    for path in ("a\0b", "\udcff", "x" * 10_000):
        with pytest.raises(pytrustlock.PathError):
            pytrustlock.check(path)
    with pytest.raises(UnicodeEncodeError):
        pytrustlock.check_text("Cargo.lock", "\ud800")


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes")
def test_other_threads_run_while_the_engine_works() -> None:
    """One thread reads what the engine writes in another; holding Python, it would wait forever."""
    code = """
import os, sys, threading
from pytrustlock import _native
reader, writer = os.pipe()
os.dup2(writer, 1)
os.close(writer)
args = ["trustlock", "explain", *["unknown-source"] * 200]
def work():
    code = _native.run("trustlock", args)
    os.close(1)
    assert code == 0
thread = threading.Thread(target=work)
thread.start()
size = 0
while chunk := os.read(reader, 4096):
    size += len(chunk)
thread.join()
assert size > 1 << 17, size
"""
    subprocess.run([sys.executable, "-I", "-c", code], check=True, timeout=60)
