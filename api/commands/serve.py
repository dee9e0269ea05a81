"""`lexframe serve`, `lexframe worker` and `lexframe migrate`."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading

from api.cli import Refused
from api.settings import Address, NotLoopback, require_loopback
from workers.settings import Settings, from_environment


def serve_forever(host: str, port: int) -> None:
    """Runs the service until it is stopped; raises Refused where it may not listen there, or the port is taken."""
    import uvicorn

    from api.app import create_app

    settings = from_environment(os.environ)
    try:
        require_loopback(host, os.environ.get("LEXFRAME_BEHIND_PROXY", "") not in ("", "0"))
    except NotLoopback as error:
        raise Refused(str(error)) from error
    listener = listen(host, port)
    address = Address(host, listener.getsockname()[1])
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    print(f"Lexframe listens on {address.url} (open to everyone on this machine); data in {settings.data_dir}", file=sys.stderr, flush=True)
    config = uvicorn.Config(create_app(settings), log_level=settings.log_level.lower(), server_header=False, access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that a taken port is known before anything else starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Refused(f"cannot listen on {host}:{port}: {error.strerror}") from error
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


def work_forever() -> None:
    """Runs a supervised Celery worker until it is stopped."""
    from workers.embedded import start_worker

    settings = _with_broker(from_environment(os.environ))
    supervisor = start_worker(settings)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    over.wait()
    supervisor.stop()


def _with_broker(settings: Settings) -> Settings:
    if settings.embedded:
        raise Refused("set LEXFRAME_REDIS_URL (and LEXFRAME_DATABASE_URL): without Redis, `lexframe serve` runs the jobs itself")
    return settings


def migrate_store() -> None:
    """Brings the tables to the newest form."""
    from corpora.store.migrate import migrate
    from corpora.store.session import open_store

    settings = from_environment(os.environ)
    store = open_store(settings.database_url, settings.blob_url)
    migrate(store)
    store.close()
    print("the database is up to date")
