"""The heartbeat of a job: a thread that renews the lease, tells the progress, and ends work that may not go on."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from corpora.store import jobs
from corpora.store.errors import StoreError
from corpora.store.jobs import Claim
from corpora.store.session import Store, Transaction
from corpora.store.tallies import End
from workers.logs import in_this_context
from workers.settings import Settings
from workers.tally import Tally
from workers.work import ClaimLost

log = logging.getLogger(__name__)

REPLACE_ME = 75
_AT_MOST_EVERY = 0.5


def leave() -> None:
    """Ends this process at once. Work in C code hears no exception; the row says already how the attempt ended."""
    os._exit(REPLACE_ME)


class Heart:
    """Beats while it is entered: every third of the lease, and soon after `report` has told something new.

    When the document has taken too long the job is failed, when the process was told to stop and its grace is over the job is handed back;
    then, and only then, `end` is called, which is not expected to return.
    """

    def __init__(self, store: Store, claim: Claim, settings: Settings, stop: threading.Event, end: Callable[[], None] = leave) -> None:
        self._store, self._claim, self._settings = store, claim, settings
        self._stop, self._end = stop, end
        self._news, self._over, self._lost = threading.Event(), threading.Event(), threading.Event()
        self._stage: str | None = None
        self._progress = 0.0
        self._began = time.monotonic()
        self._stopping_since: float | None = None
        self.tally = Tally(claim.kind)
        self._thread = threading.Thread(target=in_this_context(self._beat), name="heart", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._news.set()
        self._thread.join()
        self.tally.leave()

    def report(self, stage: str, progress: float) -> None:
        """Notes how far the work is; raises ClaimLost where it need not go on."""
        if self._lost.is_set():
            raise ClaimLost
        if stage != self._stage:
            self.tally.enter(stage)
        self._stage, self._progress = stage, progress
        self._news.set()

    @property
    def lost(self) -> bool:
        """Whether the claim is known to be lost."""
        return self._lost.is_set()

    def _beat(self) -> None:
        due = time.monotonic()
        while not self._over.wait(_AT_MOST_EVERY):
            if self._is_over_time() or self._is_over_grace():
                return
            if self._news.is_set() or time.monotonic() >= due:
                self._news.clear()
                self._renew()
                due = time.monotonic() + self._claim.lease_seconds / 3

    def _renew(self) -> None:
        try:
            with self._store.transaction() as tx:
                alive = jobs.heartbeat(tx, self._claim, self._stage, self._progress)
        except StoreError as error:
            log.warning("job %s: no heartbeat: %s", self._claim.job_id, error)
            self._news.set()
            return
        if not alive:
            log.info("job %s: claim %d is lost", self._claim.job_id, self._claim.fence)
            self._lost.set()

    def _is_over_time(self) -> bool:
        limit = self._settings.job_seconds
        if time.monotonic() - self._began <= limit:
            return False
        message = f"Annotating the document took longer than {limit:g} seconds and was stopped."

        def fail(tx: Transaction) -> None:
            if jobs.fail(tx, self._claim, "time_limit", message, retry=False):
                self.tally.write(tx, End.FAILED, error="time_limit")

        self._last_word(fail)
        return True

    def _is_over_grace(self) -> bool:
        if not self._stop.is_set():
            return False
        self._stopping_since = self._stopping_since or time.monotonic()
        if time.monotonic() - self._stopping_since < self._settings.grace_seconds:
            return False
        self._last_word(lambda tx: jobs.release(tx, self._claim))
        return True

    def _last_word(self, write: Callable[[Transaction], object]) -> None:
        """Writes how the attempt ends, then ends the process; an unwritten word leaves the job to the reconciler."""
        try:
            with self._store.transaction() as tx:
                write(tx)
        except StoreError as error:
            log.warning("job %s: %s", self._claim.job_id, error)
        self._lost.set()
        self._end()
