"""Fine-tunes encoder and heads together; deterministic for a seed on one machine."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import torch
from torch import Tensor, nn

from models.checkpoint import Standing, load_standing, save_standing
from models.classifier import Classifier
from models.encoder import Batch, Pair, PairTokenizer, Tokens, collate

MASK = "[MASK]"


@dataclass(frozen=True, slots=True)
class Example:
    """A pair with its targets, one number in [0, 1] per label; `weight` scales its loss; nan marks a label nobody coded."""

    pair: Pair
    targets: tuple[float, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. Rates are per step of `tokens_per_batch` tokens; `decay` is the factor from one encoder layer to the one below.

    The rate rises over the first `warmup` epochs, holds, and falls to nothing over the last `fall` epochs. `hide` is the share of the
    text's own tokens that are masked at each reading, so that no single word is learnt by heart, and a hidden phrase is nothing new.
    """

    epochs: int = 4
    rate: float = 1.2e-4
    head_rate: float = 1e-3
    decay: float = 0.9
    warmup: float = 0.3
    fall: float = 2.0
    tokens_per_batch: int = 3072
    average: float = 0.995
    gamma_negative: float = 1.0
    label_smoothing: float = 0.02
    drop_context: float = 0.1
    hide: float = 0.1
    seed: int = 20261124


Progress = Callable[[int, int, float], None]


@dataclass(frozen=True, slots=True)
class Rows:
    """The examples as tokens: with their context, and without."""

    full: tuple[Tokens, ...]
    bare: tuple[Tokens, ...]
    mask: int


def train(
    classifier: Classifier,
    tokenizer: PairTokenizer,
    examples: Sequence[Example],
    recipe: Recipe,
    progress: Progress,
    kept: Path | None = None,
) -> Classifier:
    """The classifier with the running average of the weights over all steps; `progress` gets step, steps, loss.

    With `kept`, the state after each epoch is written to that file, and a training that finds one there goes on from it to the same end;
    raises OtherTraining where that file is of another one.
    """
    rows = _rows(tokenizer, examples)
    plans = [_plan(rows.full, recipe, epoch) for epoch in range(recipe.epochs)]
    optimizer = torch.optim.AdamW(_groups(classifier, recipe), weight_decay=0.01)
    bases = [group["lr"] for group in optimizer.param_groups]
    average = deepcopy(classifier).eval()
    standing = Standing(classifier, average, optimizer)
    name = name_of(classifier, recipe, examples) if kept else ""
    begun = load_standing(standing, kept, name) if kept and kept.is_file() else 0
    step, steps = sum(map(len, plans[:begun])), sum(map(len, plans))
    for epoch in range(begun, recipe.epochs):
        torch.manual_seed(recipe.seed + epoch)
        chance = random.Random(recipe.seed + epoch)
        for at, cut in enumerate(plans[epoch]):
            factor = _factor(epoch + at / len(plans[epoch]), recipe)
            for group, base in zip(optimizer.param_groups, bases, strict=True):
                group["lr"] = base * factor
            batch = collate([_reading(rows, i, recipe, chance) for i in cut], cut)
            loss = _learn(classifier, optimizer, batch, examples, recipe)
            step += 1
            _follow(average, classifier, min(recipe.average, step / (step + 10)))
            progress(step, steps, loss)
        if kept:
            save_standing(standing, kept, epoch + 1, name)
    return average


def name_of(classifier: Classifier, recipe: Recipe, examples: Sequence[Example]) -> str:
    """A digest of all that a training depends on: the weights that it begins with, the recipe, the examples."""
    digest = sha256(f"{recipe!r} {digest_of(examples)}".encode())
    for name, tensor in classifier.state_dict().items():
        digest.update(name.encode() + tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def digest_of(examples: Iterable[Example]) -> str:
    """SHA-256, in hex, of what the examples say."""
    digest = sha256()
    for example in examples:
        digest.update(repr(example).encode())
    return digest.hexdigest()


def _rows(tokenizer: PairTokenizer, examples: Sequence[Example]) -> Rows:
    full = tuple(tokenizer.windows(e.pair)[0] for e in examples)
    bare = tuple(tokenizer.windows(Pair("", e.pair.text))[0] for e in examples)
    return Rows(full, bare, tokenizer.special(MASK))


def _reading(rows: Rows, at: int, recipe: Recipe, chance: random.Random) -> Tokens:
    """One example as it is read this time: perhaps without its context, some of its own tokens hidden."""
    row = rows.bare[at] if chance.random() < recipe.drop_context else rows.full[at]
    if not recipe.hide or sum(row.types) < 6:
        return row
    own = len(row.ids) - sum(row.types)
    ids = [rows.mask if i >= own and i < len(row.ids) - 1 and chance.random() < recipe.hide else t for i, t in enumerate(row.ids)]
    return replace(row, ids=tuple(ids))


def _learn(classifier: Classifier, optimizer: torch.optim.Optimizer, batch: Batch, examples: Sequence[Example], recipe: Recipe) -> float:
    """One step; the loss before it."""
    classifier.train()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = classifier(batch)
    loss = _loss(logits.float(), _targets(examples, batch), _weights(examples, batch), recipe)
    loss.backward()
    nn.utils.clip_grad_norm_(classifier.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.item()


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


def _factor(time: float, recipe: Recipe) -> float:
    """The share of the full rate at a time, in epochs."""
    rise = min(1.0, 0.02 + time / recipe.warmup) if recipe.warmup else 1.0
    fall = min(recipe.fall, float(recipe.epochs))
    return min(rise, max(0.02, (recipe.epochs - time) / fall)) if fall else rise


def _plan(rows: Sequence[Tokens], recipe: Recipe, epoch: int) -> list[list[int]]:
    """The batches of an epoch, of like length in random order: shuffle, sort inside pools of 1,024 rows, cut, shuffle the cuts."""
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
    return cuts


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
