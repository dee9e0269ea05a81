"""`lexframe doctor`: a line for each thing, and an exit code for programs."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from api.commands.doctor import look
from corpora.store import keys
from corpora.store.identity import utc_now
from corpora.store.keys import Scope
from tests.api.test_cli import lexframe
from tests.workers.service import opened
from workers.checks import Finding, State
from workers.settings import from_environment


def found_in(folder: Path, **variables: str) -> dict[str, Finding]:
    given = {"LEXFRAME_DATA_DIR": str(folder), **{f"LEXFRAME_{name}": value for name, value in variables.items()}}
    return {finding.check: finding for finding in look(given, quick=True)}


def make(folder: Path) -> None:
    with opened(from_environment({"LEXFRAME_DATA_DIR": str(folder)})):
        pass


def test_on_a_new_machine_nothing_is_bad_and_nothing_is_made(tmp_path: Path) -> None:
    done = lexframe("doctor", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert [(state, check) for state, check, _ in lines][:2] == [("ok", "settings"), ("warn", "database")]
    assert [check for _, check, _ in lines] == ["settings", "database", "files", "broker", "sandbox", "models"]
    assert all("→" in rest for state, _, rest in lines if state != "ok")
    assert not (tmp_path / "data").exists()


def test_what_is_bad_is_said_to_programs_too(tmp_path: Path) -> None:
    make(tmp_path / "data")
    done = lexframe("doctor", "--quick", "--worker", "--json", folder=tmp_path)
    assert done.returncode == 1
    found = {one["check"]: one for one in json.loads(done.stdout)}
    assert list(found) == ["settings", "database", "files", "broker", "access", "workers", "queue"]
    assert {one["check"] for one in found.values() if one["state"] == "bad"} == {"workers"}
    assert found["workers"]["todo"]


@pytest.mark.parametrize(
    ("variables", "state", "said"),
    [
        ({}, State.OK, "1 set"),
        ({"PORT": "x"}, State.BAD, "LEXFRAME_PORT='x'"),
        ({"DATABASE_URL": "sqlite://"}, State.BAD, "neither an SQLite file nor"),
        ({"CONCURENCY": "2"}, State.WARN, "LEXFRAME_CONCURENCY"),
        ({"REDIS_URL": "redis://127.0.0.1:9/0"}, State.WARN, "SQLite file"),
        ({"CONCURRENCY": "512", "MEMORY_MIB": "1000000"}, State.WARN, "this machine has"),
    ],
)
def test_settings_are_looked_at(tmp_path: Path, variables: dict[str, str], state: State, said: str) -> None:
    found = found_in(tmp_path, **variables)
    assert found["settings"].state is state
    assert said in found["settings"].found
    assert (list(found) == ["settings"]) == (state is State.BAD)


def test_a_misspelt_setting_is_told_the_right_way(tmp_path: Path) -> None:
    assert found_in(tmp_path, CONCURENCY="2")["settings"].todo == "is LEXFRAME_CONCURRENCY meant?"


def test_who_can_enter_is_looked_at(tmp_path: Path) -> None:
    make(tmp_path)
    assert found_in(tmp_path)["access"].state is State.OK
    assert found_in(tmp_path, HOST="0.0.0.0")["access"].state is State.BAD
    assert found_in(tmp_path, HOST="0.0.0.0", ADMIN_KEY="x" * 32)["access"].state is State.OK
    with opened(from_environment({"LEXFRAME_DATA_DIR": str(tmp_path)})) as store:
        with store.transaction() as tx:
            keys.make(tx, "old", [Scope.ADMIN], expires=utc_now() - timedelta(days=1))
        assert "nobody can enter" in found_in(tmp_path)["access"].found
        with store.transaction() as tx:
            keys.make(tx, "new", [Scope.ADMIN])
    assert found_in(tmp_path, HOST="0.0.0.0")["access"].state is State.OK
