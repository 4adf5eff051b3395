"""What a report is made of: plain values, read from the report's JSON document.

Attributes have the names of the document, save two: `message` is its `title`, and `url` its `help`.
"""

from __future__ import annotations

from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Literal, TypeVar

    Json = Mapping[str, Any]
    T = TypeVar("T")
    Level = Literal["deny", "warn"]
    Origin = Literal["checkout", "outside", "built-in"]


@dataclass(frozen=True)
class Point:
    """A position in a file, as editors count."""

    line: int
    """From 1."""
    column: int
    """From 1, in Unicode code points."""
    offset: int
    """From 0, in bytes of UTF-8."""

    @classmethod
    def of(cls, json: Json) -> Point:
        """Read it from a report's document."""
        return cls(json["line"], json["column"], json["offset"])


@dataclass(frozen=True)
class Span:
    """A part of a file."""

    start: Point
    """Its first character."""
    end: Point
    """One past its last character."""

    @classmethod
    def of(cls, json: Json) -> Span:
        """Read it from a report's document."""
        return cls(Point.of(json["start"]), Point.of(json["end"]))


@dataclass(frozen=True, repr=False)
class Place:
    """A file, or a part of one.

    >>> pytrustlock.check(".").findings[0].place
    <Place Cargo.lock:12:11>
    """

    path: str
    """Relative to the root of the repository, where it is inside."""
    origin: Origin
    """Whether it belongs to the checkout, was given from outside, or is part of trustlock."""
    span: Span | None
    """Where in it; `None` for the file as a whole."""

    @classmethod
    def of(cls, json: Json) -> Place:
        """Read it from a report's document."""
        return cls(json["path"], json["origin"], _maybe(Span.of, json["span"]))

    def __str__(self) -> str:
        """Show it as compilers do."""
        if self.span is None:
            return self.path
        return f"{self.path}:{self.span.start.line}:{self.span.start.column}"

    def __repr__(self) -> str:
        """Show it as compilers do."""
        return f"<Place {self}>"


@dataclass(frozen=True)
class Related:
    """Another place, and what it has to do with a finding."""

    place: Place
    label: str

    @classmethod
    def of(cls, json: Json) -> Related:
        """Read it from a report's document."""
        return cls(Place.of(json["place"]), json["label"])


@dataclass(frozen=True)
class Fix:
    """A way out.

    >>> for fix in pytrustlock.check(".").findings[0].fixes:
    ...     print(fix.text)
    if you trust everything from there, allow it in the policy
    excuse this package alone
    """

    text: str
    """What to do."""
    paste: str | None
    """What to paste, where that helps."""

    @classmethod
    def of(cls, json: Json) -> Fix:
        """Read it from a report's document."""
        return cls(json["text"], json["paste"])

    def __str__(self) -> str:
        """Show what to do, and below it what to paste."""
        lines = [] if self.paste is None else self.paste.splitlines()
        return "\n".join([self.text, *(f"    {line}".rstrip() for line in lines)])


@dataclass(frozen=True)
class Setting:
    """A key of a settings file, with its value."""

    file: str
    key: str
    value: str

    @classmethod
    def of(cls, json: Json) -> Setting:
        """Read it from a report's document."""
        return cls(json["file"], json["key"], json["value"])


@dataclass(frozen=True)
class Subject:
    """What a finding is about: what a waiver names.

    >>> subject = pytrustlock.check(".").findings[0].subject
    >>> subject.ecosystem, subject.package, subject.version
    ('cargo', 'leaf', '1.0.0')
    """

    ecosystem: str | None
    package: str | None
    version: str | None
    source: str | None
    artifact: str | None
    """The file in question, where it is about one file of a package."""
    digest: str | None
    lockfile: str | None
    setting: Setting | None

    @classmethod
    def of(cls, json: Json) -> Subject:
        """Read it from a report's document."""
        return cls(
            ecosystem=json["ecosystem"],
            package=json["package"],
            version=json["version"],
            source=json["source"],
            artifact=json["artifact"],
            digest=json["digest"],
            lockfile=json["lockfile"],
            setting=_maybe(Setting.of, json["setting"]),
        )


@dataclass(frozen=True, repr=False)
class Finding:
    """One rule broken by one subject at one place.

    >>> finding = pytrustlock.check(".").findings[0]
    >>> finding.rule, finding.level, finding.package
    ('unknown-source', 'deny', 'cargo:leaf@1.0.0')
    >>> finding.path, finding.line, finding.column
    ('Cargo.lock', 12, 11)
    >>> finding.chain
    ('app@0.1.0', 'leaf@1.0.0')
    """

    rule: str
    """The rule's name."""
    family: str
    """The rule's family."""
    level: Level
    """How it counts: `deny` fails the run."""
    message: str
    """What is wrong."""
    cause: str | None
    """What it shares with others of its kind; people see these as one."""
    place: Place
    """Where."""
    label: str
    """What stands there."""
    related: tuple[Related, ...]
    """Other places that belong to it."""
    judge: Related | None
    """The line of the policy that decides, and what it says."""
    subject: Subject
    """What it is about."""
    chain: tuple[str, ...]
    """How the package came in, a member of the workspace first."""
    fixes: tuple[Fix, ...]
    """The ways out, the best first."""
    fingerprint: str
    """The same while lines move."""
    url: str
    """The rule's page."""

    @classmethod
    def of(cls, json: Json) -> Finding:
        """Read it from a report's document."""
        return cls(
            rule=json["rule"],
            family=json["family"],
            level=json["level"],
            message=json["title"],
            cause=json["cause"],
            place=Place.of(json["place"]),
            label=json["label"],
            related=tuple(map(Related.of, json["related"])),
            judge=_maybe(Related.of, json["judge"]),
            subject=Subject.of(json["subject"]),
            chain=tuple(json["chain"]),
            fixes=tuple(map(Fix.of, json["fixes"])),
            fingerprint=json["fingerprint"],
            url=json["help"],
        )

    @property
    def package(self) -> str | None:
        """The package, as policies name it: `cargo:leaf@1.0.0`."""
        subject = self.subject
        if subject.package is None:
            return None
        version = "" if subject.version is None else f"@{subject.version}"
        return f"{subject.ecosystem}:{subject.package}{version}"

    @property
    def path(self) -> str:
        """The file, relative to the root of the repository."""
        return self.place.path

    @property
    def line(self) -> int | None:
        """The line, from 1; `None` for the file as a whole."""
        return None if self.place.span is None else self.place.span.start.line

    @property
    def column(self) -> int | None:
        """The column, from 1; `None` for the file as a whole."""
        return None if self.place.span is None else self.place.span.start.column

    @property
    def help(self) -> str:
        """The ways out, as text."""
        return "\n".join(map(str, self.fixes))

    def __str__(self) -> str:
        """Show it on one line, as compilers do."""
        return f"{self.place}: {self.level}: {self.rule}: {self.message}"

    def __repr__(self) -> str:
        """Show it on one line."""
        return f"<Finding {self}>"


@dataclass(frozen=True, repr=False)
class Problem:
    """Something that could not be read or understood: exit code 2.

    >>> pytrustlock.check_text("Cargo.lock", "version = 99").problems
    (<Problem Cargo.lock:1:11: ...>,)
    """

    message: str
    """What."""
    path: str | None
    """The file, where there is one."""
    place: Place | None
    """Where in the file, where that can be shown."""
    label: str
    """What stands there."""
    fixes: tuple[Fix, ...]
    """The ways out, the best first."""

    @classmethod
    def of(cls, json: Json) -> Problem:
        """Read it from a report's document."""
        return cls(
            message=json["title"],
            path=json["path"],
            place=_maybe(Place.of, json["place"]),
            label=json["label"],
            fixes=tuple(map(Fix.of, json["fixes"])),
        )

    @property
    def help(self) -> str:
        """The ways out, as text."""
        return "\n".join(map(str, self.fixes))

    def __str__(self) -> str:
        """Show it on one line, as compilers do."""
        where = self.place or self.path
        return self.message if where is None else f"{where}: {self.message}"

    def __repr__(self) -> str:
        """Show it on one line."""
        return f"<Problem {self}>"


@dataclass(frozen=True)
class Waived:
    """A finding that a waiver excuses."""

    finding: Finding
    waiver: Place
    reason: str

    @classmethod
    def of(cls, json: Json) -> Waived:
        """Read it from a report's document."""
        return cls(Finding.of(json["finding"]), Place.of(json["waiver"]), json["reason"])


@dataclass(frozen=True)
class Judged:
    """A lockfile that was judged.

    >>> pytrustlock.check(".").lockfiles
    (Judged(path='Cargo.lock', format='Cargo.lock v4', packages=2, digests=0),)
    """

    path: str
    format: str
    packages: int
    digests: int

    @classmethod
    def of(cls, json: Json) -> Judged:
        """Read it from a report's document."""
        return cls(json["path"], json["format"], json["packages"], json["digests"])


@dataclass(frozen=True)
class NotJudged:
    """What a rule was asked and could not answer, and for how many subjects."""

    rule: str
    reason: str
    count: int
    fatal: bool
    """Whether the run ends with exit code 2 for it."""

    @classmethod
    def of(cls, json: Json) -> NotJudged:
        """Read it from a report's document."""
        return cls(json["rule"], json["reason"], json["count"], json["fatal"])


@dataclass(frozen=True)
class Note:
    """A fact that is no finding."""

    path: str | None
    text: str
    verbose: bool
    """Shown to people only with `-v`."""

    @classmethod
    def of(cls, json: Json) -> Note:
        """Read it from a report's document."""
        return cls(json["path"], json["text"], json["verbose"])


@dataclass(frozen=True)
class PolicyInForce:
    """The policy that held.

    >>> pytrustlock.check(".").policy
    PolicyInForce(name='trustlock:strict', built_in=True, contact=None)
    """

    name: str
    built_in: bool
    """Whether there is no policy file."""
    contact: str | None
    """Whom to ask."""

    @classmethod
    def of(cls, json: Json) -> PolicyInForce:
        """Read it from a report's document."""
        return cls(json["name"], json["built_in"], json["contact"])


def _maybe(of: Callable[[Json], T], json: Json | None) -> T | None:
    return None if json is None else of(json)
