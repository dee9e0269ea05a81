"""Provisions that became several, and several that became one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp.compare.align import Aligned
from nlp.compare.likeness import covered, likeness

Couple = tuple[int, int]
Weight = dict[str, float]
REACH, LEAST_WORDS, COVERED, LEFT_OVER, GAIN = 4, 2, 0.6, 0.4, 0.025
LOOSE, ALL_BUT = 0.8, 0.9


@dataclass(frozen=True, slots=True)
class Regrouped:
    """One-to-one matches that remain, left indices that became several right ones, right indices that came of several left ones."""

    matched: dict[int, int]
    splits: dict[int, tuple[int, ...]]
    merges: dict[int, tuple[int, ...]]


def regroup(aligned: Aligned, pins: frozenset[Couple]) -> Regrouped:
    """Splits, then merges of what no split has taken. What is pinned stays as it is; a loose match gives way to a group that fits."""
    coded, matched = aligned.coded, dict(aligned.matched)
    bonds = {couple: aligned.likeness[couple] for couple in matched.items() if couple not in pins}
    loose = {j: bond for (_, j), bond in bonds.items()}
    split = _groups({i: j for i, j in matched.items() if (i, j) in bonds}, coded.left, coded.right, coded.weight, loose)
    matched = _remaining(matched, split)
    back = {j: i for i, j in matched.items() if (i, j) in bonds and i not in split}
    merged = _groups(back, coded.right, coded.left, coded.weight, {i: bonds[i, j] for j, i in back.items()})
    matched = {i: j for j, i in _remaining({j: i for i, j in matched.items()}, merged).items()}
    return Regrouped(matched, split, merged)


def _remaining(matched: Mapping[int, int], groups: Mapping[int, tuple[int, ...]]) -> dict[int, int]:
    """Matches without those whose part went to the group of another whole."""
    taken = {part: whole for whole, parts in groups.items() for part in parts}
    return {whole: part for whole, part in matched.items() if taken.get(part, whole) == whole}


def _groups(
    matched: Mapping[int, int], wholes: Sequence[str], parts: Sequence[str], weight: Weight, bonds: Mapping[int, float]
) -> dict[int, tuple[int, ...]]:
    """For each whole the parts that together say it better than the one that it was matched with: such as stand near that one."""
    loose = {part for part, bond in bonds.items() if bond < LOOSE}
    free = (set(range(len(parts))) - set(matched.values()) - set(bonds)) | loose
    found: dict[int, tuple[int, ...]] = {}
    taken: set[int] = set()
    for whole, first in sorted(matched.items()):
        if wholes[whole] == parts[first] or first in taken:
            continue
        group = _Group(wholes[whole], first, parts, weight, loose).grown(free - taken)
        if len(group) > 1:
            found[whole] = tuple(group)
            taken |= set(group)
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    """A whole, the part that it was matched with, and what could join that."""

    whole: str
    first: int
    parts: Sequence[str]
    weight: Weight
    loose: set[int]

    def grown(self, free: set[int]) -> list[int]:
        """The first part and, one after the other, those that bring the group nearest to the whole."""
        group = [self.first]
        while near := [j for j in _near(group, free) if self._belongs(j, group)]:
            best, j = max((self._likeness([*group, j]), -j) for j in near)
            if best < self._likeness(group) + GAIN:
                break
            group = sorted([*group, -j])
        return group

    def _likeness(self, group: Sequence[int]) -> float:
        return likeness(_joined(group, self.parts), self.whole, self.weight)

    def _belongs(self, j: int, group: Sequence[int]) -> bool:
        """Whether most of a part (nearly all, if it has a match) stands in the whole, and a good deal in what the group leaves of it."""
        part, rest = self.parts[j], "".join((Counter(self.whole) - Counter(_joined(group, self.parts))).elements())
        least = ALL_BUT if j in self.loose else COVERED
        held = len(part) >= LEAST_WORDS and covered(part, self.whole, self.weight) >= least
        return held and covered(part, rest, self.weight) >= LEFT_OVER


def _near(group: Sequence[int], free: set[int]) -> list[int]:
    around = {k + step for k in group for step in range(-REACH, REACH + 1)}
    return sorted((around & free) - set(group))


def _joined(group: Sequence[int], parts: Sequence[str]) -> str:
    return "".join(parts[j] for j in sorted(group))
