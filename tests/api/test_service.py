from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import from_environment

TEXT = b"Harbour Treaty\n\nArticle 1\n\nEach Party shall assist victims.\n"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    settings = from_environment({"LEXFRAME_DATA_DIR": str(tmp_path), "LEXFRAME_MAX_UPLOAD_BYTES": "100000"})
    with TestClient(create_app(settings, runner=False), base_url="http://127.0.0.1:8080") as found:
        yield found


def send(client: TestClient, content: bytes = TEXT, name: str = "treaty.txt", **more: object):  # type: ignore[no-untyped-def]
    return client.post("/v1/documents", files={"file": (name, io.BytesIO(content))}, **more)  # type: ignore[arg-type]


def test_an_upload_is_taken_in_with_its_job(client: TestClient) -> None:
    answer = send(client, data={"title": "Harbour Treaty", "work": "harbour", "version": "draft"})
    assert answer.status_code == 202
    body = answer.json()
    job = client.get(answer.headers["location"]).json()
    assert job["state"] == "queued"
    assert job["document_id"] == body["document_id"]
    shown = client.get(f"/v1/documents/{body['document_id']}").json()
    assert (shown["title"], shown["work"], shown["version"], shown["filename"]) == ("Harbour Treaty", "harbour", "draft", "treaty.txt")
    original = client.get(f"/v1/documents/{body['document_id']}/original")
    assert original.content == TEXT
    assert original.headers["content-disposition"].startswith("attachment")


def test_the_same_idempotency_key_gives_the_same_document(client: TestClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    first, second = send(client, headers=headers).json(), send(client, headers=headers).json()
    assert first["document_id"] == second["document_id"]
    other = send(client, TEXT + b"more", headers=headers)
    assert other.status_code == 422
    assert other.headers["content-type"] == "application/problem+json"
    assert other.json()["type"] == "urn:lexframe:problem:idempotency-conflict"


def test_lists_go_page_by_page(client: TestClient) -> None:
    ids = [send(client, TEXT + str(i).encode()).json()["document_id"] for i in range(5)]
    first = client.get("/v1/documents", params={"limit": 3}).json()
    assert [d["id"] for d in first["items"]] == ids[:1:-1]
    cursor = next(first[key] for key in first if key.startswith("next"))
    rest = client.get("/v1/documents", params={"limit": 3, "cursor": cursor}).json()
    assert [d["id"] for d in rest["items"]] == ids[1::-1]


def test_delete_leaves_nothing(client: TestClient, tmp_path: Path) -> None:
    document = send(client).json()["document_id"]
    assert client.delete(f"/v1/documents/{document}").status_code == 204
    assert client.get(f"/v1/documents/{document}").status_code == 404
    assert client.get(f"/v1/documents/{document}/original").status_code == 404
    assert [p for p in (tmp_path / "files").rglob("*") if p.is_file()] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/documents/01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55", 404),
        ("GET", "/v1/jobs/01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55", 404),
        ("GET", "/v1/nothing", 404),
        ("PUT", "/v1/documents", 405),
        ("GET", "/v1/documents?limit=x", 422),
        ("GET", "/v1/documents?cursor=x", 400),
    ],
)
def test_errors_are_problems(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= answer.json().keys()


def test_a_body_above_the_limit_is_refused(client: TestClient) -> None:
    answer = send(client, b"x" * 300_000)
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:lexframe:problem:too-large"
    assert send(client).status_code == 202


def test_a_document_that_waits_has_no_annotations_yet(client: TestClient) -> None:
    document = send(client).json()["document_id"]
    answer = client.get(f"/v1/documents/{document}/annotations")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:lexframe:problem:not-annotated-yet"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/version", "/v1/openapi.json", "/v1/documents"])
def test_every_answer_has_the_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_job_can_be_cancelled_once(client: TestClient) -> None:
    job = send(client).json()["job_id"]
    assert client.post(f"/v1/jobs/{job}/cancel").json()["state"] == "cancelled"
    assert client.post(f"/v1/jobs/{job}/cancel").status_code == 409
