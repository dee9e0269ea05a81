"""From what is kept of documents to the groups that are shown: years read, what is unknown named, and many small groups gathered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpora.analytics.asked import By
from corpora.store.analytics import Raw

Group = tuple[str, ...]

UNKNOWN = "unknown"
OTHERS = "all others"
MOST = {0: 1, 1: 100, 2: 24}
"""How many values are told apart, by the number of traits; the others, with the fewest documents, are gathered in one."""
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a corpus in the order in which they are shown, each with the number of its counted documents."""

    by: tuple[By, ...]
    documents: Mapping[Group, int]
    told: tuple[frozenset[str], ...]

    def of(self, raw: Raw) -> Group:
        """The group in which documents of these traits are."""
        return tuple(_gathered(_read(by, one), told) for by, one, told in zip(self.by, raw, self.told, strict=True))


def groups_of(by: Sequence[By], counts: Iterable[tuple[Raw, int]]) -> Groups:
    """The groups of counted documents."""
    read: Counter[Group] = Counter()
    for raw, number in counts:
        read[tuple(map(_read, by, raw))] += number
    ranks = [_ranked(one, at, read, MOST[len(by)]) for at, one in enumerate(by)]
    told = tuple(frozenset(rank) for rank in ranks)
    gathered: Counter[Group] = Counter()
    for group, number in read.items():
        gathered[tuple(map(_gathered, group, told))] += number
    if not by:
        gathered.setdefault((), 0)
    order = [{value: n for n, value in enumerate((*rank, OTHERS, UNKNOWN))} for rank in ranks]
    shown = sorted(gathered, key=lambda group: [places[value] for places, value in zip(order, group, strict=True)])
    return Groups(tuple(by), {group: gathered[group] for group in shown}, told)


def _read(by: By, kept: str | None) -> str:
    if not by.in_time:
        return kept or UNKNOWN
    if kept is None or not _YEAR.fullmatch(kept):
        return UNKNOWN
    return kept if by is By.YEAR else f"{kept[:3]}0s"


def _gathered(value: str, told: frozenset[str]) -> str:
    return value if value in told or value == UNKNOWN else OTHERS


def _ranked(by: By, at: int, groups: Mapping[Group, int], most: int) -> list[str]:
    """The known values of a trait: in time the earliest first, others by the number of their documents."""
    counted: Counter[str] = Counter()
    for group, number in groups.items():
        if group[at] != UNKNOWN:
            counted[group[at]] += number
    largest = sorted(counted, key=lambda value: (-counted[value], value))[:most]
    return sorted(largest) if by.in_time else largest
