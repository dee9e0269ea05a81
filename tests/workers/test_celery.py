from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import redis
from sqlalchemy import update

from corpora.store.identity import utc_now
from corpora.store.jobs import JobState
from corpora.store.session import Store
from corpora.store.tables import jobs as job_table
from tests.proxy import proxy
from tests.servers import PostgresServer, RedisServer, free_port, until, upload
from tests.workers.service import kill, look, opened, results, running, small_settings, wait_for, worker_of
from workers import queue
from workers.broker import KEY_PREFIX, QUEUE
from workers.checks import State, look_at_workers
from workers.queue import BrokerGone, depth, notify, send
from workers.recovery import reconcile
from workers.settings import Settings

pytest_plugins = ("tests.servers",)
pytestmark = pytest.mark.services


@pytest.fixture
def broker(redis_server: RedisServer) -> Iterator[RedisServer]:
    """An empty Redis."""
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
    yield redis_server
    if not redis_server.answers():
        redis_server.start()


@pytest.fixture
def on_postgres(broker: RedisServer, postgres: PostgresServer, tmp_path: Path) -> Settings:
    return small_settings(tmp_path, DATABASE_URL=postgres.new_database(), REDIS_URL=broker.url)


@pytest.fixture
def settings(broker: RedisServer, database_url: str, tmp_path: Path) -> Settings:
    return small_settings(tmp_path, DATABASE_URL=database_url, REDIS_URL=broker.url)


def test_a_worker_does_what_it_is_told_of_and_leaves_nothing_in_redis(settings: Settings, broker: RedisServer) -> None:
    with opened(settings) as store:
        made = [upload(store, f"document {n}") for n in range(20)]
        for accepted in made:
            notify(settings, [accepted.job_id])
        with running(settings):
            wait_for(store, [a.job_id for a in made], JobState.DONE)
            with redis.Redis(port=broker.port) as client:
                until(lambda: client.llen(KEY_PREFIX + QUEUE) == 0 and not client.exists(KEY_PREFIX + "unacked"))
                keys = {key.decode() for key in client.keys("*")}
        assert [results(store, a.document_id) for a in made] == [1] * 20
        assert not [key for key in keys if "pidbox" in key or "celeryev" in key or "meta" in key]
        assert all(key.startswith(KEY_PREFIX) for key in keys)


def test_duplicates_strangers_and_nonsense_do_no_harm(postgres: PostgresServer, broker: RedisServer, tmp_path: Path) -> None:
    settings = small_settings(tmp_path, DATABASE_URL=postgres.new_database(), REDIS_URL=broker.url, CONCURRENCY="2")
    with opened(settings) as store:
        made = [upload(store, f"document {n}") for n in range(15)]
        ids = [accepted.job_id for accepted in made]
        send(settings, [*ids, *reversed(ids), "no such job", *ids, "", *ids, *ids])
        with redis.Redis(port=broker.port) as client:
            client.lpush(KEY_PREFIX + QUEUE, b"not a message")
        with running(settings):
            wait_for(store, ids, JobState.DONE)
            until(lambda: depth(settings) == 0)
            late = upload(store, "after all that")
            notify(settings, [late.job_id])
            wait_for(store, [late.job_id], JobState.DONE)
        assert [(results(store, a.document_id), look(store, a.job_id).attempt) for a in made] == [(1, 1)] * 15


def test_jobs_nobody_was_told_of_are_found(settings: Settings) -> None:
    with opened(settings) as store:
        accepted = upload(store, "accepted while the relay died")
        with store.transaction() as tx:
            tx.execute(update(job_table).values(publish_after=utc_now()))
        with running(settings):
            wait_for(store, [accepted.job_id], JobState.DONE)


def test_a_child_killed_in_the_middle_is_replaced_and_its_job_done_again(on_postgres: Settings) -> None:
    with opened(on_postgres) as store, running(on_postgres) as supervisor:
        accepted = upload(store, "sleep 1.5")
        notify(on_postgres, [accepted.job_id])
        wait_for(store, [accepted.job_id], JobState.RUNNING)
        (main,) = supervisor.pids
        child = worker_of(look(store, accepted.job_id))
        assert child != main
        kill(child)
        wait_for(store, [accepted.job_id], JobState.DONE)
        assert look(store, accepted.job_id).attempt == 2
        assert supervisor.pids == (main,)
        assert results(store, accepted.document_id) == 1


def test_a_worker_killed_with_its_children_is_replaced_and_its_job_done_again(on_postgres: Settings) -> None:
    with opened(on_postgres) as store, running(on_postgres) as supervisor:
        accepted = upload(store, "sleep 1.5")
        notify(on_postgres, [accepted.job_id])
        wait_for(store, [accepted.job_id], JobState.RUNNING)
        (main,) = supervisor.pids
        for pid in [main, *(child.pid for child in psutil.Process(main).children(recursive=True))]:
            kill(pid)
        wait_for(store, [accepted.job_id], JobState.DONE)
        assert look(store, accepted.job_id).attempt == 2
        assert results(store, accepted.document_id) == 1


def test_a_stopped_worker_hands_its_job_back(on_postgres: Settings) -> None:
    settings = replace(on_postgres, lease_seconds=60.0)
    with opened(settings) as store:
        accepted = upload(store, "sleep 30")
        with running(settings):
            notify(settings, [accepted.job_id])
            wait_for(store, [accepted.job_id], JobState.RUNNING)
        job = look(store, accepted.job_id)
        assert (job.state, job.attempt) == (JobState.QUEUED, 0)


def accept_time(store: Store, settings: Settings, texts: list[str]) -> tuple[list[str], float]:
    began = time.monotonic()
    ids = []
    for text in texts:
        ids.append(upload(store, text).job_id)
        notify(settings, ids[-1:])
    return ids, time.monotonic() - began


def test_with_redis_gone_jobs_are_accepted_at_the_same_speed_and_done_when_it_returns(on_postgres: Settings, broker: RedisServer) -> None:
    with opened(on_postgres) as store, running(on_postgres):
        first, quick = accept_time(store, on_postgres, [f"before {n}" for n in range(20)])
        wait_for(store, first, JobState.DONE)
        broker.kill()
        second, still_quick = accept_time(store, on_postgres, [f"gone {n}" for n in range(20)])
        assert still_quick < 2 * quick + 10  # whoever waited for Redis would wait some seconds for each
        broker.start()
        wait_for(store, second, JobState.DONE)


def test_a_worker_whose_job_ends_while_redis_is_gone_goes_on_when_it_returns(on_postgres: Settings, broker: RedisServer) -> None:
    with opened(on_postgres) as store, running(on_postgres) as supervisor:
        first = upload(store, "sleep 1")
        notify(on_postgres, [first.job_id])
        wait_for(store, [first.job_id], JobState.RUNNING)
        (main,) = supervisor.pids
        broker.kill()
        wait_for(store, [first.job_id], JobState.DONE)
        time.sleep(0.5)  # the acknowledgement finds nobody
        broker.start()
        second = upload(store, "after")
        send(on_postgres, [second.job_id])
        wait_for(store, [second.job_id], JobState.DONE)
        assert supervisor.pids == (main,)


def test_a_worker_whose_lines_to_redis_went_dead_silently_is_replaced(on_postgres: Settings, broker: RedisServer) -> None:
    with proxy(broker.port) as between, opened(on_postgres) as store:
        settings = replace(on_postgres, redis_url=f"redis://127.0.0.1:{between.port}/0", deaf_seconds=2.0)
        with running(settings) as supervisor:
            first = upload(store, "before")
            send(on_postgres, [first.job_id])
            wait_for(store, [first.job_id], JobState.DONE)
            (deaf,) = supervisor.pids
            assert between.silence()
            second = upload(store, "after")
            send(on_postgres, [second.job_id])
            wait_for(store, [second.job_id], JobState.DONE)
            assert deaf not in supervisor.pids
            assert worker_of(look(store, second.job_id)) != worker_of(look(store, first.job_id))
        assert results(store, second.document_id) == 1


def test_a_worker_that_loads_its_models_for_long_is_not_taken_for_deaf(on_postgres: Settings) -> None:
    settings = replace(on_postgres, pipeline="tests.workers.small_work:load_slowly", deaf_seconds=1.0)
    with opened(settings) as store:
        made = [upload(store, text).job_id for text in ("one", "two", "three")]
        send(settings, made)
        with running(settings) as supervisor:
            until(lambda: supervisor.pids)
            (main,) = supervisor.pids
            wait_for(store, made, JobState.DONE)
            assert supervisor.pids == (main,)


def test_a_dead_broker_is_named_and_publishing_is_taken_back(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(BrokerGone):
        send(settings, ["x"])
    with pytest.raises(BrokerGone):
        depth(settings)
    with opened(settings) as store:
        accepted = upload(store, "x")
        assert reconcile(settings, store) == 0
        assert look(store, accepted.job_id).state is JobState.QUEUED


def test_the_reconciler_does_not_flood_a_queue_that_is_long_already(settings: Settings) -> None:
    with opened(settings) as store:
        ids = [upload(store, str(n)).job_id for n in range(5)]
        with store.transaction() as tx:
            tx.execute(update(job_table).values(publish_after=utc_now(), published=None))
        assert reconcile(settings, store) == 5
        assert depth(settings) == 5
        with store.transaction() as tx:
            tx.execute(update(job_table).values(publish_after=utc_now()))
        assert reconcile(settings, store) == 0
        assert depth(settings) == 5
        assert {look(store, job_id).state for job_id in ids} == {JobState.QUEUED}


def test_the_relay_never_makes_its_caller_wait(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    began = time.monotonic()
    for n in range(queue.MOST_WAITING + 1000):
        notify(settings, [str(n)])
    assert time.monotonic() - began < 2


def test_a_worker_gives_signs_of_life_and_takes_them_back(on_postgres: Settings) -> None:
    with opened(on_postgres) as store:
        with running(on_postgres):
            until(lambda: look_at_workers(on_postgres, store, here=True).state is State.OK)
        assert look_at_workers(on_postgres, store, here=True).state is State.BAD
