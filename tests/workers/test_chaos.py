"""Workers, Redis and PostgreSQL are killed while documents come in; what was accepted must be done, once."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select

from corpora.store import jobs
from corpora.store.documents import Accepted
from corpora.store.errors import StoreUnavailable
from corpora.store.jobs import JobState
from corpora.store.session import Store
from corpora.store.tables import annotation_table, document_annotations
from tests.servers import PostgresServer, RedisServer, until, upload
from tests.workers.service import kill, opened, results, running, small_settings
from workers.queue import notify
from workers.settings import Settings
from workers.supervisor import Supervisor

pytest_plugins = ("tests.servers",)
pytestmark = [pytest.mark.slow, pytest.mark.services]

DOCUMENTS = 300
FAULTS = 20


def kill_a_child(supervisor: Supervisor) -> None:
    for main in supervisor.pids:
        with contextlib.suppress(psutil.NoSuchProcess, IndexError):
            kill(random.choice(psutil.Process(main).children()).pid)


def kill_the_worker(supervisor: Supervisor) -> None:
    for main in supervisor.pids:
        kill(main)


def restart_redis(server: RedisServer) -> None:
    server.kill()
    time.sleep(0.3)
    server.start()


def restart_postgres(server: PostgresServer) -> None:
    server.stop("immediate")
    time.sleep(0.5)
    server.start()


def accept_some(store: Store, settings: Settings, accepted: list[Accepted], most: int) -> None:
    """What is refused was never promised; what is accepted is noted only after the commit."""
    for _ in range(min(most, DOCUMENTS - len(accepted))):
        try:
            accepted.append(upload(store, f"document {len(accepted)}", max_attempts=20))
        except StoreUnavailable:
            continue
        notify(settings, [accepted[-1].job_id])


def all_done(store: Store, number: int) -> bool:
    try:
        with store.reading() as tx:
            return jobs.counts(tx)[JobState.DONE] == number
    except StoreUnavailable:
        return False


def check(store: Store, accepted: list[Accepted]) -> None:
    until(lambda: all_done(store, len(accepted)), 120, 0.3)
    assert {results(store, a.document_id) for a in accepted} == {1}
    with store.reading() as tx:
        for table in (annotation_table, document_annotations):
            assert tx.execute(select(func.count()).select_from(table)).scalar_one() == len(accepted)


@pytest.mark.chaos
def test_with_celery_nothing_that_was_accepted_is_lost(postgres: PostgresServer, redis_server: RedisServer, tmp_path: Path) -> None:
    settings = small_settings(tmp_path, DATABASE_URL=postgres.new_database(), REDIS_URL=redis_server.url, CONCURRENCY="2")
    accepted: list[Accepted] = []
    with opened(settings) as store, running(settings) as supervisor:
        faults: list[Callable[[], None]] = [
            *[lambda: kill_a_child(supervisor)] * 10,
            *[lambda: kill_the_worker(supervisor)] * 4,
            *[lambda: restart_redis(redis_server)] * 4,
            *[lambda: restart_postgres(postgres)] * 2,
        ]
        random.shuffle(faults)
        assert len(faults) == FAULTS
        for fault in faults:
            accept_some(store, settings, accepted, DOCUMENTS // FAULTS + 1)
            fault()
            time.sleep(random.uniform(0.2, 1.2))
        check(store, accepted)


def test_embedded_nothing_that_was_accepted_is_lost(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, CONCURRENCY="2")
    accepted: list[Accepted] = []
    with opened(settings) as store, running(settings) as supervisor:
        for _ in range(FAULTS):
            accept_some(store, settings, accepted, DOCUMENTS // FAULTS + 1)
            time.sleep(random.uniform(0.1, 0.6))
            for pid in supervisor.pids:
                kill(pid)
        check(store, accepted)
