"""The last few annotated documents that were looked at, so that turning a page does not unpack the whole document again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.pages.reading import Line, lines

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
        self._most, self._lock = most, threading.Lock()
        self._kept: OrderedDict[str, Opened] = OrderedDict()

    def take(self, annotation_id: str, read: Callable[[], Json]) -> Opened:
        """The document of this annotation, read where it is not kept."""
        with self._lock:
            if known := self._kept.get(annotation_id):
                self._kept.move_to_end(annotation_id)
                return known
        document = read()
        opened = Opened(annotation_id, document, lines(document) if _is_whole(document) else [])
        if len(document.get("text", "")) <= LONGEST_KEPT:
            self._keep(opened)
        return opened

    def _keep(self, opened: Opened) -> None:
        with self._lock:
            self._kept[opened.annotation_id] = opened
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def _is_whole(document: Json) -> bool:
    """Whether it has the layers that a page needs; a pipeline of the operator's own may leave them out."""
    return all(name in document for name in ("units", "blocks", "definitions", "elements", "statements", "references", "uses"))
