"""Who did what to which document, written in the transaction that did it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert

from corpora.store.identity import new_id, utc_now
from corpora.store.names import clean_line
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, audit


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
