"""What is shipped: the wheel's files, the image, and the services of the compose file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.main import get_command

from api.cli import app
from api.settings import described

ROOT = Path(__file__).parents[1]
ROOMS = ("lexframe", "api", "workers", "corpora", "nlp", "models")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE, ELSEWHERE = (
    dict[str, Any](yaml.safe_load((ROOT / name).read_text(encoding="utf-8")))
    for name in ("docker-compose.yml", "docker-compose.workers.yml")
)
SERVICES = COMPOSE["services"] | {"worker elsewhere": ELSEWHERE["services"]["worker"]}
OURS = ("api", "worker", "worker elsewhere")


LIST_WHEEL = """
from setuptools import Distribution
built = Distribution({"script_name": "pyproject.toml"})
built.parse_config_files(["pyproject.toml"])
built.include_package_data = False
command = built.get_command_obj("build_py")
command.ensure_finalized()
print(*(file for _, _, file in command.find_all_modules()), sep=chr(10))
print(*(f"{folder}/{name}" for _, folder, _, names in command.data_files for name in names), sep=chr(10))
"""


def test_the_wheel_has_every_file_of_the_rooms() -> None:
    kept = _lines("git", "ls-files", *ROOMS)
    if not kept:
        pytest.skip("not a checkout")
    shipped = {str(Path(source)) for source in _lines(sys.executable, "-W", "ignore", "-c", LIST_WHEEL)}
    assert [path for path in kept if path not in shipped] == []


def _lines(*command: str) -> list[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()


@pytest.mark.parametrize("compose", [COMPOSE, ELSEWHERE], ids=["all", "workers"])
def test_the_compose_files_keep_to_the_schema(compose: dict[str, Any]) -> None:
    schema = json.loads(files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text(encoding="utf-8"))
    jsonschema.validators.validator_for(schema)(schema).validate(compose)


def test_there_is_all_that_is_needed() -> None:
    assert set(COMPOSE["services"]) == {"api", "worker", "postgres", "redis"}
    assert set(ELSEWHERE["services"]) == {"worker"}
    assert COMPOSE["services"]["worker"]["image"] == ELSEWHERE["services"]["worker"]["image"]
    assert set(COMPOSE["volumes"]) == {"documents", "database", "queue"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_shut_in(name: str) -> None:
    service = SERVICES[name]
    assert service["user"].partition(":")[0] not in {"", "0", "root"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"cpus", "memory", "pids"} == set(service["deploy"]["resources"]["limits"])
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert service["restart"] == "always"


def test_redis_keeps_its_data_and_evicts_nothing() -> None:
    command = " ".join(COMPOSE["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert COMPOSE["services"]["redis"]["volumes"] == ["queue:/data"]


def test_database_and_queue_are_reached_only_from_inside_and_the_page_only_from_this_machine() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert COMPOSE["services"][name]["networks"] == ["inside"]
        assert "ports" not in COMPOSE["services"][name]
    assert [port.rpartition(":")[0].partition(":")[0] for port in COMPOSE["services"]["api"]["ports"]] == ["127.0.0.1"]


@pytest.mark.parametrize("name", OURS)
def test_services_of_ours_are_given_only_settings_that_there_are(name: str) -> None:
    known = {variable for variable, _, _ in described()}
    assert set(SERVICES[name]["environment"]) <= known


@pytest.mark.parametrize("name", OURS)
def test_services_of_ours_are_started_and_asked_for_their_health_by_commands_that_there_are(name: str) -> None:
    """Where they ask the service by HTTP instead, the route is one that is open to everybody."""
    service = SERVICES[name]
    for words in (service["command"], service["healthcheck"]["test"][1:]):
        if words[0] == "lexframe":
            command = get_command(app).commands[words[1]]  # type: ignore[attr-defined]
            known = {option for one in command.params for option in one.opts}
            assert {word for word in words[2:] if word.startswith("--")} <= known
        else:
            assert "public GET    /readyz" in (ROOT / "tests" / "api" / "access.txt").read_text(encoding="utf-8")
            assert "/readyz" in words[-1]


def test_no_secret_is_written_down() -> None:
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|KEY|SECRET|TOKEN", variable):
                assert re.fullmatch(r"\$\{\w+:\?.+\}", value), variable
    assert not re.search(r"(?im)^\s*(ENV|ARG)\b.*(password|secret|token|_key)", DOCKERFILE)


def test_a_worker_is_given_more_time_to_stop_than_its_grace() -> None:
    for name in ("worker", "worker elsewhere"):
        assert int(SERVICES[name]["stop_grace_period"].rstrip("s")) >= 30 + 10


def test_the_image_is_built_from_the_constraints_and_run_by_nobody_in_particular() -> None:
    installs = re.findall(r"pip install [^&\n]*", DOCKERFILE)
    assert installs
    assert all("-c constraints.txt" in line for line in installs)
    last = DOCKERFILE.rpartition("FROM")[2]
    assert re.findall(r"(?m)^USER (\w+)", last) == ["lexframe"]
    assert "--uid 10001" in last
    assert re.search(r"(?m)^HEALTHCHECK ", last)
    assert not re.search(r"(?m)^ADD ", DOCKERFILE)
    assert re.search(r'(?m)^CMD \["lexframe", "serve"', last)


def test_the_image_is_given_every_room_and_nothing_private() -> None:
    assert [room for room in ROOMS if f"COPY {room} {room}" not in DOCKERFILE] == []
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".env", ".venv", "data"} <= set(ignored)


def test_no_benchmark_hides_a_room() -> None:
    """They are run as files, so that their folder comes first where Python looks for modules."""
    assert not {one.stem for one in (ROOT / "benchmarks").glob("*.py")} & {*ROOMS, "tests"}
