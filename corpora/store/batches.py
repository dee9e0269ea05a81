"""Batches: the annotation of a corpus as one thing that is followed, paused, cancelled and repaired. Its jobs are the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, and_, case, func, insert, select, update

from corpora.store import audit
from corpora.store.errors import BatchOpen, NothingToAnnotate
from corpora.store.identity import new_id
from corpora.store.jobs import OPEN, JobKind, JobState
from corpora.store.origin import origin
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, batches, corpora, documents, members
from corpora.store.tables import jobs as job_table

BEHIND_SINGLE_UPLOADS = 10  # the rank of a batch's jobs
RECENT = timedelta(minutes=5)
MOST_FAILURES = 200


class BatchState(StrEnum):
    """Where a batch stands; done is one whose jobs have all ended, whatever became of them."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class Which(StrEnum):
    """Which documents of a corpus a batch takes."""

    MISSING = "missing"  # those without an annotation
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it stands. `states` counts its documents by the state of their job, `stages` those at work by what is being done.

    `per_second` is the rate at which documents ended in the last five minutes, `seconds_left` the time that the open ones take at
    that rate; None where nothing can be said.
    """

    id: str
    space: str
    corpus_id: str
    state: BatchState
    created: datetime
    finished: datetime | None
    documents: int
    states: Mapping[JobState, int]
    stages: Mapping[str, int]
    per_second: float | None
    seconds_left: float | None

    @property
    def ended(self) -> int:
        """How many documents are through, well or not."""
        return sum(number for state, number in self.states.items() if state.ended)

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return self.ended / self.documents if self.documents else 1.0


@dataclass(frozen=True, slots=True)
class Failure:
    """A document of a batch that could not be annotated, and why."""

    job_id: str
    document_id: str
    path: str
    attempts: int
    code: str
    message: str


def start(
    tx: Transaction,
    corpus_id: str,
    which: Which = Which.MISSING,
    *,
    max_attempts: int = 3,
    space: str = DEFAULT_SPACE,
    actor: str = "local",
) -> str:
    """Queues a job for each document that is to be annotated, behind single uploads; returns the batch's id.

    The reconciler publishes the jobs as workers get on. Raises BatchOpen, NothingToAnnotate.
    """
    if _open_batch(tx, corpus_id):
        raise BatchOpen
    batch_id, now = new_id(), tx.now()
    tx.execute(insert(batches).values(id=batch_id, space=space, corpus_id=corpus_id, state=BatchState.RUNNING.value, created=now))
    document_ids = list(tx.execute(_documents(corpus_id, which)).scalars())
    if not document_ids:
        raise NothingToAnnotate
    same = {
        "space": space,
        "kind": JobKind.ANNOTATE.value,
        "batch_id": batch_id,
        "state": JobState.QUEUED.value,
        "max_attempts": max_attempts,
        "trace": origin(),
    }
    same |= {"rank": BEHIND_SINGLE_UPLOADS, "created": now, "not_before": now, "publish_after": now}
    ids = sorted(new_id() for _ in document_ids)  # of one moment, and yet in the order of the documents
    rows = [{"id": job_id, "document_id": document_id, **same} for job_id, document_id in zip(ids, document_ids, strict=True)]
    tx.execute(insert(job_table), rows)
    job_of = select(job_table.c.id).where(job_table.c.batch_id == batch_id, job_table.c.document_id == documents.c.id).scalar_subquery()
    theirs = select(job_table.c.document_id).where(job_table.c.batch_id == batch_id)
    tx.execute(update(documents).where(documents.c.id.in_(theirs)).values(job_id=job_of))
    audit.record(tx, "annotate_corpus", corpus_id, actor=actor, space=space, details={"batch": batch_id, "documents": len(document_ids)})
    return batch_id


def get(tx: Transaction, batch_id: str, *, space: str = DEFAULT_SPACE) -> Batch | None:
    """The batch with its progress, None where the space has none of that id."""
    row = tx.execute(select(batches).where(batches.c.id == batch_id, batches.c.space == space)).one_or_none()
    if row is None:
        return None
    states = _states(tx, batch_id)
    left = sum(number for state, number in states.items() if not state.ended)
    state = _state(BatchState(row.state), left)
    rate = _rate(tx, batch_id) if left and state is BatchState.RUNNING else None
    return Batch(
        id=row.id,
        space=row.space,
        corpus_id=row.corpus_id,
        state=state,
        created=row.created,
        finished=None if left else _finished(tx, batch_id),
        documents=sum(states.values()),
        states=states,
        stages=_stages(tx, batch_id),
        per_second=rate,
        seconds_left=left / rate if rate else None,
    )


def of_corpus(tx: Transaction, corpus_id: str, *, space: str = DEFAULT_SPACE) -> tuple[Batch, ...]:
    """The corpus's batches, the latest first."""
    query = select(batches.c.id).where(batches.c.corpus_id == corpus_id, batches.c.space == space).order_by(batches.c.id.desc())
    found = [get(tx, batch_id, space=space) for batch_id in list(tx.execute(query).scalars())]
    return tuple(batch for batch in found if batch is not None)


def pause(tx: Transaction, batch_id: str) -> bool:
    """Holds back what has not begun; what is being annotated is finished. False where the batch is not running."""
    if not _order(tx, batch_id, BatchState.RUNNING, BatchState.PAUSED):
        return False
    _turn(tx, batch_id, JobState.QUEUED, JobState.PAUSED)
    return True


def resume(tx: Transaction, batch_id: str) -> bool:
    """Lets a paused batch go on; False where it is not paused."""
    if not _order(tx, batch_id, BatchState.PAUSED, BatchState.RUNNING):
        return False
    _turn(tx, batch_id, JobState.PAUSED, JobState.QUEUED)
    return True


def cancel(tx: Transaction, batch_id: str) -> bool:
    """Cancels every job that has not ended; results that are there stay. False where the batch was cancelled before or is done."""
    ordered = [_order(tx, batch_id, state, BatchState.CANCELLED) for state in (BatchState.RUNNING, BatchState.PAUSED)]
    open_jobs = and_(job_table.c.batch_id == batch_id, job_table.c.state.in_(OPEN))
    stopped = {"state": JobState.CANCELLED.value, "finished": tx.now(), "lease_until": None}
    return bool(tx.execute(update(job_table).where(open_jobs).values(**stopped)).rowcount) and any(ordered)


def retry(tx: Transaction, batch_id: str) -> int:
    """Queues the failed and cancelled jobs again with all their attempts; how many. A cancelled batch runs again then."""
    now = tx.now()
    ended = and_(job_table.c.batch_id == batch_id, job_table.c.state.in_([JobState.FAILED.value, JobState.CANCELLED.value]))
    fresh = {"attempt": 0, "error_code": None, "error_message": None, "finished": None, "started": None, "stage": None, "progress": 0.0}
    again = {"not_before": now, "publish_after": now, "published": None, "publish_count": 0, "lease_until": None}
    _order(tx, batch_id, BatchState.CANCELLED, BatchState.RUNNING)
    tx.execute(update(batches).where(batches.c.id == batch_id).values(announced=None))
    paused = select(batches.c.id).where(batches.c.id == batch_id, batches.c.state == BatchState.PAUSED.value).exists()
    state = case((paused, JobState.PAUSED.value), else_=JobState.QUEUED.value)
    return int(tx.execute(update(job_table).where(ended).values(state=state, **fresh, **again)).rowcount)


def failures(tx: Transaction, batch_id: str, after: str | None = None, limit: int = MOST_FAILURES) -> tuple[Failure, ...]:
    """The documents that failed, in the order of their jobs; `after` is the job id of the last one of the page before."""
    wanted = ("id", "document_id", "attempt", "error_code", "error_message")
    of_corpus = and_(members.c.document_id == job_table.c.document_id, members.c.corpus_id == batches.c.corpus_id)
    joined = job_table.join(batches, batches.c.id == job_table.c.batch_id).join(members, of_corpus)
    query = select(*(job_table.c[name] for name in wanted), members.c.path).select_from(joined)
    query = query.where(job_table.c.batch_id == batch_id, job_table.c.state == JobState.FAILED.value)
    if after is not None:
        query = query.where(job_table.c.id > after)
    rows = tx.execute(query.order_by(job_table.c.id).limit(min(limit, MOST_FAILURES)))
    return tuple(Failure(r.id, r.document_id, r.path, r.attempt, r.error_code or "", r.error_message or "") for r in rows)


def _documents(corpus_id: str, which: Which) -> Select[tuple[str]]:
    query = select(documents.c.id).join(members, members.c.document_id == documents.c.id).where(members.c.corpus_id == corpus_id)
    if which is Which.MISSING:
        query = query.where(documents.c.annotation_id.is_(None))
    return query.order_by(documents.c.id)


def _open_batch(tx: Transaction, corpus_id: str) -> bool:
    """Whether a batch of the corpus has jobs that have not ended; whoever else starts one waits for this transaction."""
    tx.execute(select(corpora.c.id).where(corpora.c.id == corpus_id).with_for_update())
    jobs = select(job_table.c.id).join(batches, batches.c.id == job_table.c.batch_id)
    jobs = jobs.where(batches.c.corpus_id == corpus_id, job_table.c.state.in_(OPEN))
    return tx.execute(jobs.limit(1)).one_or_none() is not None


def _order(tx: Transaction, batch_id: str, before: BatchState, after: BatchState) -> bool:
    this = and_(batches.c.id == batch_id, batches.c.state == before.value)
    return tx.execute(update(batches).where(this).values(state=after.value)).rowcount == 1


def _turn(tx: Transaction, batch_id: str, before: JobState, after: JobState) -> None:
    these = and_(job_table.c.batch_id == batch_id, job_table.c.state == before.value)
    tx.execute(update(job_table).where(these).values(state=after.value, publish_after=tx.now(), published=None, publish_count=0))


def _state(ordered: BatchState, left: int) -> BatchState:
    return ordered if left or ordered is BatchState.CANCELLED else BatchState.DONE


def _states(tx: Transaction, batch_id: str) -> dict[JobState, int]:
    query = select(job_table.c.state, func.count().label("number")).where(job_table.c.batch_id == batch_id).group_by(job_table.c.state)
    found = {JobState(row.state): int(row.number) for row in tx.execute(query)}
    return {state: found.get(state, 0) for state in JobState}


def _stages(tx: Transaction, batch_id: str) -> dict[str, int]:
    running = and_(job_table.c.batch_id == batch_id, job_table.c.state == JobState.RUNNING.value)
    query = select(job_table.c.stage, func.count().label("number")).where(running).group_by(job_table.c.stage)
    return {row.stage or "starting": int(row.number) for row in tx.execute(query)}


def _finished(tx: Transaction, batch_id: str) -> datetime | None:
    moment: datetime | None = tx.execute(select(func.max(job_table.c.finished)).where(job_table.c.batch_id == batch_id)).scalar_one()
    return moment


def _rate(tx: Transaction, batch_id: str) -> float | None:
    """Documents that ended per second, over the last five minutes or since the first began."""
    now = tx.now()
    ended = and_(job_table.c.batch_id == batch_id, job_table.c.finished > now - RECENT)
    query = select(func.count().label("number"), func.min(job_table.c.started).label("first")).where(ended)
    found = tx.execute(query).one()
    if not found.number:
        return None
    return float(found.number / max((now - max(found.first, now - RECENT)).total_seconds(), 0.1))
