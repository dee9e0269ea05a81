"""Kept annotations in, comparisons out: the one way that the service and its workers take.

What compares is imported when it is first needed, since it needs numpy, which a service that only answers does without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from corpora.store import annotations as kept
from corpora.store.session import Store, Transaction
from nlp.codebook import codebook
from nlp.compare import wire
from nlp.compare.types import Wishes
from nlp.compare.wire import Part
from nlp.reading import from_json
from nlp.types import AnnotatedDocument

Json = dict[str, Any]
Load = Callable[[], AnnotatedDocument]
Couples = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: `comparison`, `timeline` or `matrix`, of which annotations, in which order."""

    what: str
    annotations: tuple[str, ...]
    baseline: int = 0
    pins: Couples = ()
    forbidden: Couples = ()

    def plain(self) -> Json:
        """As the store keeps it."""
        found = asdict(self)
        return {**found, **{name: [list(x) for x in found[name]] for name in ("pins", "forbidden")}, "annotations": list(self.annotations)}

    @classmethod
    def of(cls, found: Json) -> Request:
        """From the form in which it is kept."""
        pins, forbidden = (tuple((a, b) for a, b in found[name]) for name in ("pins", "forbidden"))
        return cls(found["what"], tuple(found["annotations"]), found["baseline"], pins, forbidden)


def annotated(tx: Transaction, annotation_id: str) -> AnnotatedDocument:
    """A kept annotation as the document that it describes."""
    return from_json(kept.result(tx, annotation_id))


def make_kept(store: Store, request: Request, step: Callable[[float], None]) -> Json:
    """The answer to a request, from the store."""

    def load(annotation_id: str) -> AnnotatedDocument:
        with store.reading() as tx:
            return annotated(tx, annotation_id)

    return make(request, [partial(load, one) for one in request.annotations], step)


def make(request: Request, loads: Sequence[Load], step: Callable[[float], None] = lambda done: None) -> Json:
    """The answer to a request; `step` hears how far it is, 0 to 1. Raises UnknownUnit."""
    found = [load() for load in loads]
    if request.what == "comparison":
        from nlp.compare.compare import compare

        return wire.to_json(compare(found[0], found[1], Wishes(request.pins, request.forbidden)), tuple(Part))
    if request.what == "timeline":
        from nlp.compare.timeline import timeline

        return wire.timeline_json(timeline(found))
    from nlp.compare.coverage import coverage, definition_table
    from nlp.compare.matrix import matrix

    types = [label.name for label in codebook().labels if label.layer == "victim"]
    return wire.matrix_json(matrix(found, request.baseline, step), coverage(found, types), definition_table(found))
