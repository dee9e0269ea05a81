"""Citations as they bear on the meaning: that a provision is cited, not which number it has in this version."""

from __future__ import annotations

import re

from nlp.compare.texts import words_of
from nlp.types import AnnotatedDocument, Reference

NUMBER = "#"
OWNER = re.compile(r",?\s(?:of|to|in)\s(?:(?:this|that|such|the\spresent|the\ssame)\s\w+|title\s\d+)$", re.IGNORECASE)
INTERNAL = re.compile(
    r"(?:sub-?)*(?:section|paragraph|clause|article|art\.|para\.|point|part|chapter|title|schedule|annex|§)", re.IGNORECASE
)


def citations(document: AnnotatedDocument) -> dict[int, str]:
    """For the words in citations of numbered provisions that do not count as they stand: where they begin → what counts, "" for nothing.

    Each number counts as a number, so that one more is a change; whose provision it is counts for nothing where it is the text's own or a
    title of the same code. Counter-example: another Act that is named is a change.
    """
    found: dict[int, str] = {}
    for reference in document.references:
        if INTERNAL.match(reference.text):
            found |= _said(document.text, reference)
    return found


def _said(text: str, reference: Reference) -> dict[int, str]:
    owner = OWNER.search(text[reference.start : reference.end])
    end = reference.start + owner.start() if owner else reference.end
    own = {word.start: "" for word in words_of(text, end, reference.end)}
    words = words_of(text, reference.start, end)
    return own | {word.start: NUMBER for word in words if _is_number(text, word.start, word.form)}


def _is_number(text: str, start: int, form: str) -> bool:
    return any(c.isdigit() for c in form) or (len(form) <= 5 and text[start - 1 : start] == "(")
