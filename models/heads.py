"""Linear heads over the shared encoder: what a handful of coded examples can teach, in seconds, without touching the encoder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn

Floats = NDArray[np.float64]
WEIGHTS = "heads.safetensors"
FOLDS = 8
PENALTY = 0.1


@dataclass(frozen=True, slots=True)
class Heads:
    """One logistic regression per label over the mean state of a text's own tokens: `weight` (labels, size), `bias` (labels,)."""

    labels: tuple[str, ...]
    weight: Tensor
    bias: Tensor

    def shares(self, states: Tensor, mask: Tensor, own: Tensor) -> Tensor:
        """What each token brings to each logit (rows, width, labels); they add up to the logit less the bias."""
        mine = own.unsqueeze(-1).to(states.dtype)
        return (states @ self.weight.T) * mine / mine.sum(1, keepdim=True)


def fit_heads(labels: tuple[str, ...], features: Floats, truth: Floats) -> Heads:
    """Fits every label on its own, both answers weighing the same however rare one is: features (rows, size), truth (rows, labels) 0 or 1.

    Deterministic. The penalty is that of unit-length features; measured on the four Ps, a factor of ten either way matters little.
    """
    middle = features.mean(axis=0)
    spread = float(np.sqrt(((features - middle) ** 2).sum(axis=1).mean())) or 1.0
    x = torch.tensor((features - middle) / spread)
    found = [_logistic(x, torch.tensor(truth[:, j])) for j in range(len(labels))]
    weight = torch.stack([w for w, _ in found]) / spread
    bias = torch.stack([b for _, b in found]) - weight @ torch.tensor(middle)
    return Heads(labels, weight.float(), bias.float())


def unseen_logits(labels: tuple[str, ...], features: Floats, truth: Floats) -> Floats:
    """The logits (rows, labels) of each row by heads that were fitted without its fold: what calibration needs."""
    folds = np.random.default_rng(0).permutation(len(features)) % FOLDS
    logits = np.zeros_like(truth)
    for fold in range(FOLDS):
        inside = folds == fold
        heads = fit_heads(labels, features[~inside], truth[~inside])
        logits[inside] = features[inside] @ heads.weight.double().numpy().T + heads.bias.double().numpy()
    return logits


def _logistic(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Weights and bias of one penalised logistic regression (L-BFGS)."""
    yes = y.sum().clamp(min=1)
    each = torch.where(y > 0.5, len(y) / (2 * yes), len(y) / (2 * (len(y) - yes).clamp(min=1)))
    theta = torch.zeros(x.shape[1] + 1, dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.LBFGS([theta], max_iter=200, tolerance_grad=1e-6, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        logits = x @ theta[:-1] + theta[-1]
        errors = nn.functional.binary_cross_entropy_with_logits(logits, y, weight=each, reduction="sum")
        total = errors + PENALTY * theta[:-1].square().sum() / 2
        total.backward()
        return total

    optimizer.step(loss)
    found = theta.detach()
    return found[:-1], found[-1]


def save_heads(heads: Heads, folder: Path) -> None:
    """Writes weights and labels; rules and manifest are the caller's."""
    save_file({"weight": heads.weight.numpy(), "bias": heads.bias.numpy()}, folder / WEIGHTS, {"labels": json.dumps(heads.labels)})


def load_heads(labels: tuple[str, ...], folder: Path) -> Heads:
    """The heads for `labels`, in their order; the folder was verified before. Raises ValueError where the numbers do not fit them."""
    arrays = load_file(folder / WEIGHTS)
    weight, bias = torch.from_numpy(arrays["weight"]), torch.from_numpy(arrays["bias"])
    if weight.shape[0] != len(labels) or bias.shape != (len(labels),):
        raise ValueError(f"{folder / WEIGHTS} holds heads for {weight.shape[0]} labels, the codebook has {len(labels)}")
    return Heads(labels, weight, bias)
