"""The login: a key is shown once, and a cookie stands for it until it runs out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.access import PUBLIC, needs
from api.deps import TheCaller, TheService
from api.door import address_of, keep_pace
from api.pages.rendering import page
from api.sessions import give_cookie, take_cookie
from corpora.store import audit, keys, sessions
from corpora.store.identity import utc_now
from corpora.store.keys import Scope

router = APIRouter(include_in_schema=False)


@router.get("/login", dependencies=[PUBLIC])
def show_login(request: Request, back: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> HTMLResponse:
    """The form."""
    return _form(request, back, wrong=False)


@router.post("/login", dependencies=[PUBLIC])
def log_in(
    request: Request,
    here: TheService,
    key: Annotated[str, Form(max_length=500)] = "",
    back: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Begins a session and goes on to the page that was asked for; a key that is not good is asked for again."""
    now = utc_now()
    with here.store.transaction() as tx:
        known = keys.find(tx, key.strip())
        if known is None or not known.is_good(now):
            keep_pace(here.strangers, address_of(request))
            return _form(request, back, wrong=True)
        token = sessions.begin(tx, known, now)
        audit.record(tx, "log_in", known.id, actor=known.name, space=known.home)
    answer = RedirectResponse(_local(back), 303)
    give_cookie(request, answer, token)
    return answer


@router.post("/logout", dependencies=[needs(Scope.READ)])
def log_out(request: Request, here: TheService, caller: TheCaller) -> Response:
    """Ends the session, on the server too."""
    if caller.session:
        with here.store.transaction() as tx:
            sessions.end(tx, caller.session)
    answer = RedirectResponse("/login", 303)
    take_cookie(request, answer)
    return answer


def _form(request: Request, back: str, *, wrong: bool) -> HTMLResponse:
    return page(request, "login.html", 401 if wrong else 200, here="login", back=_local(back), wrong=wrong)


def _local(back: str) -> str:
    """A path of this service; anything that a browser could take for another site leads home."""
    parts = urlsplit(back)
    plain = back.isascii() and back.isprintable() and "\\" not in back and " " not in back
    return back if plain and not parts.scheme and not parts.netloc and back.startswith("/") and not back.startswith("//") else "/"
