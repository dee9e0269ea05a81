"""Named points at which a test lets the process die, to see that nothing is lost there. In operation they cost a comparison."""

from __future__ import annotations

import os
from enum import StrEnum

CRASHED = 9
VARIABLE = "LEXFRAME_TEST_CRASH_AT"  # point#n: at the n-th passing of the point


class Point(StrEnum):
    """Where a process may die."""

    ACCEPT_WRITTEN = "accept: the file is written, and has no name yet"
    ACCEPT_KEPT = "accept: the file is kept"
    ACCEPT_INSERTED = "accept: document and job are in the transaction"
    ACCEPT_COMMITTED = "accept: committed, nobody is told"
    CLAIM_MADE = "claim: made in the transaction"
    CLAIM_COMMITTED = "claim: committed"
    RUN_READ = "run: the bytes are read"
    RUN_BEGUN = "run: the heart beats"
    RUN_MADE = "run: the result is made"
    COMMIT_FENCED = "commit: the job is done in the transaction"
    COMMIT_KEPT = "commit: the result is in the transaction"
    COMMIT_ATTACHED = "commit: all is in the transaction"
    COMMIT_COMMITTED = "commit: committed, the broker is not answered"
    REUSE_ATTACHED = "commit: a stored result is attached in the transaction"
    FAIL_NOTED = "fail: noted in the transaction"
    FAIL_COMMITTED = "fail: committed"
    EXPORT_WRITTEN = "export: the file is kept"
    EXPORT_FINISHED = "export: all is in the transaction"
    RECONCILE_ALONE = "reconcile: the lease is taken"
    RECONCILE_EXPIRED = "reconcile: expired jobs are queued in the transaction"
    RECONCILE_DUE = "reconcile: jobs are noted as published in the transaction"
    RECONCILE_NOTED = "reconcile: committed, nothing is sent"
    RECONCILE_SENT = "reconcile: sent"
    DELETE_NOTED = "delete: rows are gone in the transaction"
    DELETE_COMMITTED = "delete: committed, the bytes are there"
    DELETE_REMOVED = "delete: the bytes are gone, the trash has them still"


_point, _, _count = os.environ.get(VARIABLE, "").rpartition("#")
_left = int(_count) if _point else 0


def crash_at(point: Point | None, passing_number: int = 1) -> None:
    """Lets this process die at the n-th passing of a point; None for nowhere."""
    global _point, _left
    _point, _left = point or "", passing_number


def passing(point: Point) -> None:
    """Says that this point is reached."""
    global _left
    if point == _point:
        _left -= 1
        if _left == 0:
            os._exit(CRASHED)
