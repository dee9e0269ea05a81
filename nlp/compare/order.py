"""Which matched provisions stand where they stood, which moved, and which only bear another number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from nlp.compare.align import partners
from nlp.compare.texts import Provision

Couple = tuple[int, int]


def moved(left: Sequence[Provision], right: Sequence[Provision], matched: Mapping[int, int]) -> frozenset[int]:
    """Left indices of the provisions that moved: out of the order that the greatest part of the text keeps, or into another unit."""
    kept = _longest_order([(i, j, _mass(left[i], right[j])) for i, j in sorted(matched.items())])
    votes = Counter((left[i].container, right[j].container) for i, j in matched.items())
    partner = partners(votes)
    found = set(matched) - kept
    for i in kept:
        ours, theirs = left[i], right[matched[i]]
        if ours.citation != theirs.citation and not _related(partner.get(ours.container, theirs.container), theirs.container):
            found.add(i)
    return frozenset(found)


def _related(one: str | None, other: str | None) -> bool:
    """Whether two units are the same or one holds the other, as their ids tell: then a provision was lifted or lowered, not moved."""
    if one is None or other is None:
        return True
    return f"{one}__".startswith(f"{other}__") or f"{other}__".startswith(f"{one}__")


def _mass(ours: Provision, theirs: Provision) -> int:
    """What speaks for a couple to have stayed: its words, and that it is cited as before."""
    return (1 + len(ours.words) + len(theirs.words)) * (2 if ours.citation == theirs.citation else 1)


def renumbered(ours: Provision, theirs: Provision) -> bool:
    """Whether the citation changed; the counting of unnumbered paragraphs is none."""
    return ours.citation != theirs.citation


def _longest_order(couples: Sequence[tuple[int, int, int]]) -> set[int]:
    """The heaviest rising sequence: couples (left, right, weight) come by left, and its right indices rise too (n log n, Fenwick 1994)."""
    rank = {j: n + 1 for n, j in enumerate(sorted(j for _, j, _ in couples))}
    best: list[tuple[int, int]] = [(0, -1)] * (len(rank) + 1)
    before: list[int] = []
    for n, (_, j, weight) in enumerate(couples):
        mass, last = _highest(best, rank[j] - 1)
        before.append(last)
        _raise(best, rank[j], (mass + weight, n))
    kept: set[int] = set()
    at = _highest(best, len(rank))[1]
    while at >= 0:
        kept.add(couples[at][0])
        at = before[at]
    return kept


def _highest(best: Sequence[tuple[int, int]], to: int) -> tuple[int, int]:
    found = (0, -1)
    while to > 0:
        found = max(found, best[to])
        to -= to & -to
    return found


def _raise(best: list[tuple[int, int]], at: int, value: tuple[int, int]) -> None:
    while at < len(best):
        best[at] = max(best[at], value)
        at += at & -at
