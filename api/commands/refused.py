"""How a command says that it cannot go on."""

from __future__ import annotations


class Refused(Exception):
    """A command cannot go on; the message is its one line."""
