"""Starts what runs jobs: the embedded runner beside the API, or a Celery worker. Imports nothing heavy itself."""

from __future__ import annotations

import os
import sys

from workers.process import limit_threads
from workers.settings import Settings, to_environment
from workers.supervisor import Supervisor


def start_runner(settings: Settings) -> Supervisor:
    """Starts the embedded runner, `settings.concurrency` processes of it, and keeps it alive until `stop` is called."""
    return _start("workers.runner", settings, settings.concurrency)


def start_worker(settings: Settings) -> Supervisor:
    """Starts a Celery worker with `settings.concurrency` children, and keeps it alive until `stop` is called."""
    return _start("workers.celery_worker", settings, 1)


def _start(module: str, settings: Settings, count: int) -> Supervisor:
    environment = {**os.environ, **to_environment(settings)}
    limit_threads(settings, environment)
    command = [sys.executable, "-m", module, "--supervised"]
    supervisor = Supervisor(command, environment, count=count, grace_seconds=settings.grace_seconds)
    supervisor.start()
    return supervisor
