from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

import lexframe
from nlp.types import AnnotatedDocument
from nlp.wire import to_json
from tests.annotated import TEXT, document
from tests.api.reviewed import annotated_document
from tests.api.service import HERE, Served
from tests.lexframe.texts import LAKE
from workers.running import Outcome


def client_of(served: Served) -> lexframe.Client:
    """A client whose requests go to the service in this process."""

    def answer(request: httpx.Request) -> httpx.Response:
        found = served.client.request(request.method, str(request.url), content=request.read(), headers=dict(request.headers))
        return httpx.Response(found.status_code, headers=dict(found.headers), content=found.content)

    return lexframe.Client(HERE, transport=httpx.MockTransport(answer))


def test_importing_it_is_quick() -> None:
    code = "import sys, lexframe; print([m for m in ('torch', 'spacy', 'numpy', 'sqlalchemy', 'fastapi') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_texts_are_annotated_and_compared() -> None:
    found = lexframe.annotate(LAKE)
    assert (found.status, found.source.title) == ("annotated", "Convention of the Lake States on Safe Harbours")
    changed = lexframe.compare(found, LAKE.replace("Each Party shall, where appropriate, provide", "Each Party shall provide"))
    assert changed.counts["modified"] == 1
    kinds = [str(c.kind) for pair in changed.pairs for c in pair.changes]
    assert kinds[0] == "statement.strength_raised"
    assert [kind for kind in kinds if not kind.startswith("indicator.")] == kinds[:1]  # a label near its threshold may turn with it


def test_a_file_is_annotated_as_its_text(tmp_path: Path) -> None:
    (tmp_path / "lake.txt").write_text(LAKE, encoding="utf-8")
    assert lexframe.annotate_file(tmp_path / "lake.txt") == lexframe.annotate(LAKE)


def test_a_french_text_is_kept() -> None:
    found = lexframe.annotate("Les Parties à la présente Convention sont convenues de protéger les marins et les pêcheurs.\n")
    assert (found.status, found.blocks) == ("unsupported_language", ())


def test_a_client_uploads_waits_and_reads(served: Served) -> None:
    with client_of(served) as client:
        job = client.upload(b"Each State Party shall protect victims.", filename="a.txt", title="A", work="a", version="1")
        assert (job.state, job.error_code) == ("queued", None)
        with pytest.raises(TimeoutError, match="still queued"):
            client.wait(job, seconds=0)
        served.work()
        done = client.wait(job)
        assert (done.title, done.work, done.version, done.state) == ("A", "a", "1", "done")
        assert [one.id for one in client.documents(work="a")] == [done.id]
        client.delete(done.id)
        with pytest.raises(lexframe.ServiceError) as refused:
            client.document(done.id)
        assert (refused.value.status, refused.value.type) == (404, "urn:lexframe:problem:no-such-document")


def test_a_client_reads_annotations_and_exports(served: Served) -> None:
    id_ = annotated_document(served)
    with client_of(served) as client:
        found = client.annotations(id_)
        assert isinstance(found, AnnotatedDocument)
        assert (to_json(found), found.text) == (to_json(document()), TEXT)
        assert client.export(id_, "akn").startswith(b"<?xml")
        assert client.request("POST", "/v1/reviews", json={"name": "r", "documents": [id_], "coders": ["ana"]})["coders"] == ["ana"]
        with pytest.raises(lexframe.ServiceError, match="coders"):
            client.request("POST", "/v1/reviews", json={"name": "r", "documents": [id_]})


def test_a_client_fetches_whole_corpora_and_the_gold_of_reviews(served: Served) -> None:
    corpus = served.client.post("/v1/corpora", json={"name": "all"}).json()
    served.client.post(corpus["links"]["documents"], files={"file": ("a.txt", b"one")})
    served.client.post(corpus["links"]["annotate"])
    assert served.work() is Outcome.DONE
    worker = threading.Thread(target=lambda: any(served.work() is Outcome.DONE for _ in itertools.count()))
    with client_of(served) as client:
        worker.start()
        assert json.loads(client.export_corpus(corpus["id"], "json"))["text"] == "one"
        worker.join()
        with pytest.raises(TimeoutError, match="still queued"):
            client.export_corpus(corpus["id"], "csv", seconds=0)
        review = client.request("POST", "/v1/reviews", json={"name": "r", "documents": [annotated_document(served)], "coders": ["ana"]})
        assert client.file(f"/v1/reviews/{review['id']}/gold")[:2] == b"PK"


def test_a_failed_job_is_an_error(served: Served) -> None:
    with client_of(served) as client:
        job = client.upload(b"refuse this", filename="a.txt")
        served.work()
        with pytest.raises(lexframe.JobFailed, match="asks to be refused") as failed:
            client.wait(job)
        assert failed.value.code == "refused"


def flaky(answers: list[Any], seen: list[httpx.Request]) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        now = answers.pop(0)
        if isinstance(now, Exception):
            raise now
        return httpx.Response(now[0], json=now[1], headers=now[2] if len(now) > 2 else {})

    return httpx.MockTransport(answer)


JOB = {"id": "j", "document_id": "d", "state": "done", "stage": None, "progress": 1.0, "error": None}


def test_what_passes_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    seen: list[httpx.Request] = []
    answers = [httpx.ConnectError("down"), (503, {}, {"Retry-After": "7"}), (200, JOB)]
    assert lexframe.Client("http://x", transport=flaky(answers, seen)).job("j").state == "done"
    assert (len(seen), slept) == (3, [0.25, 7.0])


def test_an_upload_is_repeated_under_one_key_and_other_posts_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    seen: list[httpx.Request] = []
    answers = [(502, {}), (202, {"job_id": "j"}), (200, JOB), (503, {"type": "urn:x", "detail": "later"})]
    client = lexframe.Client("http://x", "lxf_secret", transport=flaky(answers, seen))
    client.upload(b"x", filename="x.txt")
    assert len({one.headers["idempotency-key"] for one in seen[:2]}) == 1
    assert {one.headers["authorization"] for one in seen} == {"Bearer lxf_secret"}
    with pytest.raises(lexframe.ServiceError, match="later"):
        client.request("POST", "/v1/reviews", json={})
