"""A request's id is in its answer and in every log line that it brings about."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from tests.api.service import Served
from workers.logs import json_lines


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged, as JSON lines."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(json_lines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield out
    root.removeHandler(handler)
    root.setLevel(before)


def lines(out: io.StringIO, **wanted: object) -> list[dict[str, object]]:
    found = [dict(json.loads(one)) for one in out.getvalue().splitlines()]
    return [one for one in found if wanted.items() <= one.items()]


def test_an_upload_is_followed_by_its_ids_from_the_request_to_the_job(served: Served, written: io.StringIO) -> None:
    answer = served.client.post("/v1/documents", files={"file": ("a.txt", b"Words.")}, headers={"X-Request-Id": "mine-1"})
    assert answer.headers["x-request-id"] == "mine-1"
    served.work()
    job_id = answer.json()["job_id"]
    (accepted,) = lines(written, job_id=job_id, request_id="mine-1")
    assert accepted["event"] == f"job {job_id}: accepted"
    (ended,) = lines(written, route="/v1/documents", request_id="mine-1")
    assert (ended["method"], ended["status"], ended["level"]) == ("POST", 202, "info")
    worked = [one for one in lines(written, job_id=job_id) if one["logger"] == "workers.running"]
    assert [one["event"] for one in worked] == [f"job {job_id}: attempt 1", f"job {job_id}: done"]


@pytest.mark.parametrize("given", ["", "with spaces", "x" * 65, 'a"b', "ä".encode().decode("latin-1")])
def test_an_id_that_cannot_stand_in_a_log_is_replaced(served: Served, given: str) -> None:
    answer = served.client.get("/version", headers={b"X-Request-Id": given.encode("latin-1")})
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])


def test_a_line_names_the_route_and_not_what_was_asked(served: Served, written: io.StringIO) -> None:
    served.client.get("/v1/search", params={"q": "secret words"})
    served.client.get("/no/such/secret")
    (searched,) = lines(written, route="/v1/search")
    assert searched["level"] == "debug"
    assert lines(written, route="(no route)", status=404)
    assert "secret" not in "".join(one for one in written.getvalue().splitlines() if '"api.' in one)
