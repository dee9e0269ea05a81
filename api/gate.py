"""The gate that uploads pass: closed while too many jobs wait."""

from __future__ import annotations

import threading
import time

from api.errors import TooManyWaiting
from corpora.store import jobs
from corpora.store.jobs import JobState
from corpora.store.session import Store

LOOK_EVERY = 1.0


class Gate:
    """Knows how many jobs wait, and asks the database at most once a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._due = 0.0
        self._waiting = 0

    def check(self, store: Store, most: int) -> None:
        """Raises TooManyWaiting where `most` jobs wait already; off by what a second brings."""
        if self._look(store) >= most:
            raise TooManyWaiting

    def _look(self, store: Store) -> int:
        with self._lock:
            if time.monotonic() >= self._due:
                with store.reading() as tx:
                    self._waiting = jobs.counts(tx)[JobState.QUEUED]
                self._due = time.monotonic() + LOOK_EVERY
            return self._waiting
