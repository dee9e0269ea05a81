"""Vectors of provisions, made where the models are loaded: noticed while a document is annotated, or made afterwards for a whole store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from corpora.search.meaning import packed
from corpora.store import annotations as kept
from corpora.store import provisions
from corpora.store.session import Store
from corpora.store.words import storable
from nlp.annotate import Annotator
from nlp.provisions import read_with
from nlp.reading import from_json
from nlp.reuse import title_of
from nlp.structure.find import find_structure
from nlp.types import AnnotatedDocument


def noticing(annotator: Annotator) -> tuple[Annotator, dict[str, bytes]]:
    """The annotator, and a dictionary into which it writes the vector of each provision that it reads, by its words."""
    noticed: dict[str, bytes] = {}
    labeller = replace(annotator.labeller, notice=lambda pair, mean: noticed.__setitem__(storable(pair.text), packed(mean)))
    return replace(annotator, labeller=labeller), noticed


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


def _read(annotator: Annotator, document: AnnotatedDocument) -> None:
    """Reads each provision as it was read when it was labelled, or without context where its structure is found otherwise now."""
    passages = find_structure(document.text).passages
    title = title_of(document.text, document.source.title)
    annotator.labeller.read([read_with(passages, at, title) for at in range(len(passages))])
