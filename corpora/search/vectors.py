"""Vectors of provisions, made where the models are loaded: noticed while a document is annotated, or made afterwards for a whole store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from corpora.samples import sample_text, samples
from corpora.search.meaning import packed
from corpora.store import annotations as kept
from corpora.store import provisions
from corpora.store.session import Store
from corpora.store.words import storable
from models.encoder import Pair
from models.labeller import Floats, Labeller
from nlp.annotate import Annotator
from nlp.provisions import read_with
from nlp.reading import from_json
from nlp.reuse import title_of
from nlp.structure.find import find_structure
from nlp.types import AnnotatedDocument

SAMPLED = 8  # provisions of each sample


def noticing(annotator: Annotator) -> tuple[Annotator, dict[str, bytes]]:
    """The annotator, and a dictionary into which it writes the vector of each provision that it reads, by its words."""
    noticed: dict[str, bytes] = {}
    common = common_state(annotator.labeller)
    listening = replace(annotator.labeller, notice=lambda pair, mean: noticed.__setitem__(storable(pair.text), packed(mean - common)))
    return replace(annotator, labeller=listening), noticed


def common_state(labeller: Labeller) -> Floats:
    """The mean state (size,) of provisions of the kinds of text that the samples show."""
    heard: list[Floats] = []
    replace(labeller, notice=lambda pair, mean: heard.append(mean)).read(
        [pair for sample in samples() for pair in _some(sample_text(sample.name))]
    )
    found: Floats = np.mean(heard, axis=0)
    return found


def make_missing(store: Store, annotator: Annotator, step: Callable[[int, int], None] = lambda done, all: None) -> int:
    """Makes the vectors that provisions lack of the annotator's encoder; how many documents were read again for it."""
    listening, noticed = noticing(annotator)
    encoder = annotator.labeller.digest
    with store.reading() as tx:
        waiting = provisions.without_vectors(tx, encoder)
    for done, annotation_id in enumerate(waiting):
        step(done, len(waiting))
        with store.reading() as tx:
            document = from_json(kept.result(tx, annotation_id))
        noticed.clear()
        _read(listening, document)
        with store.transaction() as tx:
            provisions.keep_vectors(tx, annotation_id, encoder, noticed)
    return len(waiting)


def _some(text: str) -> list[Pair]:
    passages = find_structure(text).passages
    return [read_with(passages, at, title_of(text, None)) for at in range(0, len(passages), max(1, len(passages) // SAMPLED))]


def _read(annotator: Annotator, document: AnnotatedDocument) -> None:
    """Reads each provision as it was read when it was labelled, or without context where its structure is found otherwise now."""
    passages = find_structure(document.text).passages
    title = title_of(document.text, document.source.title)
    annotator.labeller.read([read_with(passages, at, title) for at in range(len(passages))])
