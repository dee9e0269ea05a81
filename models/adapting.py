"""A trained model adjusted to a few coded examples: its heads alone, in seconds, and no further than held-back examples bear out."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.decision import with_thresholds
from models.encoder import Pair
from models.labeller import Labeller

Floats = NDArray[np.float64]
PENALTIES = (10.0, 3.0, 1.0, 0.3)
FOLDS, ROUNDS, CLOSE = 5, 25, 1e-5


class TooFewExamples(ValueError):
    """There are not enough examples to hold some of them back."""


@dataclass(frozen=True, slots=True)
class Adapted:
    """What came of it. `penalty` is None where no adjustment said more of unseen examples than the model as it was.

    Probabilities (examples, labels): `before` by the model as it was, `after` by the adjusted one, `unseen` of each example by a model
    that was adjusted without it (`before` where there is no adjustment).
    """

    labeller: Labeller
    penalty: float | None
    before: Floats
    after: Floats
    unseen: Floats


def adapt(labeller: Labeller, pairs: Sequence[Pair], truth: Floats) -> Adapted:
    """Adjusts the heads to `truth` (examples, labels): 0, 1, or nan where nobody coded; raises TooFewExamples.

    Each label's weights may move from where training left them at a quadratic price; the price is the one under which examples that
    were held back are best foretold (log loss), and the model stays as it is if that is no better. Thresholds are chosen anew on what
    was held back. Of a long text the first window counts. Deterministic.
    """
    if len(pairs) < 2 * FOLDS:
        raise TooFewExamples(f"{len(pairs)} coded blocks are too few to learn from: {2 * FOLDS} are needed")
    own, known = _Features.of(labeller, pairs), torch.tensor(truth)
    before: Floats = own.logits.sigmoid().numpy()
    tried = {penalty: _unseen(own, known, penalty) for penalty in PENALTIES}
    losses = {penalty: _log_loss(p, truth) for penalty, p in tried.items()}
    best = min(PENALTIES, key=lambda penalty: losses[penalty])
    if losses[best] >= _log_loss(before, truth):
        return Adapted(labeller, None, before, before, before)
    duals = _fit(own.likeness, own.logits, known, best)
    after: Floats = (own.logits + _moved(own.likeness, duals)).sigmoid().numpy()
    learnt = replace(_with(labeller, own, duals), decision=with_thresholds(labeller.decision, tried[best], truth))
    return Adapted(learnt, best, before, after, tried[best])


@dataclass(frozen=True, slots=True)
class _Features:
    """What the heads weigh, centred and scaled: `x` (labels, examples, 2 · size), and what follows from it.

    `likeness` (labels, examples, examples) are its inner products, one added for the bias; `logits` (examples, labels) are those of
    the model as it is, calibrated by `scale` (labels,) and a shift.
    """

    x: Tensor
    likeness: Tensor
    logits: Tensor
    middle: Tensor
    spread: float
    scale: Tensor

    @classmethod
    def of(cls, labeller: Labeller, pairs: Sequence[Pair]) -> _Features:
        raw, words = _pooled(labeller, pairs)
        head, rules = labeller.classifier.head, labeller.decision.rules
        scale, shift = (torch.tensor([getattr(rule, name) for rule in rules], dtype=torch.float64) for name in ("scale", "shift"))
        plain = (raw * head.weight.detach().double()).sum(-1) + head.bias.detach().double() + words
        middle = raw.mean(dim=0)
        spread = float((raw - middle).square().sum(-1).mean().sqrt()) or 1.0
        x = ((raw - middle) / spread).transpose(0, 1).contiguous()
        return cls(x, x @ x.transpose(1, 2) + 1, plain * scale + shift, middle, spread, scale)


@torch.no_grad()
def _pooled(labeller: Labeller, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
    """(examples, labels, 2 · size): what each label's query gathers, beside the mean of all tokens; and what its words say, which stays."""
    rows, head = [labeller.tokenizer.windows(pair)[0] for pair in pairs], labeller.classifier.head
    labels, width = head.weight.shape
    found = torch.zeros((len(rows), labels, width), dtype=torch.float64)
    told = torch.zeros((len(rows), labels), dtype=torch.float64)
    words = labeller.classifier.words
    for batch, states in labeller.states(rows):
        found[list(batch.where)] = head.gathered(states, batch.mask, batch.own).double()
        if words is not None:
            told[list(batch.where)] = words(batch).double()
    return found, told


def _unseen(own: _Features, truth: Tensor, penalty: float) -> Floats:
    """Each example's probabilities by heads that were adjusted without its fold."""
    fold = torch.tensor(np.random.default_rng(0).permutation(len(truth)) % FOLDS)
    found = torch.zeros_like(own.logits)
    for n in range(FOLDS):
        held, taught = fold == n, fold != n
        duals = _fit(own.likeness[:, taught][:, :, taught], own.logits[taught], truth[taught], penalty)
        found[held] = own.logits[held] + _moved(own.likeness[:, held][:, :, taught], duals)
    unseen: Floats = found.sigmoid().numpy()
    return unseen


def _fit(likeness: Tensor, logits: Tensor, truth: Tensor, penalty: float) -> Tensor:
    """How much each example moves each label (labels, examples): penalised logistic regression in its dual form, by Newton's method."""
    coded = (~torch.isnan(truth)).any(dim=0)
    every = torch.zeros_like(logits.T)
    every[coded] = _newton(likeness[coded], logits.T[coded], truth.T[coded], penalty)
    return every


def _newton(likeness: Tensor, base: Tensor, truth: Tensor, penalty: float) -> Tensor:
    known, wanted, duals = ~torch.isnan(truth), torch.nan_to_num(truth), torch.zeros_like(base)
    price = penalty * torch.eye(base.shape[1], dtype=base.dtype)
    for _ in range(ROUNDS):
        moved = (likeness @ duals.unsqueeze(-1)).squeeze(-1)
        p = (base + moved).sigmoid()
        curve = p * (1 - p) * known
        found = torch.linalg.solve(curve.unsqueeze(-1) * likeness + price, curve * moved + (wanted - p) * known)
        step, duals = float((found - duals).abs().max()), found
        if step < CLOSE:
            break
    return duals


def _moved(likeness: Tensor, duals: Tensor) -> Tensor:
    """By how much the logits (examples, labels) move."""
    return (likeness @ duals.unsqueeze(-1)).squeeze(-1).T


@torch.no_grad()
def _with(labeller: Labeller, own: _Features, duals: Tensor) -> Labeller:
    """The labeller with the adjustment in its heads; calibration stays."""
    classifier = deepcopy(labeller.classifier)
    weight = (duals.unsqueeze(1) @ own.x).squeeze(1) / own.spread
    bias = duals.sum(-1) - (weight * own.middle).sum(-1)
    classifier.head.weight.add_((weight / own.scale.unsqueeze(-1)).float())
    classifier.head.bias.add_((bias / own.scale).float())
    return replace(labeller, classifier=classifier)


def _log_loss(p: Floats, truth: Floats) -> float:
    known = ~np.isnan(truth)
    q = np.clip(p[known], 1e-6, 1 - 1e-6)
    return float(-(truth[known] * np.log(q) + (1 - truth[known]) * np.log(1 - q)).mean())
