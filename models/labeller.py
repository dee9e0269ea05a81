"""A trained classifier, ready to use: pairs in, calibrated probabilities out, and the words that each label looked at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from models.classifier import Classifier, Shape, empty_encoder
from models.decision import Decision, read_decision
from models.encoder import Batch, Pair, PairTokenizer, Tokens, batches_of_one_length
from models.heads import Heads
from models.manifest import verify, write_manifest
from models.passes import Pass, pass_of, passes

Floats = NDArray[np.float64]
WEIGHTS = "model.safetensors"


@dataclass(frozen=True, slots=True)
class Look:
    """What the words of one pair bring: `offsets` (tokens, 2) code points into its text, `shares` (tokens, labels) of the logits.

    A label's logit is the sum of these, of the context's shares and of its bias; of a text of several windows, those of the window
    with the label's highest logit count.
    """

    offsets: NDArray[np.int64]
    shares: Floats


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of some pairs: logits (pairs, labels), and a look for each pair."""

    logits: Floats
    looks: tuple[Look, ...]

    def split(self, *widths: int) -> Iterator[Reading]:
        """The readings of labels that stand side by side, in order: so many labels each."""
        for last, width in zip(accumulate(widths), widths, strict=True):
            columns = slice(last - width, last)
            yield Reading(self.logits[:, columns], tuple(Look(x.offsets, x.shares[:, columns]) for x in self.looks))


@dataclass(frozen=True, slots=True)
class Labeller:
    """A classifier with its tokeniser and decision rules; `digest` names its files.

    `heads` are those of other codebooks over the same encoder: their labels follow the classifier's own in what `read` gives.
    `notice` hears the mean state (size,) of each pair's own tokens, which search by meaning keeps.
    """

    classifier: Classifier
    tokenizer: PairTokenizer
    decision: Decision
    digest: str
    heads: tuple[Heads, ...] = ()
    notice: Callable[[Pair, Floats], None] | None = None
    _pass: Pass = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_pass", pass_of(self.classifier.encoder))

    @property
    def labels(self) -> tuple[str, ...]:
        return self.classifier.shape.labels

    def read(self, pairs: Sequence[Pair], *, tokens_per_batch: int = 4096) -> Reading:
        """Reads the pairs, so many tokens at a time; a text longer than a window takes the highest logit of its windows."""
        rows: list[Tokens] = []
        parts: list[range] = []
        for pair in pairs:
            windows = self.tokenizer.windows(pair)
            parts.append(range(len(rows), len(rows) + len(windows)))
            rows += windows
        width = len(self.labels) + sum(len(heads.labels) for heads in self.heads)
        logits = np.zeros((len(rows), width))
        looks: dict[int, Look] = {}
        means: dict[int, Floats] = {}
        for batch, states in self.states(rows, tokens_per_batch):
            found, shares = self._run(batch, states)
            if self.notice:
                means.update(zip(batch.where, _means(batch, states), strict=True))
            for row, at in enumerate(batch.where):
                logits[at] = found[row]
                looks[at] = _look(rows[at], shares[row])
        if self.notice:
            for pair, part in zip(pairs, parts, strict=True):
                self.notice(pair, np.mean([means[at] for at in part], axis=0))
        highest = [logits[part.start : part.stop].max(axis=0) for part in parts]
        return Reading(np.array(highest).reshape(-1, width), tuple(_joined(part, logits, looks) for part in parts))

    def features(self, pairs: Sequence[Pair], *, tokens_per_batch: int = 4096) -> Floats:
        """The mean state (pairs, size) of each pair's own tokens, of its first window: what heads of other codebooks stand on."""
        rows = [self.tokenizer.windows(pair)[0] for pair in pairs]
        found = np.zeros((len(rows), self.classifier.encoder.config.hidden_size))
        for batch, states in self.states(rows, tokens_per_batch):
            found[list(batch.where)] = _means(batch, states)
        return found

    def _run(self, batch: Batch, states: Tensor) -> tuple[Floats, Floats]:
        """Logits (rows, labels) and shares (rows, width, labels), in single precision."""
        with torch.inference_mode():
            theirs = [head.shares(states, batch.mask, batch.own) for head in self.heads]
            shares = torch.cat([self.classifier.shares(batch, states), *theirs], dim=-1).double()
            logits = shares.sum(dim=1) + torch.cat([self.classifier.head.bias, *(head.bias for head in self.heads)]).double()
        return logits.numpy(), shares.numpy()

    def states(self, rows: Sequence[Tokens], tokens_per_batch: int = 4096) -> Iterator[tuple[Batch, Tensor]]:
        """Batches of rows of one length, with the encoder's token states (rows, width, size); what a row gets hangs on the row alone."""
        for run in passes(rows, tokens_per_batch):
            with torch.inference_mode():
                found = self._pass([rows[at] for at in run])
            for batch in batches_of_one_length(rows, run):
                states, found = found[: batch.ids.numel()], found[batch.ids.numel() :]
                yield batch, states.view(*batch.ids.shape, -1)


def _means(batch: Batch, states: Tensor) -> Floats:
    """The mean state (rows, size) of each row's own tokens."""
    mine = batch.own.unsqueeze(-1).float()
    found: Floats = ((states * mine).sum(1) / mine.sum(1)).double().numpy()
    return found


def _look(row: Tokens, shares: Floats) -> Look:
    own = [i for i, (a, b) in enumerate(row.offsets) if b > a]
    return Look(np.array([row.offsets[i] for i in own], dtype=np.int64).reshape(-1, 2), shares[own])


def _joined(parts: range, logits: Floats, looks: Mapping[int, Look]) -> Look:
    """The looks of one text's windows together; a label keeps the shares of the window that it was read from."""
    if len(parts) == 1:
        return looks[parts.start]
    first = logits[parts.start : parts.stop].argmax(axis=0)
    shares = [np.where(first == n, looks[at].shares, 0.0) for n, at in enumerate(parts)]
    return Look(np.concatenate([looks[at].offsets for at in parts]), np.concatenate(shares))


def load_labeller(folder: Path) -> Labeller:
    """A labeller from its folder; raises ModelDamaged where a file differs from the manifest."""
    digest = verify(folder)
    shape = read_shape(folder)
    classifier = Classifier(empty_encoder(folder), shape)
    weights = {name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items()}
    classifier.load_state_dict(weights)
    classifier.eval()
    tokenizer = PairTokenizer(folder / "tokenizer.json", context_tokens=shape.context_tokens, text_tokens=shape.text_tokens)
    return Labeller(classifier, tokenizer, read_decision(folder / "decision.json"), digest)


def read_shape(folder: Path) -> Shape:
    """Labels and lengths of the model in `folder`."""
    shape = json.loads((folder / "shape.json").read_text(encoding="utf-8"))
    return Shape(tuple(shape["labels"]), shape["context_tokens"], shape["text_tokens"], shape.get("buckets", 0))


def save_classifier(classifier: Classifier, tokenizer_file: Path, folder: Path) -> None:
    """Weights (half precision, safetensors), configuration, tokeniser and shape; the decision rules are written after calibration."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.half().contiguous() for name, tensor in classifier.state_dict().items()}
    save_file(weights, folder / WEIGHTS)
    classifier.encoder.config.to_json_file(str(folder / "config.json"))
    (folder / "tokenizer.json").write_bytes(tokenizer_file.read_bytes())
    shape = classifier.shape
    text = asdict(shape) | {"labels": list(shape.labels)}
    (folder / "shape.json").write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")


__all__ = ["Labeller", "Look", "Reading", "load_labeller", "read_shape", "save_classifier", "write_manifest"]
