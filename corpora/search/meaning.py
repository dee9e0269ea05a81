"""What words mean, as a vector of the encoder that labels: stored with each provision, and made of a query where no torch is loaded.

All states of an encoder lean one way, and those of words read in context lean another way than those of a bare query. So what is
common to each kind is taken off first (docs/how-to/search.md has what that brings).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.store.nearest import FULL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.light import LightEncoder


def packed(mean: NDArray[np.floating]) -> bytes:
    """A mean state as a direction, a signed byte each number, so that the cosine of two is kept to the third digit."""
    import numpy as np

    unit = mean / max(float(np.linalg.norm(mean)), 1e-9)
    most = max(float(np.abs(unit).max()), 1e-9)
    return np.round(unit / most * FULL).astype(np.int8).tobytes()


def middle(vectors: Iterable[bytes]) -> bytes:
    """The direction between several vectors: what an article with many paragraphs is about."""
    import numpy as np

    rows = np.array([np.frombuffer(one, np.int8) for one in vectors], dtype=np.float32)
    return packed((rows / np.linalg.norm(rows, axis=1, keepdims=True)).mean(axis=0))


def meaning_of(words: str, model: Path) -> bytes:
    """The vector of a query, by the model in a folder; the first call loads its encoder. Raises ModelDamaged."""
    return packed(_encoder(model).mean_state(words) - _common(model))


@cache
def encoder_digest(model: Path) -> str:
    """Which encoder makes the vectors of queries; raises ModelDamaged."""
    from models.manifest import model_digest

    return model_digest(model)


@cache
def _encoder(model: Path) -> LightEncoder:
    from models.light import load_light

    return load_light(model)


@cache
def _common(model: Path) -> NDArray[np.floating]:
    """The mean state of bare phrases: those in which the codebook says what its labels are about."""
    import numpy as np

    from nlp.codebook import codebook

    states = np.array([_encoder(model).mean_state(label.description) for label in codebook().labels])
    mean: NDArray[np.floating] = states.mean(axis=0)
    return mean
