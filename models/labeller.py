"""A trained classifier, ready to use: pairs in, calibrated probabilities out, and the words that each label looked at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from models.classifier import Classifier, Shape, empty_encoder
from models.decision import Decision, read_decision
from models.encoder import Batch, Pair, PairTokenizer, Tokens, batches_by_length
from models.manifest import verify, write_manifest

Floats = NDArray[np.float64]
WEIGHTS = "model.safetensors"


@dataclass(frozen=True, slots=True)
class Look:
    """Where the labels of one pair looked: `offsets` (tokens, 2) code points into its text, `attention` (tokens, labels), sum 1 a label."""

    offsets: NDArray[np.int64]
    attention: Floats


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of some pairs: logits (pairs, labels), and a look for each pair if asked for."""

    logits: Floats
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Labeller:
    """A classifier with its tokeniser and decision rules; `digest` names its files."""

    classifier: Classifier
    tokenizer: PairTokenizer
    decision: Decision
    digest: str

    @property
    def labels(self) -> tuple[str, ...]:
        return self.classifier.shape.labels

    def read(self, pairs: Sequence[Pair], *, tokens_per_batch: int = 2048) -> Reading:
        """Reads the pairs in length-sorted batches; a text longer than a window takes the highest logit of its windows."""
        rows: list[Tokens] = []
        owner: list[int] = []
        for i, pair in enumerate(pairs):
            windows = self.tokenizer.windows(pair)
            rows += windows
            owner += [i] * len(windows)
        logits = np.full((len(pairs), len(self.labels)), -np.inf)
        looks: list[list[Look]] = [[] for _ in pairs]
        for batch in batches_by_length(rows, tokens_per_batch):
            found, attention = self._run(batch)
            for row, at in enumerate(batch.where):
                logits[owner[at]] = np.maximum(logits[owner[at]], found[row])
                looks[owner[at]].append(_look(rows[at], attention[row]))
        return Reading(logits, tuple(_joined(parts) for parts in looks))

    def _run(self, batch: Batch) -> tuple[Floats, Floats]:
        """The encoder in bfloat16, twice to three times as fast on processors that have it; the heads in single precision."""
        with torch.inference_mode():
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = self.classifier.states(batch)
            logits, attention = self.classifier.head.look(states.float(), batch.mask, batch.own)
        return logits.double().numpy(), attention.double().numpy()


def _look(row: Tokens, attention: Floats) -> Look:
    own = [i for i, (a, b) in enumerate(row.offsets) if b > a]
    return Look(np.array([row.offsets[i] for i in own], dtype=np.int64).reshape(-1, 2), attention[own])


def _joined(parts: Sequence[Look]) -> Look:
    return Look(np.concatenate([p.offsets for p in parts]), np.concatenate([p.attention for p in parts]) / len(parts))


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
    return Shape(tuple(shape["labels"]), shape["context_tokens"], shape["text_tokens"])


def save_classifier(classifier: Classifier, tokenizer_file: Path, folder: Path) -> None:
    """Weights (half precision, safetensors), configuration, tokeniser and shape; the decision rules are written after calibration."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.half().contiguous() for name, tensor in classifier.state_dict().items()}
    save_file(weights, folder / WEIGHTS)
    classifier.encoder.config.to_json_file(str(folder / "config.json"))
    (folder / "tokenizer.json").write_bytes(tokenizer_file.read_bytes())
    shape = classifier.shape
    text = {"labels": list(shape.labels), "context_tokens": shape.context_tokens, "text_tokens": shape.text_tokens}
    (folder / "shape.json").write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")


__all__ = ["Labeller", "Look", "Reading", "load_labeller", "read_shape", "save_classifier", "write_manifest"]
