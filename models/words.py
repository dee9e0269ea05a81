"""What single words and pairs of words say of each label: a linear model over them, beside the attention heads.

A small encoder blurs the rare words that a rare label hangs on; a linear model over words keeps them (on held-out provisions the two
together rank better than either, `models/weights/provisions/README.md` has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.encoder import Batch, Tokens, batches_by_length

PRIME, FACTOR = 2**31 - 1, 1_000_003
WORD, PAIR, CONTEXT = 1, 2, 3
CONTEXT_WEIGHT = 0.6
TOKENS_PER_BATCH = 4096


@dataclass(frozen=True, slots=True)
class Found:
    """The features of a batch, word by word and then pair by pair: `places` and `values` (rows, 2 · width).

    `values` are tf-idf: each feature counts once, its occurrences share it, and the squares of a row's features add up to 1.
    """

    places: Tensor
    values: Tensor


class WordHead(nn.Module):
    """A weight per label for each hashed word piece and pair of neighbouring pieces of the text, and each word piece of the context."""

    weight: Tensor
    rarity: Tensor

    def __init__(self, buckets: int, labels: int) -> None:
        super().__init__()
        self.register_buffer("weight", torch.zeros(buckets, labels))
        self.register_buffer("rarity", torch.zeros(buckets))

    def forward(self, batch: Batch) -> Tensor:
        """Logits (rows, labels), without bias."""
        return self.shares(batch).sum(dim=1)

    def shares(self, batch: Batch) -> Tensor:
        """What each token brings to each logit (rows, width, labels); a pair's part goes half to each of its tokens."""
        found = self.found(batch)
        parts = self.weight[found.places] * found.values.unsqueeze(-1)
        words, pairs = parts.chunk(2, dim=1)
        return words + pairs / 2 + nn.functional.pad(pairs[:, :-1] / 2, (0, 0, 1, 0))

    def found(self, batch: Batch) -> Found:
        """The features of a batch; those seen too seldom in training have no rarity, and so no value."""
        places, weights = _places(batch, len(self.rarity))
        alike = (places.unsqueeze(2) == places.unsqueeze(1)) & (weights > 0).unsqueeze(1)
        times = alike.sum(dim=2).clamp(min=1)
        each = weights * self.rarity[places]
        length = (each.square() / times).sum(dim=1, keepdim=True).sqrt().clamp(min=1e-9)
        return Found(places, each / times / length)


def _places(batch: Batch, buckets: int) -> tuple[Tensor, Tensor]:
    """Buckets and weights (rows, 2 · width); weight 0 where there is no word or no pair."""
    own = batch.own > 0
    follows = nn.functional.pad(batch.ids[:, 1:], (0, 1))
    both = own & nn.functional.pad(own[:, 1:], (0, 1))
    words = torch.where(own, _hashed(batch.ids, WORD), _hashed(batch.ids, CONTEXT))
    pairs = _hashed(_hashed(batch.ids, PAIR) + follows, PAIR)
    shown = torch.where(own, 1.0, CONTEXT_WEIGHT) * (batch.mask > 0)
    return torch.cat([words, pairs], dim=1) % buckets, torch.cat([shown, both.to(shown.dtype)], dim=1)


def _hashed(numbers: Tensor, salt: int) -> Tensor:
    """A Lehmer step modulo a Mersenne prime: spreads neighbouring ids over the buckets, and is the same on every machine."""
    return (numbers * FACTOR + salt) % PRIME


def fit_words(
    rows: Sequence[Tokens], truth: NDArray[np.float64], *, buckets: int = 2**16, inverse_penalty: float = 20.0, share: float = 0.5
) -> tuple[WordHead, NDArray[np.float64]]:
    """A head fitted to `truth` (rows, labels), 0, 1 or nan where nobody coded, and the bias of each label (needs scikit-learn).

    Logistic regression label by label; weights and biases are scaled by `share`, the part that they have beside the attention heads.
    A label with fewer than three positives gets no weights.
    """
    from sklearn.linear_model import LogisticRegression

    head = WordHead(buckets, truth.shape[1])
    head.rarity.copy_(torch.tensor(_rarity(rows, buckets)))
    seen, bias = _matrix(head, rows), np.zeros(truth.shape[1])
    for label, column in enumerate(truth.T):
        coded = ~np.isnan(column)
        if (column[coded] > 0.5).sum() < 3:
            continue
        fitted = LogisticRegression(C=inverse_penalty, solver="liblinear", random_state=0).fit(seen[coded], column[coded] > 0.5)
        head.weight[:, label] = torch.tensor(fitted.coef_[0] * share)
        bias[label] = fitted.intercept_[0] * share
    return head, bias


def _rarity(rows: Sequence[Tokens], buckets: int) -> NDArray[np.float64]:
    """Inverse document frequency, smoothed; 0 for what occurs in one row alone."""
    counts = np.zeros(buckets)
    for batch in batches_by_length(rows, TOKENS_PER_BATCH):
        for places, weights in zip(*_places(batch, buckets), strict=True):
            counts[places[weights > 0].unique().numpy()] += 1
    found: NDArray[np.float64] = np.where(counts > 1, np.log((1 + len(rows)) / (1 + counts)) + 1, 0.0)
    return found


def _matrix(head: WordHead, rows: Sequence[Tokens]):  # type: ignore[no-untyped-def]  # scipy's sparse matrices differ between stubs
    from scipy.sparse import coo_matrix

    at, columns, values = [], [], []
    for batch in batches_by_length(rows, TOKENS_PER_BATCH):
        found = head.found(batch)
        width = found.places.shape[1]
        at.append(np.repeat(np.array(batch.where), width))
        columns.append(found.places.numpy().ravel())
        values.append(found.values.numpy().ravel())
    parts = [np.concatenate(one) for one in (values, at, columns)]
    return coo_matrix((parts[0], (parts[1], parts[2])), shape=(len(rows), len(head.rarity))).tocsr()
