"""Bytes that no document needs are removed, and never under the hands of an upload of the same bytes.

Deleting a document notes its digest in the trash in the same transaction. Emptying takes a lock on the digest, looks again whether
a document has it, and removes the file; accepting an upload takes the same lock and makes sure that the file is there.
"""

from __future__ import annotations

import logging
from functools import partial

from sqlalchemy import delete, exists, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store.errors import StoreError
from corpora.store.identity import utc_now
from corpora.store.points import Point, passing
from corpora.store.session import Store, Transaction
from corpora.store.tables import documents, exports, trash

log = logging.getLogger(__name__)


def lock(tx: Transaction, sha256: str) -> None:
    """Keeps others from accepting or removing these bytes until the transaction ends; on SQLite every writer is alone anyway."""
    if tx.is_postgres:
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(sha256[:15], 16)})


def discard(tx: Transaction, sha256: str) -> None:
    """Notes that these bytes may be unneeded, and looks into it after the commit."""
    insert = postgresql.insert if tx.is_postgres else sqlite.insert
    tx.execute(insert(trash).values(sha256=sha256, created=utc_now()).on_conflict_do_nothing())
    tx.after_commit.append(partial(_try_to_remove, tx, sha256))


def empty_trash(store: Store) -> int:
    """Removes what a broken-off deletion has left; how many digests were looked at."""
    with store.reading() as tx:
        noted = list(tx.execute(select(trash.c.sha256).limit(1000)).scalars())
    for sha256 in noted:
        remove(store, sha256)
    return len(noted)


def remove(store: Store, sha256: str) -> None:
    """Removes the bytes unless a document has them."""
    with store.transaction() as tx:
        lock(tx, sha256)
        if not _is_needed(tx, sha256):
            tx.blobs.delete(sha256)
            passing(Point.DELETE_REMOVED)
        tx.execute(delete(trash).where(trash.c.sha256 == sha256))


def scrub_after(tx: Transaction) -> None:
    """Has the database's journal emptied after the commit, so that deleted words do not lie on in its file (SQLite only)."""
    if not tx.is_postgres and tx.scrub not in tx.after_commit:
        tx.after_commit.append(tx.scrub)


def sweep_orphans(store: Store, older_than: float = 3600.0) -> int:
    """Removes bytes that were put down but never accepted, and broken-off uploads; `older_than` in seconds. How many digests."""
    store.blobs.sweep(older_than)
    orphans = [sha256 for sha256 in store.blobs.older_than(older_than) if not _known(store, sha256)]
    for sha256 in orphans:
        remove(store, sha256)
    return len(orphans)


def _known(store: Store, sha256: str) -> bool:
    with store.reading() as tx:
        return _is_needed(tx, sha256)


def _is_needed(tx: Transaction, sha256: str) -> bool:
    """Whether a document or an export has these bytes."""
    used = select(or_(exists().where(documents.c.sha256 == sha256), exists().where(exports.c.sha256 == sha256)))
    return bool(tx.execute(used).scalar_one())


def _try_to_remove(tx: Transaction, sha256: str) -> None:
    """The document is deleted already; bytes that cannot be removed now stay in the trash for the reconciler."""
    try:
        remove(tx.store, sha256)
    except StoreError as error:
        log.warning("bytes %s stay in the trash: %s", sha256, error)
