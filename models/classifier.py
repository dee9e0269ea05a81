"""One encoder, one attention head per label, and beside them a linear model over words: tokens in, a logit per label out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel
from transformers.utils import logging

from models.encoder import Batch
from models.words import WordHead

BY_LABEL = {"query", "weight", "bias"}  # the rows of a head
Encoder = Any  # a transformers model: the library does not type them


@dataclass(frozen=True, slots=True)
class Shape:
    """What a classifier is made of; `labels` in the order of its logits, `buckets` of its head of words, 0 where it has none."""

    labels: tuple[str, ...]
    context_tokens: int = 64
    text_tokens: int = 256
    buckets: int = 0


class LabelAttention(nn.Module):
    """Each label looks at the words with a query of its own (after Mullenbach et al. 2018, "Explainable prediction of medical codes").

    states (rows, width, size), own (rows, width) → logits (rows, labels). The pooled vector of a label is its weighted mean over the
    text's own tokens, beside the mean over all tokens, so that context can tip the scale but never carries a label by itself.
    """

    def __init__(self, size: int, labels: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.randn(labels, size) * 0.02)
        self.key = nn.Linear(size, size)
        self.weight = nn.Parameter(torch.randn(labels, 2 * size) * 0.02)
        self.bias = nn.Parameter(torch.full((labels,), -2.0))
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor, own: Tensor) -> Tensor:
        logits: Tensor = (self.dropout(self.gathered(states, mask, own)) * self.weight).sum(-1) + self.bias
        return logits

    def gathered(self, states: Tensor, mask: Tensor, own: Tensor) -> Tensor:
        """What each label weighs (rows, labels, 2 · size): the words its query looks at, and the mean of all tokens."""
        pooled = self._attention(states, own).transpose(1, 2) @ states  # rows, labels, size
        shown = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * shown).sum(1) / shown.sum(1)
        return torch.cat([pooled, mean.unsqueeze(1).expand_as(pooled)], dim=-1)

    def shares(self, states: Tensor, mask: Tensor, own: Tensor) -> Tensor:
        """What each token brings to each logit (rows, width, labels): they add up to the logit less the label's bias.

        The head is linear in the pooled states, so this is the logit itself, not an estimate of it.
        """
        size = states.shape[-1]
        attended = self._attention(states, own) * (states @ self.weight[:, :size].T)
        shown = mask.unsqueeze(-1).to(states.dtype)
        mean = (states @ self.weight[:, size:].T) * shown / shown.sum(1, keepdim=True)
        return attended + mean

    def _attention(self, states: Tensor, own: Tensor) -> Tensor:
        """(rows, width, labels), sum 1 over the text's own tokens."""
        scores = torch.tanh(self.key(states)) @ self.query.T
        return scores.masked_fill(own.unsqueeze(-1) == 0, torch.finfo(scores.dtype).min).softmax(dim=1)


class Classifier(nn.Module):
    """Encoder and heads. `forward` gives logits (rows, labels) for a batch."""

    def __init__(self, encoder: Encoder, shape: Shape) -> None:
        super().__init__()
        self.encoder: Encoder = encoder
        self.shape = shape
        self.head = LabelAttention(encoder.config.hidden_size, len(shape.labels))
        self.words = WordHead(shape.buckets, len(shape.labels)) if shape.buckets else None

    def forward(self, batch: Batch) -> Tensor:
        logits: Tensor = self.head(self.states(batch), batch.mask, batch.own)
        return logits if self.words is None else logits + self.words(batch)

    def shares(self, batch: Batch, states: Tensor) -> Tensor:
        """What each token brings to each logit (rows, width, labels): they add up to the logit less the label's bias."""
        shares = self.head.shares(states, batch.mask, batch.own)
        return shares if self.words is None else shares + self.words.shares(batch)

    def states(self, batch: Batch) -> Tensor:
        """The encoder's token states (rows, width, size)."""
        states: Tensor = self.encoder(input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask).last_hidden_state
        return states


def narrowed(classifier: Classifier, labels: Sequence[str]) -> Classifier:
    """The same classifier with the heads of these labels alone, in their order."""
    at = [classifier.shape.labels.index(label) for label in labels]
    shape = replace(classifier.shape, labels=tuple(labels))
    result = Classifier(classifier.encoder, shape).eval()
    kept = classifier.head.state_dict()
    result.head.load_state_dict({name: t[at] if name in BY_LABEL else t for name, t in kept.items()})
    if classifier.words is not None and result.words is not None:
        result.words.load_state_dict({"weight": classifier.words.weight[:, at], "rarity": classifier.words.rarity})
    return result


def with_words(classifier: Classifier, words: WordHead, bias: Sequence[float]) -> Classifier:
    """The classifier with this head of words, whose bias joins that of the attention heads."""
    result = Classifier(classifier.encoder, replace(classifier.shape, buckets=len(words.rarity))).eval()
    result.head.load_state_dict(classifier.head.state_dict())
    result.words = words
    with torch.no_grad():
        result.head.bias.add_(torch.tensor(bias, dtype=result.head.bias.dtype))
    return result


def started(classifier: Classifier, weights: Sequence[Mapping[str, Tensor]], labels: Sequence[str]) -> Classifier:
    """The classifier with the mean of other trainings' weights (Wortsman et al. 2022, "Model soups"); `labels` are those of their heads.

    Heads of labels that they lack stay as they are.
    """
    at = [classifier.shape.labels.index(label) for label in labels]
    mine = classifier.state_dict()
    for name, tensor in mine.items():
        mean = torch.stack([other[name].float() for other in weights]).mean(dim=0)
        if name.removeprefix("head.") in BY_LABEL:
            tensor[at] = mean
        else:
            tensor.copy_(mean)
    classifier.load_state_dict(mine)
    return classifier


def encoder_from(folder: Path) -> Encoder:
    """A pretrained encoder from a local folder (config.json, model.safetensors); never from a pickle, never from the network."""
    logging.disable_progress_bar()
    logging.set_verbosity_error()  # it reports the pooling layer as missing, which is not asked for
    return AutoModel.from_pretrained(
        str(folder), local_files_only=True, use_safetensors=True, trust_remote_code=False, add_pooling_layer=False
    )


def empty_encoder(folder: Path) -> Encoder:
    """The encoder that `folder/config.json` describes, without weights."""
    config = AutoConfig.from_pretrained(str(folder), local_files_only=True)
    return AutoModel.from_config(config, add_pooling_layer=False)
