from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpora.store.blobs import read_all
from tests.api.service import Served, serving, settings_in, slug

UNKNOWN = "01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"


def test_an_upload_is_accepted_with_the_address_of_its_job(served: Served) -> None:
    answer = served.client.post(
        "/v1/documents", files={"file": ("a/b\\Tráta\u202e.txt", b"Article 1")}, data={"title": "T", "date": "2000-11-15"}
    )
    found = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/jobs/{found['job_id']}" == found["links"]["job"]
    document = served.client.get(found["links"]["document"]).json()
    assert (document["filename"], document["title"], document["date"], document["state"]) == ("Tráta.txt", "T", "2000-11-15", "queued")
    assert read_all(served.store.blobs, document["sha256"]) == b"Article 1"


@pytest.mark.parametrize(
    ("second", "status", "same"),
    [
        ({"name": "a.txt", "data": b"one", "title": "T"}, 200, True),
        ({"name": "a.txt", "data": b"two", "title": "T"}, 422, False),
        ({"name": "a.txt", "data": b"one", "title": "U"}, 422, False),
        ({"name": "b.txt", "data": b"one", "title": "T"}, 422, False),
    ],
)
def test_an_idempotency_key_stands_for_one_upload(served: Served, second: dict[str, Any], status: int, same: bool) -> None:
    def send(name: str, data: bytes, title: str) -> Any:
        key = {"Idempotency-Key": "key 1"}
        return served.client.post("/v1/documents", files={"file": (name, data)}, data={"title": title}, headers=key)

    first, again = send("a.txt", b"one", "T"), send(**second)
    assert again.status_code == status
    assert len(served.client.get("/v1/documents").json()["items"]) == 1
    if same:
        assert again.json() == first.json() | {"replayed": True}
        assert again.headers["location"] == first.headers["location"]
    else:
        assert slug(again) == "idempotency-conflict"


@pytest.mark.parametrize(
    ("files", "fields", "status", "problem"),
    [
        ({}, {"title": "T"}, 400, "bad-form"),  # not multipart
        ({"other": ("a.txt", b"a")}, {}, 422, "invalid-request"),
        ({"file": ("a.txt", b"a")}, {"version": "first"}, 422, "invalid-request"),
        ({"file": ("a.txt", b"a")}, {"title": "x" * 1001}, 422, "invalid-request"),
        ({"file": ("a.txt", b"a")}, {"title": "x" * 20_000}, 400, "bad-form"),
        ({"file": ("a.txt", b"a")}, {f"f{n}": "x" for n in range(30)}, 400, "bad-form"),
        ([("file", ("a.txt", b"a")), ("file", ("b.txt", b"b"))], {}, 400, "bad-form"),
    ],
)
def test_a_form_that_is_wrong_is_refused_and_not_echoed(served: Served, files: Any, fields: Any, status: int, problem: str) -> None:
    answer = served.client.post("/v1/documents", files=files, data=fields)
    assert (answer.status_code, slug(answer)) == (status, problem)
    assert "xxx" not in answer.text
    assert served.client.get("/v1/documents").json()["items"] == []


def test_a_broken_multipart_body_is_a_bad_form(served: Served) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    for body in (b"", b"--b\r\nnonsense", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"):
        answer = served.client.post("/v1/documents", content=body, headers=headers)
        assert answer.status_code in {400, 422}, body
        assert slug(answer) in {"bad-form", "invalid-request"}


def test_pages_hold_every_document_once_and_the_newest_first(served: Served) -> None:
    sent = [served.upload(f"text {n}".encode(), name=f"{n}.txt")["document_id"] for n in range(7)]
    seen, cursor = [], None
    while True:
        page = served.client.get("/v1/documents", params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        seen.append([item["id"] for item in page["items"]])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [len(page) for page in seen] == [3, 3, 1]
    assert [document_id for page in seen for document_id in page] == sent[::-1]


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({}, ["b.txt", "a.txt"]),
        ({"title": "PALERMO"}, ["a.txt"]),
        ({"title": "b.tx"}, ["b.txt"]),
        ({"work": "w", "version": "v1"}, ["a.txt"]),
        ({"work": "w", "version": "v3"}, []),
        ({"state": "done"}, ["a.txt"]),
        ({"state": "queued", "kind": "act"}, ["b.txt"]),
        ({"framing": "rights"}, ["a.txt"]),
        ({"framing": "crime"}, []),
        ({"body": "UN"}, ["a.txt"]),
        ({"title": "%"}, []),
    ],
)
def test_filters_narrow_a_list(served: Served, params: dict[str, str], names: list[str]) -> None:
    served.upload(b"one", name="a.txt", title="Palermo Protocol", work="w", version="v1", body="UN")
    served.work()
    served.upload(b"two", name="b.txt", kind="act", work="w", version="v2")
    assert [item["filename"] for item in served.client.get("/v1/documents", params=params).json()["items"]] == names


@pytest.mark.parametrize(
    ("params", "status", "problem"),
    [
        ({"cursor": "nonsense"}, 400, "bad-cursor"),
        ({"cursor": "\x00"}, 400, "bad-cursor"),
        ({"limit": "0"}, 422, "invalid-request"),
        ({"limit": "many"}, 422, "invalid-request"),
        ({"state": "asleep"}, 422, "invalid-request"),
        ({"framing": "nice"}, 422, "invalid-request"),
        ({"sha256": "ab"}, 422, "invalid-request"),
    ],
)
def test_a_list_that_cannot_be_made_is_refused(served: Served, params: dict[str, str], status: int, problem: str) -> None:
    answer = served.client.get("/v1/documents", params=params)
    assert (answer.status_code, slug(answer)) == (status, problem)


def test_a_deleted_document_is_gone_with_its_bytes(served: Served) -> None:
    document_id = served.annotated(b"rare words")
    at = f"/v1/documents/{document_id}"
    found = served.client.get(at).json()
    assert served.client.delete(at).status_code == 204
    for path in (at, f"{at}/text", f"{at}/original", f"{at}/annotations"):
        assert slug(served.client.get(path)) == "no-such-document"
    assert slug(served.client.get(f"/v1/jobs/{found['job_id']}")) == "no-such-job"
    assert not served.store.blobs.has(found["sha256"])
    assert slug(served.client.delete(at)) == "no-such-document"


@pytest.mark.parametrize("path", [f"/v1/documents/{UNKNOWN}", f"/v1/documents/{UNKNOWN}/text", f"/v1/documents/{UNKNOWN}/original"])
def test_an_unknown_document_is_said_to_be_unknown(served: Served, path: str) -> None:
    answer = served.client.get(path)
    assert (answer.status_code, slug(answer)) == (404, "no-such-document")


def test_uploads_wait_outside_while_too_many_are_queued(tmp_path: Path) -> None:
    for served in serving(settings_in(tmp_path, MAX_QUEUED="1")):
        served.upload(b"one")
        served.client.app.state.service.gate._due = 0.0  # a second has passed
        answer = served.client.post("/v1/documents", files={"file": ("b.txt", b"two")})
        assert (answer.status_code, slug(answer)) == (503, "too-many-waiting")
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("size", [1001, 100_000, 5_000_000])
@pytest.mark.parametrize("declared", [True, False])
def test_a_file_above_the_limit_is_refused_and_nothing_is_kept(tmp_path: Path, size: int, declared: bool) -> None:
    for served in serving(settings_in(tmp_path, MAX_UPLOAD_BYTES="1000")):
        body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"a" * size + b"\r\n--b--\r\n"
        content = body if declared else (body[at : at + 65536] for at in range(0, len(body), 65536))
        answer = served.client.post("/v1/documents", content=content, headers={"Content-Type": "multipart/form-data; boundary=b"})
        assert (answer.status_code, slug(answer)) == (413, "too-large")
        assert "1000 bytes" in answer.json()["detail"]
        assert served.client.get("/v1/documents").json()["items"] == []
        assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
