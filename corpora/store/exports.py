"""Exports of whole corpora: a job writes each into the file store, and from there it is fetched as often as wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy import delete as sql_delete

from corpora.store import audit, jobs, trashing
from corpora.store.blobs import StoredBlob
from corpora.store.identity import new_id
from corpora.store.jobs import JobKind, JobState
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, exports, members
from corpora.store.tables import jobs as job_table


@dataclass(frozen=True, slots=True)
class Export:
    """An export as it stands; digest and size are there once its job is done."""

    id: str
    space: str
    corpus_id: str
    job_id: str
    format: str
    sha256: str | None
    size: int | None
    created: datetime
    state: JobState
    progress: float
    error_message: str | None


def start(
    tx: Transaction, corpus_id: str, format_name: str, *, max_attempts: int = 3, space: str = DEFAULT_SPACE, actor: str = "local"
) -> Export:
    """Queues the export of a corpus."""
    job_id = jobs.add_other(tx, JobKind.EXPORT, space=space, max_attempts=max_attempts)
    export_id = new_id()
    values = {"id": export_id, "space": space, "corpus_id": corpus_id, "job_id": job_id, "format": format_name}
    tx.execute(insert(exports).values(**values, created=tx.now()))
    audit.record(tx, "export_corpus", corpus_id, actor=actor, space=space, details={"format": format_name})
    found = get(tx, export_id, space=space)
    assert found is not None
    return found


def get(tx: Transaction, export_id: str, *, space: str = DEFAULT_SPACE) -> Export | None:
    """The export, None where the space has none of that id."""
    return _one(tx.execute(_listed().where(exports.c.id == export_id, exports.c.space == space)).one_or_none())


def of_job(tx: Transaction, job_id: str) -> Export | None:
    """The export that a job makes, None where its corpus was deleted."""
    return _one(tx.execute(_listed().where(exports.c.job_id == job_id)).one_or_none())


def of_corpus(tx: Transaction, corpus_id: str, *, space: str = DEFAULT_SPACE) -> tuple[Export, ...]:
    """The corpus's exports, the latest first."""
    query = _listed().where(exports.c.corpus_id == corpus_id, exports.c.space == space).order_by(exports.c.id.desc())
    return tuple(_export(row) for row in tx.execute(query))


def finish(tx: Transaction, export_id: str, blob: StoredBlob) -> None:
    """Notes the file that was written."""
    trashing.lock(tx, blob.sha256)
    tx.execute(update(exports).where(exports.c.id == export_id).values(sha256=blob.sha256, size=blob.size))


def discard(tx: Transaction, export_id: str, *, space: str = DEFAULT_SPACE, actor: str = "local") -> Export | None:
    """Deletes one export on somebody's wish, and returns what it was; None where the space has none of that id."""
    export = get(tx, export_id, space=space)
    if export is not None:
        delete(tx, export)
        trashing.scrub_after(tx)
        details: dict[str, str | int | None] = {"corpus": export.corpus_id, "format": export.format}
        audit.record(tx, "delete_export", export.id, actor=actor, space=space, details=details)
    return export


def delete(tx: Transaction, export: Export) -> None:
    """Deletes the export and, unless something else has the same bytes, its file; a job at it finds nothing to do."""
    tx.execute(sql_delete(exports).where(exports.c.id == export.id))
    jobs.cancel(tx, export.job_id, space=export.space)
    if export.sha256:
        trashing.discard(tx, export.sha256)


def delete_with(tx: Transaction, document_id: str) -> None:
    """Deletes the exports of every corpus that has this document, finished or not: they hold its words."""
    its = select(members.c.corpus_id).where(members.c.document_id == document_id)
    for row in tx.execute(_listed().where(exports.c.corpus_id.in_(its))).all():
        delete(tx, _export(row))


def _listed() -> Select[Any]:
    theirs = (job_table.c.state, job_table.c.progress, job_table.c.error_message)
    return select(exports, *theirs).join(job_table, job_table.c.id == exports.c.job_id)


def _one(row: Row[Any] | None) -> Export | None:
    return None if row is None else _export(row)


def _export(row: Row[Any]) -> Export:
    return Export(**{**row._mapping, "state": JobState(row.state)})
