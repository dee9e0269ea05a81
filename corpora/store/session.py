"""The open store: a database and a place for original bytes, and the transactions in which both are used."""

from __future__ import annotations

import contextlib
import errno
import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, CursorResult, Engine, Executable, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from corpora.store import sqlite_vectors
from corpora.store.blobs import Blobs, open_blobs
from corpora.store.errors import BadDatabaseUrl, StoreError, StoreFull, StoreUnavailable, UnstorableText
from corpora.store.identity import utc_now
from corpora.store.turns import PATIENCE, Turns

log = logging.getLogger(__name__)

_BEGIN = "lexframe_begin"
# secure_delete: what is deleted is overwritten
_SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", f"busy_timeout={PATIENCE * 1000:.0f}")
_POSTGRES_LIMITS = "-c statement_timeout=60000 -c lock_timeout=20000 -c idle_in_transaction_session_timeout=60000"
# A line that died without a word is noticed after a minute, where the system would take hours.
_POSTGRES_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
_POSTGRES_FULL = {"53100"}
_POSTGRES_NO_TEXT = {None, "22021", "22P05"}  # None: the driver refuses a null before it sends anything


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction. What `after_commit` holds runs once its changes are durable."""

    connection: Connection
    store: Store
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Runs one statement of SQLAlchemy Core."""
        return self.connection.execute(statement, parameters)

    def now(self) -> datetime:
        """The present moment by the database's clock, which all workers share; on SQLite they share the machine's."""
        if not self.is_postgres:
            return utc_now()
        moment: datetime = self.connection.execute(select(func.clock_timestamp())).scalar_one()
        return moment.astimezone(UTC)

    def scrub(self) -> None:
        """Moves SQLite's journal into the database and empties it; left to the next time where readers are at it.

        Before that the index of words is written anew: FTS5 only notes that a provision is gone.
        """
        raw = self.connection.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA busy_timeout=500")
            raw.cursor().execute("INSERT INTO provision_words(provision_words) VALUES ('optimize')")
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError as error:
            log.info("the journal is emptied later: %s", error)
        finally:
            raw.invalidate()

    @property
    def blobs(self) -> Blobs:
        return self.store.blobs

    @property
    def is_postgres(self) -> bool:
        return self.connection.dialect.name == "postgresql"


@dataclass(frozen=True, slots=True)
class Store:
    """An open database with its blobs; safe to share between threads, not between processes (open it after the fork)."""

    engine: Engine
    blobs: Blobs
    turns: Turns | None = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that writes: commits at the end, rolls back on an exception; raises StoreUnavailable or StoreFull."""
        with self._turn(), _named_errors(), self.engine.connect() as connection, connection.begin():
            tx = Transaction(connection, self)
            yield tx
        for act in tx.after_commit:
            act()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that only reads, and on SQLite waits for no writer."""
        with _named_errors(), self.engine.connect() as connection:
            connection = connection.execution_options(**{_BEGIN: "BEGIN"})
            with connection.begin():
                yield Transaction(connection, self)

    def _turn(self) -> contextlib.AbstractContextManager[None]:
        return self.turns.turn() if self.turns else contextlib.nullcontext()

    def close(self) -> None:
        """Closes the connections to the database."""
        self.engine.dispose()


def open_store(database_url: str, blob_url: str) -> Store:
    """Opens, without connecting yet; the folder of an SQLite file is made. Raises BadDatabaseUrl. `migrate` makes the tables."""
    url = _parsed(database_url)
    if url.get_backend_name() == "sqlite":
        return Store(_sqlite(url), open_blobs(blob_url), Turns())
    return Store(_postgres(url), open_blobs(blob_url))


def sqlite_file(database_url: str) -> Path | None:
    """The file of an SQLite database, None where the URL names another; raises BadDatabaseUrl."""
    url = _parsed(database_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _parsed(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise BadDatabaseUrl from error
    backend = url.get_backend_name()
    if backend == "postgres" or url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend not in {"sqlite", "postgresql"} or (backend == "sqlite" and url.database in {None, "", ":memory:"}):
        raise BadDatabaseUrl
    return url


def _postgres(url: URL) -> Engine:
    return sqlalchemy.create_engine(
        url,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_size=5,
        max_overflow=40,
        pool_timeout=10,
        connect_args={"connect_timeout": 5, "options": _POSTGRES_LIMITS, "application_name": "lexframe", **_POSTGRES_ALIVE},
    )


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sqlalchemy.create_engine(url, pool_size=5, max_overflow=40, pool_timeout=10)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # `_begin_sqlite` begins; the driver's own BEGIN comes too late and is deferred
    for pragma in reversed(_SQLITE_PRAGMAS):
        connection.execute(f"PRAGMA {pragma}")
    sqlite_vectors.load(connection)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE"))


@contextlib.contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable from error
    except UnicodeEncodeError as error:
        raise UnstorableText from error
    except DBAPIError as error:
        named = _named(error)
        if named is None:
            raise
        raise named from error


def _named(error: DBAPIError) -> StoreError | None:
    """The store's own error for a driver's, None where the statement itself was wrong."""
    if isinstance(error.orig, sqlite3.Error):
        return _named_sqlite(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRES_FULL:
        return StoreFull()
    if isinstance(error, sqlalchemy.exc.DataError) and state in _POSTGRES_NO_TEXT:
        return UnstorableText()
    gone = state is None and isinstance(error, sqlalchemy.exc.OperationalError)
    passing = state is not None and (state[:2] in {"08", "53", "57", "40"} or state == "55P03" or state == "25006")
    return StoreUnavailable() if gone or passing or error.connection_invalidated else None


def _named_sqlite(error: sqlite3.Error) -> StoreFull | StoreUnavailable | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or getattr(error, "errno", None) == errno.ENOSPC:
        return StoreFull()
    passing = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
    return StoreUnavailable() if code in passing else None
