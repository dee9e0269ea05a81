"""The OpenAPI description: FastAPI's own, with the problem document that all errors share."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from api.access import Door, doors
from api.errors import problems
from api.schemas import Problem

KEY = {"type": "http", "scheme": "bearer", "description": "An access key. Not asked for on a machine without keys."}
SPACE = {
    "name": "Lexframe-Space",
    "in": "header",
    "description": "the space that is meant, where the key sees several",
    "schema": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,63}$"},
}


def describe(app: FastAPI) -> None:
    """Adds what routes refer to but FastAPI does not collect, since no route returns it as JSON."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        found = generate()
        found.setdefault("components", {}).setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
        found["components"]["securitySchemes"] = {"key": KEY}
        for door in doors(app.routes):
            if operation := _operation(found, door):
                _tell_of_bodies(operation)
                if door.scope:
                    _guard(operation, door)
        return found

    app.openapi = openapi  # type: ignore[method-assign]


def _operation(found: dict[str, Any], door: Door) -> dict[str, Any] | None:
    """The description of what lies behind a door, None where it is not described."""
    operation: dict[str, Any] | None = found["paths"].get(door.path, {}).get(next(iter(door.methods), "").lower())
    return operation


def _tell_of_bodies(operation: dict[str, Any]) -> None:
    """Says how the framework refuses a body that is not even text: before any route has seen it."""
    if "requestBody" in operation:
        for status, response in problems(400, 413).items():
            operation["responses"].setdefault(str(status), response)


def _guard(operation: dict[str, Any], door: Door) -> None:
    """Says that a key is needed, with which scope, and how the doorman refuses."""
    operation["security"] = [{"key": []}]
    operation["description"] = f"{operation.get('description', '')}\n\nNeeds the scope `{door.scope}`.".strip()
    operation["parameters"] = [one for one in operation.get("parameters", []) if one["name"] != SPACE["name"]] + [SPACE]
    for status, response in problems(401, 403, 404, 429, 503).items():
        operation["responses"].setdefault(str(status), response)
