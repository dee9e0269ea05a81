"""A backup as docs/operations.md says to make it, restored elsewhere: the commands are the page's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from corpora.store import documents, jobs
from corpora.store.blobs import read_all
from corpora.store.migrate import is_current, migrate
from corpora.store.session import Store, open_store
from tests.servers import PostgresServer, postgres_binaries, upload

pytest_plugins = ("tests.servers",)

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", PAGE.partition("## Backup and restore")[2], re.MULTILINE | re.DOTALL)
SQLITE, DUMP, RESTORE = BLOCKS


def run(commands: str, **variables: str) -> None:
    binaries = f"{postgres_binaries()}:{os.environ['PATH']}"
    done = subprocess.run(["sh", "-euc", commands], env={"PATH": binaries, **variables}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def check(store: Store, document_id: str) -> None:
    """All is there: the document, its bytes and its job; what comes next is accepted."""
    assert is_current(store)
    with store.reading() as tx:
        document = documents.get(tx, document_id)
        assert document is not None
        assert document.title == "Act"
        assert len(jobs.of_document(tx, document_id)) == 1
    assert read_all(store.blobs, document.sha256) == b"An Act"
    upload(store, "Another")
    store.close()


def test_sqlite_comes_back(tmp_path: Path) -> None:
    if shutil.which("sqlite3") is None:
        pytest.skip("sqlite3 is missing: apt-get install sqlite3")
    data, safe = tmp_path / "data", tmp_path / "safe"
    safe.mkdir()
    store = open_store(f"sqlite:///{data / 'lexframe.sqlite3'}", str(data / "files"))
    migrate(store)
    accepted = upload(store, "An Act", title="Act")
    run(SQLITE, DATA=str(data), SAFE=str(safe))  # while the store is open, and its journal not empty
    store.close()
    shutil.rmtree(data)
    check(open_store(f"sqlite:///{safe / 'lexframe.sqlite3'}", str(safe / "files")), accepted.document_id)


@pytest.mark.services
def test_postgresql_comes_back_in_an_empty_database(postgres: PostgresServer, tmp_path: Path) -> None:
    before, after = postgres.new_database(), postgres.new_database()
    store = open_store(before, str(tmp_path / "files"))
    migrate(store)
    accepted = upload(store, "An Act", title="Act")
    run(DUMP, SAFE=str(tmp_path), LEXFRAME_DATABASE_URL=before)
    store.close()
    run(RESTORE, SAFE=str(tmp_path), LEXFRAME_DATABASE_URL=after)
    check(open_store(after, str(tmp_path / "files")), accepted.document_id)
