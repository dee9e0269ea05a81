"""Webhooks over HTTP and on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora.store import deliveries
from corpora.store.keys import Scope
from tests.api.keyed import bearer, new_key
from tests.api.service import Served, serving, settings_in, slug
from tests.api.test_keys import lexframe
from tests.workers.receiver import receiving
from workers.webhooks import deliver_next

URL = "https://example.org/hook"


def test_a_webhook_is_made_listed_tried_and_deleted(tmp_path: Path) -> None:
    with receiving() as receiver:
        for served in serving(settings_in(tmp_path, WEBHOOK_HOSTS=receiver.hosts)):
            made = served.client.post("/v1/webhooks", json={"url": receiver.url, "events": ["job.done"]}).json()
            assert made["secret"].startswith("whsec_")
            listed = served.client.get("/v1/webhooks")
            assert [(one["url"], one["events"]) for one in listed.json()["items"]] == [(receiver.url, ["job.done"])]
            assert made["secret"] not in listed.text
            at = f"/v1/webhooks/{made['id']}"
            tried = served.client.post(f"{at}/test")
            assert (tried.status_code, tried.json()["state"]) == (202, "waiting")
            deliver_next(served.settings, served.store)
            (delivery,) = served.client.get(f"{at}/deliveries").json()["items"]
            assert (delivery["id"], delivery["event"], delivery["state"]) == (tried.json()["id"], "webhook.test", "delivered")
            assert served.client.delete(at).status_code == 204
            assert slug(served.client.delete(at)) == slug(served.client.get(f"{at}/deliveries")) == "no-such-webhook"
            with served.store.reading() as tx:
                assert deliveries.of_webhook(tx, made["id"]) == ()
            acts = [one["action"] for one in served.client.get("/v1/audit", params={"object_id": made["id"]}).json()["items"]]
            assert acts == ["delete_webhook", "test_webhook", "make_webhook"]


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({"url": "http://example.org/"}, "bad-webhook"),
        ({"url": "https://127.0.0.1/"}, "bad-webhook"),
        ({"url": "https://169.254.169.254/"}, "bad-webhook"),
        ({"url": "https://localhost@/"}, "bad-webhook"),
        ({"url": URL, "events": []}, "invalid-request"),
        ({"url": URL, "events": ["webhook.test"]}, "invalid-request"),
        ({"url": URL, "more": 1}, "invalid-request"),
        ({"url": ""}, "invalid-request"),
        ({}, "invalid-request"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused(served: Served, wanted: dict[str, object], problem: str) -> None:
    answer = served.client.post("/v1/webhooks", json=wanted)
    assert (answer.status_code, slug(answer)) == (422, problem)


def test_only_so_many_are_made(served: Served) -> None:
    statuses = {served.client.post("/v1/webhooks", json={"url": URL}).status_code for _ in range(20)}
    assert statuses == {201}
    assert slug(served.client.post("/v1/webhooks", json={"url": URL})) == "too-many-webhooks"


def test_another_space_does_not_see_it(served: Served) -> None:
    _, mine = new_key(served, Scope.ADMIN)
    _, theirs = new_key(served, Scope.ADMIN, spaces=["theirs"])
    made = served.client.post("/v1/webhooks", json={"url": URL}, headers=bearer(mine)).json()
    assert served.client.get("/v1/webhooks", headers=bearer(theirs)).json()["items"] == []
    assert slug(served.client.delete(f"/v1/webhooks/{made['id']}", headers=bearer(theirs))) == "no-such-webhook"


def test_webhooks_are_made_listed_and_deleted_on_the_command_line(tmp_path: Path) -> None:
    made = lexframe(tmp_path, "webhooks", "add", URL, "--event", "batch.done")
    assert made.stdout.startswith("whsec_")
    listed = json.loads(lexframe(tmp_path, "webhooks", "list", "--json").stdout)
    assert [(one["url"], one["events"]) for one in listed] == [(URL, ["batch.done"])]
    assert "nothing was told yet" in lexframe(tmp_path, "webhooks", "list").stdout
    for refused in (["add", "https://10.0.0.1/"], ["add", URL, "--event", "all"], ["delete", "nobody"], ["test", "nobody"]):
        assert lexframe(tmp_path, "webhooks", *refused).returncode == 1
    assert lexframe(tmp_path, "webhooks", "delete", listed[0]["id"]).returncode == 0
    assert lexframe(tmp_path, "webhooks", "list").stdout == ""
