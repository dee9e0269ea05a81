"""Labels of blocks as keys (`victim/child`), and how sure the machine is of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]
CONDITIONAL = "conditional"


def machine_labels(block: Json, layers: Iterable[str]) -> dict[str, float]:
    """The machine's labels of a block in these layers, key → probability (1 for an attribute that has none)."""
    found: dict[str, float] = {}
    for layer in layers:
        value = block.get(layer)
        if isinstance(value, Mapping):
            found |= {f"{layer}/{name}": float(p) for name, p in value.items()}
        elif value is True:
            found[f"{layer}/{layer}"] = 1.0
    return found


def undecided_labels(block: Json, layers: Iterable[str]) -> dict[str, float]:
    """Labels of these layers on either side of their threshold of which the machine is not sure, key → probability."""
    counted = set(layers)
    return {key: float(p) for key, p in block.get("undecided", {}).items() if key.partition("/")[0] in counted}


def uncertainty(undecided: Mapping[str, float]) -> float:
    """How unsure the machine is of a block: the sum over its undecided labels of 1 − |2p − 1|, which is 1 for a label at one half."""
    return sum(1 - abs(2 * float(p) - 1) for p in undecided.values())


def text_digest(text: str) -> str:
    """Which text a decision is about, as a digest of its characters."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
