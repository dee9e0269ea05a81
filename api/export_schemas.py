"""Exports as JSON: the formats there are, and the export of a whole corpus as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from api.corpus_schemas import corpus_path
from api.schemas import Wire, job_path
from corpora.exports.formats import FORMATS
from corpora.store.exports import Export
from corpora.store.jobs import JobState

FormatName = StrEnum("FormatName", {name.upper().replace("-", "_"): name for name in FORMATS})  # type: ignore[misc]


class NewExportIn(Wire):
    """The export of a corpus that is to be made."""

    format: FormatName = Field(description="see /v1/formats", examples=["csv"])


class ExportOut(Wire):
    """The export of a corpus, as it stands."""

    id: str
    corpus_id: str
    format: str = Field(examples=["csv"])
    state: JobState = Field(description="of the job that makes it")
    progress: float = Field(ge=0, le=1)
    size: int | None = Field(description="bytes of the file; null until it is there", examples=[48213])
    sha256: str | None = Field(description="of the file; null until it is there")
    error: str | None = Field(description="why it could not be made")
    created: datetime
    links: Mapping[str, str]

    @classmethod
    def of(cls, export: Export) -> ExportOut:
        at = export_path(export.id)
        links = {"self": at, "file": f"{at}/file", "job": job_path(export.job_id), "corpus": corpus_path(export.corpus_id)}
        same = [name for name in cls.model_fields if name not in {"error", "links"}]
        return cls(**{name: getattr(export, name) for name in same}, error=export.error_message, links=links)


class ExportsOut(Wire):
    """The exports of a corpus, the latest first."""

    items: tuple[ExportOut, ...]


def export_path(export_id: str) -> str:
    """Where an export is found."""
    return f"/v1/exports/{export_id}"
