"""Linear models over named features: a class per row of weights, kept as JSON that a person can read."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Linear:
    """Logistic regression: `weights` gives each known feature its weight per class, in the order of `classes`; others weigh nothing."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """The probability of each class."""
        scores = list(self.bias)
        for feature in set(features):
            for i, weight in enumerate(self.weights.get(feature, ())):
                scores[i] += weight
        top = max(scores)
        shares = [math.exp(s - top) for s in scores]
        return {name: share / sum(shares) for name, share in zip(self.classes, shares, strict=True)}

    def best(self, features: Iterable[str]) -> str:
        """The likeliest class; the earlier one where two are as likely."""
        shares = self.probabilities(features)
        return max(self.classes, key=lambda name: shares[name])


class NoLinearModel(ValueError):
    """The file that should hold linear models is missing or not one."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"no linear models in {file}: {why}")
        self.file = file


def load_linear(file: Path) -> dict[str, Linear]:
    """The models of one file by name; raises NoLinearModel."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return {name: _linear(body) for name, body in data["models"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise NoLinearModel(file, str(wrong)) from wrong


def _linear(body: Mapping[str, object]) -> Linear:
    classes, bias, weights = body["classes"], body["bias"], body["weights"]
    if not (isinstance(classes, list) and isinstance(bias, list) and isinstance(weights, dict)):
        raise TypeError("a model needs classes, bias and weights")
    return Linear(tuple(map(str, classes)), tuple(map(float, bias)), {str(f): tuple(map(float, w)) for f, w in weights.items()})


def save_linear(models: Mapping[str, Linear], file: Path) -> None:
    """Writes models with features in order, weights to three decimals."""
    body = {
        name: {
            "classes": list(m.classes),
            "bias": [round(b, 3) for b in m.bias],
            "weights": {f: list(w) for f, w in sorted(m.weights.items())},
        }
        for name, m in models.items()
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"models": body}, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def fit_linear(rows: Sequence[Iterable[str]], labels: Sequence[str], *, inverse_penalty: float = 1.0, at_least: int = 2) -> Linear:
    """Logistic regression with an L2 penalty on features seen `at_least` times (needs scikit-learn: the `train` extra)."""
    from collections import Counter

    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts = Counter(f for row in rows for f in set(row))
    names = sorted(f for f, n in counts.items() if n >= at_least)
    place = {f: i for i, f in enumerate(names)}
    cells = [(r, place[f]) for r, row in enumerate(rows) for f in sorted(set(row)) if f in place]
    matrix = csr_matrix(([1.0] * len(cells), ([r for r, _ in cells], [c for _, c in cells])), shape=(len(rows), len(names)))
    fitted = LogisticRegression(C=inverse_penalty, max_iter=2000).fit(matrix, list(labels))
    classes = tuple(str(c) for c in fitted.classes_)
    coefficients, intercepts = fitted.coef_, fitted.intercept_
    if len(classes) == 2:
        return Linear(
            classes,
            (0.0, float(intercepts[0])),
            {f: (0.0, round(float(coefficients[0][i]), 3)) for f, i in place.items() if abs(coefficients[0][i]) >= 0.01},
        )
    weights = {f: tuple(round(float(row[i]), 3) for row in coefficients) for f, i in place.items()}
    return Linear(classes, tuple(float(b) for b in intercepts), {f: w for f, w in weights.items() if max(map(abs, w)) >= 0.01})
