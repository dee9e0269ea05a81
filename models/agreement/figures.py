"""All figures of agreement on one variable, each with its bootstrap interval, side by side, with a warning where they part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.agreement.nominal import Codings, Measure, ac1, alpha, coded, cohen, f1, fleiss, percent, resample

DRAWS, SEED = 1000, 7
RARE = 0.05
MEASURES: Mapping[str, Measure] = {"percent": percent, "cohen": cohen, "fleiss": fleiss, "alpha": alpha, "ac1": ac1}
SKEWED = (
    "One category makes up {share:.0%} of the codings. Percent agreement and AC1 are high for almost any coding of such data, alpha and"
    " kappa low at a few differences: read them side by side, with F1 of the rare category."
)
CONSTANT = "All codings are of one category: alpha and kappa are not defined, and percent agreement says little."


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % bootstrap interval; None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Agreement on one variable.

    `units` were coded by at least two; `excluded` were coded by fewer and count in no figure; `prevalence` is the share of each
    category among the codings.
    """

    units: int
    excluded: int
    prevalence: tuple[float, ...]
    figures: Mapping[str, Figure]
    warning: str | None


def measure(values: Codings, categories: int, *, groups: NDArray[np.int64] | None = None, draws: int = DRAWS, seed: int = SEED) -> Figures:
    """Every figure of a variable (coders, units); `groups` are units that are drawn together, such as the labels of one block.

    F1, of category 1, is among them where there are two categories.
    """
    data = coded(values, categories)
    pairable = data.raters >= 2
    measures = dict(MEASURES) | ({"f1": f1} if categories == 2 else {})
    ones = np.ones((1, values.shape[1]))
    weights = resample(values.shape[1], draws, seed, groups)
    with np.errstate(invalid="ignore"):
        found = {name: _figure(float(of(data, ones)[0]), of(data, weights)) for name, of in measures.items()}
    totals = data.counts[pairable].sum(axis=0)
    shares = totals / totals.sum() if totals.sum() else np.zeros(categories)
    units, excluded = int(pairable.sum()), int((~pairable).sum())
    return Figures(units, excluded, tuple(float(s) for s in shares), found, _warning(shares, units))


def _figure(value: float, drawn: NDArray[np.float64]) -> Figure:
    defined = drawn[~np.isnan(drawn)]
    if np.isnan(value) or not len(defined):
        return Figure(None if np.isnan(value) else value, None, None)
    low, high = np.quantile(defined, [0.025, 0.975])
    return Figure(value, float(low), float(high))


def _warning(shares: NDArray[np.float64], units: int) -> str | None:
    if not units:
        return "No unit was coded by two: there is nothing to measure."
    most = float(shares.max())
    if most == 1:
        return CONSTANT
    return SKEWED.format(share=most) if most >= 1 - RARE else None
