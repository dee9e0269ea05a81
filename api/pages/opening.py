"""How views come by a document: its latest annotation off the shelf, the state of its job, the place of a unit."""

from __future__ import annotations

from collections.abc import Sequence

from api.deps import Service
from api.pages.reading import Line
from api.pages.shelf import Opened, Shelf
from corpora.store import annotations as kept
from corpora.store import jobs
from corpora.store.annotations import Json, StoredAnnotation
from corpora.store.documents import Document
from corpora.store.jobs import Job

_shelf = Shelf()


def opened(here: Service, annotation: StoredAnnotation) -> Opened:
    """The annotated document with its lines."""
    return opened_by_id(here, annotation.id)


def opened_by_id(here: Service, annotation_id: str) -> Opened:
    """The annotated document with its lines, which need not be the latest of its document."""

    def read() -> Json:
        with here.store.reading() as tx:
            return kept.result(tx, annotation_id)

    return _shelf.take(annotation_id, read)


def state_of(here: Service, document: Document) -> Job | None:
    """The document's latest job."""
    if document.job_id is None:
        return None
    with here.store.reading() as tx:
        return jobs.get(tx, document.job_id, space=document.space)


def find_unit(pieces: Sequence[Sequence[Line]], unit: str) -> tuple[int, str] | None:
    """The number of the part and the address of a unit, by its whole id or by the end of it that says enough."""
    anchors = [(number, line.anchor) for number, piece in enumerate(pieces, 1) for line in piece if line.anchor]
    exact = [place for place in anchors if place[1] == unit]
    ending = [place for place in anchors if place[1].endswith(f"__{unit}")]
    return next(iter(exact or ending), None)
