"""Search as JSON: what can be asked, and provisions that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas import Wire
from corpora.searching import MOST_OFFSET, By, Hit, Results, Search
from corpora.store.names import clean_line
from corpora.store.nearest import Way
from corpora.store.searching import MOST_ITEMS, Wanted
from nlp.types import BearerClass, Framing, StatementType, Strength

DATE = r"^\d{4}(-\d\d(-\d\d)?)?$"
LABEL = r"^[\w:.-]+/[\w.-]+$"
Name = Annotated[str, StringConstraints(max_length=255)]
Label = Annotated[str, StringConstraints(max_length=320, pattern=LABEL)]


class SearchLayer(StrEnum):
    """Kinds of things that a provision can carry."""

    INDICATORS = "indicators"
    VICTIM = "victim"
    FOUR_P = "four_p"
    CONDITIONAL = "conditional"
    STATEMENTS = "statements"
    DEFINITIONS = "definitions"
    ELEMENTS = "elements"
    REFERENCES = "references"


class Conditions(BaseModel):
    """What results are narrowed to; several conditions narrow together. Empty ones count as none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: tuple[Label, ...] = Field((), max_length=20, description="LAYER/LABEL; all of them must be carried", examples=[["victim/child"]])
    layer: SearchLayer | None = Field(None, description="carries something of this kind")
    framing: Framing | None = None
    statement: StatementType | None = Field(None, description="holds such a statement")
    strength: Strength | None = Field(None, description="of that statement")
    bearer: BearerClass | None = Field(None, description="whom that statement binds or entitles")
    probability: float | None = Field(None, ge=0, le=1, description="of the labels and the layer that are asked for, at least")
    work: Name | None = Field(None, description="id of the instrument")
    version: Name | None = Field(None, description="label of the version")
    kind: Name | None = Field(None, description="kind of instrument", examples=["convention"])
    body: Name | None = Field(None, description="the body that issued it")
    document: UUID | None = None
    corpus: UUID | None = None
    since: str | None = Field(None, pattern=DATE, description="of this date or later", examples=["2000"])
    until: str | None = Field(None, pattern=DATE, description="of this date or earlier; 2005 means all of it", examples=["2005-12"])
    elsewhere: bool = Field(False, description="leave out the document that `document` names, instead of all others")

    def wanted(self) -> Wanted:
        """As the store takes it."""
        exact: dict[str, Any] = {name: _cleaned(getattr(self, name)) for name in ("work", "version", "kind", "body")}
        said = {
            name: getattr(self, name) for name in ("layer", "framing", "statement", "strength", "bearer", "probability", "since", "until")
        }
        document = str(self.document) if self.document else None
        place: dict[str, Any] = {"not_document": document} if self.elsewhere else {"document": document}
        corpus = str(self.corpus) if self.corpus else None
        return Wanted(labels=self.label, corpus=corpus, **exact, **said, **place)


class Paged(Conditions):
    """Conditions, and which page of the results."""

    limit: int = Field(20, ge=1, le=MOST_ITEMS)
    offset: int = Field(0, ge=0, le=MOST_OFFSET, description="`next_offset` of the page before")


class SearchQuery(Paged):
    """A search by words, by meaning, or by conditions alone."""

    q: str = Field(
        "",
        max_length=1000,
        description='words that must all be found; "a phrase", beginn*, one OR other, -not. By meaning: any sentence.',
        examples=['victim* "legal assistance" -prosecution'],
    )
    by: By = Field(By.WORDS, description="`meaning` ranks every provision by how near it comes to what the words say")

    def search(self, model: Path) -> Search:
        """As the service takes it."""
        return Search(self.q, self.by, self.wanted(), self.limit, self.offset, model)


class LikeQuery(Paged):
    """A provision to which others are compared; with `elsewhere`, only those of other documents."""

    document: UUID = Field(description="where the provision stands")
    unit: str = Field(min_length=1, max_length=500, description="id of the unit; with all that stands under it", examples=["art_6__para_3"])

    def search(self, model: Path) -> Search:
        """As the service takes it; without `elsewhere`, `document` narrows nothing."""
        return Search(wanted=replace(self.wanted(), document=None), limit=self.limit, offset=self.offset, model=model)


class InstrumentOut(Wire):
    """Where a provision stands."""

    id: str = Field(description="of the document")
    title: str | None
    filename: str
    work: str | None
    version: str | None
    date: str | None
    kind: str | None
    body: str | None


class CarriedOut(Wire):
    """A label, statement, definition or reference of a provision."""

    layer: str = Field(examples=["victim"])
    label: str = Field(examples=["child"])
    strength: str | None
    bearer: str | None
    probability: float | None


class SnippetOut(Wire):
    """A piece of the provision's text, unescaped; `marks` are half-open ranges of it, in code points, where the words were found."""

    start: int = Field(description="place in the document's text")
    text: str
    marks: tuple[tuple[int, int], ...]


class HitOut(Wire):
    """A provision that was found."""

    document: InstrumentOut
    unit: str = Field(examples=["art_6__para_3"])
    place: str = Field(description="the unit as a lawyer would write it", examples=["Article 6(3)"])
    heading: str = Field(description="headings above it, outermost first")
    start: int
    end: int
    framing: Framing
    labels: tuple[CarriedOut, ...]
    snippet: SnippetOut
    score: float = Field(description="higher is better; by meaning it is the cosine, by words comparable within one search only")
    links: Mapping[str, str]

    @classmethod
    def of(cls, hit: Hit) -> HitOut:
        found = hit.found
        at = f"/v1/documents/{found.home.id}"
        return cls(
            document=InstrumentOut(**{name: getattr(found.home, name) for name in InstrumentOut.model_fields}),
            labels=tuple(CarriedOut(**{name: getattr(one, name) for name in CarriedOut.model_fields}) for one in found.carried),
            snippet=SnippetOut(start=hit.snippet.start, text=hit.snippet.text, marks=hit.snippet.marks),
            score=round(found.rank, 4),
            framing=Framing(found.framing),
            links={"document": at, "annotations": f"{at}/annotations", "page": page_path(found.home.id, found.unit)},
            **{name: getattr(found, name) for name in ("unit", "place", "heading", "start", "end")},
        )


class SearchOut(Wire):
    """One page of results, the best first."""

    items: tuple[HitOut, ...]
    total: int = Field(description="how many there are, counted up to 10,000")
    next_offset: int | None
    distances: Way | None = Field(description="by meaning: what computed distances; all ways are exact")

    @classmethod
    def of(cls, found: Results) -> SearchOut:
        return cls(items=tuple(HitOut.of(hit) for hit in found.hits), total=found.total, next_offset=found.next_offset, distances=found.way)


def page_path(document_id: str, unit: str) -> str:
    """Where a browser reads a provision in its document."""
    return f"/documents/{document_id}/at/{quote(unit, safe='')}"


def _cleaned(text: str | None) -> str | None:
    return (clean_line(text) or None) if text is not None else None
