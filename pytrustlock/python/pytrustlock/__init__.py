"""Which third-party code may enter: lockfiles judged by one reviewed policy.

Nothing of a checkout is run, written or followed out of its root, and the network is not used.

>>> import pytrustlock
>>> report = pytrustlock.check(".")
>>> report.ok
False
>>> [(finding.rule, finding.package, finding.line) for finding in report.findings]
[('unknown-source', 'cargo:leaf@1.0.0', 12)]
>>> print(report)
error[unknown-source]: ...

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pytrustlock._check import check, check_text
    from pytrustlock._errors import PathError, PolicyError, TrustlockError
    from pytrustlock._model import (
        Finding,
        Fix,
        Judged,
        Note,
        NotJudged,
        Place,
        Point,
        PolicyInForce,
        Problem,
        Related,
        Setting,
        Span,
        Subject,
        Waived,
    )
    from pytrustlock._native import __version__
    from pytrustlock._policy import Policy
    from pytrustlock._report import Report
else:
    _HOMES = {
        "_check": ("check", "check_text"),
        "_errors": ("PathError", "PolicyError", "TrustlockError"),
        "_model": (
            "Finding",
            "Fix",
            "Judged",
            "NotJudged",
            "Note",
            "Place",
            "Point",
            "PolicyInForce",
            "Problem",
            "Related",
            "Setting",
            "Span",
            "Subject",
            "Waived",
        ),
        "_native": ("__version__",),
        "_policy": ("Policy",),
        "_report": ("Report",),
    }

    def __getattr__(name: str) -> object:
        for home, names in _HOMES.items():
            if name in names:
                from importlib import import_module  # noqa: PLC0415

                value = getattr(import_module(f"{__name__}.{home}"), name)
                globals()[name] = value
                return value
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "Finding",
    "Fix",
    "Judged",
    "NotJudged",
    "Note",
    "PathError",
    "Place",
    "Point",
    "Policy",
    "PolicyError",
    "PolicyInForce",
    "Problem",
    "Related",
    "Report",
    "Setting",
    "Span",
    "Subject",
    "TrustlockError",
    "Waived",
    "__version__",
    "check",
    "check_text",
]
