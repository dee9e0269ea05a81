"""Figures about predictions: F1, expected calibration error, bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def f1(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """F1 of one label; 0 where there is neither truth nor prediction."""
    both = predicted.sum() + truth.sum()
    return float(2 * (predicted & truth).sum() / both) if both else 0.0


def macro_f1(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Mean F1 over the labels that occur in the truth; both arrays (rows, labels)."""
    seen = [j for j in range(truth.shape[1]) if truth[:, j].any()]
    return float(np.mean([f1(predicted[:, j], truth[:, j]) for j in seen])) if seen else 0.0


def calibration_error(p: Floats, truth: Floats, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins (Naeini et al. 2015); inputs of any equal shape."""
    p, truth = p.ravel(), truth.ravel()
    which = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(p[which == b].mean() - truth[which == b].mean()) * (which == b).mean() for b in range(bins) if (which == b).any()]
    return float(sum(gaps))


def bootstrap(figure: Callable[[NDArray[np.int64]], float], rows: int, *, draws: int = 500, seed: int = 7) -> tuple[float, float]:
    """The 95 % percentile interval of a figure over resampled rows; `figure` gets row numbers."""
    chance = np.random.default_rng(seed)
    values = [figure(chance.integers(0, rows, rows)) for _ in range(draws)]
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
