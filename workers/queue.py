"""The one door through which the API wakes workers. It sends names and ids, and neither waits nor fails.

With Redis, ids go to a relay thread that sends them as Celery messages; with the embedded runner, a bell rings. The job rows are the
queue: a message that gets lost is sent again by the reconciler, and one that comes twice finds its job taken.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from corpora.store.jobs import EVERY_KIND
from workers.broker import KEY_PREFIX, QUEUE, RUN, queues_of
from workers.settings import Settings
from workers.wake import ring

if TYPE_CHECKING:
    from celery import Celery

log = logging.getLogger(__name__)

MOST_WAITING = 10_000
PAUSE_SECONDS = 5.0


class BrokerGone(Exception):
    """Redis does not answer."""


def notify(settings: Settings, job_ids: Sequence[str], queue_name: str = QUEUE) -> None:
    """Tells whoever runs jobs that these wait; returns at once. What gets lost here the reconciler sends later."""
    if settings.embedded:
        ring(settings)
    else:
        relay(settings).take(job_ids, queue_name)


@cache
def relay(settings: Settings) -> Relay:
    """The relay of this process for these settings, started on the first call."""
    return Relay(settings)


class Relay:
    """A thread that sends ids to the broker. While the broker is gone it drops them for some seconds instead of waiting for each."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting: queue.Queue[tuple[str, str]] = queue.Queue(MOST_WAITING)
        self._closed_until = 0.0
        threading.Thread(target=self._send_for_ever, name="relay", daemon=True).start()

    def take(self, job_ids: Sequence[str], queue_name: str = QUEUE) -> None:
        """Takes ids to send; drops them where too many wait already."""
        with contextlib.suppress(queue.Full):
            for job_id in job_ids:
                self._waiting.put_nowait((job_id, queue_name))

    def _send_for_ever(self) -> None:
        while True:
            job_id, queue_name = self._waiting.get()
            if time.monotonic() < self._closed_until:
                continue
            try:
                send(self._settings, [job_id], queue_name)
            except BrokerGone as error:
                log.warning("the broker is gone, messages wait for the reconciler: %s", error)
                self._closed_until = time.monotonic() + PAUSE_SECONDS


def send(settings: Settings, job_ids: Sequence[str], queue_name: str = QUEUE) -> None:
    """Sends a message for each id and waits until Redis has it; raises BrokerGone. Not for a request's thread."""
    import kombu.exceptions
    import redis

    try:
        for job_id in job_ids:
            _app(settings).send_task(RUN, args=[job_id], queue=queue_name, ignore_result=True, retry=False)
    except (kombu.exceptions.KombuError, redis.RedisError, OSError) as error:
        raise BrokerGone(str(error)) from error


def depth(settings: Settings, queue_names: Sequence[str] = queues_of(EVERY_KIND)) -> int:
    """How many messages wait in Redis; raises BrokerGone."""
    with _redis(settings) as client:
        return _waiting(client, queue_names)


@dataclass(frozen=True, slots=True)
class Redis:
    """The broker as it says of itself; `policy` is what it does when memory ends, empty where it does not tell."""

    version: str
    policy: str
    messages: int


def look_at_redis(settings: Settings) -> Redis:
    """What the broker is; raises BrokerGone."""
    with _redis(settings) as client:
        said: dict[str, Any] = {**client.info("server"), **client.info("memory")}
        return Redis(str(said.get("redis_version", "")), str(said.get("maxmemory_policy", "")), _waiting(client, queues_of(EVERY_KIND)))


def _waiting(client: Any, queue_names: Sequence[str]) -> int:
    return sum(int(client.llen(KEY_PREFIX + name)) for name in queue_names)


@contextlib.contextmanager
def _redis(settings: Settings) -> Iterator[Any]:
    import redis

    try:
        with redis.Redis.from_url(settings.redis_url or "", socket_timeout=3, socket_connect_timeout=3) as client:
            yield client
    except (redis.RedisError, OSError) as error:
        raise BrokerGone(str(error)) from error


@cache
def _app(settings: Settings) -> Celery:
    from workers.celery_app import make_app

    return make_app(settings)
