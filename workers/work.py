"""What a worker does with a document, as a value: the pipeline's description and the function itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from corpora.store.annotations import pipeline_digest

Json = dict[str, Any]
Report = Callable[[str, float], None]
Meant = Callable[[str, Mapping[str, bytes]], None]


class Failure(Exception):
    """A document was not annotated; `code` is stable, the message is written for the user."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class PermanentFailure(Failure):
    """This document cannot be annotated however often it is tried."""


class PassingFailure(Failure):
    """It went wrong for a reason outside the document, and is worth another attempt."""


class ClaimLost(Exception):
    """The job was cancelled, deleted, or given to another worker; what is left of the work would be thrown away."""


@dataclass(frozen=True, slots=True)
class JobInput:
    """One document to annotate. `report(stage, progress)` tells how far the work is (0 to 1); it may raise ClaimLost.

    `before` is the annotated JSON of another version of the same work, from which equal blocks may be taken over. `meant` is told what
    the blocks mean, as vectors by their words, if the pipeline makes any.
    """

    data: bytes
    title: str | None
    kind: str | None
    report: Report
    before: Json | None = None
    meant: Meant = lambda encoder, vectors: None


@dataclass(frozen=True, slots=True)
class Work:
    """A loaded pipeline: `run` gives the annotated document as JSON values, `pipeline` describes what its result depends on."""

    pipeline: Mapping[str, Any]
    run: Callable[[JobInput], Json]

    @property
    def digest(self) -> str:
        """The digest by which results of this pipeline are kept."""
        return pipeline_digest(self.pipeline)
