"""From matches to kinds of pairs: what stayed, what was renumbered, moved, modified, split, merged, added or removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nlp.compare.align import Aligned
from nlp.compare.likeness import SHORT, Coded, likeness
from nlp.compare.order import moved, renumbered
from nlp.compare.splits import Regrouped, regroup
from nlp.compare.texts import Provision
from nlp.compare.types import Kind

Couple = tuple[int, int]
ASTRAY = 0.6


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
    found = replace(found, matched=_without_strays(left, right, aligned, found.matched, away - {i for i, _ in pins}))
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
    return _captioned(left, right, [*several, *singles], removed, added)


def _without_strays(
    left: Sequence[Provision], right: Sequence[Provision], aligned: Aligned, matched: Mapping[int, int], away: frozenset[int]
) -> dict[int, int]:
    """Matches without those that stand far apart and are little alike, or are short ("In this section:") and came alone."""
    found = {i: j for i, j in matched.items() if i not in away or aligned.likeness[i, j] >= ASTRAY}
    alone = {i for i in away & found.keys() if found.get(i - 1) != found[i] - 1 and found.get(i + 1) != found[i] + 1}
    return {i: j for i, j in found.items() if i not in alone or max(len(left[i].words), len(right[j].words)) >= SHORT}


def _captioned(
    left: Sequence[Provision], right: Sequence[Provision], both: Sequence[Group], removed: Sequence[Group], added: Sequence[Group]
) -> list[Group]:
    """A caption on a line of its own goes with the provision under it, where that stands under the same words on the other side."""
    theirs = {i: n for n, one in enumerate(both) for i in one.left}
    ours = {j: n for n, one in enumerate(both) for j in one.right}
    found, alone = list(both), []
    for one in (*removed, *added):
        side, opposite, at = (left, right, theirs) if one.left else (right, left, ours)
        n = at.get(_under(side, (one.left or one.right)[0]))
        if n is None or not _is_headed(
            side[(one.left or one.right)[0]], [opposite[k] for k in (found[n].right if one.left else found[n].left)]
        ):
            alone.append(one)
            continue
        found[n] = replace(found[n], left=tuple(sorted(one.left + found[n].left)), right=tuple(sorted(one.right + found[n].right)))
    return [*found, *alone]


def _under(side: Sequence[Provision], at: int) -> int:
    """The provision that a caption stands over, or -1: the next one that is more than a caption, in the caption's unit."""
    if not side[at].is_caption:
        return -1
    after = next((n for n in range(at + 1, len(side)) if not side[n].is_caption), -1)
    return after if after >= 0 and f"{side[after].unit}__".startswith(f"{side[at].unit}__") else -1


def _is_headed(caption: Provision, opposite: Sequence[Provision]) -> bool:
    return any(caption.key in one.headings for one in opposite)


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
