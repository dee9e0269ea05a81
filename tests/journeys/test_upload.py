"""From upload to annotated result, with real processes and the real models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp.wire import check_quotes
from tests.journeys.service import TREATY, Running, by_command_line, process, running
from tests.servers import PostgresServer, RedisServer

pytest_plugins = ("tests.servers",)
pytestmark = pytest.mark.slow

DATA = TREATY.encode()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the command line makes of the draft."""
    return by_command_line(tmp_path_factory.mktemp("reference"), DATA, "draft.txt")


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The service without any configuration: SQLite, and its own runner."""
    with running(tmp_path_factory.mktemp("embedded")) as service:
        yield service


def test_the_embedded_service_gives_the_bytes_of_the_command_line(embedded: Running, reference: bytes) -> None:
    assert embedded.annotated(DATA) == reference


def test_what_is_found_is_what_the_draft_says(reference: bytes) -> None:
    found = json.loads(reference)
    check_quotes(found)
    assert found["text"] == TREATY
    assert {"Trafficking in persons", "Child"} <= {definition["term"]["text"] for definition in found["definitions"]}
    assert {"art_1", "art_2", "art_3"} <= {unit["id"] for unit in found["units"]}
    assert len(found["statements"]) >= 3
    assert found["framing"]["label"] in {"crime", "rights", "hybrid"}


def test_the_same_bytes_again_are_answered_from_the_store(embedded: Running, reference: bytes) -> None:
    assert embedded.annotated(DATA, name="copy.txt") == reference
    assert embedded.annotated(DATA, name="copy.txt") == reference


def test_layers_and_the_text_are_those_of_the_whole(embedded: Running) -> None:
    accepted = embedded.upload(DATA)
    embedded.ended(accepted["job_id"])
    at = accepted["links"]["document"]
    whole = embedded.http.get(f"{at}/annotations").json()
    for layer in ("framing", "units", "blocks", "definitions", "elements", "statements", "references", "uses"):
        part = embedded.http.get(f"{at}/annotations", params={"layer": layer}).json()
        assert part == {name: whole[name] for name in ("schema", "status", "document", "pipeline", layer)}
    assert embedded.http.get(f"{at}/text").content == embedded.http.get(f"{at}/original").content == DATA


@pytest.mark.services
def test_postgres_redis_and_celery_give_the_bytes_of_the_command_line(
    postgres: PostgresServer, redis_server: RedisServer, reference: bytes, tmp_path: Path
) -> None:
    with running(tmp_path, DATABASE_URL=postgres.new_database(), REDIS_URL=redis_server.url) as service:
        accepted = service.upload(DATA)
        with process(service.environment, tmp_path / "worker.log", "worker"):
            assert service.ended(accepted["job_id"])["state"] == "done", (tmp_path / "worker.log").read_text()
            assert service.http.get(f"{accepted['links']['document']}/annotations").content == reference
            assert service.annotated(DATA + b"\n") != reference
