"""A worker's sign of life: a thread that says every quarter of a minute, in the database, that it is at work."""

from __future__ import annotations

import logging
import threading

from corpora.store import attendance
from corpora.store.errors import StoreError
from corpora.store.session import Store
from workers.settings import Settings, process_name
from workers.versions import program_version

log = logging.getLogger(__name__)


class Presence:
    """The thread. `lexframe doctor` and the metrics tell by it whether anybody takes jobs."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._name = process_name()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        """Starts the thread; the first sign is given at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and takes the sign back."""
        self._over.set()
        self._thread.join(timeout=1)
        try:
            with self._store.transaction() as tx:
                attendance.leave(tx, self._name)
        except StoreError as error:
            log.info("that this worker has ended is not on record: %s", error)

    def _run(self) -> None:
        while True:
            try:
                with self._store.transaction() as tx:
                    attendance.note(tx, self._name, self._settings.kinds, program_version())
            except StoreError as error:
                log.warning("no sign of life: %s", error)
            if self._over.wait(attendance.BEAT_SECONDS):
                break
