"""For how much of the instrument a definition holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlp.types import Passage, Unit

KINDS = {
    "article": ("article",),
    "section": ("section", "article"),
    "subsection": ("subsection", "paragraph"),
    "sub-section": ("subsection", "paragraph"),
    "paragraph": ("paragraph", "subsection"),
    "subparagraph": ("subparagraph", "point"),
    "clause": ("clause", "point", "subparagraph", "paragraph"),
    "part": ("part",),
    "chapter": ("chapter",),
    "subchapter": ("subchapter", "chapter"),
    "title": ("title_division",),
    "schedule": ("annex", "schedule"),
    "annex": ("annex", "schedule"),
    "appendix": ("annex", "schedule"),
    "division": ("division",),
}
PLACE = (
    r"(?:(?:this|the\s++present|that)\s++(?:[A-Z][\w-]*\s++)?(?P<kind>[\w-]+)|(?:sub-?)?(?:sections?|paragraphs?|"
    r"articles?|clauses?|chapters?|parts?)\s++[\w().]+)"
)
SCOPE = re.compile(
    rf"\b(?P<words>(?:for\s++(?:the\s++)?purposes?\s++of|in|under)\s++{PLACE}(?:\s*(?:,|and|or|"
    r"to)\s++(?:of\s++)?(?:this\s++\w+|(?:sub-?)?(?:sections?|paragraphs?|articles?)\s++[\w().]+|\d[\w().]*))*)",
    re.IGNORECASE,
)
LAST_SENTENCE = 400


def scope_of(
    text: str, passages: Sequence[Passage], passage: Passage, at: int, units: Mapping[str, Unit]
) -> tuple[str | None, tuple[str, ...]]:
    """The words that limit a definition and the units they mean; no unit where it holds for the whole instrument or nothing is said.

    The words are looked for in front of the term (which begins at `at`), then in the chapeaux above, nearest first.
    """
    places = [(max(passage.start, at - LAST_SENTENCE), at)]
    places += [
        (passages[i].start, min(passages[i].end, passages[i].start + LAST_SENTENCE))
        for i in reversed(passage.leads)
        if 0 <= i < len(passages)
    ]
    for start, end in places:
        found = SCOPE.search(text, start, end)
        if found:
            return " ".join(found["words"].split()), _units(found["kind"], passage.unit, units)
    return None, ()


def _units(kind: str | None, unit: str, units: Mapping[str, Unit]) -> tuple[str, ...]:
    """The ancestor of `unit` of the kind that is named, as a tuple of one or none."""
    wanted = KINDS.get((kind or "").lower(), ())
    at: str | None = unit
    seen = set[str]()
    while at is not None and at in units and at not in seen:
        seen.add(at)
        if units[at].kind in wanted:
            return (at,)
        at = units[at].parent
    return ()
