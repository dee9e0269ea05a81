"""Text and attributes as XML, in which every character keeps its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

# What XML 1.0 cannot hold (section 2.2), lone surrogates among it: each becomes one U+FFFD, so that offsets stay true.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SPACE = " \t\r\n"


def storable(text: str) -> str:
    """The text without what XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def content(text: str) -> str:
    """Text between tags; a carriage return is written as a reference, or parsers would drop it."""
    return escape(storable(text), {"\r": "&#13;"})


def attributes(values: Mapping[str, object]) -> str:
    """` name="value"` for each value that is not None; line breaks as references."""
    said = ((name, f"{value:g}" if isinstance(value, float) else str(value)) for name, value in values.items() if value is not None)
    return "".join(f" {name}={quoteattr(storable(value))}" for name, value in said)
