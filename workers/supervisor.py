"""Keeps processes alive: what dies is started again, ever more slowly where it dies at once."""

from __future__ import annotations

import logging
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

from workers.heart import REPLACE_ME

log = logging.getLogger(__name__)

LONGEST_WAIT = 10.0
SETTLED = 30.0


class Supervisor:
    """`count` processes of one command. Each holds the end of a pipe as its standard input, and stops when this process is gone."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], *, count: int, grace_seconds: float) -> None:
        self._command, self._environment = list(command), dict(environment)
        self._grace = grace_seconds
        self._stopping = threading.Event()
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._slots = [threading.Thread(target=self._keep, args=(slot,), name=f"slot-{slot}", daemon=True) for slot in range(count)]

    def start(self) -> None:
        """Starts the processes and returns."""
        for slot in self._slots:
            slot.start()

    def stop(self) -> None:
        """Asks the processes to end, waits for the grace, kills what is left."""
        self._stopping.set()
        for process in list(self._running.values()):
            process.terminate()
        until = time.monotonic() + self._grace + 10
        for slot in self._slots:
            slot.join(max(0.0, until - time.monotonic()))
        for process in list(self._running.values()):
            process.kill()

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until `stop` was called, at most so long; whether it was."""
        return self._stopping.wait(seconds)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run at the moment."""
        return tuple(process.pid for process in list(self._running.values()) if process.poll() is None)

    def _keep(self, slot: int) -> None:
        deaths = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            status = self._run(slot)
            if self._stopping.is_set():
                return
            deaths = 0 if status == REPLACE_ME or time.monotonic() - began > SETTLED else deaths + 1
            wait = min(LONGEST_WAIT, 0.5 * 2 ** (deaths - 1)) if deaths else 0.0
            log.warning("process ended with status %s; another starts in %.1f s", status, wait)
            self._stopping.wait(wait)

    def _run(self, slot: int) -> int:
        """One life of a process; it has a session of its own, so that Ctrl-C reaches it only through `stop`."""
        process = subprocess.Popen(self._command, stdin=subprocess.PIPE, env=self._environment, start_new_session=os.name != "nt")
        self._running[slot] = process
        if self._stopping.is_set():
            process.terminate()
        try:
            return process.wait()
        finally:
            del self._running[slot]
            if process.stdin:
                process.stdin.close()
