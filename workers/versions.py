"""Which program this is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

UNINSTALLED = "0.1.0"


@cache
def program_version() -> str:
    """The version of the installed program."""
    try:
        return version("lexframe")
    except PackageNotFoundError:
        return UNINSTALLED
