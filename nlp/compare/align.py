"""Which provisions of two documents belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nlp.compare.assign import assign
from nlp.compare.candidates import Couple, candidates, in_gaps
from nlp.compare.likeness import FLOOR, LEAST, NEIGHBOUR, SAME_PARENT, Coded, Floats, code, likeness, surroundings, telling
from nlp.compare.texts import Provision

ROUNDS = 2
ANCHOR_WORDS = 8


@dataclass(frozen=True, slots=True)
class Aligned:
    """One-to-one matches (left index → right index), with the likeness of every couple that was looked at."""

    matched: Mapping[int, int]
    likeness: Mapping[Couple, float]
    coded: Coded


@dataclass(slots=True)
class _Desk:
    """What is compared, and what was found so far."""

    left: Sequence[Provision]
    right: Sequence[Provision]
    coded: Coded
    vectors: tuple[Floats, Floats] | None
    fixed: dict[int, int]
    forbidden: frozenset[Couple]
    texts: dict[Couple, float] = field(default_factory=dict)
    worth: dict[Couple, float] = field(default_factory=dict)

    def look(self, couples: Iterable[Couple]) -> None:
        """Measures couples that were not looked at; what is fixed is not looked at again."""
        taken = set(self.fixed.values())
        for i, j in couples:
            if (i, j) not in self.texts and i not in self.fixed and j not in taken and (i, j) not in self.forbidden:
                self.texts[i, j] = self.text(i, j)

    def text(self, i: int, j: int) -> float:
        """Likeness of two wordings; where vectors are given, the better of words and of meaning, which counts for less."""
        words = likeness(self.coded.left[i], self.coded.right[j], self.coded.weight)
        if self.vectors is None or words == 1.0:
            return words
        return max(words, 0.5 * words + 0.5 * float(self.vectors[0][i] @ self.vectors[1][j]) - 0.1)

    def value(self, couple: Couple, context: float) -> float:
        """How far a couple lies above the least that makes a pair."""
        i, j = couple
        text = self.texts[couple]
        if text < FLOOR:
            return -1.0
        a, b = self.left[i], self.right[j]
        where = (i / len(self.left), j / len(self.right))
        return telling(text, max(len(a.words), len(b.words))) + surroundings(a, b, where) + context - LEAST


def align(
    left: Sequence[Provision],
    right: Sequence[Provision],
    *,
    pins: Mapping[int, int] | None = None,
    forbidden: frozenset[Couple] = frozenset(),
    vectors: tuple[Floats, Floats] | None = None,
) -> Aligned:
    """Matches provisions one to one: long wordings that occur once on either side first, then the best assignment of the rest.

    A second round counts what the first found around a couple: its neighbours and the unit above. `pins` are taken as they are.
    """
    coded = code(left, right)
    pinned = dict(pins or {})
    desk = _Desk(left, right, coded, vectors, pinned | _anchors(coded, pinned, forbidden), forbidden)
    desk.look(candidates(left, right, coded, vectors))
    matched = desk.fixed
    for _ in range(ROUNDS):
        desk.look(in_gaps(matched, len(left), len(right)))
        around = _Around(left, right, matched)
        matched = desk.fixed | assign({couple: desk.value(couple, around.context(*couple)) for couple in desk.texts})
    found = {couple: desk.texts.get(couple) for couple in matched.items()}
    texts = desk.texts | {couple: desk.text(*couple) if known is None else known for couple, known in found.items()}
    return Aligned(matched, texts, coded)


def _anchors(coded: Coded, pins: Mapping[int, int], forbidden: frozenset[Couple]) -> dict[int, int]:
    """Wordings of some length that stand once on either side."""
    ours, theirs = _once(coded.left), _once(coded.right)
    taken = set(pins.values())
    return {
        i: theirs[words]
        for words, i in ours.items()
        if words in theirs and len(words) >= ANCHOR_WORDS and i not in pins and theirs[words] not in taken
        if (i, theirs[words]) not in forbidden
    }


def _once(side: Sequence[str]) -> dict[str, int]:
    count = Counter(side)
    return {words: i for i, words in enumerate(side) if count[words] == 1}


class _Around:
    """What stands around a couple under the matches of the round before."""

    def __init__(self, left: Sequence[Provision], right: Sequence[Provision], matched: Mapping[int, int]) -> None:
        self._left, self._right, self._matched = left, right, matched
        votes = Counter((left[i].parent, right[j].parent) for i, j in matched.items())
        self._partner = partners(votes)

    def context(self, i: int, j: int) -> float:
        """Worth of the neighbours that are matched to each other, and of the units above."""
        found = sum(NEIGHBOUR for step in (-1, 1) if self._meet(i + step, j + step))
        above = self._left[i].parent
        if above is not None and self._partner.get(above, "") == self._right[j].parent:
            found += SAME_PARENT
        return found

    def _meet(self, i: int, j: int) -> bool:
        if not 0 <= i < len(self._left) or not 0 <= j < len(self._right):
            return (i < 0 and j < 0) or (i >= len(self._left) and j >= len(self._right))
        return self._matched.get(i) == j


def partners(votes: Mapping[tuple[str | None, str | None], int]) -> dict[str | None, str | None]:
    """For each unit of the left side the unit of the right side that holds most of what it held; on either side each only once."""
    found: dict[str | None, str | None] = {}
    taken: set[str | None] = set()
    for (ours, theirs), _ in sorted(votes.items(), key=lambda item: (-item[1], str(item[0]))):
        if ours not in found and theirs not in taken:
            found[ours] = theirs
            taken.add(theirs)
    return found
