"""Bad input over HTTP: each has a clear error, and the service is unharmed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.bad_files import BAD_FILES, BadFile
from tests.journeys.service import TREATY, Running, running

pytestmark = pytest.mark.slow

PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="huge.txt"\r\n\r\n'


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("bad")) as started:
        yield started


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_ends_in_a_clear_error_and_the_next_one_is_annotated(service: Running, bad: BadFile) -> None:
    accepted = service.upload(bad.make(), bad.name)
    job = service.ended(accepted["job_id"])
    document = service.http.get(accepted["links"]["document"]).json()
    assert (job["error"] and job["error"]["code"], document["status"]) == (bad.error, bad.status)
    assert job["attempt"] == 1
    answer = service.http.get(f"{accepted['links']['document']}/annotations")
    if bad.error:
        assert job["error"]["message"].strip().endswith((".", ")"))
        assert (answer.status_code, answer.json()["detail"]) == (409, job["error"]["message"])
    assert service.http.get("/readyz").status_code == 200


@pytest.mark.parametrize("declared", [True, False])
def test_200_mb_are_refused_and_the_service_is_unharmed(service: Running, declared: bool) -> None:
    size = 200 << 20
    parts = (PART, *(b"a" * (1 << 20) for _ in range(200)), b"\r\n--b--\r\n")
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    if declared:
        headers["Content-Length"] = str(len(PART) + size + len(b"\r\n--b--\r\n"))
    answer = service.http.post("/v1/documents", content=iter(parts), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:lexframe:problem:too-large")
    assert "52428800 bytes" in answer.json()["detail"]
    assert service.annotated(TREATY.encode())
