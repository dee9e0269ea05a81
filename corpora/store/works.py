"""Works (an instrument, whatever its text) and their versions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store.identity import new_id, utc_now
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, documents, versions, works


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a work, with the documents that carry it."""

    id: str
    work_id: str
    label: str
    date: str | None
    document_ids: tuple[str, ...]


def ensure_work(tx: Transaction, work_id: str, *, space: str) -> None:
    """Makes the work unless it is known; titles stay with the documents, so that they go when those are deleted."""
    insert = postgresql.insert if tx.is_postgres else sqlite.insert
    values = {"space": space, "id": work_id, "created": utc_now()}
    tx.execute(insert(works).values(**values).on_conflict_do_nothing())


def ensure_version(tx: Transaction, work_id: str, label: str, *, date: str | None, space: str) -> str:
    """The id of the work's version with that label, made unless it is known."""
    insert = postgresql.insert if tx.is_postgres else sqlite.insert
    values = {"id": new_id(), "space": space, "work_id": work_id, "label": label, "date": date, "created": utc_now()}
    tx.execute(insert(versions).values(**values).on_conflict_do_nothing())
    this = [versions.c.space == space, versions.c.work_id == work_id, versions.c.label == label]
    return str(tx.execute(select(versions.c.id).where(*this)).scalar_one())


def versions_of(tx: Transaction, work_id: str, *, space: str = DEFAULT_SPACE) -> tuple[Version, ...]:
    """The versions of a work by date, then label; a version that no document carries any more is not among them."""
    query = (
        select(versions.c.id, versions.c.work_id, versions.c.label, versions.c.date, documents.c.id.label("document_id"))
        .join(documents, documents.c.version_id == versions.c.id)
        .where(versions.c.space == space, versions.c.work_id == work_id)
        .order_by(versions.c.date.is_(None), versions.c.date, versions.c.label, documents.c.id)
    )
    carried: dict[tuple[str, str, str, str | None], list[str]] = {}
    for row in tx.execute(query):
        carried.setdefault((row.id, row.work_id, row.label, row.date), []).append(row.document_id)
    return tuple(Version(*version, tuple(ids)) for version, ids in carried.items())
