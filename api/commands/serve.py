"""`lexframe serve`, `lexframe worker` and `lexframe migrate`."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading

from api.commands.refused import Refused
from api.settings import ApiSettings, ReachableByStrangers, check_reach, from_environment

DRAIN_SECONDS = 5


def serve_forever(host: str | None, port: int | None) -> None:
    """Runs the service until it is stopped; raises Refused where it may not listen there, the port is taken, or the store is of no use."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # a query is embedded here, beside workers that need the processors
    import uvicorn

    from api.app import create_app
    from workers import tracing
    from workers.logs import set_up_logging

    settings = from_environment(os.environ, host=host, port=port)
    tracing.require(settings)
    keyed = settings.on_loopback or prepare_store(settings)
    try:
        check_reach(settings, has_keys=keyed)
    except ReachableByStrangers as error:
        raise Refused(str(error)) from error
    listener = listen(settings.host, settings.port)
    keyed = prepare_store(settings)
    set_up_logging(settings)
    tracing.set_up(settings, "lexframe-api")
    _greet(settings, _greeting(settings, listener.getsockname()[1], keyed))
    level = settings.log_level.lower()
    config = uvicorn.Config(
        create_app(settings),
        log_config=None,
        log_level=level,
        server_header=False,
        access_log=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _greet(settings: ApiSettings, words: str) -> None:
    """A line for whoever started it, whatever the level of log lines; JSON where the others are."""
    print(json.dumps({"event": words}) if settings.log_format == "json" else words, file=sys.stderr, flush=True)


def _greeting(settings: ApiSettings, port: int, keyed: bool) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    who = "asks for an access key" if keyed else "open, without keys, to everyone on this machine"
    return f"Lexframe on http://{host}:{port} ({who}); data in {settings.data_dir}"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that a taken port is known before anything else starts; raises Refused."""
    # the protocol is named because asyncio sends small packets at once only where it reads TCP there: else an answer waits 40 ms
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise Refused(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return listener


def prepare_store(settings: ApiSettings) -> bool:
    """Opens the store once and brings its tables to the newest form, so that what is wrong with it is said in one line.

    The operator's own key is made where it is set. Whether somebody can enter with a key.
    """
    from corpora.store import keys
    from corpora.store.migrate import migrate
    from corpora.store.session import open_store

    store = open_store(settings.database_url, settings.blob_url)
    try:
        migrate(store)
        with store.transaction() as tx:
            if settings.operators_key:
                keys.ensure_admin(tx, settings.operators_key)
            return keys.any_good(tx)
    finally:
        store.close()


def migrate_store() -> None:
    """Brings the tables to the newest form."""
    prepare_store(from_environment(os.environ))
    print("the database is up to date")


def work_forever() -> None:
    """Runs a supervised Celery worker until it is stopped; raises Refused without a broker."""
    from workers import tracing
    from workers.embedded import start_worker
    from workers.logs import set_up_logging

    settings = from_environment(os.environ)
    if settings.embedded:
        raise Refused("set LEXFRAME_REDIS_URL (and LEXFRAME_DATABASE_URL): without Redis, `lexframe serve` runs the jobs itself")
    tracing.require(settings)
    prepare_store(settings)
    set_up_logging(settings)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    supervisor = start_worker(settings)
    over.wait()
    supervisor.stop()
