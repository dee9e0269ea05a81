from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.service import Served, serving, settings_in, slug

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/readyz", "/version", "/nowhere", "/v1/documents", "/v1/openapi.json", "/v1/documents/x"]
)
def test_every_answer_carries_the_security_headers(served: Served, path: str) -> None:
    headers = served.client.get(path).headers
    assert {name: headers[name] for name in ALWAYS} == ALWAYS
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("host", "told"), [("127.0.0.1", None), ("0.0.0.0", "max-age=31536000")])
def test_off_this_machine_browsers_are_told_to_keep_to_tls(tmp_path: Path, host: str, told: str | None) -> None:
    for served in serving(settings_in(tmp_path, HOST=host)):
        assert served.client.get("/healthz").headers.get("strict-transport-security") == told


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8080", 200),
        ("127.9.9.9", 200),
        ("rebound.example", 421),
        ("127.0.0.1.example", 421),
        ("localhost.example:8080", 421),
        ("10.0.0.1", 421),
        ("[nonsense", 421),
    ],
)
def test_only_the_own_name_of_the_machine_is_answered_to(served: Served, host: str, status: int) -> None:
    assert served.client.get("/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 202),
        ({"Origin": "http://127.0.0.1:8080"}, 202),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8080"}, 202),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 202),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_a_page_of_another_site_cannot_upload(served: Served, headers: dict[str, str], status: int) -> None:
    answer = served.client.post("/v1/documents", files={"file": ("a.txt", b"a")}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert slug(answer) == "from-another-site"
        assert served.client.get("/v1/documents").json()["items"] == []


def test_the_program_says_which_it_is_and_where_to_look(served: Served) -> None:
    assert served.client.get("/version").json() == {
        "name": "lexframe",
        "version": "0.1.0",
        "api": "v1",
        "annotations": "lexframe.annotations/1",
    }
    assert "/v1/openapi.json" in served.client.get("/").text
    assert served.client.get("/readyz").json() == {"status": "ok", "why": None}
