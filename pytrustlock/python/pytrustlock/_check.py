"""Judging a checkout, or a text."""

from __future__ import annotations

from os import PathLike, fspath

from pytrustlock import _native
from pytrustlock._errors import from_refused
from pytrustlock._policy import Policy
from pytrustlock._report import Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from typing import Union

    Path = Union[str, PathLike[str]]


def check(
    path: Path,
    *,
    policy: Policy | Path | None = None,
    overlays: Iterable[Path] = (),
    now: date | None = None,
) -> Report:
    """Judge the lockfile at `path`, or every lockfile in that folder and the settings beside them.

    The repository around `path` is the checkout: its `trustlock.toml` is the policy where none is
    given, and where there is none either, the built-in strict policy is. The report is the one of
    `trustlock check PATH`.

    >>> report = pytrustlock.check(".", policy="policy/org.toml")
    >>> report.exit_code
    0

    Args:
        path: A lockfile or a folder.
        policy: A policy, or the file that holds one.
        overlays: Policies from outside the checkout that can only tighten.
        now: The day on which waivers are judged, in UTC; today by default.

    Raises:
        PathError: `path` cannot be opened.
        PolicyError: `policy` or an overlay is not understood. What is wrong with the checkout's own
            policy is a problem in the report.
    """
    if isinstance(overlays, (str, PathLike)):
        message = "`overlays` is a list of paths, not one path"
        raise TypeError(message)
    given = policy._inner if isinstance(policy, Policy) else policy  # noqa: SLF001
    try:
        native = _native.check(
            fspath(path), policy=given, overlays=[fspath(o) for o in overlays], now=_day(now)
        )
    except _native.Refused as refused:
        raise from_refused(refused) from None
    return Report(native)


def check_text(
    name: str, text: str, policy: Policy | None = None, *, now: date | None = None
) -> Report:
    """Judge `text` as the lockfile `name` of a repository that holds nothing else.

    No file is opened. Without `policy`, the built-in strict policy holds.

    >>> report = pytrustlock.check_text("Cargo.lock", '''
    ... version = 4
    ...
    ... [[package]]
    ... name = "app"
    ... version = "0.1.0"
    ... dependencies = ["leaf"]
    ...
    ... [[package]]
    ... name = "leaf"
    ... version = "1.0.0"
    ... source = "registry+https://evil.example/index"
    ... ''')
    >>> [finding.rule for finding in report.findings]
    ['missing-hash', 'unknown-source']

    Args:
        name: The lockfile's name, which tells its format.
        text: What stands in it.
        policy: A policy.
        now: The day on which waivers are judged, in UTC; today by default.

    Raises:
        PathError: `name` leads out of the repository.
    """
    given = None if policy is None else policy._inner  # noqa: SLF001
    try:
        native = _native.check_text(name, text, policy=given, now=_day(now))
    except _native.Refused as refused:
        raise from_refused(refused) from None
    return Report(native)


def _day(now: date | None) -> tuple[int, int, int] | None:
    if now is None:
        return None
    if hasattr(now, "hour"):
        message = "`now` is a day in UTC: a `date`, not a `datetime`"
        raise TypeError(message)
    return now.year, now.month, now.day
