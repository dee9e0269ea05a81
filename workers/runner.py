"""The embedded runner: a process that claims jobs from the table, one after the other, without a broker."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from corpora.store.errors import StoreError
from workers import process
from workers.heart import REPLACE_ME
from workers.presence import Presence
from workers.process import Process, is_too_big
from workers.recovery import Recovery
from workers.running import Outcome, run_job
from workers.settings import from_environment
from workers.stopping import stop_on_signal, stop_with_parent
from workers.wake import Bell
from workers.webhooks import Messenger

log = logging.getLogger(__name__)

NICENESS = 10  # of 19


def main(arguments: Sequence[str]) -> int:
    """Runs jobs as the environment says, until SIGTERM; returns the exit status."""
    if "--supervised" in arguments:
        stop_with_parent()
    step_back()
    here = process.start(from_environment(os.environ))
    stop_on_signal(here.stop)
    beside = tuple(thread(here.settings, here.store) for thread in (Recovery, Messenger, Presence))
    for thread in beside:
        thread.start()
    try:
        return serve(here)
    finally:
        for thread in beside:
            thread.stop()
        here.store.close()


def step_back() -> None:
    """Leaves the processors to others first: on this machine people wait for the answers of the API.

    Linux gives each session a share of its own, inside of which alone a niceness counts; so the session is told, too.
    """
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
        Path("/proc/self/autogroup").write_text(str(NICENESS))


def serve(here: Process) -> int:
    """Claims and runs until told to stop (0), or grown too big (a status that asks to be replaced)."""
    with Bell(here.settings) as bell:
        while not here.stop.is_set():
            outcome = _next(here)
            if outcome is Outcome.NOTHING:
                bell.wait(here.settings.poll_seconds)
            elif is_too_big(here.settings):
                log.info("grown past the ceiling of %d MiB", here.settings.memory_mib)
                return REPLACE_ME
    return 0


def _next(here: Process) -> Outcome:
    try:
        return run_job(here.store, None, here.work, here.settings, stop=here.stop)
    except StoreError as error:
        log.warning("claiming has to wait: %s", error)
        time.sleep(1.0)
        return Outcome.NOTHING


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
