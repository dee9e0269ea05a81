"""Provisions that became several, and several that became one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from nlp.compare.align import Aligned
from nlp.compare.likeness import covered, likeness

Couple = tuple[int, int]
Weight = dict[str, float]
REACH, LEAST_WORDS, COVERED, LEFT_OVER, GAIN = 4, 2, 0.6, 0.4, 0.025


def splits(aligned: Aligned, pins: frozenset[Couple]) -> dict[int, tuple[int, ...]]:
    """Left indices that became several right ones; what is pinned stays as it is."""
    matched = {i: j for i, j in aligned.matched.items() if (i, j) not in pins}
    return _groups(matched, aligned.coded.left, aligned.coded.right, aligned.coded.weight)


def merges(aligned: Aligned, pins: frozenset[Couple]) -> dict[int, tuple[int, ...]]:
    """Right indices that came of several left ones."""
    back = {j: i for i, j in aligned.matched.items() if (i, j) not in pins}
    return _groups(back, aligned.coded.right, aligned.coded.left, aligned.coded.weight)


def _groups(matched: Mapping[int, int], wholes: Sequence[str], parts: Sequence[str], weight: Weight) -> dict[int, tuple[int, ...]]:
    """For each whole the parts that together say it better than the one that it was matched with: free ones that stand near that one."""
    free = set(range(len(parts))) - set(matched.values())
    found: dict[int, tuple[int, ...]] = {}
    for whole, first in sorted(matched.items()):
        if wholes[whole] == parts[first]:
            continue
        group = _grow(wholes[whole], first, parts, free, weight)
        if len(group) > 1:
            found[whole] = tuple(group)
            free -= set(group)
    return found


def _grow(whole: str, first: int, parts: Sequence[str], free: set[int], weight: Weight) -> list[int]:
    """The first part and, one after the other, those that bring the group nearest to the whole."""
    group = [first]
    while near := [j for j in _near(group, free) if _belongs(parts[j], whole, group, parts, weight)]:
        now = likeness(_joined(group, parts), whole, weight)
        best, j = max((likeness(_joined([*group, j], parts), whole, weight), -j) for j in near)
        if best < now + GAIN:
            break
        group = sorted([*group, -j])
    return group


def _near(group: Sequence[int], free: set[int]) -> list[int]:
    around = {k + step for k in group for step in range(-REACH, REACH + 1)}
    return sorted((around & free) - set(group))


def _belongs(part: str, whole: str, group: Sequence[int], parts: Sequence[str], weight: Weight) -> bool:
    """Whether most of a part stands in the whole, and a good deal of it in what the group leaves of the whole."""
    rest = "".join((Counter(whole) - Counter(_joined(group, parts))).elements())
    long = len(part) >= LEAST_WORDS
    return long and covered(part, whole, weight) >= COVERED and covered(part, rest, weight) >= LEFT_OVER


def _joined(group: Sequence[int], parts: Sequence[str]) -> str:
    return "".join(parts[j] for j in sorted(group))
