"""Requests that schemathesis makes up from the service's own description, to a real server, and what in the answers is not as described.

Some of the requests of a kind are as it makes them; in the others the ids, and some of what a route needs, are those of things that exist.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.world import MORE, filled
from tests.servers import free_port, until

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]
SECONDS = 30.0
REAL = 0.7
LATE = ("/close", "/cancel")


@dataclass
class Asked:
    """How many requests were made of each kind, their answers by status, and what was wrong, once for each way of being wrong."""

    requests: int = 0
    statuses: dict[str, dict[int, int]] = field(default_factory=dict)
    wrong: dict[tuple[str, str], str] = field(default_factory=dict)

    def count(self, route: str, status: int) -> None:
        """Notes an answer."""
        self.requests += 1
        of_route = self.statuses.setdefault(route, {})
        of_route[status] = of_route.get(status, 0) + 1


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """The address of a server that has this application, with its lifespan, behind it."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical", access_log=False, server_header=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def ask_all(url: str, examples: int, ids: dict[str, str], secret: str | None = None, seed: int = 1) -> Asked:
    """Asks every operation of the description so many times in each manner: as described, and not as described."""
    schema = schemathesis.openapi.from_dict(requests.get(f"{url}/v1/openapi.json", timeout=SECONDS).json())
    operations = [found.ok() for found in schema.get_all_operations()]
    asked = Asked()
    with requests.Session() as session:
        if secret:
            session.headers["Authorization"] = f"Bearer {secret}"
        for operation in sorted(operations, key=lambda one: _turn(one.method.upper(), one.path)):
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                _ask(operation, mode, examples, _caller(asked, url, session, ids, seed))
    return asked


def _turn(method: str, path: str) -> int:
    """What exists is looked at before it is changed, and then removed."""
    return 0 if method in {"GET", "HEAD"} else 2 if method == "DELETE" or path.endswith(LATE) else 1


def _caller(asked: Asked, url: str, session: requests.Session, ids: dict[str, str], seed: int) -> Callable[[Any], None]:
    def call(case: Any) -> None:
        route = f"{case.operation.method.upper()} {case.operation.path}"
        rng = random.Random(f"{seed} {route} {asked.requests}")
        if rng.random() < REAL:
            _made_real(case, route, ids, rng)
        try:
            answer = case.call(base_url=url, session=session, timeout=SECONDS)
        except requests.exceptions.RequestException as error:
            asked.wrong.setdefault((route, type(error).__name__), str(error))
            return
        asked.count(route, answer.status_code)
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Failure, FailureGroup) as found:
            for one in getattr(found, "exceptions", [found]):
                asked.wrong.setdefault(
                    (route, f"{answer.status_code} {one.title}"), f"{one}\n{case.as_curl_command()[:1500]}\n{answer.text[:500]}"
                )

    return call


def _ask(operation: Any, mode: GenerationMode, examples: int, call: Callable[[Any], None]) -> None:
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        call(case)

    with suppress(Unsatisfiable):  # what takes nothing cannot be asked for wrongly
        one()


def _made_real(case: Any, route: str, ids: dict[str, str], rng: random.Random) -> None:
    """Puts what exists into a request: ids into its path, what the route needs into its query and its body, and the caller's own key."""
    for name in [name for name in case.headers or {} if name.lower() in {"authorization", "lexframe-space"}]:
        del case.headers[name]
    for name in list(case.path_parameters or {}):
        if name in ids:
            case.path_parameters[name] = ids[name]
    more = filled(deepcopy(MORE.get(route, {})), ids)
    case.query = {**(case.query or {}), **_some(more.get("params", {}), rng)} or case.query
    if isinstance(case.body, dict) and "json" in more:
        case.body = {**case.body, **_some(more["json"], rng)}


def _some(known: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """All of it, or all but one."""
    left_out = rng.choice([*known, None, None, None]) if known else None
    return {name: value for name, value in known.items() if name != left_out}
