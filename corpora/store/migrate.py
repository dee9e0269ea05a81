"""Brings the tables of a store to the shape that this program needs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from corpora.store.errors import StoreError
from corpora.store.session import Store

_LOCK = 0x6C_65_78_66  # "lexf"
_FOLDER = Path(__file__).parent / "migrations"


class StoreTooNew(StoreError):
    """The database was made by a newer version of this program; install that version, or restore an older backup."""


def migrate(store: Store, revision: str = "head") -> None:
    """Runs the migrations that are missing. Processes that start at once wait for the first; a current database is left alone.

    Raises StoreTooNew where the database has a revision that this program does not know, StoreUnavailable where there is none.
    """
    with store.reading() as tx:
        if _is_current(tx.connection, revision):
            return
    with _alone(store), store.transaction() as tx:
        if not _is_current(tx.connection, revision):
            command.upgrade(_config(tx.connection), revision)


def is_current(store: Store) -> bool:
    """Whether the tables have the shape that this program needs."""
    with store.reading() as tx:
        return _is_current(tx.connection, "head")


def _is_current(connection: Connection, revision: str) -> bool:
    scripts = ScriptDirectory(str(_FOLDER))
    has = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    if has is not None and has not in known:
        raise StoreTooNew
    return has == (scripts.get_current_head() if revision == "head" else revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextlib.contextmanager
def _alone(store: Store) -> Iterator[None]:
    """Lets one process at a time in: by an advisory lock on PostgreSQL, by a locked file beside an SQLite database."""
    if store.engine.dialect.name == "postgresql":
        with store.transaction() as tx:
            tx.execute(text("SET LOCAL statement_timeout = '600s'; SET LOCAL lock_timeout = '600s'"))
            tx.execute(text("SET LOCAL idle_in_transaction_session_timeout = '0'"))
            tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield
        return
    with _locked_file(Path(f"{store.engine.url.database}.migrating")):
        yield


@contextlib.contextmanager
def _locked_file(path: Path) -> Iterator[None]:
    if os.name == "nt":  # there BEGIN IMMEDIATE alone keeps the others waiting
        yield
        return
    import fcntl

    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
