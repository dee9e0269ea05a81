"""The audit log: every reading of content is in it, and nobody takes it out again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from api.access import doors
from api.app import create_app
from api.witness import is_content
from corpora.store import annotations as kept
from corpora.store import audit
from corpora.store.keys import Scope
from corpora.store.session import Store
from corpora.store.tables import audit as table
from tests.api.keyed import bearer, new_key
from tests.api.reviewed import annotated_document
from tests.api.service import Served, settings_in
from tests.api.test_access import route_of, world
from tests.api.test_keys import lexframe
from tests.api.world import World
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
    """Where the answer is 200; asked by a key that may."""
    before = len(acts(world.served.store, actor=world.actor("admin")))
    answer = world.ask(route, "admin")
    if answer.status_code == 200:
        assert len(acts(world.served.store, actor=world.actor("admin"))) > before or seen_before(world, route), route


def seen_before(world: World, route: str) -> bool:
    """Whether this reading is one that was recorded less than a minute ago."""
    named = [value for name, value in world.ids.items() if f"{{{name}}}" in route]
    known = {one[2] for one in acts(world.served.store, actor=world.actor("admin"))}
    return bool(known & {*named, route.split()[1]})


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
