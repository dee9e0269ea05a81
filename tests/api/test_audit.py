"""The audit log: every reading of content is in it, and nobody takes it out again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from api.access import READING, doors
from api.app import create_app
from api.witness import is_content
from corpora.store import annotations as kept
from corpora.store import audit, keys
from corpora.store.keys import Scope
from corpora.store.session import Store
from corpora.store.tables import audit as table
from tests.api.keyed import bearer, new_key
from tests.api.reviewed import annotated_document, start
from tests.api.service import Served, serving, settings_in
from tests.api.test_access import route_of, world
from tests.api.test_keys import lexframe
from tests.api.world import World, filled, make_world
from tests.servers import upload

__all__ = ["world"]
pytest_plugins = ("tests.servers",)
CONTENT = [route_of(door) for door in doors(create_app(settings_in(Path("unused")), runner=False).routes) if is_content(door)]


def acts(store: Store, **wanted: Any) -> list[tuple[str, str, str]]:
    with store.reading() as tx:
        found = audit.entries(tx, audit.Wanted(**wanted), 200, space=None)
    return [(one.actor, one.action, one.object_id) for one in found]


def test_content_is_what_shows_words() -> None:
    shown = {"annotations", "text", "original", "export"}
    assert {f"GET /v1/documents/{{document_id}}/{part}" for part in shown} <= set(CONTENT)
    assert {"GET /v1/compare", "POST /v1/matrix", "GET /documents/{document_id}"} <= set(CONTENT)
    assert not any("/keys" in route or "/jobs" in route for route in CONTENT)


@pytest.mark.parametrize("route", CONTENT)
def test_every_reading_of_content_is_recorded(world: World, route: str) -> None:
    """By a key that has read nothing before."""
    _, world.secrets["new"] = new_key(world.served, Scope.ADMIN)
    answer = world.ask(route, "new")
    assert answer.status_code in {200, 303}, answer.text
    assert answer.status_code == 303 or acts(world.served.store, actor=world.actor("new"))


DOCUMENTS_UNNAMED = {
    "POST /v1/matrix": {"json": {"documents": ["{document_id}", "{other_id}"]}},
    "GET /matrix": {"params": {"document": ["{document_id}", "{other_id}"]}},
    "GET /matrix/kept.csv": {"params": {"document": ["{document_id}", "{other_id}"]}},
    "GET /compare": {"params": {"left": "{document_id}", "right": "{other_id}"}},
    "GET /v1/compare": {"params": {"left": "{version_id}", "right": "{document_id}"}},
    "GET /v1/compare/export": {"params": {"left": "{document_id}", "right": "{other_id}", "format": "csv"}},
    "GET /search": {"params": {"q": "victims"}},
    "GET /v1/search": {"params": {"q": "victims"}},
    "GET /v1/search/like": {"params": {"document": "{document_id}", "unit": "art_3__para_1"}},
    "GET /works/{work_id}": {},
    "GET /works/{work_id}/balance.csv": {},
    "GET /v1/works/{work_id}/timeline": {},
}


@pytest.mark.parametrize("route", DOCUMENTS_UNNAMED)
def test_documents_whose_words_are_shown_are_on_record_by_their_own_ids(world: World, route: str) -> None:
    """However the request came by them: by a work, a version, a search or the body of a request."""
    _, secret = new_key(world.served, Scope.READ)
    with world.served.store.reading() as tx:
        actor = keys.find(tx, secret).name  # type: ignore[union-attr]
    method, path = route.split()
    answer = world.served.client.request(
        method, filled(path, world.ids), headers=bearer(secret), **filled(DOCUMENTS_UNNAMED[route], world.ids)
    )
    assert answer.status_code == 200, answer.text
    known = {one[2] for one in acts(world.served.store, actor=actor)}
    assert {world.ids["document_id"], *([] if route.endswith("/like") else [world.ids["other_id"]])} <= known


def test_words_that_a_review_shows_are_on_record_by_their_document_and_its_lists_are_not(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    task = served.client.get(f"/v1/reviews/{review}/tasks?coder=ana").json()["items"][0]
    place = {"document_id": document, "coder": "ana", "start": task["start"], "end": task["end"]}
    served.client.post(f"/v1/reviews/{review}/codings", json=place)
    for path, act in (("tasks?coder=ana", "read"), ("decisions", "read"), ("gold", "export")):
        _, secret = new_key(served, Scope.ADMIN)
        assert served.client.get(f"/v1/reviews/{review}/{path}", headers=bearer(secret)).status_code == 200
        with served.store.reading() as tx:
            actor = keys.find(tx, secret).name  # type: ignore[union-attr]
        assert (actor, act, document) in acts(served.store, actor=actor), path
    _, secret = new_key(served, Scope.REVIEW)
    with served.store.reading() as tx:
        actor = keys.find(tx, secret).name  # type: ignore[union-attr]
    for path in ("/review", "/v1/reviews", f"/v1/reviews/{review}"):
        assert served.client.get(path, headers=bearer(secret)).status_code == 200
    assert acts(served.store, actor=actor) == []


# What changes nothing that is kept of documents, and what came before or after where the order of the alphabet does not do.
NO_CHANGE = {"POST /v1/corpora/{corpus_id}/known", "POST /v1/matrix", "POST /logout"}
FIRST = ["POST /v1/jobs/{job_id}/retry", "POST /jobs/{job_id}/cancel", "POST /jobs/{job_id}/retry", "POST /v1/jobs/{job_id}/cancel"]
FIRST += ["POST /batches/{batch_id}/{order}", *(f"POST /v1/batches/{{batch_id}}/{act}" for act in ("resume", "pause", "cancel"))]
FIRST += ["POST /v1/corpora/{corpus_id}/annotate"]
LAST = [
    "POST /v1/batches/{batch_id}/retry",
    "POST /review/{review_id}/close",
    "POST /v1/reviews/{review_id}/close",
    "DELETE /v1/reviews/{review_id}",
]
LAST += [
    "DELETE /v1/documents/{document_id}",
    "POST /documents/{document_id}/delete",
    "POST /corpora/{corpus_id}/delete",
    "DELETE /v1/corpora/{corpus_id}",
]


def said(world: World) -> dict[str, dict[str, Any]]:
    """What some requests say, so that they change something."""
    at = f"/v1/reviews/{world.ids['review_id']}/tasks?coder=canary-coder"
    task = world.served.client.get(at, headers=bearer(world.secrets["admin"])).json()["items"][0]
    place = {"document_id": task["document_id"], "coder": "canary-coder", "start": task["start"], "end": task["end"]}
    comment = {**place, "action": "comment", "layer": "victim", "comment": "x"}
    return {
        "POST /corpora/{corpus_id}/documents": {"files": {"file": ("a.txt", b"An Act for a corpus")}},
        "POST /upload": {"files": {"file": ("a.txt", b"An Act of its own")}},
        "POST /review/{review_id}/code": {
            "params": {"coder": "canary-coder"},
            "data": {"document": task["document_id"], "start": task["start"], "end": task["end"]},
        },
        "POST /review/{review_id}/undo": {"params": {"coder": "canary-coder"}},
        "POST /v1/reviews/{review_id}/undo": {"json": {"coder": "canary-coder"}},
        "POST /v1/reviews/{review_id}/codings": {"json": place},
        "POST /v1/reviews/{review_id}/decisions": {"json": comment},
        "POST /v1/reviews/{review_id}/files": {
            "content": json.dumps(comment | {"document": task["document_id"]}),
            "headers": {"Content-Type": "application/jsonl"},
        },
    }


def changes() -> list[str]:
    found = [route_of(door) for door in doors(create_app(settings_in(Path("unused")), runner=False).routes) if door.scope]
    return [route for route in found if route.split()[0] not in READING and route not in NO_CHANGE]


def test_every_change_is_recorded(tmp_path: Path) -> None:
    """By every route that is not for reading, made from the routes: one that changes something without an entry is named here."""
    routes = changes()
    for served in serving(settings_in(tmp_path, RATE="0")):
        world = make_world(served)
        world.ids["key_id"] = new_key(served, Scope.READ)[0]
        rest = sorted(set(routes) - set(FIRST) - set(LAST), key=lambda route: (route.startswith("DELETE"), route))
        more, others = said(world), spare(world)
        asked = [(route, others if route.startswith(("POST /documents", "POST /corpora")) else None) for route in (*FIRST, *rest, *LAST)]
        unrecorded = {route: why for route, ids in asked if (why := recorded(world, route, more.get(route), ids))}
    assert unrecorded == {}


def spare(world: World) -> dict[str, str]:
    """A document and a corpus with an export for the pages, since what the API does to its own is done once."""
    headers = bearer(world.secrets["admin"])
    corpus = world.served.client.post("/v1/corpora", json={"name": "spare"}, headers=headers).json()
    world.served.client.post(corpus["links"]["documents"], files={"file": ("a.txt", b"A spare Act")}, headers=headers)
    export = world.served.client.post(f"{corpus['links']['self']}/exports", json={"format": "csv"}, headers=headers).json()
    return {"document_id": world.ids["other_id"], "corpus_id": corpus["id"], "export_id": export["id"]}


def recorded(world: World, route: str, more: dict[str, Any] | None, ids: dict[str, str] | None) -> str:
    """Empty where asking had an entry made, else what came instead."""
    before = len(everything_noted(world))
    answer = world.ask(route, "admin", ids, more=more)
    if answer.status_code >= 400:
        return f"{answer.status_code} {answer.text}"
    return "" if len(everything_noted(world)) > before else "no entry"


def everything_noted(world: World) -> list[str]:
    with world.served.store.reading() as tx:
        return list(tx.execute(select(table.c.id)).scalars())


def test_the_log_says_who_read_exported_corrected_and_deleted_with_which_pipeline(served: Served) -> None:
    _, secret = new_key(served, Scope.ADMIN)
    served.client.headers.update(bearer(secret))
    document = annotated_document(served)
    at = f"/v1/documents/{document}"
    served.client.get(f"{at}/annotations")
    served.client.get(f"{at}/annotations")
    served.client.get(f"{at}/export", params={"format": "csv"})
    served.client.get(f"{at}/original")
    served.client.delete(at)
    found = served.client.get("/v1/audit", params={"object_id": document}).json()["items"]
    assert [one["action"] for one in found] == ["delete", "export", "export", "read", "upload"]
    assert {one["actor"] for one in found} == {"admin key 0"}
    assert {one["details"]["pipeline"] for one in found if one["action"] in {"read", "export"}} == {"0" * 64}
    assert served.client.get("/v1/audit", params={"action": "export"}).json()["items"][1]["details"]["format"] == "csv"
    older = served.client.get("/v1/audit", params={"object_id": document, "before": found[-2]["id"]}).json()["items"]
    assert [one["action"] for one in older] == ["upload"]


def test_a_correction_is_on_record_by_who_sent_it_with_whose_name_and_pipeline(served: Served) -> None:
    _, secret = new_key(served, Scope.ADMIN)
    served.client.headers.update(bearer(secret))
    review = start(served, [annotated_document(served)], coders=["ana"])["id"]
    task = served.client.get(f"/v1/reviews/{review}/tasks", params={"coder": "ana"}).json()["items"][0]
    place = {"document_id": task["document_id"], "coder": "ana", "start": task["start"], "end": task["end"]}
    assert served.client.post(f"/v1/reviews/{review}/codings", json={**place, "labels": ["victim/compensation"]}).status_code == 200
    found = served.client.get("/v1/audit", params={"action": "decide"}).json()["items"]
    assert {(one["actor"], one["details"]["coder"], one["details"]["pipeline"]) for one in found} == {("admin key 0", "ana", "0" * 64)}


def test_what_was_annotated_is_on_record_with_its_pipeline(served: Served) -> None:
    document = served.annotated()
    with served.store.reading() as tx:
        entry, known = audit.entries(tx, audit.Wanted(action="annotate"))[0], kept.latest(tx, document)
    assert known
    assert (entry.actor, entry.object_id, entry.details["pipeline"]) == ("worker", document, known.pipeline_digest)


def test_another_space_sees_nothing_of_it(served: Served) -> None:
    served.annotated()
    _, theirs = new_key(served, Scope.ADMIN, spaces=["theirs"])
    found = served.client.get("/v1/audit", headers=bearer(theirs)).json()["items"]
    assert [one["action"] for one in found] == ["make_key"]


@pytest.mark.parametrize("act", [update(table).values(actor="nobody"), delete(table)])
def test_entries_are_neither_changed_nor_deleted(store: Store, act: Any) -> None:
    upload(store, "An Act")
    with pytest.raises(DBAPIError, match="only grows"), store.transaction() as tx:
        tx.execute(act)
    assert [one[:2] for one in acts(store)] == [("local", "upload")]


def test_what_cannot_be_recorded_is_not_shown(served: Served) -> None:
    document = served.annotated()
    with served.store.transaction() as tx:
        tx.execute(text("CREATE TRIGGER stop BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'no'); END"))
    answer = served.client.get(f"/v1/documents/{document}/text")
    assert answer.status_code >= 500
    assert "protect victims" not in answer.text


def test_no_words_of_documents_and_no_secrets_stand_in_log_or_lines(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    _, secret = new_key(served, Scope.ADMIN)
    served.client.headers.update(bearer(secret))
    document = served.annotated(b"Each State Party shall protect canaries.", title="canary-title")
    served.client.get(f"/v1/documents/{document}/text", params={"q": "canaries"})
    served.client.get("/v1/documents", headers={"Authorization": "Bearer lxf_canary-secret"})
    with served.store.reading() as tx:
        log = json.dumps([dict(one.details) for one in audit.entries(tx, limit=200)])
        assert kept.latest(tx, document)
    lines = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert "job" in lines
    for word in ("canaries", "canary-title", secret, "canary-secret"):
        assert word not in lines
        assert word not in log


def test_the_log_is_shown_on_the_command_line(tmp_path: Path) -> None:
    lexframe(tmp_path, "keys", "add", "x", "--scope", "read")
    shown = lexframe(tmp_path, "audit", "--json", "--action", "make_key")
    assert (shown.returncode, json.loads(shown.stdout)["actor"]) == (0, "command line")
    assert "make_key" in lexframe(tmp_path, "audit", "--most", "1").stdout
