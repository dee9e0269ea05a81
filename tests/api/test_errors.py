from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from api import errors
from corpora.store import errors as store_errors
from tests.api.service import Served, serving, settings_in, slug


@pytest.mark.parametrize(
    ("method", "path", "status", "problem"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/v1/documents/not-an-id", 422, "invalid-request"),
        ("GET", "/v1/documents/%00", 422, "invalid-request"),
        ("PUT", "/v1/documents", 405, "method-not-allowed"),
        ("POST", "/healthz", 405, "method-not-allowed"),
    ],
)
def test_every_refusal_is_a_problem(served: Served, method: str, path: str, status: int, problem: str) -> None:
    answer = served.client.request(method, path)
    assert (answer.status_code, slug(answer)) == (status, problem)


def test_an_invalid_request_is_not_echoed(served: Served) -> None:
    answer = served.client.get("/v1/documents", params={"state": "<script>secret"})
    assert answer.json()["errors"][0]["where"] == "query.state"
    assert "secret" not in answer.text


def test_a_store_that_is_gone_is_said_so_and_the_process_lives(tmp_path: Path) -> None:
    for served in serving(settings_in(tmp_path)):
        served.store.close()
        moved = tmp_path / "lexframe.sqlite3"
        for leftover in tmp_path.glob("lexframe.sqlite3*"):
            leftover.unlink()
        moved.mkdir()
        for path in ("/v1/documents", "/v1/documents/01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"):
            answer = served.client.get(path)
            assert (answer.status_code, slug(answer)) == (503, "store-unavailable")
            assert int(answer.headers["retry-after"]) > 0
        ready = served.client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
        assert served.client.get("/healthz").status_code == 200


def test_a_defect_is_answered_with_an_id_and_nothing_else(served: Served) -> None:
    @served.client.app.get("/broken")
    def broken() -> None:
        raise RuntimeError("a secret of the house")

    answer = served.client.get("/broken")
    assert (answer.status_code, slug(answer)) == (500, "internal-error")
    assert len(answer.json()["error_id"]) == 16
    assert "secret" not in answer.text


def test_every_error_of_the_api_and_of_the_store_that_a_client_can_meet_is_in_the_table() -> None:
    own = {
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if kind.__module__ == errors.__name__ and issubclass(kind, Exception)
    }
    at_start_only = {store_errors.BadDatabaseUrl, store_errors.StoreError, store_errors.UnknownField}
    stores = {kind for _, kind in inspect.getmembers(store_errors, inspect.isclass)} - at_start_only
    assert {kind for kind in own | stores if not any(base in errors.TABLE for base in kind.__mro__)} == set()


def test_slugs_are_unique_and_stable_in_form() -> None:
    slugs = [kind.slug for kind in errors.TABLE.values()]
    assert len(set(slugs)) == len(slugs)
    assert all(slug == slug.lower() and set(slug) <= set("abcdefghijklmnopqrstuvwxyz-") for slug in slugs)


@pytest.mark.parametrize("kind", [kind for kind in errors.TABLE if kind.__module__ == errors.__name__])
def test_an_error_says_its_sentence(kind: type[Exception]) -> None:
    said = errors.sentence(kind())
    assert said.endswith(".")
    assert "\n" not in said


def test_a_browser_gets_a_problem_as_a_page(served: Served) -> None:
    answer = served.client.get("/documents/01a21ac7-c625-75ba-96c6-2e39628c1a50", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text
