"""Writers of one process in the order in which they came.

SQLite lets one writer in at a time, and who waits asks again after ever longer pauses: where many write without a pause, the one that
has waited longest is the least likely to be let in. Among the threads of a process the order is kept here; other processes still ask.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator

from corpora.store.errors import StoreUnavailable

PATIENCE = 20.0  # seconds; as long SQLite is asked for its lock


class Turns:
    """Gives one thread at a time its turn, the longest waiting first."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for the turn and holds it; raises StoreUnavailable where it has not come in time."""
        self._take()
        try:
            yield
        finally:
            with self._lock:
                self._pass_on()

    def _take(self) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(self._patience):
            return
        with self._lock:
            if mine.is_set():  # it came in this very moment
                return
            self._waiting.remove(mine)
        raise StoreUnavailable

    def _pass_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._taken = False
