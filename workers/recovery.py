"""The reconciler: every few seconds, in one process of all, it gives jobs of the dead back and sends lost messages again."""

from __future__ import annotations

import logging
import threading
import time

from corpora.store import attendance, deliveries, jobs, leases, points, recovery
from corpora.store.errors import StoreError
from corpora.store.points import Point
from corpora.store.session import Store
from corpora.store.trashing import empty_trash, scrub_after, sweep_orphans
from workers import queue
from workers.broker import queue_of
from workers.settings import Settings, process_name

log = logging.getLogger(__name__)

LEASE = "recovery"
SWEEP_SECONDS = 3600.0
MOST_ROUNDS = 20


class Recovery:
    """A thread that reconciles. Any number may run: a lease row lets one act at a time, and another takes over when it dies."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._holder = process_name()
        self._over = threading.Event()
        self._swept = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="recovery", daemon=True)

    def start(self) -> None:
        """Starts the thread; the first round is at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and gives its lease back."""
        self._over.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while True:
            try:
                self._round()
            except StoreError as error:
                log.warning("reconciling has to wait: %s", error)
            if self._over.wait(self._settings.recovery_seconds):
                break
        self._give_back()

    def _round(self) -> None:
        with self._store.transaction() as tx:
            if not leases.take(tx, LEASE, self._holder, self._settings.recovery_seconds * 3):
                return
        points.passing(Point.RECONCILE_ALONE)
        for _ in range(MOST_ROUNDS):  # a batch is published some hundreds at a time
            if reconcile(self._settings, self._store) < recovery.MOST_AT_ONCE:
                break
        if time.monotonic() - self._swept > SWEEP_SECONDS:
            self._swept = time.monotonic()
            empty_trash(self._store)
            sweep_orphans(self._store)
            with self._store.transaction() as tx:
                deliveries.forget_old(tx)
                attendance.forget_absent(tx)
                scrub_after(tx)  # in case readers were at the journal when something was deleted

    def _give_back(self) -> None:
        try:
            with self._store.transaction() as tx:
                leases.give_back(tx, LEASE, self._holder)
        except StoreError as error:
            log.info("the lease is left to run out: %s", error)


def reconcile(settings: Settings, store: Store) -> int:
    """One round: expired leases, then messages that are due. How many jobs were published, or the runner woken for."""
    waiting = _messages(settings)
    with store.transaction() as tx:
        ids = recovery.reconcile(tx, publish=waiting is not None, waiting=waiting)
        weights = jobs.weights(tx, ids)
    if ids:
        points.passing(Point.RECONCILE_NOTED)
        _publish(settings, store, [(job_id, queue_of(*weights[job_id])) for job_id in ids])
        points.passing(Point.RECONCILE_SENT)
    return len(ids)


def _messages(settings: Settings) -> int | None:
    """How many messages wait; None where there is no broker, or it is gone, so that nothing is to be published."""
    if settings.embedded:
        return None
    try:
        return queue.depth(settings)
    except queue.BrokerGone as error:
        log.warning("the broker is gone, jobs wait in the database: %s", error)
        return None


def _publish(settings: Settings, store: Store, ids: list[tuple[str, str]]) -> None:
    for position, (job_id, queue_name) in enumerate(ids):
        try:
            queue.send(settings, [job_id], queue_name)
        except queue.BrokerGone as error:
            log.warning("the broker went away: %s", error)
            with store.transaction() as tx:
                recovery.unpublish(tx, [waiting for waiting, _ in ids[position:]])
            return
