"""Every request has an id: it is in the answer, in each log line that the request brings about, and in its trace."""

from __future__ import annotations

import logging
import re
import secrets
import time
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import READING
from corpora.store.origin import coming_from
from workers import tracing
from workers.logs import bound
from workers.tracing import Span

log = logging.getLogger(__name__)

HEADER = "X-Request-Id"
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
NOWHERE = "(no route)"


class Requests:
    """Takes the client's `X-Request-Id` or makes one, and writes one line when the request has ended.

    A line names the route, never the address: addresses hold what people search for. Mere reading is told at level DEBUG only.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, began = id_of(scope), time.perf_counter()
        status, answered = HTTPStatus.INTERNAL_SERVER_ERROR.value, 0.0

        async def noted(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], time.perf_counter() - began
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        asked, parent = {"http.request.method": scope["method"], "lexframe.request_id": request_id}, Headers(scope=scope).get("traceparent")
        with tracing.span("request", asked, parent=parent, server=True) as span, bound(request_id=request_id, **span.ids):
            try:
                with coming_from(span.traceparent):
                    await self.app(scope, receive, noted)
            finally:
                seconds = time.perf_counter() - began
                _trace(span, scope["method"], route_of(scope), status)
                scope["app"].state.requests.note(scope["method"], route_of(scope), status, answered or seconds)
                _tell(scope["method"], route_of(scope), status, seconds)


def id_of(scope: Scope) -> str:
    """The id that the client gave, if it can stand in a log, else a new one."""
    given = Headers(scope=scope).get(HEADER, "")
    return given if ACCEPTABLE.fullmatch(given) else secrets.token_hex(8)


def route_of(scope: Scope) -> str:
    """The route as it is declared, such as /v1/jobs/{job_id}."""
    door = scope.get("state", {}).get("door")
    return door.path if door else NOWHERE


def _trace(span: Span, method: str, route: str, status: int) -> None:
    span.note({"http.route": route, "http.response.status_code": status}, name=f"{method} {route}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        span.fail(str(status))


def _tell(method: str, route: str, status: int, seconds: float) -> None:
    level = logging.WARNING if status >= 500 else logging.DEBUG if method in READING else logging.INFO
    if log.isEnabledFor(level):
        more = {"method": method, "route": route, "status": status, "seconds": round(seconds, 4)}
        log.log(level, "%s %s: %d", method, route, status, extra=more)
