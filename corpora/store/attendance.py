"""Which workers there are: each says from time to time that it is at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store.jobs import JobKind
from corpora.store.names import clean_line
from corpora.store.session import Transaction
from corpora.store.tables import workers

BEAT_SECONDS = 15.0
LATELY = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that was at work at `seen`: `name` is machine and process, `kinds` are the kinds of jobs that it takes."""

    name: str
    kinds: tuple[JobKind, ...]
    version: str
    started: datetime
    seen: datetime

    @property
    def machine(self) -> str:
        """The machine's name."""
        return self.name.rpartition(":")[0]


def note(tx: Transaction, name: str, kinds: Sequence[JobKind], version: str, *, now: datetime | None = None) -> None:
    """Says that this worker is at work."""
    moment = now or tx.now()
    said = {"kinds": [kind.value for kind in kinds], "version": version, "seen": moment}
    insert = postgresql.insert if tx.is_postgres else sqlite.insert
    new = insert(workers).values(name=clean_line(name, 255), started=moment, **said)
    tx.execute(new.on_conflict_do_update(index_elements=[workers.c.name], set_=said))


def leave(tx: Transaction, name: str) -> None:
    """Says that this worker has ended."""
    tx.execute(delete(workers).where(workers.c.name == clean_line(name, 255)))


def present(tx: Transaction, *, now: datetime | None = None) -> tuple[Worker, ...]:
    """Those that were at work within the last minute, by name."""
    rows = tx.execute(select(workers).where(workers.c.seen > (now or tx.now()) - LATELY).order_by(workers.c.name))
    return tuple(Worker(**{**row._mapping, "kinds": tuple(map(JobKind, row.kinds))}) for row in rows)


def forget_absent(tx: Transaction, *, now: datetime | None = None) -> int:
    """Removes those that nobody has heard of for a day; how many."""
    return int(tx.execute(delete(workers).where(workers.c.seen < (now or tx.now()) - FORGOTTEN_AFTER)).rowcount)
