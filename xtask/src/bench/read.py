"""Reads a lockfile as Python's own libraries do, to measure beside `trustlock check`."""

import json
import sys

path = sys.argv[1]
if path.endswith(".txt"):
    from pip._internal.network.session import PipSession
    from pip._internal.req.req_file import parse_requirements

    found = list(parse_requirements(path, session=PipSession()))
elif path == "Pipfile.lock":
    with open(path, "rb") as file:
        found = json.load(file)
else:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    with open(path, "rb") as file:
        found = tomllib.load(file)
    if path == "pylock.toml":
        from packaging.pylock import Pylock

        found = Pylock.from_dict(found).packages
print(len(found))
