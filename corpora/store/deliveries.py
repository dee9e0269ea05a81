"""What webhooks are to be told: rows that are written in the transaction in which something ended, and sent by workers until they arrive.

A body holds ids, states and numbers, never words, titles or names of files. With a document or corpus its deliveries are deleted too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy import delete as sql_delete

from corpora.store.identity import new_id
from corpora.store.names import clean_line
from corpora.store.session import Transaction
from corpora.store.tables import batches, deliveries, jobs, webhooks
from corpora.store.webhooks import Event, Webhook, listening

GIVE_UP_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=7)
FIRST_WAIT, LONGEST_WAIT = 5.0, 6 * 3600.0
MOST_SHOWN = 100
_AT_ONCE = 200


class DeliveryState(StrEnum):
    """Where a delivery stands; one that has failed is not tried again."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as lists show it; `status` and `error` are of the last attempt."""

    id: str
    webhook_id: str
    event: Event
    state: DeliveryState
    attempt: int
    not_before: datetime
    status: int | None
    error: str | None
    created: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Sending:
    """The right to send a delivery; `attempt` is unique to it."""

    id: str
    webhook_id: str
    attempt: int
    created: datetime
    body: str
    url: str
    secret: str


_SHOWN = [deliveries.c[name] for name in Delivery.__slots__]
_ENDED = {"done": Event.JOB_DONE, "failed": Event.JOB_FAILED, "cancelled": Event.JOB_CANCELLED}


def announce_jobs(tx: Transaction, job_ids: Sequence[str]) -> None:
    """Notes that these jobs have just ended, in the transaction that ends them; those of a batch are left to the batch."""
    if not job_ids or tx.execute(select(webhooks.c.id).limit(1)).one_or_none() is None:
        return
    wanted = [jobs.c[name] for name in ("id", "space", "kind", "document_id", "state", "error_code")]
    for row in tx.execute(select(*wanted).where(jobs.c.id.in_(job_ids), jobs.c.batch_id.is_(None))).all():
        said = {"job_id": row.id, "kind": row.kind, "document_id": row.document_id, "state": row.state, "error_code": row.error_code}
        _tell(tx, _ENDED[row.state], row.space, said, job_id=row.id)


def announce_batches(tx: Transaction) -> int:
    """Notes batches of which no job is open any more, each once for each time that it ends; how many."""
    open_jobs = and_(jobs.c.batch_id == batches.c.id, jobs.c.state.in_(["queued", "paused", "running"]))
    over = and_(batches.c.announced.is_(None), ~select(jobs.c.id).where(open_jobs).exists())
    ended = update(batches).where(batches.c.id.in_(select(batches.c.id).where(over).limit(_AT_ONCE))).where(batches.c.announced.is_(None))
    rows = tx.execute(ended.values(announced=tx.now()).returning(batches.c.id, batches.c.space, batches.c.corpus_id, batches.c.state)).all()
    for row in rows:
        event = Event.BATCH_CANCELLED if row.state == "cancelled" else Event.BATCH_DONE
        said = {"batch_id": row.id, "corpus_id": row.corpus_id, "state": event.value.partition(".")[2]}
        _tell(tx, event, row.space, {**said, "documents": _counts(tx, row.id)}, batch_id=row.id)
    return len(rows)


def announce_test(tx: Transaction, webhook: Webhook) -> Delivery:
    """Has a webhook told that it works."""
    delivery_id = _add(tx, webhook.id, Event.TEST, webhook.space, {"webhook_id": webhook.id})
    return _delivery(tx.execute(select(*_SHOWN).where(deliveries.c.id == delivery_id)).one()._mapping)


def of_webhook(tx: Transaction, webhook_id: str, limit: int = MOST_SHOWN) -> tuple[Delivery, ...]:
    """What the webhook was told and is to be told, the newest first; at most a hundred."""
    rows = tx.execute(select(*_SHOWN).where(deliveries.c.webhook_id == webhook_id).order_by(deliveries.c.id.desc()).limit(limit))
    return tuple(_delivery(row._mapping) for row in rows)


def claim(tx: Transaction, seconds: float, *, now: datetime | None = None) -> Sending | None:
    """Takes the next delivery that is due for so many seconds, and counts the attempt before it is made; None where there is none."""
    moment = now or tx.now()
    due = and_(deliveries.c.state == DeliveryState.WAITING.value, deliveries.c.not_before <= moment)
    order = select(deliveries.c.id).where(due).order_by(deliveries.c.not_before, deliveries.c.id).limit(1)
    chosen = tx.execute(order.with_for_update(skip_locked=True)).scalar_one_or_none()
    taken = update(deliveries).where(deliveries.c.id == chosen, due)
    taken = taken.values(attempt=deliveries.c.attempt + 1, not_before=moment + timedelta(seconds=seconds))
    if chosen is None or not tx.execute(taken).rowcount:
        return None
    columns = [deliveries.c[name] for name in ("id", "webhook_id", "attempt", "created", "body")] + [webhooks.c.url, webhooks.c.secret]
    joined = deliveries.join(webhooks, webhooks.c.id == deliveries.c.webhook_id)
    return Sending(**tx.execute(select(*columns).select_from(joined).where(deliveries.c.id == chosen)).one()._mapping)


def arrived(tx: Transaction, sending: Sending, status: int) -> None:
    """Ends a delivery that was taken."""
    _settle(tx, sending, state=DeliveryState.DELIVERED.value, ended=tx.now(), status=status, error=None)


def refused(
    tx: Transaction, sending: Sending, error: str, status: int | None = None, *, final: bool = False, now: datetime | None = None
) -> None:
    """Notes an attempt that failed: tried again later, unless `final` or three days old. What else waits for the webhook waits with it."""
    moment = now or tx.now()
    again = moment + timedelta(seconds=wait_after(sending.attempt))
    said: dict[str, Any] = {"status": status, "error": clean_line(error, 500)}
    if final or again > sending.created + GIVE_UP_AFTER:
        _settle(tx, sending, state=DeliveryState.FAILED.value, ended=moment, **said)
    elif _settle(tx, sending, not_before=again, **said):
        others = and_(deliveries.c.webhook_id == sending.webhook_id, deliveries.c.state == DeliveryState.WAITING.value)
        tx.execute(update(deliveries).where(others, deliveries.c.not_before < again).values(not_before=again))


def wait_after(attempt: int) -> float:
    """Seconds from the n-th failed attempt to the next: 5, 20, 80 … up to six hours."""
    return float(min(LONGEST_WAIT, FIRST_WAIT * 4 ** min(attempt - 1, 8)))


def forget_old(tx: Transaction) -> int:
    """Deletes deliveries that ended a week ago; how many."""
    return int(tx.execute(sql_delete(deliveries).where(deliveries.c.ended < tx.now() - KEPT_FOR)).rowcount)


def _tell(tx: Transaction, event: Event, space: str, said: Mapping[str, Any], **about: str) -> None:
    for webhook_id in listening(tx, event, space):
        _add(tx, webhook_id, event, space, said, **about)


def _add(tx: Transaction, webhook_id: str, event: Event, space: str, said: Mapping[str, Any], **about: str) -> str:
    now = tx.now()
    body = json.dumps({"type": event.value, "timestamp": now.isoformat(), "data": {"space": space, **said}})
    values = {"id": new_id(), "webhook_id": webhook_id, "event": event.value, "body": body, "state": DeliveryState.WAITING.value}
    tx.execute(insert(deliveries).values(**values, **about, created=now, not_before=now))
    return str(values["id"])


def _settle(tx: Transaction, sending: Sending, **values: Any) -> bool:
    mine = and_(deliveries.c.id == sending.id, deliveries.c.attempt == sending.attempt, deliveries.c.state == DeliveryState.WAITING.value)
    return tx.execute(update(deliveries).where(mine).values(**values)).rowcount == 1


def _counts(tx: Transaction, batch_id: str) -> dict[str, int]:
    query = select(jobs.c.state, func.count().label("number")).where(jobs.c.batch_id == batch_id).group_by(jobs.c.state)
    return {row.state: int(row.number) for row in tx.execute(query.order_by(jobs.c.state))}


def _delivery(row: Any) -> Delivery:
    return Delivery(**{**row, "event": Event(row["event"]), "state": DeliveryState(row["state"])})
