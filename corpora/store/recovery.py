"""What keeps jobs from being lost: expired leases end or return to the queue, and lost messages are sent again with back-off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, case, cast, func, literal, select, update

from corpora.store import tallies
from corpora.store.deliveries import announce_batches, announce_jobs
from corpora.store.jobs import EXHAUSTED, REPUBLISH_LONGEST, REPUBLISH_SECONDS, JobState, back_in_line
from corpora.store.points import Point, passing
from corpora.store.session import Transaction
from corpora.store.tables import jobs
from corpora.store.tallies import Count, Counted, End

MOST_AT_ONCE = 500
SILENT = "worker_silent"
"""The error as which an attempt is counted whose worker was heard no more."""


def reconcile(tx: Transaction, now: datetime | None = None, *, publish: bool = True, waiting: int | None = None) -> list[str]:
    """Ends or requeues jobs of silent workers; returns the ids that are due to be published, and notes them as published.

    With `publish` False (broker gone) nothing is due. `waiting` is how many messages wait in the broker, None where that is not known.
    """
    moment = now or tx.now()
    ended = expire(tx, moment)
    announce_batches(tx)
    passing(Point.RECONCILE_EXPIRED)
    found = due(tx, moment, waiting) if publish else []
    tallies.add(tx, ended, "reconciler")
    return found


def expire(tx: Transaction, moment: datetime) -> dict[Counted, float]:
    """Running jobs whose lease is over: failed where no attempt is left, queued otherwise. What is to be counted of it."""
    over = and_(jobs.c.state == JobState.RUNNING.value, jobs.c.lease_until < moment)
    spent = {
        "state": JobState.FAILED.value,
        "finished": moment,
        "lease_until": None,
        "error_code": EXHAUSTED,
        "error_message": literal("The worker stopped without an answer, ")
        + cast(jobs.c.attempt, String)
        + " times of "
        + cast(jobs.c.max_attempts, String)
        + "; the document may be too large or damaged.",
    }
    failing = update(jobs).where(over, jobs.c.attempt >= jobs.c.max_attempts).values(**spent)
    failed = tx.execute(failing.returning(jobs.c.id, jobs.c.kind)).all()
    announce_jobs(tx, [row.id for row in failed])
    again = {"not_before": moment, "publish_after": moment, "published": None, "publish_count": 0, "stage": None, "progress": 0.0}
    requeuing = update(jobs).where(over).values(state=back_in_line(), lease_until=None, **again)
    queued = list(tx.execute(requeuing.returning(jobs.c.kind)).scalars())
    return _counted([row.kind for row in failed], queued)


def _counted(failed: Sequence[str], again: Sequence[str]) -> dict[Counted, float]:
    """The kinds of jobs that lost their worker, as attempts and as errors."""
    ends: Counter[Counted] = Counter((Count.ATTEMPTS, f"{kind}/{End.FAILED}") for kind in failed)
    ends.update((Count.ATTEMPTS, f"{kind}/{End.AGAIN}") for kind in again)
    errors = {(Count.ERRORS, EXHAUSTED): float(len(failed)), (Count.ERRORS, SILENT): float(len(again))}
    return errors | {end: float(number) for end, number in ends.items()}


def due(tx: Transaction, moment: datetime, waiting: int | None = None) -> list[str]:
    """Queued jobs that nobody has been told of for min(600, 15·2ⁿ) seconds, the n-th time, and as many as have lost their message.

    Lost is what was sent and does not wait in the broker, or it is in a worker's hands; those count for nothing, because a worker that
    was killed seems to hold its messages for an hour. Which jobs have lost theirs nobody knows: those sent longest ago are taken, not
    sooner than 15 s after they were sent. At most 500 in all, and no more than the broker lacks: a duplicate counts as a message, too.
    """
    queued, sent = _queued(tx)
    lost, most = (0, MOST_AT_ONCE) if waiting is None else (sent - waiting, min(queued - waiting, MOST_AT_ONCE))
    late = jobs.c.publish_after <= moment
    found = _waiting(tx, moment, late, (jobs.c.published.is_not(None), jobs.c.rank, jobs.c.id), most)
    missed = min(lost - sum(row.published is not None for row in found), most - len(found))
    sent_long_ago = jobs.c.published <= moment - timedelta(seconds=REPUBLISH_SECONDS)
    found += _waiting(tx, moment, and_(~late, sent_long_ago), (jobs.c.published, jobs.c.rank, jobs.c.id), missed)
    for count in {row.publish_count for row in found}:
        _note_published(tx, [row.id for row in found if row.publish_count == count], count, moment)
    if found:
        passing(Point.RECONCILE_DUE)
    return [row.id for row in found]


def _queued(tx: Transaction) -> tuple[int, int]:
    """How many jobs are queued, and for how many of them a message was sent."""
    query = select(func.count().label("queued"), func.count(jobs.c.published).label("sent")).where(jobs.c.state == JobState.QUEUED.value)
    found = tx.execute(query).one()
    return int(found.queued), int(found.sent)


def unpublish(tx: Transaction, job_ids: Sequence[str], now: datetime | None = None) -> None:
    """Takes a note of publishing back where the broker did not take the message."""
    less = case((jobs.c.publish_count > 0, jobs.c.publish_count - 1), else_=0)
    these = and_(jobs.c.id.in_(job_ids), jobs.c.state == JobState.QUEUED.value)
    tx.execute(update(jobs).where(these).values(publish_after=now or tx.now(), published=None, publish_count=less))


def _waiting(tx: Transaction, moment: datetime, which: ColumnElement[bool], order: Sequence[Any], most: int) -> list[Row[Any]]:
    if most <= 0:
        return []
    these = and_(jobs.c.state == JobState.QUEUED.value, jobs.c.not_before <= moment, which)
    query = select(jobs.c.id, jobs.c.published, jobs.c.publish_count).where(these).order_by(*order).limit(most)
    return list(tx.execute(query.with_for_update(skip_locked=True)).all())


def _note_published(tx: Transaction, job_ids: Sequence[str], count: int, moment: datetime) -> None:
    wait = min(REPUBLISH_LONGEST, REPUBLISH_SECONDS * 2 ** min(count + 1, 10))
    values = {"published": moment, "publish_after": moment + timedelta(seconds=wait), "publish_count": count + 1}
    tx.execute(update(jobs).where(jobs.c.id.in_(job_ids)).values(**values))
