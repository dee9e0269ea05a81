"""From matches to kinds of pairs: what stayed, what was renumbered, moved, modified, split, merged, added or removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.compare.align import Aligned
from nlp.compare.likeness import Coded, likeness
from nlp.compare.order import moved, renumbered
from nlp.compare.splits import Regrouped, regroup
from nlp.compare.texts import Provision
from nlp.compare.types import Kind

Couple = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Indices of provisions that belong together, and how."""

    kind: Kind
    left: tuple[int, ...]
    right: tuple[int, ...]
    score: float
    renumbered: bool = False
    moved: bool = False
    pinned: bool = False

    def turned(self, mirrored: Mapping[Kind, Kind]) -> Group:
        """The same with the sides exchanged."""
        return Group(mirrored.get(self.kind, self.kind), self.right, self.left, self.score, self.renumbered, self.moved, self.pinned)


def group(left: Sequence[Provision], right: Sequence[Provision], aligned: Aligned, pins: frozenset[Couple]) -> list[Group]:
    """Every provision of either side in exactly one group."""
    found = regroup(aligned, pins)
    away = moved(left, right, found.matched)
    several = list(_several(found, aligned.coded, away))
    ours = {i for one in several for i in one.left}
    theirs = {j for one in several for j in one.right}
    singles = [
        _single(left[i], right[j], aligned, i in away, (i, j) in pins)
        for i, j in found.matched.items()
        if i not in ours and j not in theirs
    ]
    ours |= {i for one in singles for i in one.left}
    theirs |= {j for one in singles for j in one.right}
    best = _nearest(aligned)
    removed = [Group(Kind.REMOVED, (i,), (), 1 - best[0].get(i, 0.0)) for i in range(len(left)) if i not in ours]
    added = [Group(Kind.ADDED, (), (j,), 1 - best[1].get(j, 0.0)) for j in range(len(right)) if j not in theirs]
    return [*several, *singles, *removed, *added]


def _several(found: Regrouped, coded: Coded, away: frozenset[int]) -> Iterator[Group]:
    for i, parts in found.splits.items():
        score = likeness(coded.left[i], "".join(coded.right[j] for j in parts), coded.weight)
        yield Group(Kind.SPLIT, (i,), parts, score, moved=i in away)
    for j, parts in found.merges.items():
        score = likeness("".join(coded.left[i] for i in parts), coded.right[j], coded.weight)
        yield Group(Kind.MERGED, parts, (j,), score, moved=any(i in away for i in parts if found.matched.get(i) == j))


def _single(ours: Provision, theirs: Provision, aligned: Aligned, away: bool, pinned: bool) -> Group:
    other_number = renumbered(ours, theirs)
    kind = Kind.MOVED if away else Kind.RENUMBERED if other_number else Kind.UNCHANGED
    score = aligned.likeness[ours.index, theirs.index]
    if ours.key != theirs.key or (ours.joint and theirs.joint and ours.joint != theirs.joint):
        kind = Kind.MODIFIED
    return Group(kind, (ours.index,), (theirs.index,), score, other_number, away, pinned)


def _nearest(aligned: Aligned) -> tuple[dict[int, float], dict[int, float]]:
    """For each provision the likeness of the likest opposite."""
    ours: dict[int, float] = {}
    theirs: dict[int, float] = {}
    for (i, j), text in aligned.likeness.items():
        ours[i] = max(ours.get(i, 0.0), text)
        theirs[j] = max(theirs.get(j, 0.0), text)
    return ours, theirs
