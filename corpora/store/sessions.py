"""Browser sessions: begun with an access key, ended with it, by time, or by logging out. Only digests of their tokens are kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from corpora.store.identity import utc_now
from corpora.store.keys import Key, digest, get
from corpora.store.session import Transaction
from corpora.store.tables import sessions

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that has shown a key, and the space that it looks at."""

    key: Key
    space: str
    seen: datetime


def begin(tx: Transaction, key: Key, now: datetime | None = None) -> str:
    """Begins a session and returns its token; what has run out is cleared away."""
    moment = now or utc_now()
    tx.execute(delete(sessions).where((sessions.c.begun < moment - LONGEST) | (sessions.c.seen < moment - IDLE)))
    token = secrets.token_urlsafe(32)
    tx.execute(insert(sessions).values(digest=digest(token), key_id=key.id, space=key.home, begun=moment, seen=moment))
    return token


def find(tx: Transaction, token: str, now: datetime | None = None) -> Session | None:
    """The session with this token, None where it has run out or its key is no longer good."""
    moment = now or utc_now()
    alive = [sessions.c.digest == digest(token), sessions.c.begun > moment - LONGEST, sessions.c.seen > moment - IDLE]
    row = tx.execute(select(sessions.c.key_id, sessions.c.space, sessions.c.seen).where(*alive)).one_or_none()
    key = get(tx, row.key_id) if row else None
    return Session(key, row.space, row.seen) if row and key and key.is_good(moment) and key.sees(row.space) else None


def is_use_due(session: Session, now: datetime) -> bool:
    """Whether the last use on record is older than a minute."""
    return now - session.seen > _NOTED_EVERY


def note_use(tx: Transaction, token: str, now: datetime) -> None:
    """Puts off the end by idleness."""
    tx.execute(update(sessions).where(sessions.c.digest == digest(token)).values(seen=now))


def look_at(tx: Transaction, token: str, space: str) -> None:
    """Turns the session to another space; the caller makes sure that its key sees it."""
    tx.execute(update(sessions).where(sessions.c.digest == digest(token)).values(space=space))


def end(tx: Transaction, token: str) -> None:
    """Logs out."""
    tx.execute(delete(sessions).where(sessions.c.digest == digest(token)))
