"""Counts that only grow, of what workers on all machines have done; added up in the transaction that ends an attempt.

Each is kept in `SHARDS` rows, of which a process always takes the same one, so that few wait for each other's transaction to end.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from corpora.store.names import clean_line
from corpora.store.session import Transaction
from corpora.store.tables import tallies

SHARDS = 16

Counted = tuple[str, str]
"""What is counted, and its label: `(Count.ERRORS, "too_large")`."""


class Count(StrEnum):
    """What is counted. Seconds are those that passed, whatever the processor did."""

    ATTEMPTS = "attempts"  # by kind of job and how they ended: `annotate/done`
    SECONDS = "seconds"  # by kind of job
    STAGES = "stages"  # seconds by stage
    ERRORS = "errors"  # by code
    CHARACTERS = "characters"  # of texts that were annotated


class End(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    REUSED = "reused"  # with the stored result of the same bytes and pipeline
    AGAIN = "again"  # with an error, and another attempt follows
    FAILED = "failed"


def add(tx: Transaction, amounts: Mapping[Counted, float], process: str) -> None:
    """Adds to the counts; `process` is the name of whoever counts. The last statement of a transaction: it locks rows until its end."""
    shard = zlib.crc32(process.encode()) % SHARDS
    # in order, so that two processes of one shard never wait for each other
    rows = [
        {"name": str(name), "label": clean_line(label, 64), "shard": shard, "amount": amount}
        for (name, label), amount in sorted(amounts.items())
        if amount
    ]
    if not rows:
        return
    insert = (postgresql.insert if tx.is_postgres else sqlite.insert)(tallies)
    more = {"amount": tallies.c.amount + insert.excluded.amount}
    tx.execute(insert.on_conflict_do_update(index_elements=[tallies.c.name, tallies.c.label, tallies.c.shard], set_=more), rows)


def totals(tx: Transaction) -> dict[Counted, float]:
    """What was counted so far, on all machines."""
    query = select(tallies.c.name, tallies.c.label, func.sum(tallies.c.amount).label("amount")).group_by(tallies.c.name, tallies.c.label)
    return {(row.name, row.label): float(row.amount) for row in tx.execute(query)}
