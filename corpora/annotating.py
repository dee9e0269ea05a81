"""Bytes in, annotated document out: the one way through readers and pipeline that every entrance takes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from corpora.catalogue.find import load_catalogue
from corpora.readers.child import read_in_child
from corpora.readers.model import ReadText
from nlp.annotate import WEIGHTS, Annotator, Stage, load_annotator
from nlp.trained import Trained
from nlp.types import AnnotatedDocument, Source


def annotate_bytes(
    data: bytes,
    *,
    annotator: Annotator,
    title: str | None = None,
    kind: str | None = None,
    read: Callable[[bytes], ReadText] = read_in_child,
    stage: Stage = lambda name: None,
    before: AnnotatedDocument | None = None,
) -> AnnotatedDocument:
    """Reads the bytes in a child process and annotates the text; raises ReadingError where there is no text to be had.

    From `before`, another version, labels are taken over for blocks that say the same in the same context.
    """
    stage("reading")
    found = read(data)
    return annotator(found.text, _source(data, found, title, kind), stage, before)


def _source(data: bytes, found: ReadText, title: str | None, kind: str | None) -> Source:
    return Source(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=found.media_type,
        language=found.language,
        title=title or found.title,
        kind=kind,
        warnings=found.warnings,
        pages=found.pages,
        notes=found.notes,
    )


def default_annotator(weights: Path | None = None, codebooks: Sequence[Trained] = (), model: Path | None = None) -> Annotator:
    """The pipeline with the shipped models, the catalogue's names, and trained codebooks beside the shipped one.

    `model` is the folder of a provision model that takes the place of the shipped one.
    """
    return load_annotator(load_catalogue().find, weights or WEIGHTS, codebooks, model)
