"""Sees that a Celery worker works: one that hears no messages while messages wait is replaced.

After a Redis that was killed under load, kombu may wait for ever on a line that is dead. The process lives then, and so its supervisor
sees nothing; what can be seen is that jobs and messages wait and no child of this worker has a job.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence

import psutil

from corpora.store import jobs
from corpora.store.errors import StoreError
from corpora.store.session import Store
from workers import queue
from workers.broker import queues_of
from workers.heart import REPLACE_ME
from workers.queue import BrokerGone
from workers.settings import Settings

log = logging.getLogger(__name__)

LONGEST_LOADING = 600.0  # seconds


class Watch:
    """A thread in the worker's main process. After `deaf_seconds` of idleness while messages wait it ends children and process.

    `loading` names children that are not ready: they may have been given a job, and load their models before they begin it.
    """

    def __init__(self, settings: Settings, store: Store, loading: Callable[[], Sequence[int]]) -> None:
        self._settings, self._store, self._loading = settings, store, loading

    def start(self) -> None:
        """Starts the thread."""
        threading.Thread(target=self._run, name="watch", daemon=True).start()

    def _run(self) -> None:
        limit = self._settings.deaf_seconds
        idle_since = time.monotonic()
        while True:
            time.sleep(min(5.0, limit / 4))
            if not self._is_deaf():
                idle_since = time.monotonic()
            elif time.monotonic() - idle_since > limit:
                log.error("messages wait, and this worker has heard none for %g s: it is replaced", limit)
                leave_with_children()

    def _is_deaf(self) -> bool:
        """Whether a message waits here, a job waits in the table, and no child of this process has one or still loads its models."""
        try:
            if any(_is_young(child) for child in self._loading()) or not queue.depth(self._settings, queues_of(self._settings.kinds)):
                return False
            with self._store.reading() as tx:
                return jobs.is_waiting(tx, self._settings.kinds) and not jobs.held_by(tx, self._holders())
        except (BrokerGone, StoreError):
            return False

    def _holders(self) -> list[str]:
        """The children, as job rows name them."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return [f"{socket.gethostname()}:{child.pid}" for child in psutil.Process().children()]
        return []


def _is_young(child: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(time.time() - psutil.Process(child).create_time() < LONGEST_LOADING)
    return False


def leave_with_children() -> None:
    """Ends this process and its children at once; the rows of what they did run out and are done elsewhere."""
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(REPLACE_ME)
