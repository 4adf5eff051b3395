"""Policies that are read once and used often."""

from __future__ import annotations

from os import fspath

from pytrustlock import _native
from pytrustlock._errors import from_refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike


class Policy:
    """A policy that was read and understood.

    >>> policy = pytrustlock.Policy.from_str('''
    ... [sources]
    ... cargo = ["crates.io", "path", "git+https://github.com/acme/*"]
    ... ''')
    >>> policy
    <Policy trustlock.toml>
    >>> pytrustlock.check(".", policy=policy).ok
    True
    """

    __slots__ = ("_inner",)

    def __init__(self, native: _native.Policy) -> None:
        """Use `load` or `from_str`."""
        self._inner = native

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Policy:
        """Read the policy in the file `path`, as `--policy` does.

        Files that it extends are found from there.

        >>> pytrustlock.Policy.load("policy/org.toml").name
        'policy/org.toml'

        Raises:
            PolicyError: Everything in it that is not understood.
        """
        try:
            return cls(_native.Policy.load(fspath(path)))
        except _native.Refused as refused:
            raise from_refused(refused) from None

    @classmethod
    def from_str(cls, text: str) -> Policy:
        """Read `text` as the `trustlock.toml` of a repository that holds nothing else.

        >>> pytrustlock.Policy.from_str("").name
        'trustlock.toml'

        Raises:
            PolicyError: Everything in it that is not understood.
        """
        try:
            return cls(_native.Policy.from_str(text))
        except _native.Refused as refused:
            raise from_refused(refused) from None

    @property
    def name(self) -> str:
        """How reports name it."""
        return self._inner.name

    def __repr__(self) -> str:
        """Show its name."""
        return f"<Policy {self.name}>"

    def __str__(self) -> str:
        """Show every value that holds and where it comes from, as `trustlock policy` does."""
        return self._inner.describe()
