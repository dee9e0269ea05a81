"""From blocks to the framing of the whole document: a stated formula with its interval (docs/method.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nlp.parts import count_framings, frame_parts
from nlp.types import (
    Block,
    DocumentFraming,
    Framing,
    Indicator,
    Passage,
    PassageRole,
    Reweighed,
    Statement,
    StatementType,
    Strength,
    Unit,
)
from nlp.weighing import OTHERWISE, Weights

Floats = NDArray[np.float64]


def block_weights(passages: Sequence[Passage], blocks: Sequence[Block], statements: Sequence[Statement], weights: Weights) -> Floats:
    """One weight per block (blocks,): role times the firmest statement that stands in it or in its chapeau."""
    firmest: dict[int, float] = {}
    starts = {p.start: i for i, p in enumerate(passages)}
    bounds = sorted(starts)
    for statement in statements:
        at = int(np.searchsorted(bounds, statement.trigger.start, side="right")) - 1
        if at >= 0:
            i = starts[bounds[at]]
            firmest[i] = max(firmest.get(i, 0.0), _firmness(statement, weights))
    role = {PassageRole.PREAMBLE: weights.recital, PassageRole.ANNEX: weights.annex, PassageRole.TITLE: 0.0, PassageRole.EDITORIAL: 0.0}
    result = []
    for i, passage in enumerate(passages):
        inherited = [firmest[lead] for lead in passage.leads if lead in firmest]
        firm = firmest.get(i, inherited[-1] if inherited else weights.bare)
        result.append(role.get(passage.role, weights.operative) * firm)
    return np.array(result) * _lengths(passages) if weights.by_words else np.array(result)


def _lengths(passages: Sequence[Passage]) -> Floats:
    """The number of words of each passage (passages,), in the mean 1."""
    found = np.array([len(p.text.split()) for p in passages], dtype=np.float64)
    return found / found.mean() if found.any() else found


def weighed(passages: Sequence[Passage], blocks: Sequence[Block], statements: Sequence[Statement], weights: Weights) -> tuple[Block, ...]:
    """The blocks with the weight that each has in the document's framing."""
    found = block_weights(passages, blocks, statements, weights)
    return tuple(replace(block, weight=round(float(weight), 4)) for block, weight in zip(blocks, found, strict=True))


def _firmness(statement: Statement, weights: Weights) -> float:
    kind = weights.permission if statement.type in (StatementType.PERMISSION, StatementType.EXEMPTION) else weights.binding
    strength = {Strength.MANDATORY: weights.mandatory, Strength.QUALIFIED: weights.qualified, Strength.HORTATORY: weights.hortatory}
    return kind * strength[statement.strength]


def rights_share(crime: Floats, rights: Floats) -> float:
    """The share of the rights framework in the weight of both, 0 to 1; 0.5 where there is neither."""
    both = float(crime.sum() + rights.sum())
    return float(rights.sum()) / both if both else 0.5


def masses(blocks: Sequence[Block], weight: Floats) -> tuple[Floats, Floats]:
    """Each block's weight for crime and for rights (blocks,): a hybrid block gives half to each."""
    crime_part = {Framing.CRIME: 1.0, Framing.HYBRID: 0.5}
    rights_part = {Framing.RIGHTS: 1.0, Framing.HYBRID: 0.5}
    crime = np.array([crime_part.get(b.framing, 0.0) for b in blocks]) * weight
    rights = np.array([rights_part.get(b.framing, 0.0) for b in blocks]) * weight
    return crime, rights


def frame_document(
    passages: Sequence[Passage],
    blocks: Sequence[Block],
    statements: Sequence[Statement],
    weights: Weights | None = None,
    units: Sequence[Unit] = (),
) -> DocumentFraming:
    """The document's framing with shares, counts, a 95 % bootstrap interval over blocks, and the profile over the indicators.

    With it what other weighings would give, and the framing of the parts that `units` make up.
    """
    weights = weights or Weights()
    weight = block_weights(passages, blocks, statements, weights) if blocks else np.zeros(0)
    crime, rights = masses(blocks, weight)
    label, share, interval = _framed(crime, rights, weights)
    return DocumentFraming(
        label=label,
        scores={"crime": round(1 - share, 4), "rights": share} if interval else {"crime": 0.0, "rights": 0.0},
        counts=count_framings(blocks),
        interval=interval,
        profile=_profile(blocks, weight),
        sensitivity=tuple(_reweighed(passages, blocks, statements)) if blocks else (),
        parts=frame_parts(units, blocks, crime, rights),
    )


def _reweighed(passages: Sequence[Passage], blocks: Sequence[Block], statements: Sequence[Statement]) -> Iterator[Reweighed]:
    """What each other weighing would give."""
    for name, rule in OTHERWISE.items():
        weight = block_weights(passages, blocks, statements, rule.weights)
        yield Reweighed(name, *_framed(*masses(blocks, weight), rule.weights))


def _framed(crime: Floats, rights: Floats, weights: Weights) -> tuple[Framing, float, tuple[float, float] | None]:
    """Label, rights share and its interval by what the blocks give to either framework (blocks,); 0 and None where that is nothing."""
    total = float(crime.sum() + rights.sum())
    if not total:
        return Framing.NEUTRAL, 0.0, None
    share, (low, high) = rights_share(crime, rights), _interval(crime, rights)
    label = Framing.NEUTRAL if total < weights.least else _label(share, (low, high), weights.band)
    return label, round(share, 4), (round(low, 4), round(high, 4))


def _label(share: float, interval: tuple[float, float], band: tuple[float, float]) -> Framing:
    """Crime or rights where the share lies outside the middle band and the interval does not cross its far side; else hybrid."""
    if share < band[0] and interval[1] < band[1]:
        return Framing.CRIME
    if share > band[1] and interval[0] > band[0]:
        return Framing.RIGHTS
    return Framing.HYBRID


def _interval(crime: Floats, rights: Floats, draws: int = 1000) -> tuple[float, float]:
    """The 95 % percentile interval of the rights share over blocks drawn with replacement; the draws are seeded, so it is reproducible."""
    framed = np.flatnonzero(crime + rights)
    if not len(framed):
        return 0.0, 1.0
    chance = np.random.default_rng(20261124)
    picks = chance.integers(0, len(framed), (draws, len(framed)))
    r, c = rights[framed][picks].sum(1), crime[framed][picks].sum(1)
    low, high = np.quantile(r / (r + c), [0.025, 0.975])
    return float(low), float(high)


def _profile(blocks: Sequence[Block], weight: Floats) -> Mapping[str, float]:
    """The share of the framed weight in which each indicator occurs."""
    total = float(sum(w for b, w in zip(blocks, weight, strict=True) if b.framing is not Framing.NEUTRAL)) or 1.0
    return {
        i.value: round(sum(float(w) for b, w in zip(blocks, weight, strict=True) if i.value in b.indicators) / total, 4) for i in Indicator
    }
