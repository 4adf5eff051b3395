"""What is raised."""

from __future__ import annotations

import pytrustlock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pytrustlock import _native


class TrustlockError(Exception):
    """What the caller named cannot be used.

    What is wrong with a checkout is never raised: it is in the report.

    >>> try:
    ...     pytrustlock.Policy.from_str("surces = {}")
    ... except pytrustlock.TrustlockError as error:
    ...     print(error.problems[0].message)
    unknown key `surces` at the top
    """

    __module__ = "pytrustlock"

    problems: tuple[pytrustlock.Problem, ...]
    """Why."""

    def __init__(self, message: str, problems: tuple[pytrustlock.Problem, ...]) -> None:
        """Say `message`, which shows `problems` to people."""
        super().__init__(message, problems)
        self.problems = problems

    def __str__(self) -> str:
        """Show the problems as the command line does."""
        return str(self.args[0])


class PathError(TrustlockError):
    """The path to check cannot be opened.

    >>> pytrustlock.check("no/such/folder")
    Traceback (most recent call last):
        ...
    pytrustlock.PathError: error: `no/such/folder` cannot be opened: ...
    """

    __module__ = "pytrustlock"


class PolicyError(TrustlockError):
    """A policy or an overlay that the caller named cannot be read or understood.

    >>> pytrustlock.Policy.load("no-such.toml")
    Traceback (most recent call last):
        ...
    pytrustlock.PolicyError: error: `no-such.toml` cannot be opened: ...
    """

    __module__ = "pytrustlock"


def from_refused(refused: _native.Refused) -> TrustlockError:
    """Make the public exception of the engine's."""
    what, native = refused.args
    report = pytrustlock.Report(native)
    error = PathError if what == "path" else PolicyError
    return error(report.render(quiet=True).rstrip(), report.problems)
