"""A Celery worker: its main process hands messages to children and stops them.

Besides it reconciles, tells webhooks, gives signs of life and watches itself.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from celery import signals

from corpora.store.session import open_store
from workers.broker import queues_of
from workers.celery_app import make_app
from workers.logs import set_up_logging
from workers.presence import Presence
from workers.recovery import Recovery
from workers.settings import Settings, from_environment
from workers.stopping import stop_with_parent
from workers.watch import Watch
from workers.webhooks import Messenger


def main(arguments: Sequence[str]) -> None:
    """A worker as the environment says, until SIGTERM."""
    settings = from_environment(os.environ)
    set_up_logging(settings)
    if "--supervised" in arguments:
        stop_with_parent()
    app = make_app(settings)
    app.set_default()
    attend(settings)
    queues = ",".join(queues_of(settings.kinds))
    app.worker_main(["worker", "--without-gossip", "--without-mingle", "-Q", queues, "--loglevel", settings.log_level])


def attend(settings: Settings) -> None:
    """In the worker's main process: reconciler and watch run beside, and a stop is passed on to the children."""
    pool: list[Any] = []
    presence: list[Presence] = []

    @signals.worker_ready.connect(weak=False)  # type: ignore[untyped-decorator, unused-ignore]
    def ready(sender: Any, **_: Any) -> None:
        pool.append(sender.pool)
        store = open_store(settings.database_url, settings.blob_url)
        Recovery(settings, store).start()
        Watch(settings, store, lambda: _loading(pool)).start()
        Messenger(settings, store).start()
        presence.append(Presence(settings, store))
        presence[0].start()

    @signals.worker_before_create_process.connect(weak=False)  # type: ignore[untyped-decorator, unused-ignore]
    def starting(**_: Any) -> None:
        os.environ["_MP_FORK_LOGLEVEL_"] = str(logging.ERROR)  # else billiard writes lines of a form of its own

    @signals.worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator, unused-ignore]
    def stopping(**_: Any) -> None:
        for child in _children(pool):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGUSR2)

    @signals.worker_shutdown.connect(weak=False)  # type: ignore[untyped-decorator, unused-ignore]
    def ended(**_: Any) -> None:
        for sign in presence:
            sign.stop()


def _children(pool: list[Any]) -> list[int]:
    return [process.pid for held in pool for process in held._pool._pool]


def _loading(pool: list[Any]) -> list[int]:
    """The children that have not yet said that they are ready."""
    return [process.pid for held in pool for process in held._pool._pool if process.inqW_fd not in held._pool._all_inqueues]


if __name__ == "__main__":
    from workers.celery_worker import main as _main  # not this module under the name __main__, which children could not import

    _main(sys.argv[1:])
