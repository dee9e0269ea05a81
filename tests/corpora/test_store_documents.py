from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from corpora.store import annotations as kept
from corpora.store import documents, jobs, trashing, works
from corpora.store.annotations import Key
from corpora.store.documents import Accepted, Filters, NewDocument
from corpora.store.errors import BadCursor, IdempotencyConflict, UnknownField, UploadLost
from corpora.store.jobs import JobState
from corpora.store.names import LONGEST_NAME, clean_filename, clean_line, suffix
from corpora.store.session import Store
from corpora.store.tables import annotation_table, audit, idempotency
from tests.servers import upload

pytest_plugins = ("tests.servers",)

PIPELINE = {"name": "p", "version": "1"}


def annotate(store: Store, accepted: Accepted, label: str = "rights", pipeline: dict[str, Any] | None = None) -> str:
    """Commits a result for the document as a worker would."""
    result = {"text": "é" * 9, "pipeline": pipeline or PIPELINE, "framing": {"label": label, "scores": {"crime": 0.25, "rights": 0.75}}}
    with store.transaction() as tx:
        document = documents.get(tx, accepted.document_id)
        assert document is not None
        key = Key(
            "default",
            document.sha256,
            kept.params_hash(title=document.title, kind=document.kind),
            kept.pipeline_digest(pipeline or PIPELINE),
        )
        found = kept.keep(tx, key, result)
        kept.attach(tx, accepted.document_id, found)
    return found


def test_a_document_is_accepted_with_its_job_and_an_audit_entry(store: Store) -> None:
    accepted = upload(
        store, "An Act", filename="C:\\laws\\An\u202e Act.TXT", title=" An \x00Act ", work="act", version="1999", date="1999-01-02"
    )
    with store.reading() as tx:
        document, job = documents.get(tx, accepted.document_id), jobs.get(tx, accepted.job_id)
        actions = list(tx.execute(select(audit.c.action)).scalars())
    assert document is not None
    assert job is not None
    assert (document.filename, document.title, document.work_id, document.version) == ("An Act.TXT", "An Act", "act", "1999")
    assert (document.state, document.job_id, job.document_id, job.attempt) == (JobState.QUEUED, job.id, document.id, 0)
    assert actions == ["upload"]


def test_another_space_sees_nothing(store: Store) -> None:
    accepted = upload(store, "An Act")
    with store.transaction() as tx:
        assert documents.get(tx, accepted.document_id, space="other") is None
        assert jobs.get(tx, accepted.job_id, space="other") is None
        assert documents.page(tx, space="other").items == ()
        assert not documents.delete(tx, accepted.document_id, space="other")
        assert not documents.set_metadata(tx, accepted.document_id, {"title": "x"}, space="other")
        assert not jobs.cancel(tx, accepted.job_id, space="other")


@pytest.mark.parametrize(
    ("again", "same"),
    [({}, True), ({"title": "B"}, False), ({"filename": "b.txt"}, False), ({"sha256": "0" * 64}, False)],
)
def test_an_idempotency_key_stands_for_one_upload(store: Store, again: dict[str, str], same: bool) -> None:
    first = upload(store, "An Act", key="k", title="A", filename="a.txt")
    with store.reading() as tx:
        document = documents.get(tx, first.document_id)
    assert document is not None
    said = {"sha256": document.sha256, "size": document.size, "title": "A", "filename": "a.txt", **again}
    with store.transaction() as tx:
        if same:
            assert documents.accept(tx, NewDocument(**said), "k") == Accepted(first.document_id, first.job_id, True)
        else:
            with pytest.raises(IdempotencyConflict):
                documents.accept(tx, NewDocument(**said), "k")
    with store.reading() as tx:
        assert len(documents.page(tx).items) == 1


def test_racing_uploads_with_one_key_make_one_document(store: Store) -> None:
    found: list[Accepted] = []
    threads = [threading.Thread(target=lambda: found.append(upload(store, "An Act", key="k"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(a.document_id, a.job_id) for a in found}) == 1
    assert sorted(a.replayed for a in found) == [False] + [True] * 7


def test_a_transaction_that_breaks_accepts_nothing(store: Store) -> None:
    blob = store.blobs.put_stream([b"An Act"], 100)

    def broken() -> None:
        with store.transaction() as tx:
            documents.accept(tx, NewDocument(sha256=blob.sha256, size=blob.size), "k")
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        broken()
    with store.reading() as tx:
        assert documents.page(tx).items == ()
        assert tx.execute(select(func.count()).select_from(idempotency)).scalar_one() == 0


def test_pages_show_every_document_once_the_newest_first(store: Store) -> None:
    ids = [upload(store, f"Act {n}").document_id for n in range(7)]
    seen, cursor, sizes = [], None, []
    for _ in range(10):
        with store.reading() as tx:
            page = documents.page(tx, cursor, 3)
        seen += [d.id for d in page.items]
        sizes.append(len(page.items))
        cursor = page.next_cursor
        if cursor is None:
            break
    assert (seen, sizes) == (sorted(ids, reverse=True), [3, 3, 1])


@pytest.mark.parametrize("cursor", ["", "x", "ä", "00000000-0000-0000-0000-000000000000", "A" * 500])
def test_a_strange_cursor_is_refused(store: Store, cursor: str) -> None:
    with store.reading() as tx, pytest.raises(BadCursor):
        documents.page(tx, cursor)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "abc"),
        (Filters(title="TRAFFICKING"), "ab"),
        (Filters(title="100%"), "b"),
        (Filters(title="gamma"), "c"),
        (Filters(title="_"), ""),
        (Filters(body="UN"), "ac"),
        (Filters(kind="treaty"), "a"),
        (Filters(work="w", version="2"), "b"),
        (Filters(work="w"), "ab"),
        (Filters(framing="crime"), "a"),
        (Filters(state="cancelled"), "c"),
        (Filters(state="queued", body="UN"), "a"),
        (Filters(title="\x00", body="\ud800"), ""),
    ],
)
def test_filters_narrow_a_list(store: Store, filters: Filters, expected: str) -> None:
    made = {
        "a": upload(store, "1", title="Trafficking Protocol", body="UN", kind="treaty", work="w", version="1"),
        "b": upload(store, "2", title="trafficking, 100% revised", body="EU", work="w", version="2"),
        "c": upload(store, "3", filename="gamma.txt", body="UN"),
    }
    annotate(store, made["a"], "crime")
    annotate(store, made["b"], "rights")
    with store.transaction() as tx:
        jobs.cancel(tx, made["c"].job_id)
        found = {d.id for d in documents.page(tx, filters=filters).items}
    assert found == {made[name].document_id for name in expected}


def test_metadata_changes_and_only_what_was_named(store: Store) -> None:
    accepted = upload(store, "An Act", title="A", body="UN", work="w", version="1")
    with store.transaction() as tx:
        assert documents.set_metadata(tx, accepted.document_id, {"title": None, "version": "2"})
        with pytest.raises(UnknownField):
            documents.set_metadata(tx, accepted.document_id, {"sha256": "0" * 64})
        document = documents.get(tx, accepted.document_id)
        versions = works.versions_of(tx, "w")
    assert document is not None
    assert (document.title, document.body, document.work_id, document.version) == (None, "UN", "w", "2")
    assert [(v.label, v.document_ids) for v in versions] == [("2", (accepted.document_id,))]


def test_deleting_deletes_everything(store: Store) -> None:
    accepted = upload(store, "An Act", key="k")
    annotate(store, accepted)
    with store.transaction() as tx:
        document = documents.get(tx, accepted.document_id)
        assert documents.delete(tx, accepted.document_id)
        assert document is not None
        assert store.blobs.has(document.sha256)  # until the deletion is durable
    assert not store.blobs.has(document.sha256)
    with store.transaction() as tx:
        assert documents.get(tx, accepted.document_id) is None
        assert jobs.get(tx, accepted.job_id) is None
        assert tx.execute(select(func.count()).select_from(annotation_table)).scalar_one() == 0
        assert not documents.delete(tx, accepted.document_id)
    assert not upload(store, "An Act", key="k").replayed


def test_bytes_and_annotations_that_another_document_has_are_kept(store: Store) -> None:
    first, second = upload(store, "An Act"), upload(store, "An Act")
    assert annotate(store, first) == annotate(store, second)
    with store.transaction() as tx:
        documents.delete(tx, first.document_id)
    with store.reading() as tx:
        document, annotation = documents.get(tx, second.document_id), kept.latest(tx, second.document_id)
    assert document is not None
    assert annotation is not None
    assert store.blobs.has(document.sha256)


def test_an_upload_whose_bytes_were_deleted_meanwhile_is_not_accepted(store: Store) -> None:
    blob = store.blobs.put_stream([b"An Act"], 100)
    store.blobs.delete(blob.sha256)
    with store.transaction() as tx, pytest.raises(UploadLost):
        documents.accept(tx, NewDocument(sha256=blob.sha256, size=blob.size))


def test_uploads_and_deletions_of_the_same_bytes_never_leave_a_document_without_them(store: Store) -> None:
    lost: list[str] = []

    def come_and_go() -> None:
        for _ in range(6):
            try:
                accepted = upload(store, "contested")
            except UploadLost:
                continue
            with store.reading() as tx:
                document = documents.get(tx, accepted.document_id)
            assert document is not None
            if not store.blobs.has(document.sha256):
                lost.append(accepted.document_id)
            with store.transaction() as tx:
                documents.delete(tx, accepted.document_id)

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    trashing.empty_trash(store)
    assert list(store.blobs.older_than(-10)) == []


def test_orphans_are_swept_and_documents_are_not(store: Store) -> None:
    upload(store, "An Act")
    orphan = store.blobs.put_stream([b"never accepted"], 100)
    assert trashing.sweep_orphans(store, older_than=-10) == 1
    assert not store.blobs.has(orphan.sha256)
    assert len(list(store.blobs.older_than(-10))) == 1


def test_another_pipeline_makes_a_second_annotation_and_keeps_the_first(store: Store) -> None:
    accepted = upload(store, "An Act")
    first = annotate(store, accepted)
    assert annotate(store, accepted) == first
    second = annotate(store, accepted, "crime", {"name": "p", "version": "2"})
    with store.reading() as tx:
        latest, every = kept.latest(tx, accepted.document_id), kept.all_of(tx, accepted.document_id)
        old = kept.by_pipeline(tx, accepted.document_id, kept.pipeline_digest(PIPELINE))
        result = kept.result(tx, second)
    assert latest is not None
    assert old is not None
    assert (latest.id, latest.framing, old.id) == (second, "crime", first)
    assert [a.id for a in every] == [second, first]
    assert list(result) == ["text", "pipeline", "framing"]
    assert (latest.characters, latest.rights_score, result["text"]) == (9, 0.75, "é" * 9)


@given(st.text(max_size=400))
def test_clean_names_are_safe_and_stay_as_they_are(name: str) -> None:
    clean = clean_filename(name)
    assert 0 < len(clean) <= LONGEST_NAME
    assert not set(clean) & set("/\\\x00\n\r")
    assert all(not unicodedata.category(c).startswith("C") for c in clean)
    assert clean_filename(clean) == clean
    clean.encode()


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\acts\\a.txt", "a.txt"),
        ("..", "document"),
        ("", "document"),
        (None, "document"),
        ("a\r\nSet-Cookie: b", "a Set-Cookie: b"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("e\u0301.txt", "é.txt"),
        ("x" * 300 + ".docx", "x" * 250 + ".docx"),
    ],
)
def test_file_names(name: str | None, clean: str) -> None:
    assert clean_filename(name) == clean


@pytest.mark.parametrize(
    ("act", "given_", "expected"), [(suffix, "Act.TXT", ".txt"), (suffix, ".txt", ""), (clean_line, " a \t b ", "a b")]
)
def test_short_texts(act: Callable[[str], str], given_: str, expected: str) -> None:
    assert act(given_) == expected
