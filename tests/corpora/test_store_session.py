from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from corpora.store import documents
from corpora.store.documents import NewDocument
from corpora.store.errors import BadDatabaseUrl, StoreFull, StoreUnavailable, UnstorableText
from corpora.store.migrate import StoreTooNew, is_current, migrate
from corpora.store.session import Store, open_store
from corpora.store.tables import metadata
from corpora.store.words import INDEX
from tests.servers import PostgresServer, free_port, upload

pytest_plugins = ("tests.servers",)


def test_the_migrations_make_the_tables_as_they_are_declared(store: Store) -> None:
    def is_declared(thing: object, name: str | None, *_: object) -> bool:
        return not (name or "").startswith(INDEX)  # the index of words is of another kind on each database

    with store.reading() as tx:
        context = MigrationContext.configure(tx.connection, opts={"include_object": is_declared})
        differences = compare_metadata(context, metadata)
    assert differences == []


def test_a_database_is_migrated_once(database_url: str, tmp_path: Path) -> None:
    store = open_store(database_url, str(tmp_path / "files"))
    assert not is_current(store)
    migrate(store)
    assert is_current(store)
    accepted = upload(store, "An Act")
    migrate(store)
    with store.reading() as tx:
        assert documents.get(tx, accepted.document_id) is not None


def _migrate(url: str, folder: str) -> None:
    migrate(open_store(url, folder))


def test_processes_that_start_at_once_migrate_once(database_url: str, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    starters = [context.Process(target=_migrate, args=(database_url, str(tmp_path / "files"))) for _ in range(3)]
    for process in starters:
        process.start()
    for process in starters:
        process.join(60)
    assert [process.exitcode for process in starters] == [0, 0, 0]
    assert is_current(open_store(database_url, str(tmp_path / "files")))


def test_a_database_of_a_newer_version_is_left_alone(store: Store) -> None:
    with store.transaction() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew):
        migrate(store)


def test_sqlite_is_set_up_for_durability(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'x.sqlite3'}", str(tmp_path / "files"))
    with store.reading() as tx:
        found = {
            name: tx.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20000}


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    accepted = upload(store, "An Act")
    with store.transaction() as writing:
        documents.set_metadata(writing, accepted.document_id, {"title": "New"})
        with store.reading() as tx:
            document = documents.get(tx, accepted.document_id)
    assert document is not None
    assert document.title is None


@pytest.mark.parametrize("url", ["mysql://host/x", "sqlite://", "sqlite:///:memory:", "", "no url"])
def test_other_databases_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadDatabaseUrl):
        open_store(url, str(tmp_path))


def test_a_database_that_nobody_serves_is_unavailable(tmp_path: Path) -> None:
    store = open_store(f"postgresql://nobody@127.0.0.1:{free_port()}/none", str(tmp_path))
    with pytest.raises(StoreUnavailable), store.transaction():
        pass


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = open_store(f"sqlite:///{tmp_path / 'x.sqlite3'}", str(tmp_path / "file" / "files"))
    with pytest.raises(StoreUnavailable):
        store.blobs.put_stream([b"x"], 10)


def test_a_full_database_says_so_leaves_nothing_half_done_and_recovers(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'x.sqlite3'}", str(tmp_path / "files"))
    migrate(store)
    store.engine.dispose()
    before = upload(store, "before")
    blob = store.blobs.put_stream([b"An Act"], 100)
    with store.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()

    def fill() -> None:
        with store.transaction() as tx:
            tx.execute(text(f"PRAGMA max_page_count = {pages}"))
            for _ in range(1000):
                documents.accept(tx, NewDocument(sha256=blob.sha256, size=blob.size, title="t" * 900))

    with pytest.raises(StoreFull):
        fill()
    store.engine.dispose()
    with store.reading() as tx:
        assert [d.id for d in documents.page(tx).items] == [before.document_id]
    assert upload(store, "after").document_id
    with sqlite3.connect(tmp_path / "x.sqlite3") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.services
def test_a_connection_that_is_cut_is_unavailable_and_the_next_one_works(postgres: PostgresServer, tmp_path: Path) -> None:
    store = open_store(postgres.new_database(), str(tmp_path / "files"))
    migrate(store)

    def cut() -> None:
        with store.transaction() as tx:
            own = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with store.transaction() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
            tx.execute(text("SELECT 1"))

    with pytest.raises(StoreUnavailable):
        cut()
    assert upload(store, "An Act").document_id


@pytest.mark.parametrize("odd", ["a\ud800b", "a\x00b"])
def test_a_text_that_can_be_neither_kept_nor_looked_for_is_named(store: Store, odd: str) -> None:
    """PostgreSQL knows no null; SQLite does."""
    with store.reading() as tx:
        if odd == "a\x00b" and not tx.is_postgres:
            assert documents.get(tx, odd) is None
            return
    with pytest.raises(UnstorableText), store.reading() as tx:
        documents.get(tx, odd)
