"""Strangers' words in a terminal: shown, never obeyed."""

from __future__ import annotations

import unicodedata

_KEPT = {"\n", "\t"}
_NAMELESS = "�"


def printable(text: str) -> str:
    """The text with every control, escape, bidirectional and surrogate character replaced, one for one."""
    return "".join(_NAMELESS if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in _KEPT else c for c in text)
