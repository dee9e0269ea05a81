"""Every document of a set against every other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from nlp.compare.compare import aligned
from nlp.compare.drift import masses_of
from nlp.compare.groups import Group
from nlp.compare.sides import Side, side_of
from nlp.compare.types import Head, Kind, Wishes
from nlp.framing import rights_share
from nlp.types import AnnotatedDocument

WORD_FOR_WORD = (Kind.UNCHANGED, Kind.RENUMBERED, Kind.MOVED)


@dataclass(frozen=True, slots=True)
class Matrix:
    """n documents, each against each.

    `kept[i][j]` is the part of the words of document i that document j keeps (0 to 1), `shift[i][j]` how much greater the rights share of
    j is than that of i; the row `baseline` says how each differs from that one.
    """

    heads: tuple[Head, ...]
    baseline: int
    kept: tuple[tuple[float, ...], ...]
    shift: tuple[tuple[float, ...], ...]


def matrix(documents: Sequence[AnnotatedDocument], baseline: int = 0, step: Callable[[float], None] = lambda done: None) -> Matrix:
    """All pairs of some documents; `step` hears how far it is, 0 to 1. Raises IndexError for a baseline that is none of them."""
    if not 0 <= baseline < len(documents):
        raise IndexError(f"the baseline {baseline} is none of the {len(documents)} documents")
    sides = [side_of(document) for document in documents]
    kept = [[1.0] * len(sides) for _ in sides]
    couples = list(combinations(range(len(sides)), 2))
    for n, (i, j) in enumerate(couples):
        step(n / len(couples))
        kept[i][j], kept[j][i] = _kept(sides[i], sides[j])
    shares = [rights_share(*masses_of(document)) for document in documents]
    shift = tuple(tuple(round(b - a, 4) for b in shares) for a in shares)
    return Matrix(tuple(side.head() for side in sides), baseline, tuple(map(tuple, kept)), shift)


def _kept(left: Side, right: Side) -> tuple[float, float]:
    groups = aligned((left, right), Wishes())
    return _part(left, [(g, g.left) for g in groups]), _part(right, [(g, g.right) for g in groups])


def _part(side: Side, groups: Sequence[tuple[Group, tuple[int, ...]]]) -> float:
    """The words of one side that stand opposite too, of all its words: those of reworded provisions by their likeness."""
    total = sum(len(p.words) for p in side.provisions)
    paired = [(g, indices) for g, indices in groups if g.left and g.right]
    found = sum(_likeness(g) * len(side.provisions[i].words) for g, indices in paired for i in indices)
    return round(found / total, 4) if total else 0.0


def _likeness(group: Group) -> float:
    return 1.0 if group.kind in WORD_FOR_WORD else group.score
