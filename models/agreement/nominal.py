"""Agreement on categories, for any number of coders and with missing codings.

A `Codings` is an array (coders, units) of category numbers, −1 where a coder did not code the unit. Every figure takes an array of
weights (draws, units), how often each unit counts, and gives one value for each draw; NaN where the figure is not defined. With
weights of one it is the plain figure, with those of `resample` the draws of its bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Codings = NDArray[np.int64]
Floats = NDArray[np.float64]
Measure = Callable[["Coded", Floats], Floats]
MISSING = -1


@dataclass(frozen=True, slots=True)
class Coded:
    """Codings with the number of categories that coders could choose from, and counts (units, categories)."""

    values: Codings
    categories: int
    counts: Floats

    @property
    def raters(self) -> Floats:
        """How many coded each unit."""
        found: Floats = self.counts.sum(axis=1)
        return found


def coded(values: Codings, categories: int) -> Coded:
    """Counts the categories of each unit."""
    counts = np.stack([(values == c).sum(axis=0) for c in range(categories)], axis=1).astype(float)
    return Coded(values, categories, counts)


def percent(data: Coded, weights: Floats) -> Floats:
    """Observed agreement: of the pairs of codings of a unit, the share that agree, mean over units with at least two codings."""
    pairable = data.raters >= 2
    return _ratio(weights[:, pairable] @ _agreeing(data.counts[pairable]), weights[:, pairable].sum(axis=1))


def alpha(data: Coded, weights: Floats) -> Floats:
    """Krippendorff's alpha for nominal data (Krippendorff 2011), over units with at least two codings."""
    pairable = data.raters >= 2
    counts, weights = data.counts[pairable], weights[:, pairable]
    raters = counts.sum(axis=1)
    observed = weights @ ((counts * (raters[:, None] - counts)).sum(axis=1) / (raters - 1))
    totals = weights @ counts
    values = totals.sum(axis=1)
    return 1 - _ratio((values - 1) * observed, values**2 - (totals**2).sum(axis=1))


def fleiss(data: Coded, weights: Floats) -> Floats:
    """Fleiss' kappa (1971), over the units that all coders coded."""
    full = data.raters == len(data.values)
    counts, weights = data.counts[full], weights[:, full]
    if len(data.values) < 2:
        return np.full(len(weights), np.nan)
    seen = _ratio(weights @ _agreeing(counts), weights.sum(axis=1))
    share = _ratio((weights @ counts).T, weights.sum(axis=1) * len(data.values)).T
    return _beyond_chance(seen, (share**2).sum(axis=1))


def ac1(data: Coded, weights: Floats) -> Floats:
    """Gwet's AC1 (2008) for any number of coders: chance agreement from how evenly categories are used, so that skew does not break it."""
    if data.categories < 2:
        return np.full(len(weights), np.nan)
    rated = data.raters >= 1
    shares = data.counts[rated] / data.raters[rated][:, None]
    used = _ratio((weights[:, rated] @ shares).T, weights[:, rated].sum(axis=1)).T
    chance = (used * (1 - used)).sum(axis=1) / (data.categories - 1)
    return _beyond_chance(percent(data, weights), chance)


def cohen(data: Coded, weights: Floats) -> Floats:
    """Cohen's kappa (1960), of two coders over the units that both coded; of more, the mean over their pairs (Light 1971)."""
    return _over_pairs(data, weights, _cohen)


def f1(data: Coded, weights: Floats) -> Floats:
    """F1 of category 1 between two coders (the same whichever is the reference); of more, the mean over their pairs."""
    return _over_pairs(data, weights, _f1)


def _cohen(a: Codings, b: Codings, categories: int, weights: Floats) -> Floats:
    n = weights.sum(axis=1)
    seen = _ratio(weights @ (a == b), n)
    chance = sum(((weights @ (a == c)) * (weights @ (b == c)) for c in range(categories)), np.zeros(len(weights)))
    return _beyond_chance(seen, _ratio(chance, n**2))


def _f1(a: Codings, b: Codings, categories: int, weights: Floats) -> Floats:
    both = weights @ ((a == 1) & (b == 1))
    return _ratio(2 * both, weights @ ((a == 1).astype(float) + (b == 1)))


def _over_pairs(data: Coded, weights: Floats, of: Callable[[Codings, Codings, int, Floats], Floats]) -> Floats:
    found = []
    for a, b in combinations(data.values, 2):
        both = (a != MISSING) & (b != MISSING)
        if both.any():
            found.append(of(a[both], b[both], data.categories, weights[:, both]))
    return np.mean(found, axis=0) if found else np.full(len(weights), np.nan)


def _agreeing(counts: Floats) -> Floats:
    """The share of agreeing pairs of codings in each unit."""
    raters = counts.sum(axis=1)
    return _ratio((counts * (counts - 1)).sum(axis=1), raters * (raters - 1))


def _beyond_chance(seen: Floats, chance: Floats) -> Floats:
    return _ratio(seen - chance, 1 - chance)


def _ratio(above: Floats, below: Floats) -> Floats:
    """NaN where there is nothing to divide by."""
    above, below = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    found: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=np.abs(below) > 1e-12)
    return found


def resample(units: int, draws: int, seed: int, groups: NDArray[np.int64] | None = None) -> Floats:
    """Weights (draws, units) of a bootstrap; units of one group are drawn together."""
    chance = np.random.default_rng(seed)
    which = np.arange(units) if groups is None else groups
    number = int(which.max()) + 1 if units else 0
    picked = chance.multinomial(number, np.full(number, 1 / number), size=draws) if number else np.zeros((draws, 0))
    return np.asarray(picked, float)[:, which]
