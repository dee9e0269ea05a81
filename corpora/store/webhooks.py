"""Webhooks of a space: addresses that are told when its jobs and batches end."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, insert, select

from corpora.store import audit
from corpora.store.errors import TooManyWebhooks
from corpora.store.identity import new_id
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE, webhooks

SECRET_PREFIX = "whsec_"  # noqa: S105 - how the secrets of Standard Webhooks begin
MOST_OF_A_SPACE = 20


class Event(StrEnum):
    """What a webhook can be told of. Jobs of a batch are told with their batch only."""

    JOB_DONE = "job.done"
    JOB_FAILED = "job.failed"
    JOB_CANCELLED = "job.cancelled"
    BATCH_DONE = "batch.done"
    BATCH_CANCELLED = "batch.cancelled"
    TEST = "webhook.test"


EVERY_EVENT = tuple(event for event in Event if event is not Event.TEST)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as lists show it, without its secret."""

    id: str
    space: str
    url: str
    events: tuple[Event, ...]
    created: datetime


_SHOWN = [webhooks.c[name] for name in Webhook.__slots__]


def add(
    tx: Transaction, url: str, events: Iterable[Event] = EVERY_EVENT, *, space: str = DEFAULT_SPACE, actor: str = "local"
) -> tuple[Webhook, str]:
    """A new webhook and the secret that signs its deliveries, told this once; the URL is checked already. Raises TooManyWebhooks."""
    if int(tx.execute(select(func.count()).select_from(webhooks).where(webhooks.c.space == space)).scalar_one()) >= MOST_OF_A_SPACE:
        raise TooManyWebhooks
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    values = {"id": new_id(), "space": space, "url": url, "events": sorted({event.value for event in events}), "created": tx.now()}
    tx.execute(insert(webhooks).values(**values, secret=secret))
    audit.record(tx, "make_webhook", str(values["id"]), actor=actor, space=space, details={"host": urlsplit(url).hostname})
    return _webhook(values), secret


def every(tx: Transaction, *, space: str = DEFAULT_SPACE) -> tuple[Webhook, ...]:
    """All webhooks of the space, the newest first."""
    rows = tx.execute(select(*_SHOWN).where(webhooks.c.space == space).order_by(webhooks.c.id.desc()))
    return tuple(_webhook(row._mapping) for row in rows)


def get(tx: Transaction, webhook_id: str, *, space: str = DEFAULT_SPACE) -> Webhook | None:
    """The webhook, None where the space has none of that id."""
    row = tx.execute(select(*_SHOWN).where(webhooks.c.id == webhook_id, webhooks.c.space == space)).one_or_none()
    return None if row is None else _webhook(row._mapping)


def delete(tx: Transaction, webhook_id: str, *, space: str = DEFAULT_SPACE, actor: str = "local") -> bool:
    """Deletes the webhook with all that it was still to be told; False where unknown."""
    known = get(tx, webhook_id, space=space)
    if known is None:
        return False
    tx.execute(sql_delete(webhooks).where(webhooks.c.id == webhook_id))
    audit.record(tx, "delete_webhook", webhook_id, actor=actor, space=space, details={"host": urlsplit(known.url).hostname})
    return True


def listening(tx: Transaction, event: Event, space: str) -> tuple[str, ...]:
    """The ids of the space's webhooks that want to be told of this."""
    rows = tx.execute(select(webhooks.c.id, webhooks.c.events).where(webhooks.c.space == space))
    return tuple(row.id for row in rows if event.value in row.events)


def _webhook(row: Any) -> Webhook:
    kept = {name: row[name] for name in Webhook.__slots__}
    return Webhook(**{**kept, "events": tuple(map(Event, row["events"]))})
