"""The doorman: before a body is read or a route runs, he asks who it is, and whether they may enter here."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import Door, doors
from api.answering import answer
from api.deps import Caller, service_of
from api.errors import KeyNeeded, NoSuchSpace, NotAllowed, TooManyRequests
from api.pace import Pace
from api.sessions import cookie_of
from api.witness import Witness, is_content
from corpora.store import keys, sessions
from corpora.store.errors import StoreError
from corpora.store.identity import utc_now
from corpora.store.keys import EVERY_SPACE, Key
from corpora.store.session import Store
from corpora.store.tables import DEFAULT_SPACE, is_space_name

SPACE_HEADER = "Lexframe-Space"
LOGIN = "/login"
REFUSALS = (KeyNeeded, NotAllowed, NoSuchSpace, TooManyRequests, StoreError)


class Doorman:
    """Lets in with a key (`Authorization: Bearer …`) or a session's cookie; everybody on this machine while no key was ever made."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._witness = Witness()
        self._doors: tuple[Door, ...] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._door(scope) if scope["type"] == "http" else None
        if door is not None:
            try:
                await self._admit(scope, door)
            except REFUSALS as refusal:
                await _refused(Request(scope), refusal)(scope, receive, send)
                return
        if door is not None and is_content(door):
            await self._witnessed(scope, receive, send, door)
        else:
            await self.app(scope, receive, send)

    async def _witnessed(self, scope: Scope, receive: Receive, send: Send, door: Door) -> None:
        """Passes an answer on once it is on record who has it; what cannot be recorded is not shown."""
        request = Request(scope)
        unrecorded: StoreError | None = None

        async def recorded(message: Message) -> None:
            nonlocal unrecorded
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                try:
                    await run_in_threadpool(self._witness.note, service_of(request), request.state.caller, door, request)
                except StoreError as error:
                    unrecorded = error
                    await answer(request, error)(scope, receive, send)
            if unrecorded is None:
                await send(message)

        await self.app(scope, receive, recorded)

    def _door(self, scope: Scope) -> Door | None:
        """Where the request wants to go; None where no route leads, which the router will say."""
        if self._doors is None:
            app: FastAPI = scope["app"]
            self._doors = doors(app.routes)
        return next((door for door in self._doors if door.leads(scope["method"], scope["path"])), None)

    async def _admit(self, scope: Scope, door: Door) -> None:
        state = scope.setdefault("state", {})
        state["door"] = door
        if door.scope is None:
            return
        caller = await run_in_threadpool(self._caller, Request(scope))
        if caller.key:
            keep_pace(service_of(Request(scope)).pace, caller.key.id)
        if not caller.may(door.scope):
            raise NotAllowed.without(door.scope)
        if door.everywhere and EVERY_SPACE not in caller.spaces:
            raise NotAllowed("This tells of all spaces together: the access key has to see every space (`*`).")
        state["caller"] = caller

    def _caller(self, request: Request) -> Caller:
        try:
            return self._known(request)
        except KeyNeeded:
            keep_pace(service_of(request).strangers, address_of(request))
            raise

    def _known(self, request: Request) -> Caller:
        here = service_of(request)
        if not here.latch.is_shut(here.store):
            return Caller(_chosen(request.headers, None, DEFAULT_SPACE))
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if secret:
            if scheme.lower() != "bearer":
                raise KeyNeeded
            return _by_key(here.store, request, secret.strip())
        token = cookie_of(request)
        return _by_session(here.store, request, token) if token else _nobody()


def keep_pace(pace: Pace, who: str) -> None:
    """Raises TooManyRequests where somebody asks too often."""
    if seconds := pace.wait(who):
        raise TooManyRequests(seconds)


def address_of(request: Request) -> str:
    """Where a request comes from, as far as the connection tells; behind a proxy that is the proxy."""
    return request.client.host if request.client else ""


def _by_key(store: Store, request: Request, secret: str) -> Caller:
    now = utc_now()
    with store.reading() as tx:
        key = keys.find(tx, secret)
    if key is None or not key.is_good(now):
        raise KeyNeeded
    if keys.is_use_due(key, now):
        with store.transaction() as tx:
            keys.note_use(tx, key, now)
    return Caller(_chosen(request.headers, key, key.home), key.name, key)


def _by_session(store: Store, request: Request, token: str) -> Caller:
    now = utc_now()
    with store.reading() as tx:
        session = sessions.find(tx, token, now)
    if session is None:
        raise KeyNeeded
    if sessions.is_use_due(session, now):
        with store.transaction() as tx:
            keys.note_use(tx, session.key, now)
            sessions.note_use(tx, token, now)
    return Caller(_chosen(request.headers, session.key, session.space), session.key.name, session.key, token)


def _nobody() -> Caller:
    raise KeyNeeded


def _chosen(headers: Headers, key: Key | None, otherwise: str) -> str:
    """The space that the request names; a foreign one and one that nobody has are told apart by nothing."""
    wanted = headers.get(SPACE_HEADER, otherwise)
    if not (is_space_name(wanted) and (key.sees(wanted) if key else wanted == DEFAULT_SPACE)):
        raise NoSuchSpace
    return wanted


def _refused(request: Request, refusal: Exception) -> Response:
    """A problem for programs; people who ask for a page are sent to the login first."""
    wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if isinstance(refusal, KeyNeeded) and wants_page and not request.url.path.startswith("/v1/"):
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{LOGIN}?next={quote(back)}", 303)
    return answer(request, refusal)
