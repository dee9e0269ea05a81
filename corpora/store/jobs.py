"""Jobs: the row is the truth. A worker claims it by conditional update and everything it writes afterwards is fenced by that claim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, insert, literal, select, update

from corpora.store.deliveries import announce_jobs
from corpora.store.identity import new_id
from corpora.store.names import clean_line
from corpora.store.origin import origin
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, batches, documents, jobs

REPUBLISH_SECONDS = 15
REPUBLISH_LONGEST = 600
LONGEST_PAUSE = 60.0
EXHAUSTED = "attempts_exhausted"


class JobKind(StrEnum):
    """What a job does. Export and comparison are light, and a worker that takes every kind takes them first."""

    EXPORT = "export"
    COMPARE = "compare"
    ANNOTATE = "annotate"


class JobState(StrEnum):
    """Where a job stands; the last three are ends. Paused are jobs of a paused batch that would be queued otherwise."""

    QUEUED = "queued"
    PAUSED = "paused"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self not in OPEN


OPEN = frozenset({JobState.QUEUED, JobState.PAUSED, JobState.RUNNING})
EVERY_KIND = tuple(JobKind)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands; `progress` from 0 to 1, `error_message` is written for the user. Only jobs that annotate have a document."""

    id: str
    space: str
    kind: JobKind
    document_id: str | None
    batch_id: str | None
    state: JobState
    attempt: int
    max_attempts: int
    rank: int  # the smallest goes first
    lease_until: datetime | None
    not_before: datetime
    worker: str | None
    stage: str | None
    progress: float
    error_code: str | None
    error_message: str | None
    created: datetime
    started: datetime | None
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a job for as long as the lease is renewed; `fence` is unique to this claim of this job."""

    job_id: str
    kind: JobKind
    document_id: str | None
    space: str
    attempt: int
    max_attempts: int
    fence: int
    trace: str | None  # the span out of which the job comes
    lease_seconds: float


_JOB = [jobs.c[name] for name in Job.__slots__]


def add(tx: Transaction, document_id: str, *, space: str = DEFAULT_SPACE, max_attempts: int = 3, rank: int = 0) -> str:
    """Queues a job for a document, makes it the document's latest, and returns its id."""
    job_id = add_other(tx, JobKind.ANNOTATE, document_id, space=space, max_attempts=max_attempts, rank=rank)
    tx.execute(update(documents).where(documents.c.id == document_id).values(job_id=job_id))
    return job_id


def add_other(
    tx: Transaction,
    kind: JobKind,
    document_id: str | None = None,
    *,
    space: str = DEFAULT_SPACE,
    max_attempts: int = 3,
    rank: int = 0,
) -> str:
    """Queues a job of any kind and returns its id; what it works on is in a row of the kind's own that names the job."""
    job_id, now = new_id(), tx.now()
    values = {"id": job_id, "space": space, "kind": kind.value, "document_id": document_id, "state": JobState.QUEUED.value, "created": now}
    values["trace"] = origin()
    due = {"not_before": now, "published": now, "publish_after": now + timedelta(seconds=REPUBLISH_SECONDS)}
    tx.execute(insert(jobs).values(**values, **due, max_attempts=max_attempts, rank=rank))
    return job_id


def get(tx: Transaction, job_id: str, *, space: str = DEFAULT_SPACE) -> Job | None:
    """The job, None where the space has none of that id."""
    row = tx.execute(select(*_JOB).where(jobs.c.id == job_id, jobs.c.space == space)).one_or_none()
    return None if row is None else _job(row._mapping)


def of_document(tx: Transaction, document_id: str) -> tuple[Job, ...]:
    """All jobs of a document, the latest first."""
    rows = tx.execute(select(*_JOB).where(jobs.c.document_id == document_id).order_by(jobs.c.id.desc()))
    return tuple(_job(row._mapping) for row in rows)


def claim(
    tx: Transaction,
    job_id: str | None,
    lease_seconds: float,
    *,
    worker: str = "",
    kinds: Sequence[JobKind] = EVERY_KIND,
    now: datetime | None = None,
) -> Claim | None:
    """Claims this job, or with None the next of these kinds; counts the attempt before any work. None where there is nothing to claim."""
    moment = now or tx.now()
    chosen = _next(tx, moment, kinds) if job_id is None else job_id
    if chosen is None:
        return None
    taken = update(jobs).where(jobs.c.id == chosen, _claimable(literal(moment, jobs.c.not_before.type))).values(
        state=JobState.RUNNING.value,
        attempt=jobs.c.attempt + 1,
        fence=jobs.c.fence + 1,
        lease_until=moment + timedelta(seconds=lease_seconds),
        started=func.coalesce(jobs.c.started, moment),
        worker=clean_line(worker, 255),
        stage=None,
        progress=0.0,
    )  # fmt: skip
    columns = [jobs.c.id.label("job_id"), *(jobs.c[name] for name in Claim.__slots__ if name in jobs.c)]
    row = tx.execute(taken.returning(*columns)).one_or_none()
    return None if row is None else Claim(**{**row._mapping, "kind": JobKind(row.kind)}, lease_seconds=lease_seconds)


def heartbeat(tx: Transaction, held: Claim, stage: str | None, progress: float, *, now: datetime | None = None) -> bool:
    """Renews the lease and tells the progress; False where the claim is lost (expired and taken, cancelled, deleted)."""
    until = (now or tx.now()) + timedelta(seconds=held.lease_seconds)
    return _fenced(tx, held, lease_until=until, stage=clean_line(stage, 64) if stage else None, progress=min(max(progress, 0.0), 1.0))


def commit(tx: Transaction, held: Claim, *, now: datetime | None = None) -> bool:
    """Ends the job as done; False where the claim is lost: then nothing of its result may be written.

    True as well where this same claim is already committed, so that a commit whose answer was lost can be repeated.
    """
    done = _fenced(tx, held, **_ended(JobState.DONE, now or tx.now()), progress=1.0, error_code=None, error_message=None)
    return _announced(tx, held.job_id, done) or _committed(tx, held)


def fail(
    tx: Transaction, held: Claim, code: str, message: str, *, retry: bool, delay: float | None = None, now: datetime | None = None
) -> bool:
    """Ends the attempt with an error: queued again where `retry` and attempts are left, failed otherwise.

    The next attempt begins after `delay` seconds, by default 2·3ⁿ⁻¹ after the n-th, at most 60.
    """
    error = {"error_code": clean_line(code, 64), "error_message": clean_line(message)}
    if not retry or held.attempt >= held.max_attempts:
        return _announced(tx, held.job_id, _fenced(tx, held, **_ended(JobState.FAILED, now or tx.now()), **error))
    wait = min(LONGEST_PAUSE, 2.0 * 3 ** (held.attempt - 1)) if delay is None else delay
    return _fenced(tx, held, **_queued((now or tx.now()) + timedelta(seconds=wait)), **error)


def release(tx: Transaction, held: Claim, *, now: datetime | None = None) -> bool:
    """Hands the job back unfinished, without counting the attempt."""
    return _fenced(tx, held, **_queued(now or tx.now()), attempt=jobs.c.attempt - 1)


def cancel(tx: Transaction, job_id: str, *, space: str = DEFAULT_SPACE, now: datetime | None = None) -> bool:
    """Cancels a job that has not ended; a worker at it learns so at its next heartbeat."""
    this = and_(jobs.c.id == job_id, jobs.c.space == space, jobs.c.state.in_(OPEN))
    cancelled = tx.execute(update(jobs).where(this).values(**_ended(JobState.CANCELLED, now or tx.now()))).rowcount == 1
    return _announced(tx, job_id, cancelled)


def retry(tx: Transaction, job_id: str, *, space: str = DEFAULT_SPACE, now: datetime | None = None) -> bool:
    """Queues a failed or cancelled job again with all its attempts."""
    this = and_(jobs.c.id == job_id, jobs.c.space == space, jobs.c.state.in_([JobState.FAILED.value, JobState.CANCELLED.value]))
    fresh = {"attempt": 0, "error_code": None, "error_message": None, "finished": None, "started": None}
    again = tx.execute(update(jobs).where(this).values(**_queued(now or tx.now()), **fresh)).rowcount == 1
    if again:  # a batch that had ended will end once more
        its_batch = select(jobs.c.batch_id).where(jobs.c.id == job_id).scalar_subquery()
        tx.execute(update(batches).where(batches.c.id == its_batch).values(announced=None))
    return again


def is_waiting(tx: Transaction, kinds: Sequence[JobKind] = EVERY_KIND) -> bool:
    """Whether a job of these kinds could be claimed now."""
    return _next(tx, tx.now(), kinds) is not None


def held_by(tx: Transaction, workers: Sequence[str]) -> int:
    """How many jobs these workers have."""
    theirs = and_(jobs.c.state == JobState.RUNNING.value, jobs.c.worker.in_(workers))
    return int(tx.execute(select(func.count()).select_from(jobs).where(theirs)).scalar_one())


def weights(tx: Transaction, job_ids: Sequence[str]) -> dict[str, tuple[JobKind, int]]:
    """Kind and rank of each of these jobs."""
    rows = tx.execute(select(jobs.c.id, jobs.c.kind, jobs.c.rank).where(jobs.c.id.in_(job_ids)))
    return {row.id: (JobKind(row.kind), row.rank) for row in rows}


def counts(tx: Transaction, *, space: str | None = None) -> dict[JobState, int]:
    """How many jobs stand in each state, in one space or in all."""
    query = select(jobs.c.state, func.count().label("number")).group_by(jobs.c.state)
    rows = tx.execute(query if space is None else query.where(jobs.c.space == space))
    found = {JobState(row["state"]): int(row["number"]) for row in rows.mappings()}
    return {state: found.get(state, 0) for state in JobState}


def counts_by_kind(tx: Transaction) -> dict[tuple[JobKind, JobState], int]:
    """How many jobs of each kind stand in each state, in all spaces; what is not there is left out."""
    query = select(jobs.c.state, jobs.c.kind, func.count().label("number")).group_by(jobs.c.state, jobs.c.kind)
    return {(JobKind(row.kind), JobState(row.state)): int(row.number) for row in tx.execute(query)}


def running_stages(tx: Transaction) -> dict[str, int]:
    """How many jobs are in each stage just now, in all spaces."""
    running = select(jobs.c.stage, func.count().label("number")).where(jobs.c.state == JobState.RUNNING.value)
    return {row.stage or "starting": int(row.number) for row in tx.execute(running.group_by(jobs.c.stage))}


def waiting_since(tx: Transaction) -> dict[JobKind, datetime]:
    """Since when the job of each kind that waits longest could have been run; what has to wait for its next attempt does not count."""
    due = and_(jobs.c.state == JobState.QUEUED.value, jobs.c.not_before <= tx.now())
    query = select(jobs.c.kind, func.min(jobs.c.not_before).label("since")).where(due).group_by(jobs.c.kind)
    return {JobKind(row.kind): row.since for row in tx.execute(query)}


def _next(tx: Transaction, moment: datetime, kinds: Sequence[JobKind]) -> str | None:
    """The claimable job of the first kind that has one, of lowest rank, made first; on PostgreSQL none that another is just taking."""
    for condition in (_waiting, _deserted):  # one after the other: each then follows an index
        for kind in kinds:
            found: str | None = tx.execute(_first(kind, condition), {"moment": moment}).scalar_one_or_none()
            if found is not None:
                return found
    return None


@cache
def _first(kind: JobKind, condition: Callable[[ColumnElement[datetime]], ColumnElement[bool]]) -> Select[tuple[str]]:
    """The statement is made once: a worker asks it for every job, and more than once while it has none."""
    its = select(jobs.c.id).where(jobs.c.kind == kind.value, condition(bindparam("moment", type_=jobs.c.not_before.type)))
    return its.order_by(jobs.c.rank, jobs.c.id).limit(1).with_for_update(skip_locked=True)


def _claimable(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    return _waiting(moment) | _deserted(moment)


def _waiting(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(jobs.c.state == JobState.QUEUED.value, jobs.c.not_before <= moment, jobs.c.attempt < jobs.c.max_attempts)


def _deserted(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(jobs.c.state == JobState.RUNNING.value, jobs.c.lease_until < moment, jobs.c.attempt < jobs.c.max_attempts)


def _fenced(tx: Transaction, held: Claim, **values: Any) -> bool:
    mine = and_(jobs.c.id == held.job_id, jobs.c.fence == held.fence, jobs.c.state == JobState.RUNNING.value)
    return tx.execute(update(jobs).where(mine).values(**values)).rowcount == 1


def _committed(tx: Transaction, held: Claim) -> bool:
    mine = and_(jobs.c.id == held.job_id, jobs.c.fence == held.fence, jobs.c.state == JobState.DONE.value)
    return tx.execute(select(jobs.c.id).where(mine)).one_or_none() is not None


def _announced(tx: Transaction, job_id: str, ended: bool) -> bool:
    """Whether the job has ended; webhooks are told so."""
    if ended:
        announce_jobs(tx, [job_id])
    return ended


def _ended(state: JobState, now: datetime) -> dict[str, Any]:
    return {"state": state.value, "finished": now, "lease_until": None}


def _queued(not_before: datetime) -> dict[str, Any]:
    """Back in the queue, to be published as soon as it may run."""
    again = {"not_before": not_before, "publish_after": not_before, "published": None, "publish_count": 0}
    return {"state": back_in_line(), "lease_until": None, "stage": None, "progress": 0.0, **again}


def back_in_line() -> ColumnElement[str]:
    """The state of a job that waits: paused where its batch is, else queued."""
    paused = exists().where(batches.c.id == jobs.c.batch_id, batches.c.state == JobState.PAUSED.value)
    return case((paused, JobState.PAUSED.value), else_=JobState.QUEUED.value)


def _job(row: Any) -> Job:
    return Job(**{**row, "state": JobState(row["state"]), "kind": JobKind(row["kind"])})
