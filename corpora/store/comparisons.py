"""Comparisons that take long: asked for once, made by a job, kept until one of their documents goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store import jobs
from corpora.store.annotations import pack, unpack
from corpora.store.identity import new_id
from corpora.store.jobs import JobKind
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, compared_documents, comparisons

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A comparison that was asked for: what of which annotations, by which job; `result` is None until that is done."""

    id: str
    space: str
    request: Json
    job_id: str | None
    result: Json | None


def ask(tx: Transaction, request: Json, document_ids: Sequence[str], *, space: str = DEFAULT_SPACE, max_attempts: int = 3) -> Asked:
    """The comparison for this request; the first time, and again when its job has failed, a job is queued for it.

    The request names annotations, which never change, so that one result serves for ever. The caller notifies the queue after the commit.
    """
    known = find(tx, request, space=space)
    if known is None:
        known = _add(tx, request, document_ids, space)
    job = jobs.get(tx, known.job_id, space=space) if known.job_id else None
    if known.result is not None or (job is not None and not (job.state.ended and job.state is not jobs.JobState.DONE)):
        return known
    job_id = jobs.add_other(tx, JobKind.COMPARE, space=space, max_attempts=max_attempts)
    tx.execute(update(comparisons).where(comparisons.c.id == known.id).values(job_id=job_id))
    return Asked(known.id, space, request, job_id, None)


def find(tx: Transaction, request: Json, *, space: str = DEFAULT_SPACE) -> Asked | None:
    """The comparison for this request, if it was asked for."""
    this = [comparisons.c.space == space, comparisons.c.request_hash == _hash(request)]
    return _asked(tx.execute(select(comparisons).where(*this)).one_or_none())


def of_job(tx: Transaction, job_id: str) -> Asked | None:
    """The comparison that a job is to make; None where its documents are gone."""
    return _asked(tx.execute(select(comparisons).where(comparisons.c.job_id == job_id)).one_or_none())


def keep(tx: Transaction, comparison_id: str, result: Json) -> None:
    """Stores a result."""
    tx.execute(update(comparisons).where(comparisons.c.id == comparison_id).values(result=pack(result)))


def delete_with(tx: Transaction, document_id: str) -> None:
    """Deletes the comparisons in which a document is quoted."""
    its = select(compared_documents.c.comparison_id).where(compared_documents.c.document_id == document_id)
    tx.execute(sql_delete(comparisons).where(comparisons.c.id.in_(its)))


def _add(tx: Transaction, request: Json, document_ids: Sequence[str], space: str) -> Asked:
    """Makes the row; where a rival made it just now, that one is taken."""
    comparison_id = new_id()
    add = postgresql.insert if tx.is_postgres else sqlite.insert
    values = {"id": comparison_id, "space": space, "request": request, "request_hash": _hash(request), "created": tx.now()}
    tx.execute(add(comparisons).values(**values).on_conflict_do_nothing())
    found = find(tx, request, space=space)
    assert found is not None
    if found.id == comparison_id:
        tx.execute(insert(compared_documents), [{"comparison_id": found.id, "document_id": one} for one in dict.fromkeys(document_ids)])
    return found


def _hash(request: Json) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def _asked(row: Any) -> Asked | None:
    if row is None:
        return None
    return Asked(row.id, row.space, row.request, row.job_id, None if row.result is None else unpack(row.result))
