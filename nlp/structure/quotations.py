"""Law quoted in law: the text that an amending provision inserts or puts in place of another."""

from __future__ import annotations

import re

AMENDING = re.compile(
    r"\b(?:insert|add|substitut|replac|amend|append|strik|delet)(?:s|ed|ing|ion|ions|ution|ment)?\b.*(?:\bthe following\b|\bas follows\b|\bnew (?:section|article|subsection|paragraph)s?\b)"
    r".{0,160}[:—–\-]+\s*$",
    re.IGNORECASE | re.DOTALL,
)
OUTER = re.compile(
    r"\b(?:is|are)\s(?:further\s)?(?:amended|repealed|replaced)\b|\bby (?:striking|inserting|redesignating|adding|substituting)\b|\bby the (?:insertion|substitution|deletion)\b"
)
CLOSING = re.compile(r"[”’\"]+[.,;:)]{0,3}(?:\s(?:and|or))?\s*$")
TAIL = 400


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
