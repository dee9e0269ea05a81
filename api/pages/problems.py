"""Errors as pages, for people; programs get the same as a problem document."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.errors import Kind
from api.pages.rendering import page, wants_page

# What the framework says in words for programmers, by its slug.
PLAINLY = {
    "not-found": "There is nothing at this address: it was mistyped, or what stood here was deleted.",
    "invalid-request": "Something in the address or in the form is not as it has to be.",
}


def wants_problem_page(request: Request) -> bool:
    """Whether an error is shown as a page: a browser asked for one, and not through the JSON API."""
    return wants_page(request) and not request.url.path.startswith("/v1/")


def problem_page(request: Request, kind: Kind, detail: str, **more: Any) -> HTMLResponse:
    """The page for an error, with its status and headers."""
    answer = page(request, "problem.html", kind.status, here="", kind=kind, detail=PLAINLY.get(kind.slug, detail), more=more)
    answer.headers.update(kind.headers)
    return answer
