"""Named leases: of several processes, one at a time does a thing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store.session import Transaction
from corpora.store.tables import leases


def take(tx: Transaction, name: str, holder: str, seconds: float, *, now: datetime | None = None) -> bool:
    """Takes or renews the lease; False where another holder has it."""
    moment = now or tx.now()
    values = {"holder": holder, "until": moment + timedelta(seconds=seconds)}
    insert = postgresql.insert if tx.is_postgres else sqlite.insert
    tx.execute(insert(leases).values(name=name, holder=holder, until=moment - timedelta(seconds=1)).on_conflict_do_nothing())
    free = or_(leases.c.holder == holder, leases.c.until < moment)
    return tx.execute(update(leases).where(leases.c.name == name, free).values(**values)).rowcount == 1


def give_back(tx: Transaction, name: str, holder: str) -> None:
    """Ends the lease at once, if this holder has it."""
    tx.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
