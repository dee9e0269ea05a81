"""What goes over the wire about reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.schemas import Wire
from corpora.review.assigning import Share
from corpora.review.queue import Task
from corpora.review.reference import Judged, Standing
from corpora.reviewing import Order, Progress
from corpora.store.decisions import Action, CarriedAs, Decision
from corpora.store.reviews import AssignedBy, Review, Role

ID = "01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"
Name = Field(min_length=1, max_length=255, examples=["coder-1"])
Place = Field(ge=0, description="code points into the text", examples=[5120])


class NewReviewIn(Wire):
    """A review to be started."""

    name: str = Field(max_length=255, examples=["Protocols, first round"])
    documents: list[UUID] = Field(min_length=1, max_length=1000, description="ids of annotated documents", examples=[[ID]])
    coders: list[str] = Field(min_length=1, max_length=50, examples=[["coder-1", "coder-2"]])
    blind: bool = Field(True, description="coders see each other's decisions only once the review is closed")
    assigned_by: AssignedBy = Field(AssignedBy.DOCUMENT, description="whole documents, or the blocks of which the model is least sure")
    coders_per_document: int | None = Field(None, ge=1, le=50, description="how many coders see each document; all, if not given")
    blocks_per_coder: int | None = Field(None, ge=1, description="by uncertainty: so many blocks for each coder")
    layers: list[str] | None = Field(
        None, description="layers of the codebook that are coded; all, if not given", examples=[["indicators"]]
    )

    def order(self) -> Order:
        """The order as the domain has it."""
        share = Share(self.assigned_by, self.coders_per_document, self.blocks_per_coder)
        ids = tuple(str(one) for one in self.documents)
        layers = tuple(self.layers) if self.layers is not None else None
        return Order(name=self.name, document_ids=ids, coders=tuple(self.coders), blind=self.blind, share=share, layers=layers)


class ProgressOut(Wire):
    """How far a coder is, in blocks."""

    coder: str
    assigned: int
    coded: int


class ReviewOut(Wire):
    """A review as lists show it."""

    id: str
    name: str
    codebook: str
    codebook_version: int
    layers: tuple[str, ...]
    coders: tuple[str, ...]
    blind: bool
    assigned_by: AssignedBy
    creator: str
    created: datetime
    closed: datetime | None
    links: Mapping[str, str]

    @classmethod
    def of(cls, review: Review) -> ReviewOut:
        return cls(**_review_fields(review))


class ReviewDetail(ReviewOut):
    """A review with its progress; `standing` counts coded blocks by how their reference labels came about."""

    documents: tuple[str, ...]
    progress: tuple[ProgressOut, ...]
    standing: Mapping[Standing, int]

    @classmethod
    def with_progress(cls, review: Review, ids: Sequence[str], progress: Sequence[Progress], judged: Sequence[Judged]) -> ReviewDetail:
        counts = {standing: sum(one.standing is standing for one in judged) for standing in Standing}
        rows = tuple(ProgressOut(**asdict(one)) for one in progress)
        return cls(**_review_fields(review), documents=tuple(ids), progress=rows, standing=counts)


class ReviewsOut(Wire):
    """All reviews, the newest first."""

    items: tuple[ReviewOut, ...]


class TaskOut(Wire):
    """A block to be coded. `machine` and `undecided` are null where the machine's labels are not shown, `labels` until it is coded."""

    document_id: str
    unit: str = Field(examples=["art_6__para_3"])
    where: str = Field(examples=["Article 6(3)"])
    start: int
    end: int
    text: str
    machine: Mapping[str, float] | None = Field(description="the machine's labels with their probabilities")
    undecided: Mapping[str, float] | None = Field(description="labels near their threshold, given or not, with their probabilities")
    labels: tuple[str, ...] | None

    @classmethod
    def of(cls, task: Task) -> TaskOut:
        return cls(**asdict(task))


class TasksOut(Wire):
    """What a coder has to code, in the order of coding."""

    coder: str
    items: tuple[TaskOut, ...]


class CodingIn(Wire):
    """A whole block coded: all its labels, which may be none; null takes the machine's labels as they are."""

    document_id: UUID = Field(examples=[ID])
    coder: str = Name
    role: Role = Role.CODER
    start: int = Place
    end: int = Place
    labels: list[str] | None = Field(None, max_length=200, examples=[["indicators/rights.recovery", "victim/assistance"]])
    comment: str | None = Field(None, max_length=10_000)


class UndoIn(Wire):
    """Whose last act is taken back."""

    coder: str = Name
    role: Role = Role.CODER


class UndoneOut(Wire):
    """The block of which something was taken back."""

    document_id: str = Field(examples=[ID])
    start: int
    end: int


class DecisionIn(Wire):
    """One decision. Without `label` it is on a finding of `layer` (definition, statement, reference, element), named by its place."""

    document_id: UUID = Field(examples=[ID])
    coder: str = Name
    role: Role = Role.CODER
    action: Action
    layer: str = Field(max_length=64, examples=["victim"])
    label: str | None = Field(None, max_length=255, examples=["assistance"])
    start: int = Place
    end: int = Place
    replacement: dict[str, Any] | None = Field(None, description="what a correction puts in its place", examples=[{"label": "recovery"}])
    comment: str | None = Field(None, max_length=10_000)


class DecisionOut(Wire):
    """A decision as kept: who, when, after which codebook, on which words of which text."""

    id: str
    review_id: str
    document_id: str
    annotation_id: str
    text_sha256: str
    coder: str
    role: Role
    action: Action
    layer: str
    label: str | None
    start: int
    end: int
    quote: str
    replacement: dict[str, Any] | None
    comment: str | None
    codebook: str
    codebook_version: int
    carried_from: str | None
    carried_as: CarriedAs | None
    created: datetime
    undone: datetime | None

    @classmethod
    def of(cls, decision: Decision) -> DecisionOut:
        return cls(**{name: getattr(decision, name) for name in cls.model_fields})


class DecisionsOut(Wire):
    """Decisions in the order they were made."""

    items: tuple[DecisionOut, ...]


class CarryIn(Wire):
    """From which document of a review decisions go to which: versions of one instrument."""

    earlier: UUID = Field(examples=[ID])
    later: UUID = Field(examples=[ID])


class CarriedOut(Wire):
    """How many decisions went over, by how surely their words were found again."""

    counts: Mapping[CarriedAs, int]


class CodedOut(Wire):
    """The ids of the decisions that coding a block made."""

    decisions: tuple[str, ...]


class JudgedOut(Wire):
    """A coded block: each coder's labels, and the reference's (null while coders differ and nobody has decided)."""

    document_id: str
    start: int
    end: int
    coders: Mapping[str, tuple[str, ...]]
    standing: Standing
    reference: tuple[str, ...] | None

    @classmethod
    def of(cls, one: Judged) -> JudgedOut:
        coders = {name: tuple(sorted(labels)) for name, labels in one.coders.items()}
        reference = tuple(sorted(one.reference)) if one.reference is not None else None
        return cls(document_id=one.document_id, start=one.start, end=one.end, coders=coders, standing=one.standing, reference=reference)


class JudgedPage(Wire):
    """Coded blocks by document and place."""

    items: tuple[JudgedOut, ...]


def _review_fields(review: Review) -> dict[str, Any]:
    at = f"/v1/reviews/{review.id}"
    links = {"self": at, **{name: f"{at}/{name}" for name in ("tasks", "decisions", "disagreements")}}
    return {name: value for name, value in asdict(review).items() if name != "space"} | {"links": links}
