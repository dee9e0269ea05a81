"""Which codebooks there are: the shipped one, and those of the user's own. Loads no model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import models
from models.manifest import ModelDamaged, model_digest
from nlp.trained import Trained, choose_usable, find_trained

MODEL = Path(models.__file__).parent / "weights" / "provisions"


def usable_codebooks(places: Sequence[str]) -> tuple[tuple[Trained, ...], tuple[ModelDamaged, ...]]:
    """The trained codebooks in folders that can be read with the shipped model, and why others cannot."""
    return choose_usable(find_trained(places), shipped_digest())


def shipped_digest() -> str:
    """The digest of the shipped model."""
    return model_digest(MODEL)
