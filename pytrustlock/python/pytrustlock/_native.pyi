from collections.abc import Sequence
from os import PathLike
from typing import Literal, final

__all__ = ["Policy", "Refused", "Report", "__version__", "check", "check_text", "run"]

__version__: str

class Refused(Exception):  # noqa: N818
    args: tuple[Literal["path", "policy"], Report]

@final
class Policy:
    @staticmethod
    def load(path: str | PathLike[str]) -> Policy: ...
    @staticmethod
    def from_str(text: str) -> Policy: ...
    @property
    def name(self) -> str: ...
    def describe(self) -> str: ...

@final
class Report:
    @property
    def exit_code(self) -> int: ...
    def render(self, format: str, *, color: bool, verbose: bool, quiet: bool) -> str: ...

def check(
    path: str | PathLike[str],
    *,
    policy: Policy | str | PathLike[str] | None,
    overlays: Sequence[str | PathLike[str]],
    now: tuple[int, int, int] | None,
) -> Report: ...
def check_text(
    name: str,
    text: str,
    *,
    policy: Policy | None,
    now: tuple[int, int, int] | None,
) -> Report: ...
def run(program: str, args: Sequence[str]) -> int: ...
