"""Where the defining words begin and end in their passage."""

from __future__ import annotations

import re

LONGEST = 8_000
Range = tuple[int, int]

# What ends a definition inside its passage.
STOP = re.compile(
    r"[;,]\s*(?:and\s++)?(?:the\s++)?references?\s++to\b|[,;]\s*and\s*(?:the\s++(?:expression|term|"
    r"word)s?\s++)?[“\"‘]?[\w\s-]{1,40}[”\"’]?\s++(?:shall|is\s++to)\s++be\s++construed\s++accordingly"
    r"|[;,]\s*(?:and\s++)?(?:the\s++)?(?:terms?|expressions?)\s++[“\"‘]"
    r"|;?\s*(?:and\s++)?[“\"„‘](?=[^“”\"]{1,80}[”\"’]\s*(?:,[^,]{1,60},\s*)?(?:shall\s++)?(?:means?|includes?|has\s++the)\b)",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[a-z\d)”’\"\]])[.](?:\d{1,2})?\s++(?=[A-Z“\"(])")
ABBREVIATED = re.compile(r"(?:\b(?:art|arts|para|paras|no|nos|sec|v|cf|Inc|et\s++seq|U\.S|U\.S\.C|e\.g|i\.e|\b[A-Z]))$", re.IGNORECASE)
GOES_ON = re.compile(
    r"\s*(?:(?:It|This|They)\s++(?:(?:does|do|shall|is|also)\s++)?(?:not\s++)?|(?:The|Such|That)\s++term\s++(?:does|"
    r"do|shall)\s++not\s++)(?:include|extend|comprise|encompass)s?\b",
    re.IGNORECASE,
)
TRAILING = re.compile(r"(?:\s|[;:,.—–―-]|(?<=[;,])\s*\b(?:and|or)\b|\[\d+\]|(?<=\))\s*\d{1,2})+$")
LIST_OPENER = re.compile(
    r"(?:,?\s*in\s++relation\s++to\s++[^,;:—]{1,60})?\s*[:—–―-]*\s*(?:all\s++of\s++)?(?:the\s++following)?\s*[:—–―-]*\s*$", re.IGNORECASE
)


def definiens_range(text: str, start: int, end: int) -> Range | None:
    """The defining words of `text[start:end]`, to the end of the definition in its passage; None where they only stand in a list below."""
    while start < end and (text[start].isspace() or text[start] in ",:—–-―"):
        start += 1
    end = _sentence_end(text, start, min(end, start + LONGEST))
    stop = STOP.search(text, start, end)
    if stop:
        end = stop.start()
    return trimmed(text, start, end)


def trimmed(text: str, start: int, end: int) -> Range | None:
    """The range without what separates it from the next item; None where nothing is left but "the following"."""
    while start < end and text[start].isspace():
        start += 1
    piece = text[start:end]
    trailing = TRAILING.search(piece)
    if trailing:
        piece = piece[: trailing.start()]
    if piece[:1] in '“"„‘' and piece[-1:] in '”"’' and len(piece) > 2:
        piece = piece[1:-1]
        start += 1
    if not piece.strip() or LIST_OPENER.fullmatch(piece):
        return None
    return start, start + len(piece)


def _sentence_end(text: str, start: int, end: int) -> int:
    """The end of the sentence, or of a following one that says what the term does not include."""
    for stop in SENTENCE.finditer(text, start, end):
        if ABBREVIATED.search(text, max(start, stop.start() - 12), stop.start()):
            continue
        if GOES_ON.match(text, stop.end(), end):
            continue
        return stop.start()
    return end
