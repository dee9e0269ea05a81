"""The last few annotated documents and comparisons that were looked at, so that turning a page does not make the whole again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.comparing import Answer
from api.pages.reading import Line, lines
from api.recent import Recent

Json = dict[str, Any]

MOST_KEPT = 6
LONGEST_KEPT = 1_500_000


@dataclass(frozen=True, slots=True)
class Opened:
    """An annotated document and its lines; `annotation_id` never names anything else."""

    annotation_id: str
    document: Json
    lines: list[Line]


class Shelf:
    """Keeps documents of up to 1.5 million characters, the six that were used last; safe to share between threads."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._recent: Recent[str, Opened] = Recent(most)

    def take(self, annotation_id: str, read: Callable[[], Json]) -> Opened:
        """The document of this annotation, read where it is not kept."""
        if known := self._recent.find(annotation_id):
            return known
        document = read()
        opened = Opened(annotation_id, document, lines(document) if _is_whole(document) else [])
        if len(document.get("text", "")) <= LONGEST_KEPT:
            self._recent.keep(annotation_id, opened)
        return opened


class Results:
    """Keeps the last eight answers that were ready, by the annotations (which never change) that they were made of."""

    def __init__(self, most: int = 8) -> None:
        self._recent: Recent[tuple[str, ...], Answer] = Recent(most)

    def take(self, key: tuple[str, ...], make: Callable[[], Answer]) -> Answer:
        """The answer under this key, made where it is not kept; one that a job still makes is asked for again."""
        if known := self._recent.find(key):
            return known
        answer = make()
        if answer.result is not None:
            self._recent.keep(key, answer)
        return answer


def _is_whole(document: Json) -> bool:
    """Whether it has the layers that a page needs; a pipeline of the operator's own may leave them out."""
    return all(name in document for name in ("units", "blocks", "definitions", "elements", "statements", "references", "uses"))
