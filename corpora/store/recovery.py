"""What keeps jobs from being lost: expired leases end or return to the queue, and lost messages are sent again with back-off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, and_, case, cast, literal, or_, select, update

from corpora.store.deliveries import announce_batches, announce_jobs
from corpora.store.jobs import EXHAUSTED, REPUBLISH_LONGEST, REPUBLISH_SECONDS, JobState, back_in_line
from corpora.store.points import Point, passing
from corpora.store.session import Transaction
from corpora.store.tables import jobs

MOST_AT_ONCE = 500


def reconcile(tx: Transaction, now: datetime | None = None, *, publish: bool = True, broker_empty: bool = False) -> list[str]:
    """Ends or requeues jobs of silent workers; returns the ids that are due to be published, and notes them as published.

    With `publish` False (broker gone) nothing is due. With `broker_empty` the back-off is left aside: what was sent is lost.
    """
    moment = now or tx.now()
    expire(tx, moment)
    announce_batches(tx)
    passing(Point.RECONCILE_EXPIRED)
    return due(tx, moment, broker_empty=broker_empty) if publish else []


def expire(tx: Transaction, moment: datetime) -> int:
    """Running jobs whose lease is over: failed where no attempt is left, queued otherwise. How many."""
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
    failed = list(tx.execute(failing.returning(jobs.c.id)).scalars())
    announce_jobs(tx, failed)
    again = {"not_before": moment, "publish_after": moment, "published": None, "publish_count": 0, "stage": None, "progress": 0.0}
    queued = tx.execute(update(jobs).where(over).values(state=back_in_line(), lease_until=None, **again)).rowcount
    return len(failed) + int(queued)


def due(tx: Transaction, moment: datetime, *, broker_empty: bool = False) -> list[str]:
    """Queued jobs that nobody has been told of for min(600, 15·2ⁿ) seconds, the n-th time; at most 500."""
    sent_long_ago = jobs.c.published <= moment - timedelta(seconds=REPUBLISH_SECONDS)
    late = or_(jobs.c.publish_after <= moment, sent_long_ago) if broker_empty else jobs.c.publish_after <= moment
    waiting = and_(jobs.c.state == JobState.QUEUED.value, jobs.c.not_before <= moment, late)
    order = select(jobs.c.id, jobs.c.publish_count).where(waiting).order_by(jobs.c.rank, jobs.c.id).limit(MOST_AT_ONCE)
    found = tx.execute(order.with_for_update(skip_locked=True)).all()
    for count in {row.publish_count for row in found}:
        _note_published(tx, [row.id for row in found if row.publish_count == count], count, moment)
    if found:
        passing(Point.RECONCILE_DUE)
    return [row.id for row in found]


def unpublish(tx: Transaction, job_ids: Sequence[str], now: datetime | None = None) -> None:
    """Takes a note of publishing back where the broker did not take the message."""
    less = case((jobs.c.publish_count > 0, jobs.c.publish_count - 1), else_=0)
    these = and_(jobs.c.id.in_(job_ids), jobs.c.state == JobState.QUEUED.value)
    tx.execute(update(jobs).where(these).values(publish_after=now or tx.now(), published=None, publish_count=less))


def _note_published(tx: Transaction, job_ids: Sequence[str], count: int, moment: datetime) -> None:
    wait = min(REPUBLISH_LONGEST, REPUBLISH_SECONDS * 2 ** min(count + 1, 10))
    values = {"published": moment, "publish_after": moment + timedelta(seconds=wait), "publish_count": count + 1}
    tx.execute(update(jobs).where(jobs.c.id.in_(job_ids)).values(**values))
