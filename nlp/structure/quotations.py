"""Law quoted in law: the text that an amending provision inserts or puts in place of another."""

from __future__ import annotations

import re
from collections.abc import Sequence

AMENDING = re.compile(
    r"(?:\b(?:by|and|,)\s(?:further\s)?(?:inserting|adding|substituting|appending|striking)\b"
    r"|\bthe\s(?:insertion|addition|substitution)\sof\b"
    r"|\b(?:is|are|be)\s(?:hereby\s)?(?:further\s)?(?:amended|replaced|inserted|added|substituted)\b)"
    r"(?:.*(?:\bthe following\b|\bto read\b|\bnew (?:section|article|subsection|paragraph)s?\b).{0,160}|.{0,80}\bas follows)[:—–\-]+\s*$"
    r"|\bto read as follows[:—–\-]+\s*$",
    re.IGNORECASE | re.DOTALL,
)
OUTER = re.compile(
    r"\b(?:is|are)\s(?:further\s)?(?:amended|repealed|replaced)\b"
    r"|\bby (?:striking|inserting|redesignating|adding|substituting)\b"
    r"|\bby the (?:insertion|substitution|deletion)\b"
)
CLOSING = re.compile(r"[”’\"]+[.,;:)]{0,3}(?:\s(?:and|or))?\s*$")
TAIL = 400
LONGEST = 400


def introduces_quotation(text: str) -> bool:
    """Whether a line announces words to be inserted: `by inserting after section 4 the following:`."""
    return bool(AMENDING.search(text[-TAIL:]))


def opens_quoted(text: str) -> bool:
    """Whether a line begins with a quotation mark."""
    return text[:1] in '“"‘'


def balance_of(text: str) -> int:
    """Quotation marks opened less those closed; the mark that a line repeats at its head counts."""
    return text.count("“") - text.count("”")


def closes(text: str) -> bool:
    """Whether a line ends with a closing quotation mark."""
    return bool(CLOSING.search(text[-12:]))


def amends(text: str) -> bool:
    """Whether a line is itself an amendment, and not the words amended."""
    return bool(OUTER.search(text[:TAIL]))


def quoted_lines(texts: Sequence[str]) -> frozenset[int]:
    """The lines of amendments that stand between quotation marks."""
    found: set[int] = set()
    i = 0
    while i + 1 < len(texts):
        if opens_quoted(texts[i + 1]) and introduces_quotation(texts[i]):
            last = _end_of_quotation(texts, i + 1)
            found.update(range(i + 1, last + 1))
            i = last
        else:
            i += 1
    return frozenset(found)


def _end_of_quotation(texts: Sequence[str], first: int) -> int:
    """The line on which the marks are balanced again; the first line itself where they never are."""
    balance = 0
    for i in range(first, min(len(texts), first + LONGEST)):
        balance += balance_of(texts[i])
        if balance <= 0 and closes(texts[i]):
            return i
    return first
