"""At every named point of accepting, claiming, running, committing and reconciling the process dies; the next one finishes the work."""

from __future__ import annotations

import io
import json
import os
import traceback
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import redis
from sqlalchemy import delete, update

from corpora.archives import ArchiveLimits
from corpora.filling import Incoming, Target, fill
from corpora.store import corpora, documents, exports, points
from corpora.store.documents import NewDocument
from corpora.store.migrate import migrate
from corpora.store.points import CRASHED, Point
from corpora.store.session import Store, open_store
from corpora.store.tables import DEFAULT_SPACE, leases
from corpora.store.tables import jobs as job_table
from tests.journeys.checking import wrongs
from tests.servers import PostgresServer, RedisServer
from tests.workers.service import small_settings
from tests.workers.small_work import count, load_obedient
from workers.queue import notify
from workers.recovery import Recovery
from workers.running import Outcome, run_job
from workers.settings import Settings
from workers.work import JobInput

pytest_plugins = ("tests.servers",)
pytestmark = pytest.mark.services

TEXTS = ["An Act", "A Protocol", "An Act", "to be deleted"]


def test_on_sqlite(tmp_path: Path, redis_server: RedisServer) -> None:
    die_everywhere(tmp_path, redis_server, f"sqlite:///{tmp_path / 'test.sqlite3'}")


def test_on_postgres(tmp_path: Path, redis_server: RedisServer, postgres: PostgresServer) -> None:
    die_everywhere(tmp_path, redis_server, postgres.new_database())


def die_everywhere(folder: Path, redis_server: RedisServer, database_url: str) -> None:
    """On one store, for each point a life that ends there and one that goes on, in processes of their own."""
    settings = small_settings(folder, DATABASE_URL=database_url, REDIS_URL=redis_server.url, LOG_LEVEL="ERROR")
    with_tables(settings)
    for point in Point:
        with redis.Redis(port=redis_server.port) as client:
            client.flushall()
        assert in_a_process(partial(live, settings, point)) == CRASHED, f"nobody came to the point: {point}"
        assert in_a_process(partial(live_on, settings)) == 0, point
        store = open_store(settings.database_url, settings.blob_url)
        assert wrongs(store, promised(folder), folder / "files") == [], point
        store.close()


def with_tables(settings: Settings) -> None:
    store = open_store(settings.database_url, settings.blob_url)
    migrate(store)
    store.close()


def in_a_process(life) -> int:  # type: ignore[no-untyped-def]
    """The exit status of a process that lives this life."""
    pid = os.fork()
    if pid == 0:
        try:
            life()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def live(settings: Settings, point: Point) -> None:
    """Takes documents in, reconciles, works, exports and deletes, and dies on the way."""
    points.crash_at(point)
    store = open_store(settings.database_url, settings.blob_url)
    for text in ["refuse me", *TEXTS]:
        accept(settings, store, f"{text} {point.name}")
    with store.transaction() as tx:
        tx.execute(delete(leases))
        tx.execute(update(job_table).where(job_table.c.state == "queued").values(publish_after=tx.now()))
    recovery = Recovery(settings, store)
    with redis.Redis.from_url(str(settings.redis_url)) as client:
        for _ in range(3):  # the relay may still be sending
            client.flushall()  # the messages are lost, and all jobs are due
            recovery._round()
    work(settings, store)
    with store.transaction() as tx:
        corpus_id = corpora.create(tx, point.name)
    fill(Target(store, corpus_id, DEFAULT_SPACE, "test", ArchiveLimits()), [Incoming("a.txt", io.BytesIO(point.name.encode()))])
    with store.transaction() as tx:
        exports.start(tx, corpus_id, "json")
    work(settings, store)
    with store.transaction() as tx:
        doomed = next(one for one, text in told(settings.data_dir).items() if text == f"to be deleted {point.name}")
        with (settings.data_dir / "deleting").open("a") as log:
            log.write(f"{doomed}\n")
        documents.delete(tx, doomed)


def live_on(settings: Settings) -> None:
    """Time has passed; the next process does what is left."""
    store = open_store(settings.database_url, settings.blob_url)
    with store.transaction() as tx:
        tx.execute(delete(leases))
        tx.execute(update(job_table).where(job_table.c.state == "running").values(lease_until=tx.now() - timedelta(seconds=1)))
    Recovery(settings, store)._round()
    for _ in range(5):
        with store.transaction() as tx:
            tx.execute(update(job_table).where(job_table.c.state == "queued").values(not_before=tx.now()))
        work(settings, store)


def accept(settings: Settings, store: Store, text: str) -> None:
    """As the API does; what it promises is noted after the commit."""
    blob = store.blobs.put_stream([text.encode()], 1 << 20)
    with store.transaction() as tx:
        accepted = documents.accept(tx, NewDocument(sha256=blob.sha256, size=blob.size))
    with (settings.data_dir / "told").open("a") as log:
        log.write(json.dumps([accepted.document_id, text]) + "\n")
    notify(settings, [accepted.job_id])


def work(settings: Settings, store: Store) -> None:
    while run_job(store, None, load_obedient(settings), settings) is not Outcome.NOTHING:
        pass


def told(folder: Path) -> dict[str, str]:
    """What was promised: text by document id."""
    log = folder / "told"
    return dict(json.loads(line) for line in log.read_text().splitlines()) if log.exists() else {}


def promised(folder: Path):  # type: ignore[no-untyped-def]
    """The result of an undisturbed run for each document; one that was being deleted may be there or not."""
    doomed = (folder / "deleting").read_text().split() if (folder / "deleting").exists() else []
    return {one: undisturbed(text) for one, text in told(folder).items() if one not in doomed}


def undisturbed(text: str):  # type: ignore[no-untyped-def]
    if text.startswith("refuse"):
        return None
    return count(JobInput(text.encode(), None, None, lambda stage, progress: None))
