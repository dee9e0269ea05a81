"""Every route against every kind of caller, generated from the routes themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.access import READING, Door, doors
from api.app import create_app
from corpora.store.keys import Scope
from tests.api.service import serving, settings_in
from tests.api.world import World, listed, make_world

FILE = Path(__file__).parent / "access.txt"
EXPECTED = listed(FILE)
OPENS = {
    "read": {"read", "write", "review", "admin"},
    "write": {"write", "admin"},
    "review": {"review", "admin"},
    "admin": {"admin"},
    "metrics": {"metrics", "operator"},
}
NOBODIES = ("no key", "wrong", "expired", "revoked")
REFUSALS = {"key-needed", "not-allowed"}


def all_doors() -> list[Door]:
    return list(doors(create_app(settings_in(Path("unused")), runner=False).routes))


def route_of(door: Door) -> str:
    return f"{next(iter(door.methods), 'ANY')} {door.path}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for served in serving(settings_in(tmp_path_factory.mktemp("world"), RATE="0", STRANGER_RATE="0")):
        yield make_world(served)


def kind(answer: Any) -> str:
    """The slug of a problem, empty for what is none."""
    if answer.headers.get("content-type") != "application/problem+json":
        return ""
    return str(answer.json()["type"]).rpartition(":")[2]


def test_every_route_is_expected() -> None:
    found = {route_of(door): str(door.scope or "public") for door in all_doors()}
    missing = [f"{scope:<6} {route}" for route, scope in found.items() if route not in EXPECTED]
    assert not missing, (
        f"These routes have no line in {FILE.name}. Say there who may use each, in the code with `dependencies=[needs(Scope.…)]` or "
        "`[PUBLIC]` where it differs from read for GET and write for the rest; what a request needs besides its path goes into MORE of "
        "world.py, and new {ids} of paths into make_world:\n" + "\n".join(missing)
    )
    assert {route: scope for route, scope in found.items() if EXPECTED[route] != scope} == {}
    assert sorted(set(EXPECTED) - set(found)) == []


def test_every_id_of_a_path_is_in_the_world(world: World) -> None:
    named = {name.partition(":")[0] for route in EXPECTED for name in re.findall(r"\{([^}]+)\}", route)}
    assert named - set(world.ids) <= {
        "path",
        "digest",
        "name",
        "file",
        "unit_id",
        "format",
        "number",
        "at",
        "unit",
        "chart",
        "heat_map",
        "form",
        "codebook",
        "analysis",
        "order",
    }


@pytest.mark.parametrize("route", [route for route, scope in EXPECTED.items() if scope != "public"])
def test_who_may_not_is_refused(world: World, route: str) -> None:
    for who in NOBODIES:
        answer = world.ask(route, who)
        assert (answer.status_code, kind(answer)) == (401, "key-needed"), who
    for who in Scope:
        if who not in OPENS[EXPECTED[route]]:
            answer = world.ask(route, who)
            assert (answer.status_code, kind(answer)) == (403, "not-allowed"), who


@pytest.mark.parametrize("route", EXPECTED)
def test_who_may_is_let_in(world: World, route: str) -> None:
    """Reading gives what there is; what would change it is asked for ids under which there is nothing, and gets past the door."""
    is_reading = route.split()[0] in READING or EXPECTED[route] == "public"
    for who in OPENS.get(EXPECTED[route], {"no key", "wrong", "read", "admin", "other space"}):
        answer = world.ask(route, who, None if is_reading else world.unknown())
        assert kind(answer) not in REFUSALS, who
        assert answer.status_code < (400 if is_reading and route.split()[0] in READING else 500), (who, answer.text)


@pytest.mark.parametrize("route", [route for route, scope in EXPECTED.items() if scope != "public"])
def test_another_space_does_not_exist(world: World, route: str) -> None:
    """To an admin of another space, what is here answers as what is nowhere; and no list, file or page shows any of it."""
    if route == "POST /logout":
        return
    here = world.ask(route, "other space")
    nowhere = world.ask(route, "other space", world.unknown())
    assert here.status_code == nowhere.status_code
    assert without_ids(world, here.text) == without_ids(world, nowhere.text)
    assert "canary" not in here.text.replace("canary-work", "")
    shown = [name for name, value in world.ids.items() if value in here.text and f"{{{name}}}" not in route and here.status_code < 400]
    assert shown == []


@pytest.mark.parametrize("route", [route for route, scope in EXPECTED.items() if scope in {"read", "admin"}])
def test_a_space_that_is_not_the_keys_is_not_opened_by_naming_it(world: World, route: str) -> None:
    for space in ("theirs", "nobodys"):
        answer = world.ask(route, "admin", space=space)
        assert (answer.status_code, kind(answer)) == (404, "no-such-space")


def test_nothing_of_all_this_has_changed_anything(world: World) -> None:
    for route, scope in EXPECTED.items():
        if scope == "read" and route.startswith("GET") and "{" in route:
            assert world.ask(route, "read").status_code < 400, route
    assert "canary-title" in world.ask("GET /v1/documents", "read").text


def without_ids(world: World, text: str) -> str:
    """A text in which ids, digests and moments that differ from call to call are alike."""
    for value in (*world.ids.values(), *world.unknown().values()):
        text = text.replace(value, "ID")
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)
    return re.sub(r"lxf_[\w-]+|whsec_[\w+/=]+|\d{4}-\d\d-\d\dT[\d:.]+", "…", text)
