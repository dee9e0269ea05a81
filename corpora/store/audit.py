"""Who did what to which document, written in the transaction that did it. Triggers in the database keep entries as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from corpora.store.identity import new_id, utc_now
from corpora.store.names import clean_line
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, audit

MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One act; `object_id` names what was acted on, `details` how."""

    id: str
    space: str
    moment: datetime
    actor: str
    action: str
    object_id: str
    details: Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the log is narrowed to; `before` is the id of the last entry of the page before."""

    object_id: str | None = None
    actor: str | None = None
    action: str | None = None
    before: str | None = None


def entries(tx: Transaction, wanted: Wanted | None = None, limit: int = 50, *, space: str | None = DEFAULT_SPACE) -> tuple[Entry, ...]:
    """Entries of a space, or with None of all, the newest first; at most 200."""
    wanted = wanted or Wanted()
    exact = {audit.c.space: space, audit.c.object_id: wanted.object_id, audit.c.actor: wanted.actor, audit.c.action: wanted.action}
    query = select(audit).where(*(column == value for column, value in exact.items() if value is not None))
    if wanted.before is not None:
        query = query.where(audit.c.id < wanted.before)
    rows = tx.execute(query.order_by(audit.c.id.desc()).limit(min(limit, MOST_ENTRIES)))
    return tuple(Entry(**row._mapping) for row in rows)


def record(
    tx: Transaction,
    action: str,
    object_id: str,
    *,
    actor: str = "local",
    space: str = DEFAULT_SPACE,
    details: Mapping[str, str | int | None] | None = None,
) -> None:
    """Adds one entry; `details` holds digests, sizes and names, never the text of a document."""
    entry = {"id": new_id(), "space": space, "moment": utc_now(), "actor": clean_line(actor, 255), "action": action}
    tx.execute(insert(audit).values(**entry, object_id=object_id, details=dict(details or {})))
