"""What is deleted is gone: no row, no file, no byte of it anywhere in the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from api.recent import kept_in_memory
from corpora.store import comparisons, corpora, documents, exports, trashing
from corpora.store.documents import NewDocument
from corpora.store.session import Store
from tests.api.reviewed import annotated_document, give_meaning, start
from tests.api.service import Served, serving, settings_in

pytest_plugins = ("tests.servers",)
WORDS = b"canaryword shall be protected."
ALLOWED = {"audit", "alembic_version", "webhooks"}  # the log names ids and digests, and stays
OF_THE_TEXT = ("seafarer", "harbour")
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


@pytest.fixture
def served(tmp_path: Path, database_url: str) -> Iterator[Served]:
    yield from serving(settings_in(tmp_path, DATABASE_URL=database_url))


def everything(store: Store) -> dict[str, str]:
    """All that stands in each table of the database, whatever made it: words, indexes of words, and tables that hold the indexes."""
    with store.reading() as tx:
        names = [row[0] for row in tx.execute(text(TABLES[tx.connection.dialect.name]))]
        rows = {name: tx.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}
    return {name: " ".join(str(tuple(row)) for row in found) for name, found in rows.items()}


def traces(store: Store, document: str, digests: set[str]) -> list[str]:
    """The tables in which something of the document stands."""
    signs = (document, "canary", *digests, *OF_THE_TEXT)
    return sorted(name for name, rows in everything(store).items() if name not in ALLOWED and any(one in rows.lower() for one in signs))


def fill(served: Served) -> tuple[str, str, str, set[str]]:
    """A document in a corpus, with everything that can be made of it; its id, the corpus's, and the digests of files."""
    client = served.client
    client.post("/v1/webhooks", json={"url": "https://example.org/"})
    corpus = client.post("/v1/corpora", json={"name": "kept"}).json()["id"]
    document = annotated_document(served, title="canarytitle", work="canary-work", version="canary-version")
    give_meaning(served, document)
    client.patch(f"/v1/documents/{document}", json={"version": "another-canary"})
    client.post(f"/v1/jobs/{client.get(f'/v1/documents/{document}').json()['job_id']}/cancel")
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
    with served.store.transaction() as tx:
        asked = comparisons.ask(tx, {"of": document}, [document])
        comparisons.keep(tx, asked.id, {"said": "canary"})
    client.delete(f"/v1/documents/{other}")
    for path in ("", "/profile", "/charts/indicators.svg"):
        assert client.get(f"/documents/{document}{path}").status_code == 200
    return document, corpus, unfinished.job_id, {known.sha256, blob.sha256}


EVERYWHERE = {
    "assignments", "compared_documents", "decisions", "deliveries", "document_annotations", "documents", "exports", "jobs", "members", "provisions",
    "provision_words", "versions", "works",
}  # fmt: skip


@pytest.mark.parametrize("with_corpus", [False, True])
def test_nothing_of_a_deleted_document_is_left(served: Served, tmp_path: Path, with_corpus: bool) -> None:
    """Whether it is deleted by itself or with its corpus."""
    document, corpus, unfinished, digests = fill(served)
    found = set(traces(served.store, document, digests))
    assert found >= EVERYWHERE - ({"provision_words"} if served.store.engine.dialect.name == "postgresql" else set())
    assert {name for name in digests if served.store.blobs.has(name)} == digests
    assert kept_in_memory()
    at = f"/v1/corpora/{corpus}?with_documents=true" if with_corpus else f"/v1/documents/{document}"
    assert served.client.delete(at).status_code == 204
    assert {name for name in digests if served.store.blobs.has(name)} == set()
    assert traces(served.store, document, digests) == []
    assert counts(served.store) == {"provisions": 0, "findings": 0, "vectors": 0, "facts": 0, "annotations": 0, "comparisons": 0}
    left = everything(served.store)
    assert "cancelled" in left["jobs"]
    assert unfinished in left["jobs"]
    assert kept_in_memory() == 0
    held = {path.name: path.read_bytes().lower() for path in tmp_path.rglob("*") if path.is_file()}
    assert [name for name, content in held.items() if b"canary" in content or b"seafarer" in content] == []


def counts(store: Store) -> dict[str, int]:
    names = ("provisions", "findings", "vectors", "facts", "annotations", "comparisons")
    with store.reading() as tx:
        return {name: int(tx.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()) for name in names}


def test_a_work_stays_while_a_document_or_what_users_said_is_there(served: Served) -> None:
    first, second = (annotated_document(served, work="a-work", version="a") for _ in range(2))
    served.client.delete(f"/v1/documents/{first}")
    assert [one["label"] for one in served.client.get("/v1/works/a-work/versions").json()["items"]] == ["a"]
    served.client.patch("/v1/works/a-work", json={"title": "An Act"})
    served.client.delete(f"/v1/documents/{second}")
    assert served.client.get("/v1/works/a-work").json()["title"] == "An Act"
    assert "a-work" in everything(served.store)["works"]
    assert everything(served.store)["versions"] == ""


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
