"""Out of which trace a job comes: its row keeps that, so that whoever runs it, on whatever machine, goes on with the same trace."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

_origin: ContextVar[str | None] = ContextVar("origin", default=None)


@contextlib.contextmanager
def coming_from(traceparent: str | None) -> Iterator[None]:
    """Jobs that are made inside come out of this span (W3C Trace Context); of none with None."""
    before = _origin.set(traceparent)
    try:
        yield
    finally:
        _origin.reset(before)


def origin() -> str | None:
    """The traceparent of what is being done here."""
    return _origin.get()
