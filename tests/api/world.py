"""One of everything in a space, so that every route has something to give, or to keep to itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.pages.rendering import asset
from corpora.store import keys
from corpora.store.identity import new_id
from corpora.store.keys import Scope
from tests.api.keyed import bearer, new_key
from tests.api.reviewed import annotated_document, give_meaning
from tests.api.service import Served
from workers.running import Outcome

MINE, THEIRS = "default", "theirs"
SECRET_WORK = "canary-work"
UNKNOWN = "01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"

# What a route needs besides its path: query, JSON body or form. {names} stand for ids of the world.
MORE: dict[str, dict[str, Any]] = {
    "POST /login": {"data": {"key": "{secret}"}},
    "POST /v1/documents": {"files": {"file": ("a.txt", b"An Act")}},
    "PATCH /v1/documents/{document_id}": {"json": {"title": "changed"}},
    "GET /v1/documents/{document_id}/export": {"params": {"format": "csv"}},
    "GET /v1/compare": {"params": {"left": "{document_id}", "right": "{other_id}"}},
    "GET /v1/compare/export": {"params": {"left": "{document_id}", "right": "{other_id}", "format": "csv"}},
    "POST /review": {"data": {"coders": "{actor}", "document": "{document_id}"}},
    "POST /review/{review_id}/code": {"params": {"coder": "{actor}"}, "data": {"document": "{document_id}", "start": "0", "end": "1"}},
    "POST /review/{review_id}/undo": {"params": {"coder": "{actor}"}},
    "POST /v1/reviews/{review_id}/undo": {"json": {"coder": "{actor}"}},
    "POST /v1/reviews/{review_id}/carry": {"json": {"earlier": "{document_id}", "later": "{other_id}"}},
    "POST /v1/matrix": {"json": {"documents": ["{document_id}", "{other_id}"]}},
    "GET /v1/search": {"params": {"q": "victims"}},
    "GET /search": {"params": {"q": "victims"}},
    "GET /search/like": {"params": {"document": "{document_id}", "unit": "art_3__para_1"}},
    "GET /v1/search/like": {"params": {"document": "{document_id}", "unit": "art_3__para_1"}},
    "GET /matrix/{heat_map}.{form}": {"params": {"document": ["{document_id}", "{other_id}"]}},
    "POST /corpora": {"data": {"name": "{new}"}},
    "POST /corpora/{corpus_id}/documents": {"files": {"file": ("a.txt", b"An Act")}},
    "POST /corpora/{corpus_id}/exports": {"data": {"format": "csv"}},
    "POST /v1/corpora": {"json": {"name": "{new}"}},
    "POST /v1/corpora/{corpus_id}/documents": {"files": {"file": ("a.txt", b"An Act")}},
    "POST /v1/corpora/{corpus_id}/exports": {"json": {"format": "csv"}},
    "POST /v1/corpora/{corpus_id}/known": {"json": {"sha256": ["0" * 64]}},
    "PATCH /v1/works/{work_id}": {"json": {"title": "changed"}},
    "PATCH /v1/works/{work_id}/versions/{version_id}": {"json": {"label": "changed"}},
    "POST /v1/webhooks": {"json": {"url": "https://example.org/hook"}},
    "POST /v1/keys": {"json": {"name": "{new}", "scopes": ["read"], "spaces": ["{space}"]}},
    "POST /v1/reviews": {"json": {"name": "x", "documents": ["{document_id}"], "coders": ["{actor}"]}},
    "GET /v1/reviews/{review_id}/tasks": {"params": {"coder": "{actor}"}},
    "POST /v1/reviews/{review_id}/codings": {
        "json": {"document_id": "{document_id}", "coder": "{actor}", "start": 0, "end": 1, "labels": []}
    },
    "POST /v1/reviews/{review_id}/decisions": {
        "json": {"document_id": "{document_id}", "coder": "{actor}", "action": "comment", "layer": "victim", "start": 0, "end": 1}
    },
    "POST /v1/reviews/{review_id}/files": {"content": b"{}", "headers": {"Content-Type": "application/jsonl"}},
}


@dataclass(frozen=True)
class World:
    """A service with keys of all kinds, and the ids of what is in the space `default`."""

    served: Served
    secrets: dict[str, str]
    ids: dict[str, str]
    unit: str

    def ask(
        self, route: str, who: str, ids: dict[str, str] | None = None, space: str | None = None, more: dict[str, Any] | None = None
    ) -> Any:
        """The answer to a request for `METHOD PATH` by the holder of a key; `more` is said in place of what MORE has."""
        named = {**self.named(who), **(ids or {})}
        method, path = route.split()
        more = {kind: filled(value, named) for kind, value in (more or MORE.get(route, {})).items()}
        headers = {**more.pop("headers", {}), **(bearer(self.secrets[who], space) if who in self.secrets else {})}
        self.served.client.cookies.clear()
        return self.served.client.request(method, filled(path, named), headers=headers, follow_redirects=False, **more)

    def named(self, who: str) -> dict[str, str]:
        """What {names} in addresses and in MORE stand for, where the holder of a key asks."""
        return {
            **self.ids,
            "space": THEIRS if who == "other space" else MINE,
            "actor": self.actor(who),
            "new": new_id(),
            "secret": self.secrets["read"],
            "number": "1",
            "at": "0",
            "unit": self.unit,
            "digest": asset("base.css").split("/")[2],
            "name": "base.css",
            "chart": "indicators",
            "heat_map": "kept",
            "codebook": "trafficking-framing",
            "analysis": "framing",
            "form": "csv",
            "order": "pause",
        }

    def actor(self, who: str) -> str:
        """The name that the audit log has for a caller; reviews know coders by it."""
        with self.served.store.reading() as tx:
            found = keys.find(tx, self.secrets.get(who, ""))
        return found.name if found else who

    def unknown(self) -> dict[str, str]:
        """Ids under which there is nothing."""
        return {name: "nobodys-work" if name == "work_id" else UNKNOWN for name in self.ids}


def make_world(served: Served) -> World:
    """Keys, and with them one of everything."""
    soon = datetime.now(UTC) + timedelta(days=1)
    secrets = {"wrong": keys.PREFIX + "a" * 43, "other space": new_key(served, Scope.ADMIN, spaces=[THEIRS])[1]}
    spaces = {Scope.METRICS: ["*"]}
    secrets |= {scope.value: new_key(served, scope, spaces=spaces.get(scope, [MINE]), expires=soon)[1] for scope in Scope}
    secrets["operator"] = new_key(served, Scope.ADMIN, spaces=["*"])[1]
    secrets["expired"] = new_key(served, Scope.ADMIN, expires=datetime.now(UTC) - timedelta(seconds=1))[1]
    revoked_id, secrets["revoked"] = new_key(served, Scope.ADMIN)
    with served.store.transaction() as tx:
        keys.revoke(tx, revoked_id)
    client = served.client
    client.headers.update(bearer(secrets["admin"]))
    ids = {
        "key_id": revoked_id,
        "document_id": annotated_document(served, title="canary-title", work=SECRET_WORK, version="canary-version"),
    }
    ids["other_id"] = annotated_document(served, title="canary-other", work=SECRET_WORK, version="canary-second")
    give_meaning(served, ids["document_id"])
    ids["job_id"] = client.get(f"/v1/documents/{ids['document_id']}").json()["job_id"]
    assert client.post(f"/v1/jobs/{ids['job_id']}/cancel").status_code == 200
    ids["work_id"] = SECRET_WORK
    ids["version_id"] = client.get(f"/v1/works/{SECRET_WORK}/versions").json()["items"][0]["id"]
    ids["corpus_id"] = client.post("/v1/corpora", json={"name": "canary-corpus"}).json()["id"]
    client.post(f"/v1/corpora/{ids['corpus_id']}/documents", files={"file": ("canary.txt", b"An Act on canaries")})
    client.post(f"/v1/corpora/{ids['corpus_id']}/documents", files={"file": ("second.txt", b"Another on canaries")})
    ids["batch_id"] = client.post(f"/v1/corpora/{ids['corpus_id']}/annotate").json()["id"]
    annotated = client.get(f"/v1/corpora/{ids['corpus_id']}/documents").json()["items"]
    ids["failure_id"] = annotated[-1]["job_id"]
    ids["export_id"] = client.post(f"/v1/corpora/{ids['corpus_id']}/exports", json={"format": "csv"}).json()["id"]
    assert served.work() is Outcome.DONE
    ids["webhook_id"] = client.post("/v1/webhooks", json={"url": "https://canary.example.org/"}).json()["id"]
    ids |= _review(served, ids["document_id"])
    unit = client.get(f"/v1/documents/{ids['document_id']}/annotations").json()["blocks"][0]["unit"]
    del client.headers["Authorization"]
    return World(served, secrets, ids, unit)


def listed(file: Path) -> dict[str, str]:
    """The scope of each route, as the file of expectations has it."""
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
    return {f"{method} {path}": scope for scope, method, path in lines}


def _review(served: Served, document_id: str) -> dict[str, str]:
    body = {"name": "canary-review", "documents": [document_id], "coders": ["canary-coder"]}
    review = served.client.post("/v1/reviews", json=body).json()["id"]
    asked = {"coder": "canary-coder"}
    task = served.client.get(f"/v1/reviews/{review}/tasks", params=asked).json()["items"][0]
    place = {"document_id": document_id, "start": task["start"], "end": task["end"]}
    decision = {**asked, **place, "action": "comment", "layer": "victim", "comment": "canary-comment"}
    made = served.client.post(f"/v1/reviews/{review}/decisions", json=decision)
    assert made.status_code == 201, made.text
    return {"review_id": review, "decision_id": made.json()["id"]}


def filled(value: Any, named: dict[str, str]) -> Any:
    """The value with {names} in its texts exchanged for what they stand for."""
    if isinstance(value, str):
        return re.sub(r"\{(\w+)\}", lambda found: named.get(found[1], found[0]), value)
    if isinstance(value, dict):
        return {key: filled(one, named) for key, one in value.items()}
    return [filled(one, named) for one in value] if isinstance(value, list) else value
