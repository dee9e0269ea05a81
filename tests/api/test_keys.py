from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from api.app import create_app
from api.door import Doorman
from corpora.store import keys, sessions
from corpora.store.keys import Scope
from corpora.store.tables import sessions as session_table
from tests.api.keyed import bearer, log_in, new_key
from tests.api.service import Served, serving, settings_in, slug

NOBODY = "01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"


@pytest.fixture
def strangers(tmp_path: Path) -> Iterator[Served]:
    """A service that strangers can reach."""
    yield from serving(settings_in(tmp_path, HOST="0.0.0.0"))


def test_a_key_is_told_once_and_only_its_digest_is_kept(served: Served, tmp_path: Path) -> None:
    made = served.client.post("/v1/keys", json={"name": "admin", "scopes": ["admin"], "spaces": ["*"]})
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith(made.json()["prefix"])
    listed = served.client.get("/v1/keys", headers=bearer(secret))
    assert [one["name"] for one in listed.json()["items"]] == ["admin"]
    assert secret not in listed.text
    with served.store.transaction() as tx:
        tx.execute(text("SELECT 1"))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(secret.encode() in path.read_bytes() for path in files)


def test_from_the_first_key_on_a_key_is_asked_for(served: Served) -> None:
    assert served.client.get("/v1/documents").status_code == 200
    _, secret = new_key(served, Scope.READ)
    assert slug(served.client.get("/v1/documents")) == "key-needed"
    assert served.client.get("/v1/documents").headers["www-authenticate"] == "Bearer"
    assert served.client.get("/v1/documents", headers=bearer(secret)).status_code == 200


def test_strangers_never_find_the_service_open(strangers: Served) -> None:
    assert slug(strangers.client.get("/v1/documents")) == "key-needed"
    assert strangers.client.get("/healthz").status_code == 200


@pytest.mark.parametrize("given", ["Bearer x", "Bearer ", "Basic eDp5", "Bearer lxf_" + "a" * 43, "Bearer é", "bearer"])
def test_what_is_no_key_does_not_open(served: Served, given: str) -> None:
    new_key(served, Scope.READ)
    assert slug(served.client.get("/v1/documents", headers={"Authorization": given.encode()})) == "key-needed"


def test_expired_and_revoked_keys_do_not_open(served: Served) -> None:
    key_id, secret = new_key(served, Scope.READ)
    _, old = new_key(served, Scope.READ, expires=datetime.now(UTC) - timedelta(seconds=1))
    _, admin = new_key(served, Scope.ADMIN)
    assert slug(served.client.get("/v1/documents", headers=bearer(old))) == "key-needed"
    assert served.client.get("/v1/documents", headers=bearer(secret)).status_code == 200
    assert served.client.delete(f"/v1/keys/{key_id}", headers=bearer(admin)).status_code == 204
    assert slug(served.client.get("/v1/documents", headers=bearer(secret))) == "key-needed"


def test_another_space_does_not_exist(served: Served) -> None:
    _, mine = new_key(served, Scope.WRITE, spaces=["mine"])
    _, theirs = new_key(served, Scope.WRITE, spaces=["theirs"])
    answer = served.client.post("/v1/documents", files={"file": ("a.txt", b"An Act")}, headers=bearer(mine))
    at = answer.json()["links"]["document"]
    assert served.client.get(at, headers=bearer(mine)).status_code == 200
    foreign = served.client.get(at, headers=bearer(theirs))
    unknown = served.client.get(f"/v1/documents/{NOBODY}", headers=bearer(theirs))
    assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json())
    assert served.client.get("/v1/documents", headers=bearer(theirs)).json()["items"] == []
    for name in ("mine", "nobodys", "*", "Mine", ""):
        assert slug(served.client.get("/v1/documents", headers=bearer(theirs, name) | {"Lexframe-Space": name})) == "no-such-space"


def test_a_key_with_several_spaces_says_which_it_means(served: Served) -> None:
    _, secret = new_key(served, Scope.WRITE, spaces=["a", "b"])
    served.client.post("/v1/documents", files={"file": ("a.txt", b"An Act")}, headers=bearer(secret, "b"))
    counts = [len(served.client.get("/v1/documents", headers=bearer(secret, space)).json()["items"]) for space in (None, "a", "b")]
    assert counts == [0, 0, 1]
    assert served.client.get("/v1/whoami", headers=bearer(secret, "b")).json()["space"] == "b"


def test_an_admin_gives_and_sees_only_what_they_see(served: Served) -> None:
    foreign, _ = new_key(served, Scope.READ, spaces=["theirs"])
    _, admin = new_key(served, Scope.ADMIN, spaces=["mine"])
    wanted = {"name": "x", "scopes": ["read"], "spaces": ["theirs"]}
    assert slug(served.client.post("/v1/keys", json=wanted, headers=bearer(admin))) == "not-allowed"
    assert slug(served.client.post("/v1/keys", json={**wanted, "spaces": ["*"]}, headers=bearer(admin))) == "not-allowed"
    assert served.client.post("/v1/keys", json={**wanted, "spaces": ["mine"]}, headers=bearer(admin)).status_code == 201
    assert slug(served.client.delete(f"/v1/keys/{foreign}", headers=bearer(admin))) == "no-such-key"
    assert {one["name"] for one in served.client.get("/v1/keys", headers=bearer(admin)).json()["items"]} == {"admin key 1", "x"}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"name": "", "scopes": ["read"]},
        {"name": "\u202e", "scopes": ["read"]},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["all"]},
        {"name": "x", "scopes": ["read"], "spaces": []},
        {"name": "x", "scopes": ["read"], "spaces": ["../x"]},
        {"name": "x", "scopes": ["read"], "expires": "2020-01-01T00:00:00Z"},
        {"name": "x", "scopes": ["read"], "expires": "9999-12-31T23:59:59-23:59"},
        {"name": "x", "scopes": ["read"], "expires": "2030-01-01T00:00:00"},
        {"name": "x", "scopes": ["read"], "more": 1},
    ],
)
def test_a_key_that_makes_no_sense_is_refused(served: Served, wanted: dict[str, object]) -> None:
    assert slug(served.client.post("/v1/keys", json=wanted)) in {"invalid-request", "bad-key"}


def test_two_keys_of_a_space_do_not_have_one_name(served: Served) -> None:
    _, admin = new_key(served, Scope.ADMIN, spaces=["*"])
    wanted = {"name": "x", "scopes": ["read"], "spaces": ["mine"]}
    first = served.client.post("/v1/keys", json=wanted, headers=bearer(admin))
    assert slug(served.client.post("/v1/keys", json=wanted, headers=bearer(admin))) == "bad-key"
    assert served.client.post("/v1/keys", json={**wanted, "spaces": ["theirs"]}, headers=bearer(admin)).status_code == 201
    served.client.delete(f"/v1/keys/{first.json()['id']}", headers=bearer(admin))
    assert served.client.post("/v1/keys", json=wanted, headers=bearer(admin)).status_code == 201


def test_a_use_is_noted(served: Served) -> None:
    key_id, secret = new_key(served, Scope.READ)
    served.client.get("/v1/documents", headers=bearer(secret))
    with served.store.reading() as tx:
        key = keys.get(tx, key_id)
    assert key is not None
    assert key.last_used is not None


def test_a_browser_logs_in_with_a_key_and_out_again(served: Served) -> None:
    _, secret = new_key(served, Scope.WRITE)
    entered = log_in(served, secret, next="/v1/documents")
    assert (entered.status_code, entered.headers["location"]) == (303, "/v1/documents")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert secret not in cookie
    assert served.client.get("/v1/documents").status_code == 200
    assert slug(served.client.post("/logout")) == "forged-form"
    token = served.client.cookies["lexframe"]
    out = served.client.post("/logout", headers={"X-CSRF-Token": forms_token(token)}, follow_redirects=False)
    assert out.status_code == 303
    served.client.cookies.set("lexframe", token)
    assert slug(served.client.get("/v1/documents")) == "key-needed"


def test_off_this_machine_the_cookie_is_for_tls_and_this_host_only(strangers: Served) -> None:
    _, secret = new_key(strangers, Scope.READ)
    cookie = log_in(strangers, secret).headers["set-cookie"]
    assert cookie.startswith("__Host-lexframe=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_a_change_in_a_session_needs_the_token_of_its_pages(served: Served) -> None:
    _, secret = new_key(served, Scope.WRITE)
    log_in(served, secret)
    token = forms_token(served.client.cookies["lexframe"])
    files = {"file": ("a.txt", b"An Act")}
    assert slug(served.client.post("/v1/documents", files=files)) == "forged-form"
    assert slug(served.client.post("/v1/documents", files=files, data={"csrf_token": "x"})) == "forged-form"
    assert served.client.post("/v1/documents", files=files, data={"csrf_token": token}).status_code == 202
    assert served.client.post("/v1/documents", files=files, headers={"X-CSRF-Token": token}).status_code == 202
    assert served.client.post("/v1/documents", files=files, headers=bearer(secret)).status_code == 202


def test_a_session_ends_with_its_key(served: Served) -> None:
    key_id, secret = new_key(served, Scope.READ)
    log_in(served, secret)
    assert served.client.get("/v1/documents").status_code == 200
    with served.store.transaction() as tx:
        keys.revoke(tx, key_id)
    assert slug(served.client.get("/v1/documents")) == "key-needed"


@pytest.mark.parametrize("column", ["begun", "seen"])
def test_a_session_runs_out(served: Served, column: str) -> None:
    _, secret = new_key(served, Scope.READ)
    log_in(served, secret)
    long_ago = datetime.now(UTC) - (sessions.LONGEST if column == "begun" else sessions.IDLE)
    with served.store.transaction() as tx:
        tx.execute(update(session_table).values({column: long_ago}))
    assert slug(served.client.get("/v1/documents")) == "key-needed"


@pytest.mark.parametrize(
    ("back", "place"),
    [
        ("/documents/x?page=2", "/documents/x?page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ('"><script>', "/"),
    ],
)
def test_after_the_login_a_browser_stays_here(served: Served, back: str, place: str) -> None:
    _, secret = new_key(served, Scope.READ)
    assert log_in(served, secret, next=back).headers["location"] == place
    page = served.client.get("/login", params={"next": back})
    assert "<script>" not in page.text


def test_a_wrong_key_is_asked_for_again(served: Served) -> None:
    new_key(served, Scope.READ)
    answer = log_in(served, "lxf_wrong")
    assert answer.status_code == 401
    assert "does not open" in answer.text
    assert "set-cookie" not in answer.headers


def test_people_are_sent_to_the_login_and_programs_are_not(served: Served) -> None:
    new_key(served, Scope.READ)
    asked = served.client.get("/v1/whoami", headers={"Accept": "text/html"}, follow_redirects=False)
    assert asked.status_code == 401


def test_a_route_that_nobody_guards_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the doorman does not know of, such as a route that is added later, is refused by the route itself."""
    app = create_app(settings_in(tmp_path), runner=False)
    for served in serving(settings_in(tmp_path)):
        monkeypatch.setattr(Doorman, "_door", lambda self, scope: None)
        assert slug(served.client.get("/v1/documents")) == "key-needed"
    assert app.router.dependencies


def lexframe(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("LEXFRAME_")}
    command = [sys.executable, "-m", "api.cli", *arguments]
    environment = mine | {"LEXFRAME_DATA_DIR": str(folder)} | variables
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_keys_are_made_listed_and_revoked_on_the_command_line(tmp_path: Path) -> None:
    assert "no keys" in lexframe(tmp_path, "keys", "list").stderr
    refused = lexframe(tmp_path, "serve", "--host", "0.0.0.0", "--port", "0")
    assert (refused.returncode, "this machine only" in refused.stderr) == (1, True)
    made = lexframe(tmp_path, "keys", "add", "reading room", "--scope", "read", "--days", "30")
    assert made.returncode == 0
    assert made.stdout.startswith("lxf_")
    listed = json.loads(lexframe(tmp_path, "keys", "list", "--json").stdout)
    assert [(one["name"], one["scopes"], one["spaces"]) for one in listed] == [("reading room", ["read"], ["default"])]
    assert made.stdout.strip() not in json.dumps(listed)
    assert lexframe(tmp_path, "keys", "revoke", listed[0]["id"]).returncode == 0
    assert lexframe(tmp_path, "keys", "revoke", "nobody").returncode == 1
    assert lexframe(tmp_path, "keys", "add", "x", "--scope", "everything").returncode == 1
    again = lexframe(tmp_path, "serve", "--host", "0.0.0.0", "--port", "0")
    assert (again.returncode, "this machine only" in again.stderr) == (1, True)


def test_the_operators_own_key_replaces_the_one_before(served: Served) -> None:
    with served.store.transaction() as tx:
        keys.ensure_admin(tx, "a" * 32)
        keys.ensure_admin(tx, "b" * 32)
        keys.ensure_admin(tx, "b" * 32)
        found = keys.every(tx)
    assert [key.revoked is None for key in found] == [True, False]


@pytest.mark.parametrize("secret", ["short", "a" * 31, "é" * 40, "a b" * 20])
def test_a_weak_secret_of_the_operator_is_refused(tmp_path: Path, secret: str) -> None:
    refused = lexframe(tmp_path, "serve", "--host", "0.0.0.0", "--port", "0", LEXFRAME_ADMIN_KEY=secret)
    assert (refused.returncode, "LEXFRAME_ADMIN_KEY needs 32" in refused.stderr) == (1, True)
    assert secret not in refused.stderr


def forms_token(session: str) -> str:
    """What a page of this session carries in its forms."""
    from api.sessions import _token

    return _token(session)
