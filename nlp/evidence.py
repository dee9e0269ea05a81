"""The phrases that carry a block's labels, from what each of their words brings to the label's logit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from models.decision import Decision
from models.labeller import Look
from nlp.phrases import phrases
from nlp.types import Evidence, Passage

Floats = NDArray[np.float64]
MOST = 3
LEAST = 0.05


class Phrase(NamedTuple):
    """A phrase of the passage, code points from its beginning, and what its words bring to each logit (labels,)."""

    start: int
    end: int
    share: Floats


def find_evidence(passage: Passage, doc: Doc, decision: Decision, logits: Floats, look: Look, said: Sequence[int]) -> tuple[Evidence, ...]:
    """For every label in `said` (columns) its heaviest phrases: at most three, the heaviest always, others from 0.05 on.

    A phrase's weight is the fall of the label's probability when the phrase's share is taken from the logit. Labels in the order of
    their names, phrases heaviest first.
    """
    p = decision.probabilities(logits[None])[0]
    if not said:
        return ()
    shared = list(weigh_phrases(phrases(doc), look))
    without = decision.probabilities(logits - np.array([s.share for s in shared]).reshape(-1, len(p)))
    found = [e for j in said for e in _heaviest(passage, decision.rules[j].label, shared, p[j] - without[:, j])]
    return tuple(sorted(found, key=lambda e: (e.label, -e.weight, e.start)))


def weigh_phrases(spans: Sequence[tuple[int, int]], look: Look) -> Iterator[Phrase]:
    """What each phrase brings: the shares of the tokens whose middle lies in it."""
    middle = look.offsets.mean(axis=1)
    order = np.argsort(middle, kind="stable")
    bounds = np.searchsorted(middle[order], spans).tolist() if len(spans) else []
    for (start, end), (first, last) in zip(spans, bounds, strict=True):
        yield Phrase(start, end, look.shares[order[first:last]].sum(axis=0))


def _heaviest(passage: Passage, label: str, shared: Sequence[Phrase], falls: Floats) -> Iterator[Evidence]:
    for at in np.argsort(-falls, kind="stable")[:MOST]:
        weight = round(float(falls[at]), 3)
        phrase = shared[at]
        if weight >= LEAST or (at == int(np.argmax(falls)) and weight > 0):
            words = passage.text[phrase.start : phrase.end]
            yield Evidence(label, passage.start + phrase.start, passage.start + phrase.end, words, weight)
