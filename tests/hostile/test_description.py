"""The service answers as its description says, whatever it is asked: on a real server, with its real database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from tests.api.reviewed import annotated_document
from tests.api.service import Served, serving, settings_in
from tests.api.test_access import EXPECTED
from tests.api.world import World, make_world
from tests.hostile.asking import Asked, ask_all, listening
from tests.hostile.odd import asked, odd_requests

pytest_plugins = ("tests.servers",)
EXAMPLES = int(os.environ.get("LEXFRAME_FUZZ_EXAMPLES", "60"))  # of each operation and manner, in the long form
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.services)]


@pytest.fixture(scope="module", params=DATABASES)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    for served in _served(request, tmp_path_factory.mktemp("world"), request.param):
        yield make_world(served)


def _served(request: pytest.FixtureRequest, folder: Path, database: str) -> Iterator[Served]:
    more = {"DATABASE_URL": request.getfixturevalue("postgres").new_database()} if database == "postgres" else {}
    yield from serving(settings_in(folder, RATE="0", STRANGER_RATE="0", **more))


def told(found: Asked) -> str:
    """What to do about answers that are not as described."""
    if not found.wrong:
        return ""
    advice = (
        "The service does not answer as its description says. For an undocumented status: say it in the route's `responses=problems(…)` "
        "(api/errors.py), or answer with one that is said. For a schema: mend the model of the answer. For a 5xx: mend the route, so that "
        "it refuses with an exception of the table in api/errors.py. The request follows as a curl command.\n"
    )
    return advice + "\n".join(f"### {route}: {what}\n{said}" for (route, what), said in found.wrong.items())


def ask(world: World, examples: int, secret: str | None) -> Asked:
    with listening(create_app(world.served.settings, runner=False)) as url:
        return ask_all(url, examples, world.named("admin"), secret)


def test_odd_texts_are_no_defect(world: World) -> None:
    """With every route of tests/api/access.txt, so that a new one is asked as well."""
    wrong = []
    for route in sorted(EXPECTED, key=lambda one: (one.startswith(("DELETE", "POST")), one)):
        for address, more in odd_requests(route, world):
            what = str(more.get("content") or more.get("params") or more.get("data") or "")[:300]
            answer = asked(world, route, address, dict(more))
            if answer.status_code >= 500:
                wrong.append((route, address[:100], what, answer.status_code, answer.text[:300]))
    assert wrong == []


def test_with_a_key_every_answer_is_as_described(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for served in _served(request, tmp_path, "sqlite"):
        world = make_world(served)
        assert told(ask(world, 2, world.secrets["admin"])) == ""
        strangers = ask(world, 1, None)
        assert told(strangers) == ""
        assert {status for of_route in strangers.statuses.values() for status in of_route} <= {200, 401, 404, 405}


def test_without_keys_every_answer_is_as_described(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for served in _served(request, tmp_path, "sqlite"):
        document = annotated_document(served)
        with listening(create_app(served.settings, runner=False)) as url:
            assert told(ask_all(url, 1, {"document_id": document, "other_id": document}, None)) == ""


@pytest.mark.fuzz
@pytest.mark.parametrize(("who", "part"), [("admin", 1), ("read", 4), ("no key", 10)])
def test_many_more_answers_are_as_described(world: World, who: str, part: int) -> None:
    """The long form of the above, on both databases; prints how often it was answered with what."""
    found = ask(world, max(1, EXAMPLES // part), world.secrets.get(who))
    statuses: dict[int, int] = {}
    for of_route in found.statuses.values():
        for status, count in of_route.items():
            statuses[status] = statuses.get(status, 0) + count
    print(f"{who}: {found.requests} requests to {len(found.statuses)} operations, by status: {dict(sorted(statuses.items()))}", flush=True)
    assert told(found) == ""
