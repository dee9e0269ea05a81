"""Corpora and batches as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from api.schemas import Wire
from corpora.filling import Filled
from corpora.store.batches import Batch, BatchState, Failure, Which
from corpora.store.corpora import Corpus
from corpora.store.jobs import JobState


class NewCorpusIn(Wire):
    """A corpus to be made."""

    name: str = Field(min_length=1, max_length=255, examples=["Regional treaties"])
    description: str | None = Field(None, max_length=1000, examples=["Instruments of regional bodies since 1990"])


class CorpusOut(Wire):
    """A corpus."""

    id: str
    name: str = Field(examples=["Regional treaties"])
    description: str | None
    created: datetime
    documents: int
    annotated: int = Field(description="documents that have an annotation")
    links: Mapping[str, str]

    @classmethod
    def of(cls, corpus: Corpus) -> CorpusOut:
        at = corpus_path(corpus.id)
        links = {"self": at, **{name: f"{at}/{name}" for name in ("documents", "annotate", "batches", "exports", "analytics")}}
        return cls(**{name: getattr(corpus, name) for name in cls.model_fields if name != "links"}, links=links)


class CorporaOut(Wire):
    """All corpora of a space, by name."""

    items: tuple[CorpusOut, ...]


class AddedOut(Wire):
    """A file that was taken in."""

    path: str = Field(examples=["treaties/palermo.txt"])
    document_id: str


class NotTakenOut(Wire):
    """A file that was not taken in, and why."""

    path: str = Field(examples=["treaties/scan.tiff"])
    why: str = Field(examples=["documents end in .docx, .htm, .html, .pdf, .txt"])


class FilledOut(Wire):
    """What became of the files that were sent to a corpus."""

    added: tuple[AddedOut, ...]
    skipped: tuple[str, ...] = Field(description="paths whose bytes the corpus had already")
    refused: tuple[NotTakenOut, ...]
    unused: tuple[str, ...] = Field(description="paths that the manifest names and that were not among the files")

    @classmethod
    def of(cls, filled: Filled) -> FilledOut:
        return cls(
            added=tuple(AddedOut(path=path, document_id=document_id) for path, document_id in filled.added),
            skipped=tuple(filled.skipped),
            refused=tuple(NotTakenOut(path=one.path, why=one.why) for one in filled.refused),
            unused=tuple(filled.unused),
        )


class DigestsIn(Wire):
    """SHA-256 digests of files, as sixty-four hexadecimal figures."""

    sha256: tuple[str, ...] = Field(max_length=10_000)


class DigestsOut(Wire):
    """Those of the digests that the corpus has."""

    known: tuple[str, ...]


class NewBatchIn(Wire):
    """Which documents of the corpus are to be annotated."""

    which: Which = Field(Which.MISSING, description="`missing`: those without an annotation; `all`")


class BatchOut(Wire):
    """The annotation of a corpus, as it stands."""

    id: str
    corpus_id: str
    state: BatchState
    created: datetime
    finished: datetime | None
    documents: int
    ended: int = Field(description="documents that are through, well or not")
    progress: float = Field(ge=0, le=1)
    states: Mapping[JobState, int] = Field(description="documents by the state of their job")
    stages: Mapping[str, int] = Field(description="documents at work, by what is being done", examples=[{"provisions": 2}])
    per_second: float | None = Field(description="documents that ended per second in the last five minutes")
    seconds_left: float | None = Field(description="an estimate from that rate; null while there is none")
    links: Mapping[str, str]

    @classmethod
    def of(cls, batch: Batch) -> BatchOut:
        at = batch_path(batch.id)
        links = {"self": at, **{name: f"{at}/{name}" for name in ("failures", "pause", "resume", "cancel", "retry")}}
        links["corpus"] = corpus_path(batch.corpus_id)
        return cls(**{name: getattr(batch, name) for name in cls.model_fields if name != "links"}, links=links)


class BatchesOut(Wire):
    """The batches of a corpus, the latest first."""

    items: tuple[BatchOut, ...]


class FailureOut(Wire):
    """A document that could not be annotated, and why; `code` is stable."""

    job_id: str
    document_id: str
    path: str
    attempts: int
    code: str = Field(examples=["needs_ocr"])
    message: str


class FailuresOut(Wire):
    """The failures of a batch."""

    items: tuple[FailureOut, ...]
    next_after: str | None = Field(description="ask again with this `after` for the next ones; null on the last page")

    @classmethod
    def of(cls, failures: tuple[Failure, ...], most: int) -> FailuresOut:
        items = tuple(FailureOut(**{name: getattr(one, name) for name in FailureOut.model_fields}) for one in failures)
        return cls(items=items, next_after=items[-1].job_id if len(items) == most else None)


def corpus_path(corpus_id: str) -> str:
    """Where a corpus is found."""
    return f"/v1/corpora/{corpus_id}"


def batch_path(batch_id: str) -> str:
    """Where a batch is found."""
    return f"/v1/batches/{batch_id}"
