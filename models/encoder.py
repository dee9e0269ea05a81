"""Text pairs in, padded token batches out: the tokeniser and the length-sorted batching that every model shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Pair:
    """What the encoder reads: `text` is labelled, `context` is only read with it."""

    context: str
    text: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids of one pair: `[CLS] context [SEP] text [SEP]`; `offsets` are code points into `text`, (0, 0) outside it."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded rows, all tensors (rows, width); `where` are the positions of the rows in the input sequence."""

    where: tuple[int, ...]
    ids: Tensor
    types: Tensor
    mask: Tensor
    own: Tensor


class PairTokenizer:
    """Cuts pairs into tokens; the context loses its beginning, the text is cut into windows of at most `text_tokens`."""

    def __init__(self, path: Path, *, context_tokens: int, text_tokens: int) -> None:
        self.tokenizer = Tokenizer.from_file(str(path))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.context_tokens, self.text_tokens = context_tokens, text_tokens
        self.cls, self.sep = self.special("[CLS]"), self.special("[SEP]")

    def special(self, token: str) -> int:
        """The id of a special token; raises KeyError where the vocabulary lacks it."""
        found = self.tokenizer.token_to_id(token)
        if found is None:
            raise KeyError(token)
        return int(found)

    def windows(self, pair: Pair) -> list[Tokens]:
        """The windows of one pair, each an eighth into the one before; one even for an empty text."""
        overlap = self.text_tokens // 8
        context = self.tokenizer.encode(pair.context, add_special_tokens=False).ids[-self.context_tokens :]
        text = self.tokenizer.encode(pair.text, add_special_tokens=False)
        ids, offsets = text.ids, text.offsets  # each look makes the whole list anew
        starts = range(0, max(1, len(ids) - overlap), self.text_tokens - overlap)
        return [self._window(context, ids[s : s + self.text_tokens], offsets[s : s + self.text_tokens]) for s in starts]

    def _window(self, context: list[int], ids: list[int], offsets: list[tuple[int, int]]) -> Tokens:
        head = [self.cls, *context, self.sep]
        none = (0, 0)
        return Tokens(
            ids=(*head, *ids, self.sep),
            types=(*(0 for _ in head), *(1 for _ in ids), 1),
            offsets=(*(none for _ in head), *offsets, none),
        )


def collate(rows: Sequence[Tokens], where: Sequence[int]) -> Batch:
    """One padded batch; `own` marks the tokens of the text itself, `mask` every token that is no padding."""
    width = max(len(r.ids) for r in rows)
    ids, types, mask, own = (torch.zeros(len(rows), width, dtype=torch.long) for _ in range(4))
    for i, row in enumerate(rows):
        n = len(row.ids)
        ids[i, :n] = torch.tensor(row.ids)
        types[i, :n] = torch.tensor(row.types)
        mask[i, :n] = 1
        own[i, :n] = torch.tensor(row.types)
    return Batch(tuple(where), ids, types, mask, own)


def batches_by_length(rows: Sequence[Tokens], tokens_per_batch: int) -> Iterator[Batch]:
    """Batches of rows of like length, longest first, so that little of a batch is padding.

    The grouping depends on the rows alone, and equal lengths keep their order: the same rows give the same batches.
    """
    order = sorted(range(len(rows)), key=lambda i: -len(rows[i].ids))
    start = 0
    while start < len(order):
        width = len(rows[order[start]].ids)
        take = order[start : start + max(1, tokens_per_batch // width)]
        yield collate([rows[i] for i in take], take)
        start += len(take)


def batches_of_one_length(rows: Sequence[Tokens], order: Sequence[int]) -> Iterator[Batch]:
    """Batches without padding of the rows at these positions: neighbours of one length stand together."""
    for _, alike in groupby(order, key=lambda i: len(rows[i].ids)):
        where = list(alike)
        yield collate([rows[i] for i in where], where)
