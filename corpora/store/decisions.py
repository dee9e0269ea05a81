"""Decisions of people about machine labels: a layer of its own, in which nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update

from corpora.store import audit
from corpora.store.identity import new_id, utc_now
from corpora.store.reviews import Review, Role
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, annotation_table, decisions


class Action(StrEnum):
    """What somebody decides: the machine is right, should say something else, is wrong, missed something; or a remark."""

    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"
    ADD = "add"
    COMMENT = "comment"


class CarriedAs(StrEnum):
    """How surely the words that were decided on were found again in another version."""

    EXACT = "exact"
    MOVED = "moved"
    EDITED = "edited"
    AMBIGUOUS = "ambiguous"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """What is decided, on which words of which text.

    `layer` is a layer of the annotated document; `label` one of its labels (None for a finding such as a definition). For labels
    `start` and `end` are the block's; for findings those of the term, trigger, reference or element. `replacement` says what a
    correction puts in its place: `{"label": …}`, or the finding's changed fields.
    """

    document_id: str
    annotation_id: str
    text_sha256: str
    coder: str
    action: Action
    layer: str
    label: str | None
    start: int
    end: int
    quote: str
    role: Role = Role.CODER
    replacement: Mapping[str, Any] | None = None
    comment: str | None = None
    carried_from: str | None = None
    carried_as: CarriedAs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(NewDecision):
    """A decision as kept: with its place in a review, the codebook it follows, when it was made, and when it was taken back."""

    id: str
    space: str
    review_id: str
    codebook: str
    codebook_version: int
    created: datetime
    undone: datetime | None


def add(tx: Transaction, review: Review, new: NewDecision, *, actor: str | None = None) -> str:
    """Keeps a decision in a review, and returns its id; `actor` is who sent it, where that is not its coder."""
    decision_id = new_id()
    book = {"codebook": review.codebook, "codebook_version": review.codebook_version}
    kept = {"id": decision_id, "review_id": review.id, "space": review.space, "created": utc_now(), **book}
    tx.execute(insert(decisions).values(**kept, **asdict(new)))
    said: dict[str, str | None] = {"document": new.document_id, "annotation": new.annotation_id}
    corrected = select(annotation_table.c.pipeline_digest).where(annotation_table.c.id == new.annotation_id)
    said |= {"decision": new.action.value, "layer": new.layer, "coder": new.coder}
    said |= {"pipeline": tx.execute(corrected).scalar_one_or_none()}
    audit.record(tx, "decide", decision_id, actor=actor or new.coder, space=review.space, details=said)
    return decision_id


def undo(tx: Transaction, decision: Decision, *, actor: str = "local") -> None:
    """Takes a decision back; it stays on record as undone."""
    this = [decisions.c.id == decision.id, decisions.c.undone.is_(None)]
    tx.execute(update(decisions).where(*this).values(undone=utc_now()))
    audit.record(tx, "undo_decision", decision.id, actor=actor, space=decision.space)


def get(tx: Transaction, decision_id: str, *, space: str = DEFAULT_SPACE) -> Decision | None:
    """The decision, None where the space has none of that id."""
    row = tx.execute(select(decisions).where(decisions.c.id == decision_id, decisions.c.space == space)).one_or_none()
    return None if row is None else _decision(row._mapping)


def of_review(
    tx: Transaction,
    review_id: str,
    *,
    document_id: str | None = None,
    coder: str | None = None,
    place: tuple[int, int] | None = None,
    undone: bool = False,
) -> tuple[Decision, ...]:
    """Decisions of a review in the order they were made, of `place` (start, end) alone if wanted; those taken back only with `undone`."""
    query = select(decisions).where(decisions.c.review_id == review_id)
    if not undone:
        query = query.where(decisions.c.undone.is_(None))
    if document_id is not None:
        query = query.where(decisions.c.document_id == document_id)
    if coder is not None:
        query = query.where(decisions.c.coder == coder)
    if place is not None:
        query = query.where(decisions.c.start == place[0], decisions.c.end == place[1])
    return tuple(_decision(row._mapping) for row in tx.execute(query.order_by(decisions.c.id)))


def of_document(tx: Transaction, document_id: str, *, space: str = DEFAULT_SPACE) -> tuple[Decision, ...]:
    """Every decision on a document that stands, in the order they were made."""
    this = [decisions.c.document_id == document_id, decisions.c.space == space, decisions.c.undone.is_(None)]
    return tuple(_decision(row._mapping) for row in tx.execute(select(decisions).where(*this).order_by(decisions.c.id)))


def _decision(row: Any) -> Decision:
    carried = row["carried_as"]
    kinds = {"action": Action(row["action"]), "role": Role(row["role"]), "carried_as": carried and CarriedAs(carried)}
    return Decision(**{**row, **kinds})
