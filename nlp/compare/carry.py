"""Decisions of reviewers carried from one version to the next: exact, moved, edited, ambiguous or orphaned, and never silently."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nlp.compare.likeness import Coded, code, likeness
from nlp.compare.sides import Side, side_of
from nlp.compare.types import Comparison, Kind, Pair
from nlp.compare.wording import Wording, lay
from nlp.types import AnnotatedDocument, Span, quote

SIGNS = re.compile(r"""\w+|[^\w\s"'‘’“”„«»‐‑‒–—―-]""")
ALIKE, RIVAL, LEAST, KEPT = 0.75, 0.1, 0.5, 0.5


class Carry(StrEnum):
    """How surely what was decided on was found again."""

    EXACT = "exact"
    MOVED = "moved"
    EDITED = "edited"
    AMBIGUOUS = "ambiguous"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The range of the left text that a decision is about: a block, or words in one."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Carried:
    """Where an anchor stands in the right text. An ambiguous one names all places that it could mean, an orphaned one none."""

    anchor: Anchor
    how: Carry
    places: tuple[Span, ...]


class OutsideProvisions(ValueError):
    """An anchor does not lie in a block of the left document."""


def carry(comparison: Comparison, left: AnnotatedDocument, right: AnnotatedDocument, anchors: Iterable[Anchor]) -> tuple[Carried, ...]:
    """Every anchor's fate, in the order given; raises OutsideProvisions.

    Only what stands where it stood, or stands elsewhere word for word and only once, goes over. A likeness elsewhere never does.
    """
    return _Carrier(comparison, side_of(left), side_of(right)).all(anchors)


class _Carrier:
    """The two sides, and the pair of each left provision."""

    def __init__(self, comparison: Comparison, left: Side, right: Side) -> None:
        self._left, self._right = left, right
        self._pair = {place.index: pair for pair in comparison.pairs for place in pair.left}
        self._coded: Coded = code(left.provisions, right.provisions)
        self._starts = [p.start for p in left.provisions]

    def all(self, anchors: Iterable[Anchor]) -> tuple[Carried, ...]:
        return tuple(self._carry(anchor) for anchor in anchors)

    def _carry(self, anchor: Anchor) -> Carried:
        at = bisect_right(self._starts, anchor.start) - 1
        if at < 0 or anchor.end > self._left.provisions[at].end or anchor.end <= anchor.start:
            raise OutsideProvisions(f"{anchor.start}:{anchor.end} does not lie in a provision")
        pair = self._pair[at]
        if pair.kind is Kind.REMOVED or self._is_doubtful(at, pair):
            return self._elsewhere(anchor, at, pair)
        found = self._found(anchor, at, pair)
        if not found:
            return Carried(anchor, Carry.ORPHANED, ())
        ours = self._left.document.text[anchor.start : anchor.end]
        return Carried(anchor, Carry.AMBIGUOUS if len(found) > 1 else _how(pair, ours, found[0].text), found)

    def _is_doubtful(self, at: int, pair: Pair) -> bool:
        """Whether the counterpart could as well be another: it changed and moved, little is left of it, or a rival is as like."""
        if pair.kind in (Kind.UNCHANGED, Kind.RENUMBERED) or pair.pinned:
            return False
        rivals = [j for j, score in self._likest(at) if score >= pair.score - RIVAL and j not in {p.index for p in pair.right}]
        if pair.kind is Kind.MOVED:
            return bool([j for j in rivals if self._coded.right[j] == self._coded.left[at]])
        return pair.moved or pair.score < LEAST or bool([j for j in rivals if j not in self._taken()])

    def _taken(self) -> set[int]:
        """Right provisions that have a counterpart of their own with the same words."""
        same = (Kind.UNCHANGED, Kind.RENUMBERED, Kind.MOVED)
        return {place.index for pair in self._pair.values() if pair.kind in same for place in pair.right}

    def _likest(self, at: int) -> Iterable[tuple[int, float]]:
        ours, coded = self._coded.left[at], self._coded
        scored = ((j, likeness(ours, theirs, coded.weight)) for j, theirs in enumerate(coded.right) if theirs)
        return [(j, score) for j, score in scored if score >= ALIKE]

    def _elsewhere(self, anchor: Anchor, at: int, pair: Pair) -> Carried:
        """What could be meant after all: the counterpart that is in doubt, and whatever else is much alike."""
        indices = sorted({place.index for place in pair.right} | {j for j, _ in self._likest(at)})
        places = tuple(self._block(j) for j in indices)
        return Carried(anchor, Carry.AMBIGUOUS if places else Carry.ORPHANED, places)

    def _found(self, anchor: Anchor, at: int, pair: Pair) -> tuple[Span, ...]:
        """Where the anchor's words stand in the counterpart; of a split block all its parts."""
        block = self._left.provisions[at]
        if (anchor.start, anchor.end) == (block.start, block.end):
            parts = [place.index for place in pair.right]
            said = [j for j in parts if not self._right.provisions[j].is_caption]
            return tuple(self._block(j) for j in said or parts)
        wording = lay(self._left.words(p.index for p in pair.left), self._right.words(p.index for p in pair.right))
        return _opposite(wording, anchor, self._right.document.text)

    def _block(self, index: int) -> Span:
        found = self._right.provisions[index]
        return quote(self._right.document.text, found.start, found.end)


def _how(pair: Pair, ours: str, theirs: str) -> Carry:
    """Exact is stricter than unchanged, which passes over commas and a closing "or": those can turn a provision."""
    if pair.kind is Kind.UNCHANGED:
        return Carry.EXACT if _signs(ours) == _signs(theirs) else Carry.EDITED
    return Carry.MOVED if pair.kind in (Kind.MOVED, Kind.RENUMBERED) else Carry.EDITED


def _signs(text: str) -> list[str]:
    """Words and punctuation, but for what a printer chooses: capitals, spaces, quotation marks and dashes."""
    return SIGNS.findall(text.casefold())


def _opposite(wording: Wording, anchor: Anchor, text: str) -> tuple[Span, ...]:
    """The range opposite some words, if at least half of them are still there."""
    words = [word for word in wording.left if anchor.start <= word.start and word.end <= anchor.end]
    if not words or wording.changed(0, anchor.start, anchor.end) > KEPT:
        return ()
    found: Sequence[tuple[int, int]] = [range_ for word in words if (range_ := wording.opposite(0, word.start))]
    return (quote(text, min(low for low, _ in found), max(high for _, high in found)),) if found else ()
