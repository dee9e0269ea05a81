"""What is deleted is gone: no row, no file, no byte of it anywhere in the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from corpora.store import corpora, decisions, documents, exports, trashing
from corpora.store.documents import NewDocument
from corpora.store.session import Store
from tests.api.reviewed import annotated_document, start
from tests.api.service import Served, serving, settings_in

WORDS = b"canaryword shall be protected."
ALLOWED = {"audit", "alembic_version"}  # the log names ids and digests, and stays


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    yield from serving(settings_in(tmp_path))


def everything(store: Store) -> dict[str, str]:
    """All that stands in each table of the database, whatever made it."""
    with store.reading() as tx:
        names = [row[0] for row in tx.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        return {name: " ".join(str(tuple(row)) for row in tx.execute(text(f'SELECT * FROM "{name}"'))) for name in names}


def fill(served: Served) -> tuple[str, str, set[str]]:
    """A document in a corpus, with everything that can be made of it; its id, the corpus's, and the digests of files."""
    client = served.client
    corpus = client.post("/v1/corpora", json={"name": "kept"}).json()["id"]
    document = annotated_document(served, title="canarytitle", work="kept-work", version="kept-version")
    with served.store.transaction() as tx:
        known = documents.get(tx, document)
        assert known
        tx.execute(text("INSERT INTO members VALUES (:c, :d, :s, 'canarypath.txt')"), {"c": corpus, "d": document, "s": known.sha256})
        blob = tx.blobs.put_stream([b"An export with canaryword"], 100)
        export = exports.start(tx, corpus, "csv")
        exports.finish(tx, export.id, blob)
        unfinished = exports.start(tx, corpus, "csv")
    review = start(served, [document], coders=["ana"])["id"]
    task = client.get(f"/v1/reviews/{review}/tasks", params={"coder": "ana"}).json()["items"][0]
    said = {"document_id": document, "coder": "ana", "action": "comment", "layer": "victim", "comment": "canaryremark"}
    made = client.post(f"/v1/reviews/{review}/decisions", json=said | {"start": task["start"], "end": task["end"]})
    assert made.status_code == 201, made.text
    other = annotated_document(served, title="other")
    client.get("/v1/compare", params={"left": document, "right": other})
    client.delete(f"/v1/documents/{other}")
    return document, unfinished.job_id, {known.sha256, blob.sha256}


def test_nothing_of_a_deleted_document_is_left(served: Served, tmp_path: Path) -> None:
    document, unfinished, digests = fill(served)
    with served.store.reading() as tx:
        assert decisions.of_document(tx, document)
    assert {name for name in digests if served.store.blobs.has(name)} == digests
    assert served.client.delete(f"/v1/documents/{document}").status_code == 204
    assert {name for name in digests if served.store.blobs.has(name)} == set()
    left = {name: rows for name, rows in everything(served.store).items() if name not in ALLOWED}
    assert [name for name, rows in left.items() if document in rows or "canary" in rows or any(one in rows for one in digests)] == []
    assert "cancelled" in left["jobs"]
    assert unfinished in left["jobs"]
    held = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert "lexframe.sqlite3" in held
    assert [name for name, content in held.items() if b"canary" in content] == []


def test_what_another_document_needs_stays(served: Served) -> None:
    first, second = served.annotated(WORDS), served.annotated(WORDS)
    served.client.delete(f"/v1/documents/{first}")
    assert served.client.get(f"/v1/documents/{second}/original").content == WORDS
    assert served.client.get(f"/v1/documents/{second}/text").status_code == 200
    served.client.delete(f"/v1/documents/{second}")
    assert list(served.store.blobs.older_than(-1)) == []


def test_a_deleted_corpus_takes_its_exports_with_it_and_its_documents_where_asked(served: Served) -> None:
    with served.store.transaction() as tx:
        corpus = corpora.create(tx, "gone")
        blob = tx.blobs.put_stream([WORDS], 100)
        corpora.add(tx, corpus, "a.txt", NewDocument(sha256=blob.sha256, size=blob.size))
        export = exports.start(tx, corpus, "csv")
        exports.finish(tx, export.id, tx.blobs.put_stream([b"made of it"], 100))
    with served.store.transaction() as tx:
        corpora.delete(tx, corpus, with_documents=True)
    assert list(served.store.blobs.older_than(-1)) == []


def test_bytes_that_could_not_be_removed_are_removed_later(served: Served) -> None:
    document = served.annotated(WORDS)
    with served.store.transaction() as tx:
        documents.delete(tx, document)
        tx.after_commit.clear()  # as if the process had died here
    assert list(served.store.blobs.older_than(-1)) != []
    trashing.empty_trash(served.store)
    assert list(served.store.blobs.older_than(-1)) == []
