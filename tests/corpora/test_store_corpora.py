from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from corpora.store import annotations as kept
from corpora.store import batches, corpora, documents, jobs, recovery
from corpora.store.annotations import Key
from corpora.store.batches import Batch, BatchState, Which
from corpora.store.documents import Filters, NewDocument
from corpora.store.errors import BadCorpusName, BatchOpen, CorpusExists, NothingToAnnotate
from corpora.store.jobs import JobState
from corpora.store.session import Store
from corpora.store.tables import document_annotations
from tests.servers import upload

pytest_plugins = ("tests.servers",)

PIPELINE = {"name": "p"}


def filled(store: Store, *texts: str, name: str = "treaties") -> str:
    """A corpus with a document of each text, and its id."""
    with store.transaction() as tx:
        known = corpora.named(tx, name)
        corpus_id = known.id if known else corpora.create(tx, name)
    for text in texts:
        add(store, corpus_id, text)
    return corpus_id


def add(store: Store, corpus_id: str, text: str) -> str | None:
    blob = store.blobs.put_stream([text.encode()], 1 << 20)
    with store.transaction() as tx:
        return corpora.add(tx, corpus_id, f"folder/{text}.txt", NewDocument(sha256=blob.sha256, size=blob.size, filename=f"{text}.txt"))


def begun(store: Store, corpus_id: str, which: Which = Which.MISSING) -> str:
    with store.transaction() as tx:
        return batches.start(tx, corpus_id, which)


def look(store: Store, batch_id: str) -> Batch:
    with store.reading() as tx:
        found = batches.get(tx, batch_id)
    assert found is not None
    return found


def work(store: Store, fail: str | None = None) -> str | None:
    """Does the next job as a worker would; the name of its document."""
    with store.transaction() as tx:
        claim = jobs.claim(tx, None, 60)
        if claim is None:
            return None
        document = documents.get(tx, str(claim.document_id))
        assert document is not None
        if fail is not None:
            assert jobs.fail(tx, claim, "broken", fail, retry=False)
        else:
            assert jobs.commit(tx, claim)
            key = Key("default", document.sha256, kept.params_hash(title=None, kind=None), kept.pipeline_digest(PIPELINE))
            kept.attach(tx, document.id, kept.keep(tx, key, {"text": "x", "pipeline": PIPELINE}))
        return document.filename


def test_a_corpus_holds_the_same_bytes_once_and_counts_what_it_has(store: Store) -> None:
    corpus_id = filled(store, "a", "b", "a")
    assert add(store, corpus_id, "b") is None
    other = filled(store, "a", name="laws")
    with store.reading() as tx:
        corpus = corpora.get(tx, corpus_id)
        assert corpus is not None
        assert (corpus.name, corpus.documents, corpus.annotated) == ("treaties", 2, 0)
        assert [c.id for c in corpora.all_of(tx)] == [other, corpus_id]
        page = documents.page(tx, filters=Filters(corpus=corpus_id))
        assert [d.filename for d in page.items] == ["b.txt", "a.txt"]
        assert corpora.known_digests(tx, corpus_id, [page.items[0].sha256, "f" * 64]) == {page.items[0].sha256}
        assert set(corpora.paths_of(tx, [d.id for d in page.items]).values()) == {"folder/a.txt", "folder/b.txt"}
        assert corpora.states(tx, corpus_id) == {None: 2}


def test_names_of_corpora_are_theirs_alone_in_a_space(store: Store) -> None:
    with store.transaction() as tx:
        corpora.create(tx, "x")
        corpora.create(tx, "x", space="other")
    with pytest.raises(CorpusExists), store.transaction() as tx:
        corpora.create(tx, " x\n")
    with pytest.raises(BadCorpusName), store.transaction() as tx:
        corpora.create(tx, "\u202e")
    with store.reading() as tx:
        assert corpora.named(tx, "x") is not None
        assert corpora.get(tx, corpora.named(tx, "x", space="other").id) is None  # type: ignore[union-attr]


@pytest.mark.parametrize("with_documents", [False, True])
def test_deleting_a_corpus_leaves_its_documents_unless_asked(store: Store, with_documents: bool) -> None:
    corpus_id = filled(store, "a", "b")
    begun(store, corpus_id)
    with store.transaction() as tx:
        assert corpora.delete(tx, corpus_id, with_documents=with_documents)
        assert not corpora.delete(tx, corpus_id)
    with store.reading() as tx:
        assert len(documents.page(tx).items) == (0 if with_documents else 2)
        assert corpora.all_of(tx) == ()


def test_a_batch_is_followed_from_its_start_to_its_end(store: Store) -> None:
    corpus_id = filled(store, "a", "b", "c")
    batch_id = begun(store, corpus_id)
    batch = look(store, batch_id)
    assert (batch.state, batch.documents, batch.progress, batch.seconds_left) == (BatchState.RUNNING, 3, 0.0, None)
    with pytest.raises(BatchOpen):
        begun(store, corpus_id)
    with store.transaction() as tx:
        held = jobs.claim(tx, None, 60)
        assert held is not None
        jobs.heartbeat(tx, held, "provisions", 0.5)
    assert look(store, batch_id).stages == {"provisions": 1}
    with store.transaction() as tx:
        jobs.fail(tx, held, "broken", "It is broken.", retry=False)
    assert work(store) == "b.txt"
    batch = look(store, batch_id)
    assert (batch.ended, batch.states[JobState.QUEUED], batch.states[JobState.FAILED]) == (2, 1, 1)
    assert batch.per_second is not None
    assert batch.seconds_left == pytest.approx(1 / batch.per_second)
    assert work(store) == "c.txt"
    batch = look(store, batch_id)
    assert (batch.state, batch.progress, batch.finished is not None) == (BatchState.DONE, 1.0, True)
    with store.reading() as tx:
        (failure,) = batches.failures(tx, batch_id)
        assert (failure.path, failure.code, failure.message, failure.attempts) == ("folder/a.txt", "broken", "It is broken.", 1)
        assert batches.failures(tx, batch_id, after=failure.job_id) == ()


def test_what_failed_is_tried_again_and_what_is_done_is_not(store: Store) -> None:
    corpus_id = filled(store, "a", "b")
    batch_id = begun(store, corpus_id)
    assert work(store, fail="no") == "a.txt"
    assert work(store) == "b.txt"
    with store.transaction() as tx:
        assert batches.retry(tx, batch_id) == 1
    assert look(store, batch_id).state is BatchState.RUNNING
    assert work(store) == "a.txt"
    assert work(store) is None
    assert look(store, batch_id).states[JobState.DONE] == 2
    with pytest.raises(NothingToAnnotate):
        begun(store, corpus_id)
    assert look(store, begun(store, corpus_id, Which.ALL)).documents == 2


def test_a_paused_batch_holds_back_what_has_not_begun_and_what_comes_back(store: Store) -> None:
    corpus_id = filled(store, "a", "b", "c")
    batch_id = begun(store, corpus_id)
    with store.transaction() as tx:
        failing, released = jobs.claim(tx, None, 60), jobs.claim(tx, None, 60)
        assert failing
        assert released
        assert batches.pause(tx, batch_id)
        assert not batches.pause(tx, batch_id)
        assert jobs.fail(tx, failing, "x", "y", retry=True, delay=0)
        assert jobs.release(tx, released)
    assert look(store, batch_id).states[JobState.PAUSED] == 3
    assert look(store, batch_id).state is BatchState.PAUSED
    assert work(store) is None
    with store.transaction() as tx:
        assert recovery.reconcile(tx, tx.now() + timedelta(hours=1)) == []
        assert batches.resume(tx, batch_id)
        assert not batches.resume(tx, batch_id)
        assert len(recovery.reconcile(tx)) == 3
    assert sorted(str(work(store)) for _ in range(3)) == ["a.txt", "b.txt", "c.txt"]


def test_an_expired_lease_in_a_paused_batch_waits_for_its_going_on(store: Store) -> None:
    batch_id = begun(store, filled(store, "a"))
    with store.transaction() as tx:
        assert jobs.claim(tx, None, 60)
        batches.pause(tx, batch_id)
        recovery.expire(tx, tx.now() + timedelta(minutes=2))
    assert look(store, batch_id).states[JobState.PAUSED] == 1


def test_a_cancelled_batch_keeps_what_is_done_and_can_be_taken_up_again(store: Store) -> None:
    batch_id = begun(store, filled(store, "a", "b", "c"))
    assert work(store) == "a.txt"
    with store.transaction() as tx:
        held = jobs.claim(tx, None, 60)
        assert held is not None
        assert batches.cancel(tx, batch_id)
        assert not batches.cancel(tx, batch_id)
        assert not jobs.commit(tx, held)
    batch = look(store, batch_id)
    assert (batch.state, batch.states[JobState.DONE], batch.states[JobState.CANCELLED]) == (BatchState.CANCELLED, 1, 2)
    assert work(store) is None
    with store.transaction() as tx:
        assert batches.retry(tx, batch_id) == 2
    assert {work(store), work(store)} == {"b.txt", "c.txt"}
    assert look(store, batch_id).state is BatchState.DONE
    with store.reading() as tx:
        assert tx.execute(select(func.count()).select_from(document_annotations)).scalar_one() == 3


def test_single_uploads_go_before_a_batch(store: Store) -> None:
    begun(store, filled(store, "a", "b"))
    single = upload(store, "single", filename="single.txt")
    assert work(store) == "single.txt"
    assert single.job_id
    assert work(store) == "a.txt"
