"""The encoder without torch, for a few words at a time: what a service needs that embeds a query and labels nothing.

It reads the same files and gives the same mean states, to the third digit, as the encoder that labels (tests compare the two).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Tokenizer

from models.manifest import verify

Floats = NDArray[np.float32]
WEIGHTS = "model.safetensors"
_ROOT_OF_HALF = np.float32(0.7071067811865476)
# Abramowitz and Stegun 7.1.26: the error function to 1.5e-7, which is below what half-precision weights can tell.
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)


@dataclass(frozen=True, slots=True)
class LightEncoder:
    """A BERT encoder as plain arrays; `digest` names the files that it was read from."""

    arrays: dict[str, Floats]
    tokenizer: Tokenizer
    heads: int
    layers: int
    epsilon: float
    most_tokens: int
    digest: str

    def mean_state(self, text: str) -> Floats:
        """The mean state (size,) of the text's own tokens, read without context; what is longer than a window is cut."""
        own = self.tokenizer.encode(text, add_special_tokens=False).ids[: self.most_tokens]
        cls, sep = (self.tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
        ids = np.array([cls, sep, *own, sep])
        types = np.array([0, 0, *(1 for _ in own), 1])
        states = self._states(ids, types)
        mean: Floats = states[types == 1].mean(axis=0)
        return mean

    def _states(self, ids: NDArray[np.int64], types: NDArray[np.int64]) -> Floats:
        """Token states (width, size)."""
        a = self.arrays
        summed = a["embeddings.word_embeddings.weight"][ids].astype(np.float32)
        summed += a["embeddings.position_embeddings.weight"][: len(ids)] + a["embeddings.token_type_embeddings.weight"][types]
        states = self._normed(summed, "embeddings.LayerNorm")
        for n in range(self.layers):
            states = self._layer(states, f"encoder.layer.{n}")
        return states

    def _layer(self, states: Floats, name: str) -> Floats:
        width, size = states.shape
        each = size // self.heads

        def part(which: str) -> Floats:
            """(heads, width, size of a head)"""
            return self._linear(states, f"{name}.attention.self.{which}").reshape(width, self.heads, each).transpose(1, 0, 2)

        looks = _softmax(part("query") @ part("key").transpose(0, 2, 1) / np.float32(np.sqrt(each)))
        seen = (looks @ part("value")).transpose(1, 0, 2).reshape(width, size)
        attended = self._normed(states + self._linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        inner = _gelu(self._linear(attended, f"{name}.intermediate.dense"))
        return self._normed(attended + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, x: Floats, name: str) -> Floats:
        found: Floats = x @ self.arrays[f"{name}.weight"].T + self.arrays[f"{name}.bias"]
        return found

    def _normed(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(self.epsilon))
        found: Floats = centred / spread * self.arrays[f"{name}.weight"] + self.arrays[f"{name}.bias"]
        return found


def load_light(folder: Path) -> LightEncoder:
    """The encoder of the classifier in `folder`; raises ModelDamaged where a file differs from the manifest."""
    digest = verify(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    shape = json.loads((folder / "shape.json").read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return LightEncoder(
        arrays=_arrays(folder / WEIGHTS),
        tokenizer=tokenizer,
        heads=config["num_attention_heads"],
        layers=config["num_hidden_layers"],
        epsilon=config["layer_norm_eps"],
        most_tokens=shape["text_tokens"],
        digest=digest,
    )


def _arrays(path: Path) -> dict[str, Floats]:
    """The encoder's arrays in single precision; the vocabulary, of which a query needs few rows, stays in half."""
    prefix = "encoder."
    with safe_open(str(path), framework="numpy") as file:
        names = [name for name in file.keys() if name.startswith(prefix)]  # noqa: SIM118 - not a dict
        found = {name.removeprefix(prefix): file.get_tensor(name) for name in names}
    return {name: array if "word_embeddings" in name else array.astype(np.float32) for name, array in found.items()}


def _softmax(x: Floats) -> Floats:
    risen = np.exp(x - x.max(axis=-1, keepdims=True))
    found: Floats = risen / risen.sum(axis=-1, keepdims=True)
    return found


def _gelu(x: Floats) -> Floats:
    y = np.abs(x) * _ROOT_OF_HALF
    t = 1 / (1 + np.float32(0.3275911) * y)
    rest = np.zeros_like(t)
    for factor in reversed(_ERF):
        rest = (rest + np.float32(factor)) * t
    erf = np.sign(x) * (1 - rest * np.exp(-y * y))
    found: Floats = x * np.float32(0.5) * (1 + erf)
    return found
