"""Annotation and comparison in this process."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.annotate import Annotator
    from nlp.compare.types import Comparison
    from nlp.types import AnnotatedDocument

_one_at_a_time = Lock()  # an annotator may not be shared between threads


def annotate(text: str, *, title: str | None = None, kind: str | None = None) -> AnnotatedDocument:
    """Everything that Lexframe says of a text; offsets are code points into it. The first call loads the models (seconds).

    A text that is not English is kept and not annotated; `status` says so.
    """
    from corpora.readers.language import language_of
    from corpora.readers.title import title_of
    from nlp.types import Source

    data = text.encode("utf-8", "surrogatepass")
    name = title or title_of(text, None)
    source = Source(hashlib.sha256(data).hexdigest(), "text/plain", language_of(text), title=name, kind=kind)
    with _one_at_a_time:
        return _annotator()(text, source)


def annotate_file(path: str | Path, *, title: str | None = None, kind: str | None = None) -> AnnotatedDocument:
    """The same of a file: PDF, DOCX, HTML, Markdown or plain text. Raises OSError, or ReadingError where there is no text to be had."""
    from corpora.annotating import annotate_bytes

    data = Path(path).read_bytes()
    with _one_at_a_time:
        return annotate_bytes(data, annotator=_annotator(), title=title, kind=kind)


def compare(left: str | AnnotatedDocument, right: str | AnnotatedDocument) -> Comparison:
    """What changed from one text to the other: texts are annotated first."""
    from nlp.compare.compare import compare as compare_documents

    ours, theirs = (annotate(side) if isinstance(side, str) else side for side in (left, right))
    return compare_documents(ours, theirs)


@cache
def _annotator() -> Annotator:
    from corpora.annotating import default_annotator

    return default_annotator()
