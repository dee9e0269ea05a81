"""The Celery task, thin: the work itself is in `running`."""

from __future__ import annotations

import os
import signal
from typing import Any

from celery import shared_task, signals

from workers import tracing
from workers.broker import RUN
from workers.logs import set_up_logging
from workers.process import current
from workers.running import run_job
from workers.settings import from_environment
from workers.stopping import stop_on_signal


@shared_task(name=RUN)  # type: ignore[untyped-decorator, unused-ignore]
def run(job_id: str, *_: object) -> None:
    """Runs the job of that id, if it still waits."""
    process = current()
    run_job(process.store, job_id, process.work, process.settings, stop=process.stop)


@signals.setup_logging.connect  # type: ignore[untyped-decorator, unused-ignore]
def leave_logging_alone(**_: Any) -> None:
    """Celery sets up none of its own where somebody hears this; in a child it asks before `start_child`."""
    set_up_logging(from_environment(os.environ))


@signals.worker_process_init.connect  # type: ignore[untyped-decorator, unused-ignore]
def start_child(**_: Any) -> None:
    """Loads the models before the first task; SIGUSR2 tells a child that its worker is stopping."""
    stop_on_signal(current().stop, signal.SIGUSR2)


@signals.worker_process_shutdown.connect  # type: ignore[untyped-decorator, unused-ignore]
def end_child(**_: Any) -> None:
    """Sends the last spans; a child ends in a way that asks nobody."""
    tracing.end()
