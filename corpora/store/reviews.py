"""Reviews: who codes which blocks of which documents after which codebook, and which blocks are coded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store import audit, trashing
from corpora.store.identity import new_id, utc_now
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, assignments, codings, reviews

Range = tuple[int, int]


class AssignedBy(StrEnum):
    """What coders are given: whole documents, or the blocks of which the model is least sure."""

    DOCUMENT = "document"
    UNCERTAINTY = "uncertainty"


class Role(StrEnum):
    """For whom somebody speaks: as one coder among several, or for the reference."""

    CODER = "coder"
    ADJUDICATOR = "adjudicator"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReview:
    """What is to be coded after which codebook; `layers` are those that count in agreement and gold."""

    name: str
    codebook: str
    codebook_version: int
    layers: tuple[str, ...]
    coders: tuple[str, ...]
    blind: bool = True
    assigned_by: AssignedBy = AssignedBy.DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review as kept. While it is `blind` and not closed, a coder sees nobody else's decisions."""

    id: str
    space: str
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


@dataclass(frozen=True, slots=True)
class Assignment:
    """The blocks of one document that one coder is to code, in that order."""

    coder: str
    document_id: str
    annotation_id: str
    blocks: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Coding:
    """A block that somebody has coded; its labels are in the decisions, and may be none."""

    coder: str
    document_id: str
    start: int
    end: int
    role: Role


def create(tx: Transaction, new: NewReview, assigned: Iterable[Assignment], *, space: str = DEFAULT_SPACE, actor: str = "local") -> str:
    """Keeps a review with its assignments, and returns its id."""
    review_id = new_id()
    values = asdict(new) | {"layers": list(new.layers), "coders": list(new.coders)}
    tx.execute(insert(reviews).values(id=review_id, space=space, creator=actor, created=utc_now(), **values))
    for position, one in enumerate(assigned):
        row = {"review_id": review_id, "space": space, "position": position, **asdict(one)}
        tx.execute(insert(assignments).values(**row))
    audit.record(tx, "review", review_id, actor=actor, space=space, details={"coders": len(new.coders)})
    return review_id


def get(tx: Transaction, review_id: str, *, space: str = DEFAULT_SPACE) -> Review | None:
    """The review, None where the space has none of that id."""
    row = tx.execute(select(reviews).where(reviews.c.id == review_id, reviews.c.space == space)).one_or_none()
    return None if row is None else _review(row._mapping)


def listed(tx: Transaction, *, space: str = DEFAULT_SPACE) -> tuple[Review, ...]:
    """All reviews of the space, the newest first."""
    rows = tx.execute(select(reviews).where(reviews.c.space == space).order_by(reviews.c.id.desc()))
    return tuple(_review(row._mapping) for row in rows)


def close(tx: Transaction, review: Review, *, actor: str = "local") -> None:
    """Ends the coding: nothing is decided any more, and everybody sees everything."""
    tx.execute(update(reviews).where(reviews.c.id == review.id, reviews.c.closed.is_(None)).values(closed=utc_now()))
    audit.record(tx, "close_review", review.id, actor=actor, space=review.space)


def delete(tx: Transaction, review: Review, *, actor: str = "local") -> None:
    """Deletes a review with its assignments and decisions."""
    tx.execute(sql_delete(reviews).where(reviews.c.id == review.id))
    trashing.scrub_after(tx)
    audit.record(tx, "delete_review", review.id, actor=actor, space=review.space)


def assignments_of(tx: Transaction, review_id: str, coder: str | None = None) -> tuple[Assignment, ...]:
    """Who has to code what, in the order of coding."""
    query = select(assignments).where(assignments.c.review_id == review_id).order_by(assignments.c.position)
    rows = tx.execute(query if coder is None else query.where(assignments.c.coder == coder))
    return tuple(Assignment(r.coder, r.document_id, r.annotation_id, tuple((b[0], b[1]) for b in r.blocks)) for r in rows)


def annotation_of(tx: Transaction, review_id: str, document_id: str) -> str | None:
    """The annotation on which a document is reviewed, None where it is not part of the review."""
    query = select(assignments.c.annotation_id).where(assignments.c.review_id == review_id, assignments.c.document_id == document_id)
    return tx.execute(query.order_by(assignments.c.position).limit(1)).scalar_one_or_none()


def assign(tx: Transaction, review: Review, more: Sequence[Assignment]) -> None:
    """Adds documents to a running review; what a coder already has is left as it is."""
    add = postgresql.insert if tx.is_postgres else sqlite.insert
    taken = len(assignments_of(tx, review.id))
    for position, one in enumerate(more, taken):
        row = {"review_id": review.id, "space": review.space, "position": position, **asdict(one)}
        tx.execute(add(assignments).values(**row).on_conflict_do_nothing())


def mark_coded(tx: Transaction, review: Review, coding: Coding) -> None:
    """Says that somebody has coded a block; saying it again changes nothing."""
    add = postgresql.insert if tx.is_postgres else sqlite.insert
    row = {"review_id": review.id, "space": review.space, "created": utc_now(), **asdict(coding)}
    tx.execute(add(codings).values(**row).on_conflict_do_nothing())


def unmark_coded(tx: Transaction, review: Review, coding: Coding) -> None:
    """Takes back that somebody has coded a block."""
    this = [getattr(codings.c, name) == value for name, value in asdict(coding).items()]
    tx.execute(sql_delete(codings).where(codings.c.review_id == review.id, *this))


def last_coding(tx: Transaction, review_id: str, coder: str, role: Role) -> tuple[Coding, datetime] | None:
    """The block that somebody coded last, and when."""
    this = [codings.c.review_id == review_id, codings.c.coder == coder, codings.c.role == role]
    row = tx.execute(select(codings).where(*this).order_by(codings.c.created.desc(), codings.c.start.desc()).limit(1)).one_or_none()
    return None if row is None else (Coding(row.coder, row.document_id, row.start, row.end, Role(row.role)), row.created)


def codings_of(tx: Transaction, review_id: str) -> tuple[Coding, ...]:
    """Every coded block of a review, by document and place."""
    order = (codings.c.document_id, codings.c.start, codings.c.coder)
    rows = tx.execute(select(codings).where(codings.c.review_id == review_id).order_by(*order))
    return tuple(Coding(r.coder, r.document_id, r.start, r.end, Role(r.role)) for r in rows)


def _review(row: Any) -> Review:
    lists = {"layers": tuple(row["layers"]), "coders": tuple(row["coders"]), "assigned_by": AssignedBy(row["assigned_by"])}
    return Review(**{**row, **lists})
