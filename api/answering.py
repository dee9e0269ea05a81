"""Errors as answers: a problem document for programs (RFC 9457), a page for a person at a browser."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.errors import MEDIA_TYPE, TABLE, TYPE_PREFIX, Kind, TooManyRequests, invalid_fields, kind_of, sentence
from api.pages.problems import problem_page, wants_problem_page

log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    """Makes every exception of the table, HTTP errors of the framework and the unexpected answer as problems."""
    for exception in TABLE:
        app.add_exception_handler(exception, answer)
    app.add_exception_handler(HTTPException, answer_http)
    app.add_exception_handler(Exception, answer_unexpected)


def answer(request: Request, error: Exception) -> Response:
    """The answer for an exception of the table."""
    kind = kind_of(error)
    more = {"errors": invalid_fields(error)} if isinstance(error, RequestValidationError) else {}
    detail = "See `errors` for what is not valid." if more else sentence(error)
    answered = _answered(request, kind, detail, **more)
    if isinstance(error, TooManyRequests):
        answered.headers["Retry-After"] = error.retry_after
    return answered


def answer_http(request: Request, error: Exception) -> Response:
    """The answer for an error of the framework itself, such as an unknown address or a method that is not allowed."""
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    kind = Kind(error.status_code, status.phrase.lower().replace(" ", "-"), status.phrase, error.headers or {})
    return _answered(request, kind, status.description or status.phrase)


def answer_unexpected(request: Request, error: Exception) -> Response:
    """The answer for a defect: it names nothing but an id, under which the log has the rest."""
    error_id = secrets.token_hex(8)
    log.error("error %s: %s %s: %s", error_id, request.method, request.scope.get("route_path", request.url.path), type(error).__name__)
    kind = Kind(500, "internal-error", "Internal error")
    return _answered(request, kind, "The service failed unexpectedly; its log says why under this error id.", error_id=error_id)


def _answered(request: Request, kind: Kind, detail: str, **more: Any) -> Response:
    """A page for a person at a browser, a problem document for everyone else."""
    if wants_problem_page(request):
        return problem_page(request, kind, detail, **more)
    return problem(kind, detail, **more)


def problem(kind: Kind, detail: str, **more: Any) -> JSONResponse:
    """A problem document with its status and headers."""
    body = {"type": f"{TYPE_PREFIX}{kind.slug}", "title": kind.title, "status": kind.status, "detail": detail, **more}
    return JSONResponse(body, kind.status, dict(kind.headers), MEDIA_TYPE)
