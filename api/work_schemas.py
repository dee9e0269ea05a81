"""Works, versions and comparisons as they go over the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas import Wire
from corpora.catalogue.described import Described
from corpora.store.works import Version

MOST_DOCUMENTS = 100
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class WorkOut(Wire):
    """An instrument, whatever its version."""

    id: str = Field(examples=["crc"])
    title: str | None = Field(examples=["Convention on the Rights of the Child"])
    names: tuple[str, ...] = Field(description="short titles and abbreviations by which others cite it", examples=[["CRC"]])
    body: str | None
    kind: str | None
    adopted: str | None
    in_force: str | None
    cites: tuple[str, ...] = Field(description="works that it builds on")
    amends: tuple[str, ...] = Field(description="works whose text it changes")
    catalogued: bool = Field(description="the catalogue that ships with the program knows it")
    corrected: tuple[str, ...] = Field(description="fields that users have set")
    documents: int
    versions: int

    @classmethod
    def of(cls, work: Described) -> Self:
        return cls(**{name: getattr(work, name) for name in cls.model_fields})


class WorkDetail(WorkOut):
    """A work with those that amend it."""

    amended_by: tuple[str, ...]

    @classmethod
    def with_amending(cls, work: Described, amended_by: tuple[str, ...]) -> WorkDetail:
        return cls(**{name: getattr(work, name) for name in WorkOut.model_fields}, amended_by=amended_by)


class WorksOut(Wire):
    """Works by id."""

    items: tuple[WorkOut, ...]


class Correction(BaseModel):
    """What a user sets; what is left out stays, and null takes back what users had set."""

    model_config = ConfigDict(extra="forbid")

    def said(self) -> dict[str, Any]:
        """Only what the request names."""
        return self.model_dump(mode="json", exclude_unset=True)


class WorkChanges(Correction):
    """Corrections of a work."""

    title: Title | None = None
    names: list[Name] | None = Field(None, max_length=100)
    body: Name | None = None
    kind: Name | None = None
    adopted: date | None = Field(None, examples=["1989-11-20"])
    in_force: date | None = None
    cites: list[Name] | None = Field(None, max_length=500)
    amends: list[Name] | None = Field(None, max_length=500)


class VersionChanges(Correction):
    """Corrections of a version."""

    label: Name = Field("", examples=["as amended in 1995"])
    date: Annotated[str, StringConstraints(max_length=32)] | None = Field(None, examples=["1995-12-12"])
    amended_by: list[Name] | None = Field(None, max_length=100, description="ids of the works that made this text of the one before")


class DocumentChanges(Correction):
    """Corrections of a document; a version needs a work."""

    title: Title | None = None
    date: Annotated[str, StringConstraints(max_length=32)] | None = None
    body: Name | None = None
    kind: Name | None = None
    work: Name | None = Field(None, description="null says that it is of no known work")
    version: Name | None = None


class VersionOut(Wire):
    """A text of a work; `id` is null for documents of the work that are of no named version."""

    id: str | None
    label: str | None
    date: str | None
    amended_by: tuple[str, ...]
    documents: tuple[str, ...] = Field(description="ids of the documents that carry it, the first to be uploaded first")

    @classmethod
    def of(cls, version: Version) -> VersionOut:
        same = {name: getattr(version, name) for name in ("id", "label", "date", "amended_by")}
        return cls(**same, documents=version.document_ids)


class VersionsOut(Wire):
    """The versions of a work by date; those without a date last, then documents of no named version."""

    work: str
    items: tuple[VersionOut, ...]


class MatrixRequest(BaseModel):
    """Which documents to hold against each other."""

    model_config = ConfigDict(extra="forbid")

    documents: list[UUID] = Field(min_length=2, max_length=MOST_DOCUMENTS, description="ids of documents or versions")
    baseline: UUID | None = Field(None, description="the one against which the others are read; else the first")
