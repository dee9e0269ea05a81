"""Why the balance between crime and rights moved: the shift of the rights share, broken down into the provisions that cause it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nlp.compare.likeness import Floats
from nlp.compare.types import Drift
from nlp.framing import block_weights, masses, rights_share
from nlp.structure.find import find_structure
from nlp.types import AnnotatedDocument
from nlp.weighing import Weights

DRAWS, SEED = 1000, 20261126


@dataclass(frozen=True, slots=True)
class Masses:
    """The weight of each pair for either framework, left and right: four arrays (pairs,)."""

    left_crime: Floats
    left_rights: Floats
    right_crime: Floats
    right_rights: Floats

    def turned(self) -> Masses:
        """The same with the sides exchanged."""
        return Masses(self.right_crime, self.right_rights, self.left_crime, self.left_rights)


def weights_of(document: AnnotatedDocument) -> Floats:
    """The weight of each block in the document's framing (blocks,); where an annotation does not hold them, they are found again."""
    kept = np.array([block.weight for block in document.blocks])
    if kept.any() or not document.blocks:
        return kept
    passages = find_structure(document.text).passages
    if [p.start for p in passages] != [b.start for b in document.blocks]:
        return np.array([0.6] * len(document.blocks))
    return block_weights(passages, document.blocks, document.statements, Weights())


def masses_of(document: AnnotatedDocument) -> tuple[Floats, Floats]:
    """Each block's weight for crime and for rights."""
    return masses(document.blocks, weights_of(document))


def drift(found: Masses, own: tuple[float, float], turned: bool = False) -> Drift:
    """The shift and its parts; `own` are the shares of the documents as they were read, which the weights given here may not be.

    `turned` says that the interval is to be drawn from the other side, so that both ways of looking agree.
    """
    shift = rights_share(found.right_crime, found.right_rights) - rights_share(found.left_crime, found.left_rights)
    parts = contributions(found)
    ranked = sorted((n for n in range(len(parts)) if parts[n]), key=lambda n: (-abs(parts[n]), n))
    return Drift(
        left=own[0],
        right=own[1],
        shift=shift,
        interval=_turned(_interval(found.turned())) if turned else _interval(found),
        contributions=tuple((n, float(parts[n])) for n in ranked),
        reading=own[1] - own[0] - shift,
    )


def contributions(found: Masses) -> Floats:
    """Each pair's part in the shift (pairs,); they add up to it.

    The rights share is followed from left to right while every pair's weights change evenly (Aumann and Shapley 1974): a pair whose weights
    do not change contributes nothing. Where one side has no framed weight there is no path; its share counts as one half and each
    provision of the other side contributes by its distance from that.
    """
    c0, r0 = float(found.left_crime.sum()), float(found.left_rights.sum())
    c1, r1 = float(found.right_crime.sum()), float(found.right_rights.sum())
    if c0 + r0 <= 0 or c1 + r1 <= 0:
        return _from_nothing(found)
    rights, crime = _slopes((c0, r0), (c1, r1))
    parts: Floats = rights * (found.right_rights - found.left_rights) - crime * (found.right_crime - found.left_crime)
    return parts


def _slopes(left: tuple[float, float], right: tuple[float, float]) -> tuple[float, float]:
    """What a unit of rights weight adds to the share, and what a unit of crime weight takes from it, on average from left to right.

    With s = R / T, ds/dR = C / T² and ds/dC = −R / T²; both integrals have closed forms.
    """
    before, after = sum(left), sum(right)
    square = 1 / (before * after)
    lean = _lean((after - before) / before) / before**2
    return left[0] * square + (right[0] - left[0]) * lean, left[1] * square + (right[1] - left[1]) * lean


def _lean(growth: float) -> float:
    """(ln(1 + x) / x − 1 / (1 + x)) / x, by its series where the differences would eat the digits."""
    if abs(growth) < 0.05:
        return math.fsum((-growth) ** k * (k + 1) / (k + 2) for k in range(14))
    return (math.log1p(growth) / growth - 1 / (1 + growth)) / growth


def _from_nothing(found: Masses) -> Floats:
    parts = np.zeros(len(found.left_crime))
    for crime, rights, sign in ((found.right_crime, found.right_rights, 1.0), (found.left_crime, found.left_rights, -1.0)):
        total = float(crime.sum() + rights.sum())
        if total > 0:
            parts += sign * (rights - 0.5 * (rights + crime)) / total
    return parts


def _interval(found: Masses) -> tuple[float, float] | None:
    """The 95 % percentile interval of the shift over framed pairs drawn with replacement, both sides of a pair together; seeded.

    Pairs are drawn from an order of their weights, not of the text, which has another order from either side.
    """
    rows = np.stack((found.left_crime, found.left_rights, found.right_crime, found.right_rights))
    rows = rows[:, rows.any(0)]
    if not rows.size:
        return None
    rows = rows[:, np.lexsort(rows)]
    picks = np.random.default_rng(SEED).integers(0, rows.shape[1], (DRAWS, rows.shape[1]))
    low, high = np.quantile(_drawn(rows[2], rows[3], picks) - _drawn(rows[0], rows[1], picks), [0.025, 0.975])
    return float(low), float(high)


def _drawn(crime: Floats, rights: Floats, picks: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Floats:
    r, c = rights[picks].sum(1), crime[picks].sum(1)
    both = r + c
    share: Floats = np.where(both > 0, r / np.where(both > 0, both, 1.0), 0.5)
    return share


def _turned(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    return (-interval[1], -interval[0]) if interval else None
