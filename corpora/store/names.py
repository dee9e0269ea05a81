"""Names and short texts from strangers, made safe to store, print and put into a header."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 255
LONGEST_LINE = 1000
_BETWEEN_FOLDERS = re.compile(r"[/\\]")
_WHITE = re.compile(r"\s+")


def clean_line(text: str, longest: int = LONGEST_LINE) -> str:
    """One line in NFC without control, bidirectional, surrogate or unassigned characters, cut at `longest` code points."""
    spaced = _WHITE.sub(" ", text)
    normal = unicodedata.normalize("NFC", "".join(c for c in spaced if not unicodedata.category(c).startswith("C")))
    return _WHITE.sub(" ", normal).strip()[:longest].rstrip()


def clean_filename(name: str | None) -> str:
    """The last part of a path as a clean line of at most 255 code points; `document` where nothing is left."""
    last = _BETWEEN_FOLDERS.split(clean_line(name or "", longest=10_000))[-1].strip()
    return _shortened(last) if last.strip(". ") else "document"


def clean_optional(text: str | None, longest: int = LONGEST_LINE) -> str | None:
    """`clean_line`, with None for nothing."""
    return (clean_line(text, longest) or None) if text is not None else None


def suffix(filename: str) -> str:
    """The suffix in small letters with its dot, empty where there is none; `.txt` of `Act.TXT`."""
    stem, dot, last = filename.rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


def _shortened(name: str) -> str:
    """Cuts the stem and keeps the suffix."""
    if len(name) <= LONGEST_NAME:
        return name
    ending = suffix(name)[:20]
    return name[: LONGEST_NAME - len(ending)] + ending
