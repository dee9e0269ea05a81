"""What every request passes: the service's own name, the limit on every body, and headers on every answer."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answering import answer
from api.errors import FromAnotherSite, WrongHost
from api.settings import is_loopback
from corpora.store.errors import TooLarge

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
CORPUS_UPLOAD = re.compile(r"^(/v1)?/corpora/[^/]+/documents$")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LINGER_SECONDS = 2.0


TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


class SecurityHeaders:
    """Sets the headers that an answer does not set itself. Off this machine browsers come by TLS, and are told to keep to it."""

    def __init__(self, app: ASGIApp, on_loopback: bool) -> None:
        self.app, self.headers = app, HEADERS if on_loopback else HEADERS | TLS_ONLY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class OwnNameOnly:
    """Keeps pages of other sites out of a service that asks for no key.

    A page that resolves its own name to 127.0.0.1 is refused by the Host header (unless `any_host`: then keys are asked for);
    one that posts a form across sites is refused by Origin and Sec-Fetch-Site, which browsers set and pages cannot change.
    """

    def __init__(self, app: ASGIApp, any_host: bool) -> None:
        self.app, self.any_host = app, any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            await answer(Request(scope), refusal)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Exception | None:
        headers = Headers(scope=scope)
        if not self.any_host and not is_loopback(_host_name(headers.get("host", ""))):
            return WrongHost()
        if scope["method"] not in SAFE_METHODS and _is_from_elsewhere(headers):
            return FromAnotherSite()
        return None


class BodyLimit:
    """Refuses a body above `most` bytes: by its declared length before anything is read, else as soon as it grows past it.

    What is sent to a corpus may have `most_of_corpus` bytes.
    """

    def __init__(self, app: ASGIApp, most: int, most_of_corpus: int, file_limit: int) -> None:
        self.app, self.most, self.most_of_corpus, self.file_limit = app, most, most_of_corpus, file_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        most = self.most_of_corpus if CORPUS_UPLOAD.match(scope["path"]) else self.most
        if length.isdigit() and int(length) > most:
            await self._refuse(scope, receive, send)
            return
        await self._count(scope, receive, send, most)

    async def _count(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        seen, started = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen <= most:
                return message
            if started:
                return {"type": "http.disconnect"}
            raise _PastLimit

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except _PastLimit:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers at once, then goes on hearing for a moment: a client that is still sending would miss the answer if the line were cut."""
        response = answer(Request(scope), TooLarge(self.file_limit))
        response.headers["Connection"] = "close"
        await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        if "expect" not in Headers(scope=scope):
            with suppress(TimeoutError):
                async with asyncio.timeout(LINGER_SECONDS):
                    await _hear_out(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _PastLimit(BaseException):
    """Not an Exception, so that nothing between here and the reading of the body takes it for a broken form."""


async def _hear_out(receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            return


def _host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    with suppress(ValueError):
        return urlsplit(f"//{host}").hostname or ""
    return ""


def _is_from_elsewhere(headers: Headers) -> bool:
    """A form of a page without a referrer comes with the origin `null`: then only the browser's own word counts."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site in {"cross-site", "same-site"}:
        return True
    if origin == "null":
        return site != "same-origin"
    return origin is not None and origin.partition("://")[2] != headers.get("host")
