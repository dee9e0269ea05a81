"""The framing of a text under a codebook with frameworks of its own, however many they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.codebook import Codebook
from nlp.types import Coding, DocumentCoding, Framing
from nlp.weighing import Weights

Floats = NDArray[np.float64]


def frame_coding(coding: Sequence[Coding], weight: Floats, codebook: Codebook, digest: str) -> DocumentCoding:
    """The framing of a text under a codebook with any number of frameworks, by the rule of docs/method.md: one leads, or it is hybrid.

    A block gives its weight in equal parts to the frameworks that its labels speak for. Weights (blocks,) in the order of `coding`.
    """
    if not codebook.sides:
        return DocumentCoding(codebook.name, codebook.version, digest, None)
    sides = tuple(codebook.sides)
    parts = np.array([_parts(codebook, one) for one in coding]).reshape(-1, len(sides)) * weight[:, None]
    total = parts.sum()
    shares = parts.sum(axis=0) / total if total else np.zeros(len(sides))
    counts = Counter(one.framing for one in coding)
    return DocumentCoding(
        codebook=codebook.name,
        version=codebook.version,
        digest=digest,
        framing=_leading(sides, parts, shares) if total >= Weights().least else Framing.NEUTRAL.value,
        scores={side: round(float(share), 4) for side, share in zip(sides, shares, strict=True)},
        counts={name: counts.get(name, 0) for name in (*sides, Framing.HYBRID.value, Framing.NEUTRAL.value)},
    )


def _parts(codebook: Codebook, coding: Coding) -> Floats:
    found = codebook.sides_of_layers(coding.labels)
    return np.array([(side in found) / max(1, len(found)) for side in codebook.sides])


def _leading(sides: Sequence[str], parts: Floats, shares: Floats) -> str:
    """The framework that is a tenth or more ahead of the next, and whose lead is surely above minus a tenth; else `hybrid`.

    For two frameworks this is the middle band of `Weights` and its interval: a share of 0.55 is a lead of 0.1.
    """
    band = Weights().band
    least = band[1] - band[0]
    first, *rest = map(int, np.argsort(-shares, kind="stable"))
    if not rest:
        return sides[first]
    drawn = _drawn(parts)
    low = float(np.quantile(drawn[:, first] - drawn[:, rest[0]], 0.025))
    return sides[first] if shares[first] - shares[rest[0]] > least and low > -least else Framing.HYBRID.value


def _drawn(parts: Floats, draws: int = 1000) -> Floats:
    """Shares (draws, sides) of blocks drawn with replacement; seeded."""
    framed = parts[parts.sum(axis=1) > 0]
    picks = np.random.default_rng(20261124).integers(0, len(framed), (draws, len(framed)))
    sums = framed[picks].sum(axis=1)
    result: Floats = sums / sums.sum(axis=1, keepdims=True)
    return result
