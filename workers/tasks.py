"""The Celery tasks, and what a worker does besides: thin, for the work itself is in `running`."""

from __future__ import annotations

import contextlib
import os
import signal
from typing import Any

from celery import shared_task, signals

from corpora.store.session import open_store
from workers.process import current
from workers.queue import RUN
from workers.recovery import Recovery
from workers.running import run_job
from workers.settings import Settings
from workers.stopping import stop_on_signal


@shared_task(name=RUN)  # type: ignore[untyped-decorator, unused-ignore]
def run(job_id: str, *_: object) -> None:
    """Runs the job of that id, if it still waits."""
    process = current()
    run_job(process.store, job_id, process.work, process.settings, stop=process.stop)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator, unused-ignore]
def start_child(**_: Any) -> None:
    """Loads the models before the first task; SIGUSR2 tells a child that its worker is stopping."""
    stop_on_signal(current().stop, signal.SIGUSR2)


def attend(settings: Settings) -> None:
    """In the worker's main process: the reconciler runs beside, and a stop is passed on to the children."""
    pool: list[Any] = []

    @signals.worker_ready.connect(weak=False)  # type: ignore[untyped-decorator, unused-ignore]
    def ready(sender: Any, **_: Any) -> None:
        pool.append(sender.pool)
        Recovery(settings, open_store(settings.database_url, settings.blob_url)).start()

    @signals.worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator, unused-ignore]
    def stopping(**_: Any) -> None:
        for child in _children(pool):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGUSR2)


def _children(pool: list[Any]) -> list[int]:
    return [process.pid for held in pool for process in held._pool._pool]
