"""Whether the service asks for keys at all."""

from __future__ import annotations

import threading
import time

from corpora.store import keys
from corpora.store.session import Store

LOOK_EVERY = 1.0


class Latch:
    """Falls shut with the first key that is made, and stays shut. Asks the database at most once a second while it is open."""

    def __init__(self, shut: bool) -> None:
        self._shut, self._due = shut, 0.0
        self._lock = threading.Lock()

    def shut(self) -> None:
        """A key was made."""
        self._shut = True

    def is_shut(self, store: Store) -> bool:
        """Whether a key is needed."""
        if self._shut:
            return True
        with self._lock:
            if time.monotonic() >= self._due:
                with store.reading() as tx:
                    self._shut = keys.any_made(tx) or self._shut
                self._due = time.monotonic() + LOOK_EVERY
        return self._shut
