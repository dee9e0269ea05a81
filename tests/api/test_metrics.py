"""The numbers for Prometheus: what one scrape of the service tells of jobs, of workers on all machines, and of requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.metrics import exposed
from corpora.store import attendance
from corpora.store.jobs import EVERY_KIND, JobKind
from corpora.store.keys import Scope
from corpora.store.recovery import SILENT
from corpora.store.session import open_store
from tests.api.keyed import bearer, new_key
from tests.api.service import Served, serving, settings_in, slug
from tests.servers import RedisServer, free_port

pytest_plugins = ("tests.servers",)
SOMETIMES = {
    "lexframe_broker_messages",
    "lexframe_jobs_running",
    "lexframe_attempts_total",
    "lexframe_attempt_seconds_total",
    "lexframe_stage_seconds_total",
    "lexframe_model_seconds_total",
    "lexframe_errors_total",
}
"""What has no number before there is something to count."""
Labels = tuple[tuple[str, str], ...]


@pytest.fixture
def on_both(database_url: str, tmp_path: Path) -> Iterator[Served]:
    yield from serving(settings_in(tmp_path, DATABASE_URL=database_url))


def read(text: str) -> dict[tuple[str, Labels], float]:
    """Each number by its name and labels, as Prometheus reads them."""
    families = text_string_to_metric_families(text)
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def scraped(served: Served) -> dict[tuple[str, Labels], float]:
    answer = served.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return read(answer.text)


def of(found: dict[tuple[str, Labels], float], name: str) -> dict[str, float]:
    """The numbers of one name that are not nothing, by the values of their labels."""
    return {
        " ".join(value for _, value in labels): number for (one, labels), number in found.items() if one == f"lexframe_{name}" and number
    }


def test_one_scrape_tells_of_all_workers(on_both: Served) -> None:
    for text in (b"some words", b"some words", b"refuse this", b"break it"):
        on_both.upload(text)
        on_both.work()
    on_both.upload(b"still waiting")
    with on_both.store.transaction() as tx:
        attendance.note(tx, "one:1", EVERY_KIND, "0.1.0")
        attendance.note(tx, "two:1", (JobKind.ANNOTATE,), "0.1.0")
    found = scraped(on_both)
    assert of(found, "jobs") == {"annotate done": 2, "annotate failed": 1, "annotate queued": 2}
    assert of(found, "attempts_total") == {"done annotate": 1, "reused annotate": 1, "failed annotate": 1, "again annotate": 1}
    assert of(found, "errors_total") == {"refused": 1, "internal_error": 1}
    assert of(found, "characters_total") == {"": 10}
    assert of(found, "workers") == {"export": 1, "compare": 1, "annotate": 2}
    assert of(found, "database_up") == {"": 1}
    assert 0 < of(found, "queue_age_seconds")["annotate"] < 600
    assert of(found, "attempt_seconds_total")["annotate"] > 0
    assert of(found, "stage_seconds_total")["other"] > 0
    assert of(found, "files_free_bytes")[""] > 0


def test_what_is_there_has_a_number_before_anything_happens(served: Served) -> None:
    """So that what is watched is nothing, and not missing."""
    found = scraped(served)
    assert len([one for one, _ in found if one == "lexframe_jobs"]) == 18
    assert of(found, "workers") == {}
    assert [number for (one, _), number in found.items() if one == "lexframe_queue_age_seconds"] == [0, 0, 0]


def test_every_metric_is_in_the_operators_table(served: Served) -> None:
    table = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = [re.findall(r"`(lexframe_\w+)`", line.split("|")[1]) for line in table.splitlines() if line.startswith("| `lexframe_")]
    served.client.get("/metrics")
    requests, settings = served.client.app.state.requests, replace(served.settings, redis_url="redis://127.0.0.1:9/0")
    names = {one for one, _ in read(exposed(requests, settings, served.store).decode()) if one.startswith("lexframe_")}
    shown = {re.sub(r"_(bucket|count|sum|created)$", "", one) for one in names if not one.endswith("_created")} | SOMETIMES
    assert {name for row in rows for name in row} == shown


def test_what_is_to_be_watched_is_there(served: Served) -> None:
    """Names in the table of alerts, and codes of errors that workers write."""
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    listed, _, alerts = page.partition("## What to alert on")
    watched = set(re.findall(r"lexframe_[a-z_]+", alerts))
    assert watched
    assert {name for name in watched if f"`{name}`" not in listed} == set()
    assert set(re.findall(r'code="(\w+)"', alerts)) == {SILENT, "internal_error"}
    assert set(re.findall(r'kind="(\w+)"', alerts)) <= set(EVERY_KIND)


def test_requests_are_counted_by_route_and_status_and_never_by_what_was_asked(served: Served) -> None:
    served.client.get("/v1/search", params={"q": "secret words"})
    served.client.get("/v1/documents/01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55")
    served.client.get("/no/such/secret")
    served.client.request("SECRET", "/version")
    found = scraped(served)
    assert of(found, "http_requests_total") == {
        "GET /v1/search 200": 1,
        "GET /v1/documents/{document_id} 404": 1,
        "GET (no route) 404": 1,
        "other (no route) 405": 1,
    }
    assert of(found, "http_request_seconds_count")["GET /v1/search"] == 1
    assert 0 < of(found, "http_request_seconds_sum")["GET /v1/search"] < 60
    assert not [labels for _, labels in found if "secret" in str(labels).lower()]
    assert of(scraped(served), "http_requests_total")["GET /metrics 200"] == 1


def test_where_keys_are_asked_for_one_to_every_space_is_needed(served: Served) -> None:
    for_all = new_key(served, Scope.METRICS, spaces=["*"])[1]
    one_space = [new_key(served, scope)[1] for scope in (Scope.METRICS, Scope.ADMIN)]
    assert slug(served.client.get("/metrics")) == "key-needed"
    assert served.client.get("/metrics", headers=bearer(for_all)).status_code == 200
    for secret in one_space:
        answer = served.client.get("/metrics", headers=bearer(secret))
        assert (answer.status_code, slug(answer)) == (403, "not-allowed")
        assert "every space" in answer.json()["detail"]


def test_a_key_for_the_numbers_reads_nothing_else(served: Served) -> None:
    secret = new_key(served, Scope.METRICS, spaces=["*"])[1]
    for path in ("/v1/documents", "/v1/whoami", "/v1/search?q=x", "/"):
        assert slug(served.client.get(path, headers=bearer(secret))) == "not-allowed"
    both = new_key(served, Scope.METRICS, Scope.READ, spaces=["*"])[1]
    assert served.client.get("/v1/documents", headers=bearer(both)).status_code == 200


def test_a_database_that_is_gone_is_a_number_too(served: Served, tmp_path: Path) -> None:
    assert of(scraped(served), "database_up") == {"": 1}
    gone = open_store(f"postgresql://nobody@127.0.0.1:{free_port()}/none", str(tmp_path))
    found = read(exposed(served.client.app.state.requests, served.settings, gone).decode())
    assert found[("lexframe_database_up", ())] == 0
    assert ("lexframe_characters_total", ()) not in found
    assert of(found, "http_requests_total") == {"GET /metrics 200": 1}


@pytest.mark.services
def test_the_broker_is_a_number_where_there_is_one(served: Served, redis_server: RedisServer) -> None:
    requests = served.client.app.state.requests
    assert of(scraped(served), "broker_up") == {}
    for url, up in ((redis_server.url, 1), (f"redis://127.0.0.1:{free_port()}/0", 0)):
        settings = replace(served.settings, redis_url=url)
        found = read(exposed(requests, settings, served.store).decode())
        assert found[("lexframe_broker_up", ())] == up
        assert (("lexframe_broker_messages", ()) in found) == bool(up)
