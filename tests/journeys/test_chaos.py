"""Everything is killed while documents come in. The checker at the end: what was accepted has ended, once, as undisturbed."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from corpora.readers.read import read
from tests.journeys import chaos
from tests.journeys.chaos import Arena, arena, parts, run, small_disk
from tests.journeys.checking import wrongs
from tests.servers import PostgresServer, RedisServer, free_port
from tests.workers.small_work import rules
from workers.work import JobInput, Json

pytest_plugins = ("tests.servers",)
pytestmark = [pytest.mark.slow, pytest.mark.services]

SHORT = {
    chaos.kill_a_child: 14,
    chaos.kill_the_worker: 6,
    chaos.kill_the_supervisor: 3,
    chaos.kill_the_api: 4,
    chaos.stop_the_worker: 2,
    chaos.kill_redis: 5,
    chaos.kill_redis_with_its_data: 4,
    chaos.stop_postgres_at_once: 3,
    chaos.send_messages_again: 5,
    chaos.fill_the_disk: 2,
}
EMBEDDED = {chaos.kill_a_reader: 4, chaos.kill_a_child: 4, chaos.kill_the_worker: 4, chaos.kill_the_api: 6}
READING = "tests.workers.small_work:load_readers"


def test_celery_in_short(tmp_path: Path, own_redis: RedisServer, postgres: PostgresServer) -> None:
    celery(tmp_path, own_redis, postgres, SHORT, documents=1000, pause=0.4)


def test_embedded_in_short(tmp_path: Path) -> None:
    """`lexframe serve` without servers: what annotates, what reads and the service itself are killed; the next start goes on."""
    with arena(tmp_path, pipeline=READING) as here:
        strike(here, EMBEDDED, documents=120, pause=0.4, undisturbed=as_read)


@pytest.mark.chaos
def test_celery_at_length(tmp_path: Path, own_redis: RedisServer, postgres: PostgresServer) -> None:
    celery(tmp_path, own_redis, postgres, {fault: number * 11 for fault, number in SHORT.items()}, documents=5000, pause=1.5)


@pytest.mark.chaos
def test_embedded_at_length(tmp_path: Path) -> None:
    with arena(tmp_path, pipeline=READING) as here:
        strike(here, {fault: number * 8 for fault, number in EMBEDDED.items()}, documents=2000, pause=1.5, undisturbed=as_read)


@pytest.fixture
def own_redis(redis_server: RedisServer, tmp_path: Path):  # type: ignore[no-untyped-def]
    """A Redis of this test's own, with an append-only file."""
    folder = tmp_path / "redis"
    folder.mkdir()
    server = RedisServer(folder, free_port(), keep=True)
    server.start()
    yield server
    server.kill()


def celery(
    folder: Path,
    redis: RedisServer,
    postgres: PostgresServer,
    faults: dict[Callable[[Arena], None], int],
    *,
    documents: int,
    pause: float,
) -> None:
    with small_disk(folder / "files") as mounted, arena(folder, redis=redis, postgres=postgres) as here:
        chosen = faults if mounted else {**faults, chaos.fill_the_disk: 0, chaos.send_messages_again: faults[chaos.fill_the_disk] + 5}
        strike(here, chosen, documents=documents, pause=pause, undisturbed=by_rules)


def strike(
    here: Arena,
    faults: dict[Callable[[Arena], None], int],
    *,
    documents: int,
    pause: float,
    undisturbed: Callable[[str], Json],
) -> None:
    """All faults in any order, then the checker; a line of figures where LEXFRAME_FIGURES names a file."""
    order = [fault for fault, number in faults.items() for _ in range(number)]
    random.shuffle(order)
    texts = parts(documents)
    began = time.monotonic()
    store = run(here, texts, order, pause)
    found = wrongs(store, {one: undisturbed(text) for one, text in here.ledger.promised.items()}, here.folder / "files")
    store.close()
    report = figures(here, len(found), time.monotonic() - began)
    if path := os.environ.get("LEXFRAME_FIGURES"):
        with Path(path).open("a") as out:
            out.write(json.dumps(report) + "\n")
    assert found == [], report
    assert len(here.ledger.promised) == documents, report
    assert {status for status in here.ledger.statuses if status >= 500} <= {503}, report


def figures(here: Arena, wrong: int, seconds: float) -> dict[str, object]:
    return {
        "run": "celery, postgresql" if here.redis else "embedded, sqlite",
        "faults": sum(here.faults.values()),
        "documents": len(here.ledger.promised),
        "wrong": wrong,
        "seconds": round(seconds),
        "phases": here.seconds,
        "messages": here.messages,
        "of": dict(sorted(here.faults.items())),
        "statuses": {str(status): number for status, number in sorted(here.ledger.statuses.items())},
        "broken_lines": here.ledger.broken_lines,
    }


def by_rules(text: str) -> Json:
    """The result of an undisturbed run."""
    return rules(JobInput(text.encode(), None, None, lambda stage, progress: None))


def as_read(text: str) -> Json:
    """The result of an undisturbed run that reads before."""
    return by_rules(read(text.encode()).text)
