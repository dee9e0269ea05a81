"""The Celery task, thin: the work itself is in `running`."""

from __future__ import annotations

import signal
from typing import Any

from celery import shared_task, signals

from workers.broker import RUN
from workers.process import current
from workers.running import run_job
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
