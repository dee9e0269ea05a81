"""What goes over the wire as JSON, besides the annotated document itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from corpora.exports.formats import Format
from corpora.store.annotations import StoredAnnotation
from corpora.store.documents import Accepted, Document, Page
from corpora.store.jobs import Job, JobKind, JobState
from nlp.types import Framing


class Wire(BaseModel):
    """A value that is sent, never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Layer(StrEnum):
    """The parts of an annotated document that can be asked for by themselves."""

    FRAMING = "framing"
    UNITS = "units"
    BLOCKS = "blocks"
    DEFINITIONS = "definitions"
    ELEMENTS = "elements"
    STATEMENTS = "statements"
    REFERENCES = "references"
    USES = "uses"
    CODINGS = "codings"


class Problem(BaseModel):
    """An error (RFC 9457). `type` is stable, `detail` is for people."""

    type: str = Field(examples=["urn:lexframe:problem:no-such-document"])
    title: str = Field(examples=["No such document"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no document with this id."])
    errors: list[dict[str, str]] | None = Field(default=None, description="for an invalid request: `where` it is wrong and `why`")
    error_id: str | None = Field(default=None, description="for an internal error: where to look in the log of the service")


class UploadFields(BaseModel):
    """What can be said of a document with its upload."""

    title: str | None = Field(
        None, max_length=1000, description="its title, where the file does not say it well", examples=["Palermo Protocol"]
    )
    date: str | None = Field(None, max_length=32, description="the date of this text", examples=["2000-11-15"])
    body: str | None = Field(None, max_length=255, description="the body that issued it", examples=["UN General Assembly"])
    kind: str | None = Field(None, max_length=255, description="what kind of instrument it is", examples=["convention"])
    work: str | None = Field(None, max_length=255, description="the instrument of which it is a text", examples=["palermo-protocol"])
    version: str | None = Field(None, max_length=255, description="which text of the work it is; needs `work`", examples=["first draft"])

    @model_validator(mode="after")
    def _version_of_a_work(self) -> Self:
        if self.version and not self.work:
            raise PydanticCustomError("version_without_work", "A version needs a work: say which instrument it is a version of.")
        return self


class Upload(UploadFields):
    """The form of an upload, for the description of the API; `api.forms` reads it."""

    file: str = Field(description="the document: PDF, DOCX, HTML, Markdown or plain text", json_schema_extra={"format": "binary"})


class AcceptedOut(Wire):
    """An upload that was taken in."""

    document_id: str = Field(examples=["01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"])
    job_id: str = Field(examples=["01938c1e-7f3b-7d02-8a6b-51c3e0f7a211"])
    replayed: bool = Field(description="the idempotency key had been used before for this same upload")
    links: Mapping[str, str]

    @classmethod
    def of(cls, accepted: Accepted) -> AcceptedOut:
        links = {"document": _document_path(accepted.document_id), "job": job_path(accepted.job_id)}
        return cls(document_id=accepted.document_id, job_id=accepted.job_id, replayed=accepted.replayed, links=links)


class JobError(Wire):
    """Why a job failed; `code` is stable."""

    code: str = Field(examples=["needs_ocr"])
    message: str = Field(examples=["The PDF holds pictures of pages without text; run text recognition (OCR) on it and upload the result."])


class JobOut(Wire):
    """A job as it stands."""

    id: str
    kind: JobKind
    document_id: str | None = Field(description="of a job that annotates")
    batch_id: str | None = Field(description="of a job that belongs to the annotation of a corpus")
    state: JobState
    attempt: int = Field(description="how often it has been begun")
    max_attempts: int
    stage: str | None = Field(description="what is being done at the moment", examples=["provisions"])
    progress: float = Field(ge=0, le=1)
    error: JobError | None = Field(description="why it failed, or why its last attempt did")
    created: datetime
    started: datetime | None
    finished: datetime | None
    links: Mapping[str, str]

    @classmethod
    def of(cls, job: Job) -> JobOut:
        error = JobError(code=job.error_code, message=job.error_message or "") if job.error_code else None
        same = [name for name in cls.model_fields if name not in {"error", "links"}]
        links = {"self": job_path(job.id), "events": f"{job_path(job.id)}/events"}
        if job.document_id:
            links["document"] = _document_path(job.document_id)
        return cls(**{name: getattr(job, name) for name in same}, error=error, links=links)


class DocumentOut(Wire):
    """A document as lists show it. What the annotation found is null until there is one."""

    id: str
    filename: str = Field(examples=["palermo.pdf"])
    sha256: str
    size: int = Field(description="bytes of the original file")
    media_type: str | None
    title: str | None
    date: str | None
    body: str | None
    kind: str | None
    work: str | None
    version: str | None
    created: datetime
    state: JobState | None = Field(description="of its latest job")
    job_id: str | None
    status: str | None = Field(description="`annotated` or `unsupported_language`", examples=["annotated"])
    characters: int | None
    framing: Framing | None
    scores: Mapping[str, float] | None = Field(description="shares of the two frameworks", examples=[{"crime": 0.71, "rights": 0.29}])
    links: Mapping[str, str]

    @classmethod
    def of(cls, document: Document) -> DocumentOut:
        return cls(**_document_fields(document))


class AnnotationOut(Wire):
    """One annotation of a document: which pipeline made it, and when."""

    pipeline_digest: str
    pipeline: Mapping[str, Any]
    status: str
    language: str | None
    framing: Framing | None
    created: datetime

    @classmethod
    def of(cls, kept: StoredAnnotation) -> AnnotationOut:
        return cls(**{name: getattr(kept, name) for name in cls.model_fields})


class DocumentDetail(DocumentOut):
    """A document with the annotations that there are of it, the latest first."""

    annotations: tuple[AnnotationOut, ...]

    @classmethod
    def with_annotations(cls, document: Document, kept: tuple[StoredAnnotation, ...]) -> DocumentDetail:
        return cls(**_document_fields(document), annotations=tuple(AnnotationOut.of(one) for one in kept))


class PageOut(Wire):
    """One page of documents, the newest first."""

    items: tuple[DocumentOut, ...]
    next_cursor: str | None = Field(description="ask again with this `cursor` for the next page; null on the last")

    @classmethod
    def of(cls, page: Page) -> PageOut:
        return cls(items=tuple(DocumentOut.of(document) for document in page.items), next_cursor=page.next_cursor)


class FormatOut(Wire):
    """A format of exports; `many_…` are of the file that holds a whole corpus."""

    name: str = Field(examples=["akn"])
    about: str = Field(examples=["Akoma Ntoso 3.0"])
    suffix: str = Field(examples=[".xml"])
    media_type: str = Field(examples=["application/akn+xml"])
    many_suffix: str = Field(examples=[".zip"])
    many_media_type: str = Field(examples=["application/zip"])

    @classmethod
    def of(cls, found: Format) -> FormatOut:
        return cls(**{name: getattr(found, name) for name in cls.model_fields})


class FormatsOut(Wire):
    """The formats of exports."""

    items: tuple[FormatOut, ...]


class Health(Wire):
    """Whether the service is well; `why` says what is not."""

    status: str = Field(examples=["ok"])
    why: str | None = None


class Version(Wire):
    """Which program answers."""

    name: str = Field(examples=["lexframe"])
    version: str = Field(examples=["0.1.0"])
    api: str = Field(examples=["v1"])
    annotations: str = Field(examples=["lexframe.annotations/1"])


def job_path(job_id: str) -> str:
    """Where a job is found."""
    return f"/v1/jobs/{job_id}"


def _document_path(document_id: str) -> str:
    return f"/v1/documents/{document_id}"


def _document_fields(document: Document) -> dict[str, Any]:
    at = _document_path(document.id)
    same = ("id", "filename", "sha256", "size", "media_type", "title", "date", "body", "kind", "version", "created", "state", "job_id")
    found = ("status", "characters", "framing")
    scores = None
    if document.crime_score is not None and document.rights_score is not None:
        scores = {"crime": document.crime_score, "rights": document.rights_score}
    links = {"self": at, **{name: f"{at}/{name}" for name in ("text", "original", "annotations")}}
    if document.job_id:
        links["job"] = job_path(document.job_id)
    return {name: getattr(document, name) for name in (*same, *found)} | {"work": document.work_id, "scores": scores, "links": links}
