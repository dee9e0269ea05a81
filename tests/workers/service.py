"""A store with whatever runs its jobs, as real processes on small pipelines."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil

from corpora.store import annotations as kept
from corpora.store import jobs
from corpora.store.jobs import Job, JobState
from corpora.store.migrate import migrate
from corpora.store.session import Store, open_store
from tests.servers import until
from workers import embedded
from workers.settings import Settings, from_environment
from workers.supervisor import Supervisor


def small_settings(folder: Path, **given: str) -> Settings:
    """Settings for tests: quick to notice what happens, and the pipeline that does as documents say."""
    quick = {"LEASE_SECONDS": "2", "RECOVERY_SECONDS": "0.3", "POLL_SECONDS": "0.1", "GRACE_SECONDS": "0.5", "LOG_LEVEL": "WARNING"}
    named = {"PIPELINE": "tests.workers.small_work:load_obedient", "DATA_DIR": str(folder), **quick, **given}
    return from_environment({f"LEXFRAME_{name}": value for name, value in named.items()})


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The store of these settings, with its tables."""
    store = open_store(settings.database_url, settings.blob_url)
    migrate(store)
    try:
        yield store
    finally:
        store.close()


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[Supervisor]:
    """The runner or the Celery worker that these settings ask for."""
    supervisor = embedded.start_runner(settings) if settings.embedded else embedded.start_worker(settings)
    try:
        yield supervisor
    finally:
        supervisor.stop()


def look(store: Store, job_id: str) -> Job:
    with store.reading() as tx:
        job = jobs.get(tx, job_id)
    assert job is not None
    return job


def wait_for(store: Store, job_ids: list[str], state: JobState | None = None, seconds: float = 60.0) -> None:
    """Waits until all these jobs are in this state, or with None in any that is an end."""

    def there() -> bool:
        return all((job.state.ended if state is None else job.state is state) for job in (look(store, job_id) for job_id in job_ids))

    until(there, seconds)


def results(store: Store, document_id: str) -> int:
    with store.reading() as tx:
        return len(kept.all_of(tx, document_id))


def worker_of(job: Job) -> int:
    """The process that has the job."""
    assert job.worker is not None
    return int(job.worker.rpartition(":")[2])


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be buried does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False
