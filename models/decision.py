"""From logits to decisions: calibrated probabilities, a threshold and an uncertain band for each label."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rule:
    """One label's decision: probability = sigmoid(scale · logit + shift); yes from `threshold` on; undecided within `band` of it."""

    label: str
    scale: float
    shift: float
    threshold: float
    band: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Decision:
    """The rules of all labels, in the order of the logits."""

    rules: tuple[Rule, ...]

    def probabilities(self, logits: Floats) -> Floats:
        """(rows, labels) logits to calibrated probabilities of the same shape."""
        scale = np.array([r.scale for r in self.rules])
        shift = np.array([r.shift for r in self.rules])
        result: Floats = 1 / (1 + np.exp(-(logits * scale + shift)))
        return result


def undecided(labels: Sequence[str]) -> Decision:
    """Rules for a model that nothing is calibrated of yet: the logits as they are, yes from one half on."""
    return Decision(tuple(Rule(label, 1.0, 0.0, 0.5, (0.4, 0.6)) for label in labels))


def decided(decision: Decision, logits: Floats) -> NDArray[np.bool_]:
    """(rows, labels): whether each label is said, its probability being at or above its threshold."""
    found: NDArray[np.bool_] = decision.probabilities(logits) >= np.array([r.threshold for r in decision.rules])
    return found


def read_decision(path: Path) -> Decision:
    """The decision rules kept beside a model."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return Decision(tuple(Rule(r["label"], r["scale"], r["shift"], r["threshold"], (r["band"][0], r["band"][1])) for r in rows["rules"]))


def write_decision(decision: Decision, path: Path) -> None:
    """Kept as JSON, four decimals, so that a person can read and a diff can show it."""
    rules = [
        {
            "label": r.label,
            "scale": _short(r.scale),
            "shift": _short(r.shift),
            "threshold": _short(r.threshold),
            "band": [_short(b) for b in r.band],
        }
        for r in decision.rules
    ]
    path.write_text(json.dumps({"rules": rules}, indent=1) + "\n", encoding="utf-8")


def _short(value: float) -> float:
    return round(float(value), 4)


def fit_decision(labels: Sequence[str], logits: Floats, truth: Floats) -> Decision:
    """Calibrates and sets thresholds on held-out rows: logits and truth (rows, labels), truth 0 or 1.

    Calibration is Platt's (1999) with a pull towards the scale and shift of all labels together, since rare labels have few positives;
    thresholds maximise F1, smoothed by two imagined errors so that a label with a handful of positives does not take an extreme one.
    """
    common = _platt(logits.ravel(), truth.ravel(), (1.0, 0.0), 0.0)
    rules = []
    for j, label in enumerate(labels):
        scale, shift = _platt(logits[:, j], truth[:, j], common, 4.0)
        p = 1 / (1 + np.exp(-(scale * logits[:, j] + shift)))
        threshold = _best_threshold(p, truth[:, j])
        rules.append(Rule(label, scale, shift, threshold, _band(p, truth[:, j], threshold)))
    return Decision(tuple(rules))


def with_thresholds(decision: Decision, p: Floats, truth: Floats, least: int = 5) -> Decision:
    """The same calibration with thresholds chosen anew on held-out probabilities (rows, labels); truth 0, 1 or nan where nobody coded.

    A label with fewer than `least` positives keeps its threshold.
    """
    rules = []
    for j, rule in enumerate(decision.rules):
        known = ~np.isnan(truth[:, j])
        said, true = p[known, j], truth[known, j]
        if true.sum() >= least:
            threshold = _best_threshold(said, true)
            rule = replace(rule, threshold=threshold, band=_band(said, true, threshold))
        rules.append(rule)
    return Decision(tuple(rules))


def _platt(logit: Floats, truth: Floats, towards: tuple[float, float], pull: float, rounds: int = 60) -> tuple[float, float]:
    """Newton's method on the penalised logistic likelihood of scale and shift."""
    theta = np.array(towards, dtype=np.float64)
    x = np.stack([logit, np.ones_like(logit)], axis=1)
    start = theta.copy()
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-(x @ theta)))
        gradient = x.T @ (p - truth) + pull * (theta - start)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + (pull + 1e-6) * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        theta = theta - np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-7:
            break
    return float(max(theta[0], 0.05)), float(theta[1])


def _best_threshold(p: Floats, truth: Floats, smooth: float = 2.0) -> float:
    """The threshold of best F1 among 0.10 … 0.80; F1 gets `smooth` imagined false positives and negatives, ties go towards 0.4."""
    grid = np.arange(0.10, 0.81, 0.02)
    scores = [_f1(p >= t, truth > 0.5, smooth) - 0.02 * abs(t - 0.4) for t in grid]
    return float(grid[int(np.argmax(scores))])


def _f1(predicted: NDArray[np.bool_], truth: NDArray[np.bool_], smooth: float) -> float:
    hits = float((predicted & truth).sum())
    return 2 * hits / (float(predicted.sum()) + float(truth.sum()) + smooth)


def _band(p: Floats, truth: Floats, threshold: float, share: float = 0.5) -> tuple[float, float]:
    """The probabilities around the threshold that hold `share` of the errors: what a reviewer should see first.

    As wide to either side in log-odds, so that a rare label with a low threshold is not in doubt wherever it is merely possible.
    """
    wrong = (p >= threshold) != (truth > 0.5)
    middle = _log_odds(np.array(threshold))
    reach = float(np.quantile(np.abs(_log_odds(p[wrong]) - middle), share)) if wrong.any() else 0.0
    reach = min(max(reach, 0.15), 1.5)
    low, high = (float(1 / (1 + np.exp(-(middle + way)))) for way in (-reach, reach))
    return low, high


def _log_odds(p: Floats) -> Floats:
    q = np.clip(p, 1e-6, 1 - 1e-6)
    found: Floats = np.log(q / (1 - q))
    return found
