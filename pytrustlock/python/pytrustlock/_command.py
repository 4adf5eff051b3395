"""The command `pytrustlock`: the command line of trustlock, in this process."""

import signal
import sys

from pytrustlock import _native


def main(program: str = "pytrustlock") -> int:
    """Run `sys.argv`; `program` is what the user typed to start it. Returns the exit code."""
    # Python only notes an interrupt until the engine returns; the default ends the process at once.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.run(program, sys.argv)


def trustlock() -> int:
    """The same, under the name that its messages use."""
    return main("trustlock")
