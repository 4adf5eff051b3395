"""The report of a run."""

from __future__ import annotations

import json
from functools import cached_property

import pytrustlock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from pytrustlock import _native


class Report:
    """Everything that a run has to say.

    A report is true where the run is clean. Findings alone do not tell: what could not be
    checked is among the problems, or among what was not judged.

    >>> report = pytrustlock.check(".")
    >>> report
    <Report: exit code 1, 1 denied, 0 warned, 0 problems in 1 lockfile>
    >>> if not report:
    ...     print(report.findings[0].help)
    if you trust everything from there, allow it in the policy
        [sources]
        cargo = ["crates.io", "path", "git+https://github.com/acme/leaf"]
    excuse this package alone
        [[waivers]]
        ...
    """

    def __init__(self, native: _native.Report) -> None:
        """Use `check` or `check_text`."""
        self._native = native

    @cached_property
    def _json(self) -> str:
        return self.render("json")

    @cached_property
    def _document(self) -> dict[str, Any]:
        return self.to_dict()

    @property
    def ok(self) -> bool:
        """Whether the run is clean: exit code 0."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings at `deny`, 2 something could not be checked."""
        return self._native.exit_code

    @cached_property
    def policy(self) -> pytrustlock.PolicyInForce:
        """The policy that held."""
        return pytrustlock.PolicyInForce.of(self._document["policy"])

    @cached_property
    def lockfiles(self) -> tuple[pytrustlock.Judged, ...]:
        """The lockfiles that were judged."""
        return tuple(map(pytrustlock.Judged.of, self._document["lockfiles"]))

    @cached_property
    def findings(self) -> tuple[pytrustlock.Finding, ...]:
        """Broken rules, in the order of places."""
        return tuple(map(pytrustlock.Finding.of, self._document["findings"]))

    @cached_property
    def waived(self) -> tuple[pytrustlock.Waived, ...]:
        """Broken rules that waivers excuse."""
        return tuple(map(pytrustlock.Waived.of, self._document["waived"]))

    @cached_property
    def problems(self) -> tuple[pytrustlock.Problem, ...]:
        """What could not be checked."""
        return tuple(map(pytrustlock.Problem.of, self._document["problems"]))

    @cached_property
    def not_judged(self) -> tuple[pytrustlock.NotJudged, ...]:
        """What rules were asked and could not answer."""
        return tuple(map(pytrustlock.NotJudged.of, self._document["not_judged"]))

    @cached_property
    def not_enforced(self) -> tuple[str, ...]:
        """The rules that the policy does not enforce."""
        return tuple(self._document["not_enforced"])

    @cached_property
    def notes(self) -> tuple[pytrustlock.Note, ...]:
        """Facts that are no findings."""
        return tuple(map(pytrustlock.Note.of, self._document["notes"]))

    def to_json(self) -> str:
        """Return the document that `trustlock check --format json` prints.

        >>> print(pytrustlock.check(".").to_json().splitlines()[1])
          "version": 1,
        """
        return self._json

    def to_dict(self) -> dict[str, Any]:
        """Return the same document as a new dictionary; `trustlock schema report` describes it.

        >>> pytrustlock.check(".").to_dict()["summary"]["denied"]
        1
        """
        document: dict[str, Any] = json.loads(self._json)
        return document

    def render(
        self,
        format: Literal["human", "json", "sarif", "github"] = "human",  # noqa: A002
        *,
        color: bool = False,
        verbose: bool = False,
        quiet: bool = False,
    ) -> str:
        """Return what `trustlock check --format` prints.

        >>> print(pytrustlock.check(".").render("github"))
        ::error file=Cargo.lock,...

        Args:
            format: One of the command line's formats.
            color: With colours, where the format is for people.
            verbose: With waived findings and other details, where the format is for people.
            quiet: Only what fails, where the format is for people.
        """
        return self._native.render(format, color=color, verbose=verbose, quiet=quiet)

    def __bool__(self) -> bool:
        """Whether the run is clean."""
        return self.ok

    def __eq__(self, other: object) -> bool:
        """Whether the other report says the same; how long the run took does not matter."""
        return self._json == other._json if isinstance(other, Report) else NotImplemented

    def __hash__(self) -> int:
        """Equal reports hash the same."""
        return hash(self._json)

    def __str__(self) -> str:
        """Show it to people, as the command line does."""
        return self.render()

    def __repr__(self) -> str:
        """Show what it comes to."""
        summary = self._document["summary"]
        count = summary["lockfiles"]
        return (
            f"<Report: exit code {self.exit_code}, {summary['denied']} denied, "
            f"{summary['warned']} warned, {summary['problems']} problems "
            f"in {count} lockfile{'' if count == 1 else 's'}>"
        )
