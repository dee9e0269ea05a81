"""The OpenAPI description: FastAPI's own, with the problem document that all errors share."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from api.schemas import Problem


def describe(app: FastAPI) -> None:
    """Adds what routes refer to but FastAPI does not collect, since no route returns it as JSON."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        found = generate()
        found.setdefault("components", {}).setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
        return found

    app.openapi = openapi  # type: ignore[method-assign]
