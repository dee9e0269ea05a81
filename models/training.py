"""Fine-tunes encoder and heads together; deterministic for a seed on one machine."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from models.classifier import Classifier
from models.encoder import Batch, Pair, PairTokenizer, Tokens, collate


@dataclass(frozen=True, slots=True)
class Example:
    """A pair with its targets, one number in [0, 1] per label; `weight` scales its loss; nan marks a label nobody coded."""

    pair: Pair
    targets: tuple[float, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. Rates are per step of `tokens_per_batch` tokens; `decay` is the factor from one encoder layer to the one below."""

    epochs: int = 5
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    decay: float = 0.9
    warmup: float = 0.06
    tokens_per_batch: int = 3072
    average: float = 0.995
    gamma_negative: float = 1.0
    label_smoothing: float = 0.02
    drop_context: float = 0.1
    seed: int = 20261124


Progress = Callable[[int, int, float], None]


def train(classifier: Classifier, tokenizer: PairTokenizer, examples: Sequence[Example], recipe: Recipe, progress: Progress) -> Classifier:
    """The classifier with the running average of the weights over all steps; `progress` gets step, steps, loss."""
    random.seed(recipe.seed)
    np.random.seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    rows = [tokenizer.windows(e.pair)[0] for e in examples]
    bare = [tokenizer.windows(Pair("", e.pair.text))[0] for e in examples]
    per_epoch = sum(1 for _ in _shuffled(rows, recipe, 0))
    steps = per_epoch * recipe.epochs
    optimizer = torch.optim.AdamW(_groups(classifier, recipe), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: _linear(s, steps, recipe.warmup))
    average = deepcopy(classifier).eval()
    step = 0
    for epoch in range(recipe.epochs):
        chance = random.Random(recipe.seed + epoch)
        seen = [b if chance.random() < recipe.drop_context else r for r, b in zip(rows, bare, strict=True)]
        for batch in _shuffled(seen, recipe, epoch):
            classifier.train()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = classifier(batch)
            loss = _loss(logits.float(), _targets(examples, batch), _weights(examples, batch), recipe)
            loss.backward()
            nn.utils.clip_grad_norm_(classifier.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            _follow(average, classifier, min(recipe.average, step / (step + 10)))
            progress(step, steps, loss.item())
    return average


def _groups(classifier: Classifier, recipe: Recipe) -> list[dict[str, object]]:
    """Layer-wise learning rates: the heads at `head_rate`, each encoder layer at `decay` times the one above it; vectors do not decay."""
    encoder = classifier.encoder
    modules: list[tuple[nn.Module, float]] = [(classifier.head, recipe.head_rate)]
    for depth, layer in enumerate([*reversed(encoder.encoder.layer), encoder.embeddings]):
        modules.append((layer, recipe.rate * recipe.decay**depth))
    groups: list[dict[str, object]] = []
    for module, rate in modules:
        matrices = [p for p in module.parameters() if p.ndim > 1]
        vectors = [p for p in module.parameters() if p.ndim <= 1]
        groups += [{"params": matrices, "lr": rate}, {"params": vectors, "lr": rate, "weight_decay": 0.0}]
    return groups


def _linear(step: int, steps: int, warmup: float) -> float:
    rise = max(1, int(steps * warmup))
    return (step + 1) / rise if step < rise else max(0.02, (steps - step) / max(1, steps - rise))


def _shuffled(rows: Sequence[Tokens], recipe: Recipe, epoch: int) -> Iterator[Batch]:
    """Batches of like length in random order: shuffle, sort inside pools of 1,024 rows, cut, shuffle the cuts."""
    chance = random.Random(recipe.seed * 1000 + epoch)
    order = list(range(len(rows)))
    chance.shuffle(order)
    cuts: list[list[int]] = []
    for at in range(0, len(order), 1024):
        pool = sorted(order[at : at + 1024], key=lambda i: -len(rows[i].ids))
        while pool:
            n = max(1, recipe.tokens_per_batch // len(rows[pool[0]].ids))
            cuts.append(pool[:n])
            pool = pool[n:]
    chance.shuffle(cuts)
    for cut in cuts:
        yield collate([rows[i] for i in cut], cut)


def _targets(examples: Sequence[Example], batch: Batch) -> Tensor:
    return torch.tensor([examples[i].targets for i in batch.where])


def _weights(examples: Sequence[Example], batch: Batch) -> Tensor:
    return torch.tensor([examples[i].weight for i in batch.where])


def _loss(logits: Tensor, targets: Tensor, weights: Tensor, recipe: Recipe) -> Tensor:
    """Asymmetric loss (Ridnik et al. 2021): easy negatives count less, so that rare labels are heard; uncoded labels count nothing."""
    known = ~torch.isnan(targets)
    wanted = torch.nan_to_num(targets) * (1 - 2 * recipe.label_smoothing) + recipe.label_smoothing
    bce = nn.functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    ease = torch.where(targets < 0.5, logits.sigmoid(), torch.ones_like(logits)).detach()
    each = bce * ease**recipe.gamma_negative if recipe.gamma_negative else bce
    return (each * known * weights.unsqueeze(1)).sum() / known.sum().clamp(min=1) * math.sqrt(logits.shape[1])


@torch.no_grad()
def _follow(average: nn.Module, model: nn.Module, keep: float) -> None:
    for mine, theirs in zip(average.parameters(), model.parameters(), strict=True):
        mine.lerp_(theirs, 1 - keep)
